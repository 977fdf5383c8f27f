#include "field/random.hpp"

namespace ezkl {

Fr random_fr(Random& random) {
  std::array<std::uint8_t, 64> bytes{};
  random.fill(bytes);
  return Fr::from_uniform_bytes(bytes);
}

}  // namespace ezkl
