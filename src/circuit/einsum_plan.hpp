#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace ezkl {

/// One step of contracting the operands of an einsum down to random linear combinations of its output.
struct EinsumStep {
  enum class Kind {
    pairwise,     ///< several operands share an output axis: their product over the union of their axes
    combination,  ///< an output axis of one operand is folded by powers of a challenge
    sum,          ///< an inner axis is summed over the product of all operands that have it
  };
  Kind kind = Kind::sum;
  char axis = '\0';         ///< the axis removed; none for pairwise
  std::size_t operands = 0; ///< how many operands are merged
  std::string result;       ///< axes of the result, ascending

  bool operator==(const EinsumStep&) const = default;
};

struct EinsumPlan {
  std::vector<std::string> inputs;  ///< axes of every operand, those of size 1 dropped
  std::string output;               ///< axes of the output, those of size 1 dropped; one challenge each
  std::vector<EinsumStep> steps;    ///< operands that were merged leave the list, the result joins at its end
  std::size_t cells = 0;            ///< cells that the whole contraction takes in the settings' count
};

/// Plan of an equation "ab,bc->ac" with the size of every axis. source: docs/spec/constraint-system.md 8.1
/// errors: Fault::format for an equation without "->" or an axis without a size, Fault::range beyond 2^48 cells.
EinsumPlan plan_einsum(const std::string& equation, const std::map<std::string, std::size_t>& axis_sizes);

}  // namespace ezkl
