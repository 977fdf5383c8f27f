#pragma once

#include <map>
#include <string>
#include <vector>

#include "graph/op_table.hpp"

namespace ezkl::ops {

/// Letters of the operands' axes and of the result's, and how far each letter runs.
struct Equation {
  std::vector<std::string> inputs;
  std::string output;
  std::map<char, std::size_t> extents;
};

/// Attribute "equation". errors: Fault::format when it does not fit the operands' shapes.
Equation parse_equation(const OpContext& ctx);

}  // namespace ezkl::ops
