#include "graph/passes/constant_scales.hpp"

#include <algorithm>
#include <cmath>

namespace ezkl {

ConstantScales::ConstantScales(const Graph& graph) : graph_(graph), readers_(graph.nodes.size()) {
  for (std::uint32_t i = 0; i < graph.nodes.size(); ++i) {
    for (std::size_t k = 0; k < graph.nodes[i].inputs.size(); ++k) readers_[graph.nodes[i].inputs[k]].push_back({i, k});
  }
  for (const std::uint32_t output : graph.outputs) readers_[output].clear();
}

bool ConstantScales::is_factor(std::uint32_t constant) const {
  if (graph_.semantics != Semantics::onnx) return false;
  return !readers_[constant].empty() &&
         std::all_of(readers_[constant].begin(), readers_[constant].end(), [&](const Reader& r) {
           const std::string& kind = graph_.nodes[r.node].op.kind;
           if (kind == "Conv" || kind == "DeConv") return r.position == 1;
           return kind == "Mult" || kind == "Einsum";
         });
}

int ConstantScales::factor_scale(std::uint32_t constant, int usual, bool raw) const {
  constexpr int kept_bits = 20, most_more = 40, ignored_bits = 26, ignored_in_kernel = 10;
  const bool kernel = std::any_of(readers_[constant].begin(), readers_[constant].end(), [&](const Reader& r) {
    return graph_.nodes[r.node].op.kind == "Conv" || graph_.nodes[r.node].op.kind == "DeConv";
  });
  const Node& node = graph_.nodes[constant];
  const double least_steps = std::ldexp(1.0, std::max(4, usual - 5));
  const std::vector<double> sizes = slice_sizes(node.shape, node.constant->floats, kernel ? 2 : node.shape.size());
  const double largest = *std::max_element(sizes.begin(), sizes.end());
  const double ignored = std::ldexp(largest, -(raw ? most_more : kernel ? ignored_in_kernel : ignored_bits));
  double smallest = largest;
  for (const double size : sizes) {
    if (size > ignored) smallest = std::min(smallest, size);
  }
  if (smallest == 0 || !std::isfinite(largest) || std::ldexp(smallest, usual) >= least_steps) return usual;
  int exponent = 0, top = 0;
  std::frexp(smallest, &exponent);
  std::frexp(largest, &top);
  return std::max(usual, std::min({kept_bits - exponent, usual + most_more, 60 - top}));
}

std::optional<int> scale_of_factor(double factor, int usual) {
  for (int scale = usual; scale <= usual + most_more_of_factor; ++scale) {
    const double wanted = std::ldexp(factor, scale);
    const double error = std::fabs(std::round(wanted) - wanted) / std::fabs(wanted);
    if (!(error > 0x1p-9)) return scale;
  }
  return std::nullopt;
}

std::vector<double> slice_sizes(const Shape& shape, const std::vector<double>& values, std::size_t axes) {
  std::vector<double> sizes{0};
  for (const double v : values) sizes[0] = std::max(sizes[0], std::fabs(v));
  const std::vector<std::size_t> steps = strides(shape);
  for (std::size_t axis = 0; axis < std::min(axes, shape.size()); ++axis) {
    if (shape[axis] <= 1) continue;
    std::vector<double> own(shape[axis], 0);
    for (std::size_t i = 0; i < values.size(); ++i) {
      double& size = own[i / steps[axis] % shape[axis]];
      size = std::max(size, std::fabs(values[i]));
    }
    sizes.insert(sizes.end(), own.begin(), own.end());
  }
  return sizes;
}

}  // namespace ezkl
