#include "graph/frontend/operator_cost.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "base/saturating.hpp"
#include "graph/ops/einsum.hpp"

namespace ezkl {
namespace {

using saturating::plus;
using saturating::times;

std::uint64_t read(const OpContext& op) {
  std::uint64_t total = 0;
  for (const Shape& shape : op.shapes) total = plus(total, volume(shape));
  return total;
}

/// One number of a list after the other.
std::uint64_t product_of(const std::vector<std::int64_t>& factors) {
  std::uint64_t result = 1;
  for (const std::int64_t factor : factors) result = times(result, static_cast<std::uint64_t>(factor));
  return result;
}

OperatorCost einsum_cost(const OpContext& op) {
  const ops::Equation equation = ops::parse_equation(op);
  const std::vector<std::string>& inputs = equation.inputs;
  const auto loops = [&](const std::string& letters) {
    std::uint64_t count = 1;
    for (const char letter : std::set<char>(letters.begin(), letters.end())) {
      count = times(count, equation.extents.at(letter));
    }
    return count;
  };
  if (inputs.size() == 1) return {read(op), 0, 0};
  if (inputs.size() == 2) return {0, loops(inputs[0] + inputs[1]), 0};
  // Two at a time: the first two leave what the third or the result needs.
  std::string between;
  for (const char letter : inputs[0] + inputs[1]) {
    if ((inputs[2] + equation.output).find(letter) != std::string::npos) between += letter;
  }
  return {loops(between), plus(loops(inputs[0] + inputs[1]), loops(between + inputs[2])), 0};
}

/// Taps of a kernel that one element meets: all its axes but the first.
std::uint64_t taps_of(const Shape& kernel) {
  std::uint64_t taps = 1;
  for (std::size_t a = 1; a < kernel.size(); ++a) taps = times(taps, kernel[a]);
  return taps;
}

/// Taps of a kernel [outputs, inputs, spatial…] for each element of the result.
OperatorCost conv_cost(const OpContext& op, std::uint64_t volume) {
  return {0, times(volume, taps_of(op.shapes[1])), 0};
}

/// Each element of the image meets the kernel [inputs, outputs, spatial…] of its channel; every combination of the
/// strides' phases is a contraction of its own.
OperatorCost deconv_cost(const OpContext& op, std::uint64_t volume) {
  std::uint64_t image = 1;
  for (const std::size_t extent : op.shapes[0]) image = times(image, extent);
  const std::uint64_t products = times(image, taps_of(op.shapes[1]));
  return {0, products, std::min(product_of(op.op.integers("strides", {})), volume)};
}

/// Length of the lines along the axis or axes of an operator.
std::uint64_t line_length(const OpContext& op) {
  if (op.op.has("axis")) return op.shapes[0][static_cast<std::size_t>(op.op.integer("axis"))];
  std::uint64_t length = 1;
  for (const std::int64_t axis : op.op.integers("axes")) {
    length = times(length, op.shapes[0][static_cast<std::size_t>(axis)]);
  }
  return length;
}

/// Computed indices of a reduction are compared with every place of their line.
OperatorCost scatter_cost(const OpContext& op) {
  const bool reduces = op.op.has("reduction") && op.op.text("reduction") != "none";
  if (!reduces || op.op.has("indices")) return {times(3, read(op)), 0, 0};
  const Shape &data = op.shapes[0], &indices = op.shapes[1];
  const std::uint64_t updates = volume(op.shapes[2]);
  if (op.op.has("axis")) {
    const auto axis = static_cast<std::size_t>(op.op.integer("axis"));
    return {times(3, times(updates, data[axis])), 0, indices[axis]};
  }
  std::uint64_t places = 1;
  for (std::size_t a = 0; a < indices.back(); ++a) places = times(places, data[a]);
  return {times(3, times(updates, places)), 0, volume(indices) / indices.back()};
}

OperatorCost tree_cost(const OpContext& op) {
  const std::uint64_t nodes = op.op.integers("features").size(), trees = op.op.integers("roots").size();
  const auto targets = static_cast<std::uint64_t>(op.op.integer("targets"));
  const std::uint64_t results = op.op.text("aggregate") == "sum" ? targets : times(targets, trees);
  return {times(op.shapes[0][0], plus(nodes, results)), 0, plus(nodes, results)};
}

}  // namespace

OperatorCost operator_cost(const OpContext& op, std::uint64_t volume) {
  const std::string& kind = op.op.kind;
  if (kind == "Einsum") return einsum_cost(op);
  if (kind == "Conv") return conv_cost(op, volume);
  if (kind == "DeConv") return deconv_cost(op, volume);
  if (kind == "SumPool") return {0, times(volume, product_of(op.op.integers("kernel"))), 0};
  if (kind == "MaxPool") {
    return {times(2, times(volume, product_of(op.op.integers("kernel")))), 0, 0};
  }
  if (kind == "CumSum" || kind == "Prod") return {read(op), 0, times(2, line_length(op))};
  if (kind == "ScatterElements" || kind == "ScatterND") return scatter_cost(op);
  if (kind == "TreeEnsemble") return tree_cost(op);
  // A number's bits, each an element.
  if (kind.rfind("Bitwise", 0) == 0 || kind == "BitShift") return {times(64, volume), 0, 0};
  // The sorted line, its order, and their differences.
  if (kind == "TopK" || kind == "TopKIndex" || kind.rfind("ReduceArg", 0) == 0) {
    return {times(3, read(op)), 0, 0};
  }
  if (kind == "OneHot") return {times(2, volume), 0, 0};
  const std::uint64_t operands = read(op);
  return {operands > volume ? operands - volume : 0, 0, 0};
}

}  // namespace ezkl
