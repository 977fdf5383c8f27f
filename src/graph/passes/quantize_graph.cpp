#include "graph/passes/quantize_graph.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/log.hpp"
#include "ezkl/error.hpp"
#include "graph/op_table.hpp"
#include "graph/passes/rewriter.hpp"
#include "tensor/quantize.hpp"

namespace ezkl {
namespace {

bool is_rounding(const std::string& kind) {
  return kind == "Floor" || kind == "Ceil" || kind == "Round" || kind == "RoundHalfToEven" || kind == "CastInt";
}

/// Operators whose result is only as fine as their operand.
bool needs_fraction_bits(const std::string& kind) {
  static const std::set<std::string> kinds = {
      "Exp",  "Ln",       "Sigmoid", "Tanh",          "Erf",   "Sin",       "Cos",    "Tan",
      "ASin", "ACos",     "ATan",    "Sinh",          "Cosh",  "ASinh",     "ACosh",  "ATanh",
      "Sqrt", "TablePow", "Softmax", "MeanOfSquares", "Rsqrt", "HardSwish", "SumPool"};
  return kinds.count(kind) != 0;
}

class Quantizer {
 public:
  Quantizer(const Graph& old, const RunArgs& args, const std::optional<std::vector<int>>& input_scales)
      : old_(old), args_(args), uses_(count_uses(old)) {
    graph_ = old;
    graph_.nodes.clear();
    if (input_scales && input_scales->size() != old.inputs.size()) {
      throw Error(Fault::format, std::to_string(input_scales->size()) + " input scales for a model of " +
                                     std::to_string(old.inputs.size()) + " inputs");
    }
    for (std::size_t i = 0; i < old.inputs.size(); ++i) {
      const int by_type = scale_of(old.nodes[old.inputs[i]].type, args.input_scale);
      input_scales_[old.inputs[i]] = input_scales ? (*input_scales)[i] : by_type;
    }
    readers_.resize(old.nodes.size());
    for (std::uint32_t i = 0; i < old.nodes.size(); ++i) {
      for (std::size_t k = 0; k < old.nodes[i].inputs.size(); ++k) readers_[old.nodes[i].inputs[k]].push_back({i, k});
    }
    for (const std::uint32_t output : old.outputs) readers_[output].clear();
    base_ = std::max(args.input_scale, args.param_scale);
    const std::int64_t limit =
        std::int64_t{args.rebase_scale.value_or(base_)} * static_cast<std::int64_t>(args.scale_rebase_multiplier);
    limit_ = static_cast<int>(std::min<std::int64_t>(limit, 1 << 20));
  }

  Graph run() {
    moved_.resize(old_.nodes.size());
    for (std::uint32_t i = 0; i < old_.nodes.size(); ++i) {
      Node node = old_.nodes[i];
      for (std::uint32_t& input : node.inputs) input = moved_[input];
      in_context("node '" + node.name + "'", [&] { quantize(node, i); });
    }
    for (std::uint32_t& input : graph_.inputs) input = moved_[input];
    for (std::uint32_t& output : graph_.outputs) output = moved_[output];
    for (std::uint32_t i = 0; i < graph_.nodes.size(); ++i) {
      Node& node = graph_.nodes[i];
      if (node.op.kind != "Constant") continue;
      // Constants may be shared between graphs, so each gets elements of its own.
      auto data = std::make_shared<ConstantData>(*node.constant);
      check_finite(i, data->floats);
      data->integers =
          in_context("constant '" + node.name + "'", [&] { return quantize_constant(data->floats, node.scale); });
      node.constant = std::move(data);
    }
    return std::move(graph_);
  }

 private:
  void append(Node node, std::uint32_t old_index) {
    moved_[old_index] = static_cast<std::uint32_t>(graph_.nodes.size());
    graph_.nodes.push_back(std::move(node));
  }

