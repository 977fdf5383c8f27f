#pragma once

#include <cstddef>
#include <vector>

#include "base/random.hpp"
#include "field/random.hpp"

namespace ezkl::testing {

inline std::vector<Fr> random_elements(std::size_t n, Random& random) {
  std::vector<Fr> out(n);
  for (Fr& x : out) x = random_fr(random);
  return out;
}

}  // namespace ezkl::testing
