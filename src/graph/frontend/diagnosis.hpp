#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "ezkl/error.hpp"
#include "tensor/float_tensor.hpp"

namespace ezkl {

/// What is wrong with a model, node by node, for a check that is to find everything in one go.
struct Diagnosis {
  /// In: element types and shapes of what nodes give, as far as they are known. They stand for the outputs of a node
  /// that cannot be converted, so that the nodes behind it are looked at too.
  std::map<std::string, std::pair<DType, Shape>> known;
  /// Out: each names its node in front.
  std::vector<Error> problems;
};

}  // namespace ezkl