  /// A tensor has at least one axis from here on.
  static void give_axis(Node& node) {
    if (node.shape.empty()) node.shape = {1};
    const auto shape = node.op.attributes.find("shape");
    if (shape == node.op.attributes.end()) return;
    if (auto* extents = std::get_if<std::vector<std::int64_t>>(&shape->second); extents && extents->empty()) {
      *extents = {1};
    }
  }

  void quantize(Node& node, std::uint32_t old_index) {
    give_axis(node);
    if (node.op.kind == "Input") {
      node.scale = input_scales_.at(old_index);
    } else if (node.op.kind == "Constant") {
      node.scale = constant_scale(node, old_index);
      const std::size_t per_use = std::max<std::size_t>(1, node.constant->reads_per_use);
      constant_uses_[static_cast<std::uint32_t>(graph_.nodes.size())] = (uses_[old_index] + per_use - 1) / per_use;
    } else if (node.op.kind == "ForceScale") {
      if (force_scale(node, old_index)) return;
    } else {
      choose_scales(node);
    }
    append(std::move(node), old_index);
  }

  int constant_scale(const Node& node, std::uint32_t old_index) const {
    const std::vector<double>& values = node.constant->floats;
    const bool integral = std::all_of(values.begin(), values.end(), [](double v) { return v == std::trunc(v); });
    if (args_.rebase_frac_zero_constants && integral) return 0;
    const int usual = scale_of(node.type, args_.param_scale);
    return is_float(node.type) && factor_only(old_index) ? factor_scale(node, usual, in_convolution(old_index)) : usual;
  }

  /// Whether every reader multiplies by the constant: then its scale is free, for rebasing takes it out again.
  bool factor_only(std::uint32_t constant) const {
    if (args_.semantics != Semantics::onnx) return false;
    return !readers_[constant].empty() &&
           std::all_of(readers_[constant].begin(), readers_[constant].end(), [&](const Reader& r) {
             const std::string& kind = old_.nodes[r.node].op.kind;
             if (kind == "Conv" || kind == "DeConv") return r.position == 1;
             return kind == "Mult" || kind == "Einsum";
           });
  }

  bool in_convolution(std::uint32_t constant) const {
    return std::any_of(readers_[constant].begin(), readers_[constant].end(), [&](const Reader& r) {
      return old_.nodes[r.node].op.kind == "Conv" || old_.nodes[r.node].op.kind == "DeConv";
    });
  }

