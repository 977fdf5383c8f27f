#pragma once

#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "ezkl/run_args.hpp"
#include "graph/graph.hpp"

namespace ezkl {

/// Constants of quantized graphs, for further graphs of the same constants at the same scales. Keeps none alive.
class QuantizedConstants {
 public:
  /// The same constant with its integers at `scale`. errors: Fault::range for one that does not fit.
  std::shared_ptr<ConstantData> at_scale(const std::shared_ptr<ConstantData>& constant, int scale);

 private:
  using Key = std::pair<std::weak_ptr<ConstantData>, int>;
  struct ByOwner {
    bool operator()(const Key& a, const Key& b) const;
  };
  std::map<Key, std::weak_ptr<ConstantData>, ByOwner> known_;
};

/// Gives every node its scale, brings operands to common scales and constants to integers. From here on a graph has
/// integers only, and no tensor without axes: scalars have shape [1]. `input_scales`, one an input, are those of inputs
/// that another model computes; without them floats have args.input_scale and integers 0. `known` may hold constants.
///
/// errors: Fault::range, naming the node, when scales drift so far apart that a factor would not fit 63 bits;
///         Fault::format for another number of input scales than inputs.
Graph quantize_graph(const Graph& graph, const RunArgs& args,
                     const std::optional<std::vector<int>>& input_scales = std::nullopt,
                     QuantizedConstants* known = nullptr);

}  // namespace ezkl