  /// The scale that keeps `kept_bits` of every row, column or channel of a constant, should `usual` leave one with
  /// next to none. Slices that are nothing beside the largest do not count.
  static int factor_scale(const Node& node, int usual, bool convolution) {
    constexpr int kept_bits = 20, most_more = 40;
    const double least_steps = std::ldexp(1.0, std::max(4, usual - 5));
    const std::vector<double> sizes = slice_sizes(node, convolution ? 2 : node.shape.size());
    const double largest = *std::max_element(sizes.begin(), sizes.end());
    const double ignored = std::ldexp(largest, convolution ? -10 : -26);
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

  /// The largest magnitude in each slice across one of the first `axes` axes.
  static std::vector<double> slice_sizes(const Node& node, std::size_t axes) {
    const std::vector<double>& values = node.constant->floats;
    std::vector<double> sizes{0};
    for (const double v : values) sizes[0] = std::max(sizes[0], std::fabs(v));
    const std::vector<std::size_t> steps = strides(node.shape);
    for (std::size_t axis = 0; axis < std::min(axes, node.shape.size()); ++axis) {
      if (node.shape[axis] <= 1) continue;
      std::vector<double> own(node.shape[axis], 0);
      for (std::size_t i = 0; i < values.size(); ++i) {
        double& size = own[i / steps[axis] % node.shape[axis]];
        size = std::max(size, std::fabs(values[i]));
      }
      sizes.insert(sizes.end(), own.begin(), own.end());
    }
    return sizes;
  }

  /// No circuit has a number for infinity or NaN. Masks and bounds that use them were turned into selections before.
  void check_finite(std::uint32_t constant, const std::vector<double>& floats) const {
    const std::string& name = graph_.nodes[constant].name;
    if (args_.semantics != Semantics::onnx) return warn_of_nan(name, floats);
    const auto bad = std::find_if(floats.begin(), floats.end(), [](double v) { return !std::isfinite(v); });
    if (bad == floats.end()) return;
    const auto reader = std::find_if(graph_.nodes.begin(), graph_.nodes.end(), [&](const Node& n) {
      return std::count(n.inputs.begin(), n.inputs.end(), constant) != 0;
    });
    refuse_number(reader == graph_.nodes.end() ? "output" : "node '" + reader->name + "' (" + reader->op.kind + ")",
                  name, *bad);
  }

  [[noreturn]] static void refuse_number(const std::string& where, const std::string& name, double number) {
    throw Error(Fault::unsupported, where + ": '" + name + "' holds " + (std::isnan(number) ? "NaN" : "infinities") +
                                        ", for which a circuit has no number; export the model without them");
  }

  /// The same for numbers that an operator fills in.
  void check_finite(const Node& node) const {
    if (args_.semantics != Semantics::onnx) return;
    for (const char* name : {"value", "values"}) {
      const auto found = node.op.attributes.find(name);
      if (found == node.op.attributes.end()) continue;
      if (const auto* numbers = std::get_if<std::vector<double>>(&found->second)) {
        for (const double v : *numbers) {
          if (!std::isfinite(v)) refuse_number("(" + node.op.kind + ")", name, v);
        }
      }
      const auto* number = std::get_if<double>(&found->second);
      if (number != nullptr && !std::isfinite(*number)) refuse_number("(" + node.op.kind + ")", name, *number);
    }
  }

  static void warn_of_nan(const std::string& name, const std::vector<double>& floats) {
    const auto count = std::count_if(floats.begin(), floats.end(), [](double v) { return std::isnan(v); });
    if (count == 0) return;
    log_warn("'" + name + "' holds " + std::to_string(count) +
             " elements that are not a number (NaN); 0 stands for them");
  }

  std::vector<int> scales_of(const Node& node) const {
    std::vector<int> scales;
    for (const std::uint32_t input : node.inputs) scales.push_back(graph_.nodes[input].scale);
    return scales;
  }

  static Int128 power_of_two(int exponent) {
    if (exponent < 0 || exponent > 62) {
      throw Error(Fault::range, "scales differ by 2^" + std::to_string(exponent) +
                                    ", more than 62 bits; choose smaller --input-scale and --param-scale");
    }
    return Int128{1} << exponent;
  }

  void multiply(Node& node, std::vector<int>& scales, std::size_t k, int by) const {
    if (by == 0) return;
    node.input_multipliers.resize(node.inputs.size(), 1);
    node.input_multipliers[k] *= power_of_two(by);
    scales[k] += by;
  }

  void choose_scales(Node& node) {
    std::vector<int> scales = scales_of(node);
    check_finite(node);
    resolve_by_scale(node, scales);
    lift_integers(node, scales);
    const OpEntry& entry = op_entry(node.op.kind);
    std::vector<Shape> shapes;
    for (const std::uint32_t input : node.inputs) shapes.push_back(graph_.nodes[input].shape);
    const auto context = [&] { return OpContext{node.op, shapes, scales, args_, args_.semantics, node.name}; };
    homogenize(node, scales, entry.homogeneous(context()));
    if (node.op.kind == "Conv" || node.op.kind == "DeConv") align_bias(node, scales);
    const int natural = entry.natural_scale(context());
    node.scale = natural;
    if (natural > limit_ && node.op.kind != "Identity") {
      node.rebase_divisor = power_of_two(natural - limit_);
      node.scale = limit_;
    }
  }

  /// Operators that are another one at certain scales.
  void resolve_by_scale(Node& node, std::vector<int>& scales) const {
    if (is_rounding(node.op.kind) && scales[0] <= 0) node.op = OpSpec{"Identity", {}};
    if (node.op.kind == "Identity" && node.op.has("to_scale")) {
      node.op = OpSpec{"Identity", {{"shift", node.op.integer("to_scale") - scales[0]}}};
    }
    if (node.op.kind == "Div" && scales[0] == 0) multiply(node, scales, 0, base_);
  }

  /// A float operand may hold whole numbers at scale 0, after a cast. The published package keeps that scale.
  void lift_integers(Node& node, std::vector<int>& scales) const {
    if (args_.semantics != Semantics::onnx || !needs_fraction_bits(node.op.kind)) return;
    if (scales[0] < base_) multiply(node, scales, 0, base_ - scales[0]);
  }

  void homogenize(Node& node, std::vector<int>& scales, const std::vector<std::size_t>& positions) {
    const int largest = *std::max_element(scales.begin(), scales.end());
    for (const std::size_t k : positions) {
      const std::uint32_t input = node.inputs[k];
      const auto found = constant_uses_.find(input);
      if (found == constant_uses_.end() || found->second != 1 || scales[k] >= largest) continue;
      graph_.nodes[input].scale = largest;
      scales[k] = largest;
    }
    const bool differ = std::any_of(positions.begin(), positions.end(),
                                    [&](std::size_t k) { return scales[k] != scales[positions.front()]; });
    if (!differ) return;
    for (const std::size_t k : positions) multiply(node, scales, k, largest - scales[k]);
  }

  /// A bias is added to products, so it has the sum of the factors' scales.
  void align_bias(Node& node, std::vector<int>& scales) {
    if (node.inputs.size() < 3) return;
    const int wanted = scales[0] + scales[1];
    const auto found = constant_uses_.find(node.inputs[2]);
    if (found != constant_uses_.end()) {
      if (found->second > 1) {
        graph_.nodes.push_back(graph_.nodes[node.inputs[2]]);
        node.inputs[2] = static_cast<std::uint32_t>(graph_.nodes.size() - 1);
      }
      graph_.nodes[node.inputs[2]].scale = wanted;
      scales[2] = wanted;
    } else if (scales[2] <= wanted) {
      multiply(node, scales, 2, wanted - scales[2]);
    } else {
      multiply(node, scales, 0, scales[2] - wanted);
    }
  }

  /// ForceScale(x, like): x at the scale of `like`. The published package divides up and down, up by a table. Returns
  /// whether nothing has to be done.
  bool force_scale(Node& node, std::uint32_t old_index) {
    const int have = graph_.nodes[node.inputs[0]].scale;
    const int wanted = graph_.nodes[node.inputs[1]].scale;
    if (have == wanted) {
      moved_[old_index] = node.inputs[0];
      return true;
    }
    node.inputs.resize(1);
    node.scale = wanted;
    if (have > wanted) {
      node.op = OpSpec{"Identity", {}};
      node.rebase_divisor = power_of_two(have - wanted);
    } else if (args_.semantics == Semantics::onnx) {
      node.op = OpSpec{"Identity", {}};
      node.input_multipliers = {power_of_two(wanted - have)};
    } else {
      node.op = OpSpec{"Div", {{"denom", 1 / static_cast<double>(power_of_two(wanted - have))}}};
    }
    return false;
  }

  /// Operand `position` of an old node.
  struct Reader {
    std::uint32_t node;
    std::size_t position;
  };

  const Graph& old_;
  const RunArgs& args_;
  Graph graph_;
  std::vector<std::vector<Reader>> readers_;  ///< by old node; none for outputs, whose scale others see
  std::vector<std::size_t> uses_;
  std::vector<std::uint32_t> moved_;
  std::map<std::uint32_t, int> input_scales_;  ///< by node of the old graph
  /// Constants of the new graph and how often the old one reads them.
  std::map<std::uint32_t, std::size_t> constant_uses_;
  int base_ = 0, limit_ = 0;
};

}  // namespace

Graph quantize_graph(const Graph& graph, const RunArgs& args, const std::optional<std::vector<int>>& input_scales) {
  return remove_dead_nodes(Quantizer(graph, args, input_scales).run());
}

}  // namespace ezkl
