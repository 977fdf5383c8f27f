#include "graph/passes/quantize_graph.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/log.hpp"
#include "ezkl/error.hpp"
#include "graph/op_table.hpp"
#include "graph/passes/constant_scales.hpp"
#include "graph/passes/rewriter.hpp"
#include "graph/passes/tensor_scales.hpp"
#include "tensor/quantize.hpp"

namespace ezkl {
namespace {

bool is_rounding(const std::string& kind) {
  return kind == "Floor" || kind == "Ceil" || kind == "Round" || kind == "RoundHalfToEven" || kind == "CastInt";
}

/// Functions by table, whose keys are their operand at its scale.
bool looks_up(const std::string& kind) {
  static const std::set<std::string> kinds = {"Exp",   "Ln",    "Sigmoid", "Tanh",      "Erf",      "Sin",  "Cos",
                                              "Tan",   "ASin",  "ACos",    "ATan",      "Sinh",     "Cosh", "ASinh",
                                              "ACosh", "ATanh", "Softmax", "HardSwish", "TablePow", "Chain"};
  return kinds.count(kind) != 0;
}

/// Operators whose result is only as fine as their operand.
bool needs_fraction_bits(const std::string& kind) {
  return looks_up(kind) || kind == "Sqrt" || kind == "MeanOfSquares" || kind == "Rsqrt" || kind == "SumPool";
}

/// Operators whose result has whatever scale it is given.
bool has_free_scale(const OpSpec& op) {
  return op.kind == "Quotient" || op.kind == "Recip" || op.kind == "Rsqrt" || op.kind == "Standardize" ||
         op.kind == "Chain" || (op.kind == "ScaleBy" && op.integer("integer", 0) == 0);
}

class Quantizer {
 public:
  Quantizer(const Graph& old, const RunArgs& args, const std::optional<std::vector<int>>& input_scales)
      : old_(old), args_(args), constants_(old), uses_(count_uses(old)), given_(given_scales(old, args)) {
    graph_.inputs = old.inputs;
    graph_.outputs = old.outputs;
    graph_.input_names = old.input_names;
    graph_.output_names = old.output_names;
    graph_.semantics = old.semantics;
    if (input_scales && input_scales->size() != old.inputs.size()) {
      throw Error(Fault::format,
                  "not the settings of this model: they have scales of " + std::to_string(input_scales->size()) +
                      " inputs, the model has " + std::to_string(old.inputs.size()),
                  {{"settings_path", "gen-settings makes those of a model; {} names others"}});
    }
    by_data_ = std::any_of(given_.begin(), given_.end(), [](const auto& scale) { return scale.has_value(); });
    for (std::size_t i = 0; i < old.inputs.size(); ++i) {
      const std::uint32_t input = old.inputs[i];
      const int own = given_[input].value_or(scale_of(old.nodes[input].type, args.input_scale));
      input_scales_[input] = input_scales ? (*input_scales)[i] : own;
    }
    base_ = std::max(args.input_scale, args.param_scale);
    const std::int64_t limit =
        std::int64_t{args.rebase_scale.value_or(base_)} * static_cast<std::int64_t>(args.scale_rebase_multiplier);
    limit_ = static_cast<int>(std::min<std::int64_t>(limit, 1 << 20));
  }

  Graph run(QuantizedConstants& constants) {
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
      check_finite(i, node.constant->floats);
      in_context("constant '" + node.name + "'",
                 [&] { node.constant = constants.at_scale(node.constant, node.scale); });
    }
    return std::move(graph_);
  }

 private:
  std::uint32_t push(Node node) {
    graph_.nodes.push_back(std::move(node));
    return static_cast<std::uint32_t>(graph_.nodes.size() - 1);
  }

  /// An operator on a node of the new graph, with that node's name, shape, type and scale.
  Node operator_on(std::uint32_t operand, const char* kind) const {
    const Node& source = graph_.nodes[operand];
    Node node;
    node.name = source.name;
    node.op.kind = kind;
    node.inputs = {operand};
    node.shape = source.shape;
    node.type = source.type;
    node.scale = source.scale;
    return node;
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
      choose_scales(node, given_[old_index]);
    }
    moved_[old_index] = push(std::move(node));
  }

  int constant_scale(const Node& node, std::uint32_t old_index) const {
    const std::vector<double>& values = node.constant->floats;
    const bool integral = std::all_of(values.begin(), values.end(), [](double v) { return v == std::trunc(v); });
    if (args_.rebase_frac_zero_constants && integral) return 0;
    if (given_[old_index]) return *given_[old_index];
    const int usual = scale_of(node.type, args_.param_scale);
    // Digits behind the point of whole numbers would give what they are multiplied with another scale for nothing.
    if (usual == 0 && integral) return 0;
    const bool factor = is_float(node.type) && constants_.is_factor(old_index);
    return factor ? constants_.factor_scale(old_index, usual, false) : usual;
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
      throw Error(Fault::range, "scales differ by 2^" + std::to_string(exponent) + ", more than 62 bits",
                  {{"input_scale", "choose a smaller {}"}, {"param_scale", "and {}"}});
    }
    return Int128{1} << exponent;
  }

  void multiply(Node& node, std::vector<int>& scales, std::size_t k, int by) const {
    if (by == 0) return;
    node.input_multipliers.resize(node.inputs.size(), 1);
    node.input_multipliers[k] *= power_of_two(by);
    scales[k] += by;
  }

  /// `given`: the scale that the result has by the run arguments.
  void choose_scales(Node& node, std::optional<int> given) {
    const bool has_long_table = node.op.kind == "Chain" || (by_data_ && node.op.kind != "Ln");
    if (has_long_table && looks_up(node.op.kind)) shorten_keys(node);
    if (args_.semantics == Semantics::onnx) {
      if (node.op.kind == "Ln") hold_above_zero(node);
      if (node.op.kind == "LeakyReLU") keep_slope(node.op);
    }
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
    const int limit = given.value_or(limit_);
    if (by_data_ && has_free_scale(node.op)) node.op.attributes["scale"] = std::int64_t{limit};
    if (given && limit > base_ && node.op.kind == "Softmax") node.op.attributes["scale"] = std::int64_t{limit};
    int natural = entry.natural_scale(context());
    if (given && natural < limit && (node.op.kind == "Div" || node.op.kind == "SumPool" || node.op.kind == "Sqrt")) {
      multiply(node, scales, 0, limit - natural);
      natural = entry.natural_scale(context());
    }
    node.scale = natural;
    if (natural > limit && (node.op.kind != "Identity" || given)) {
      node.rebase_divisor = power_of_two(natural - limit);
      node.scale = limit;
    }
  }

  /// What rounds to 0 has a logarithm. 0 and less has none: the check against the float model speaks of it, unless a
  /// choice of the model's own leaves it out.
  void hold_above_zero(Node& node) {
    Node above = operator_on(node.inputs[0], "Max");
    Node step = above;
    step.op.kind = "Constant";
    step.inputs.clear();
    step.shape.assign(above.shape.size(), 1);
    step.constant = std::make_shared<ConstantData>();
    step.constant->floats = {std::ldexp(1.0, -above.scale)};
    above.inputs.push_back(push(std::move(step)));
    node.inputs[0] = push(std::move(above));
  }

  /// A small slope keeps 9 of its bits.
  void keep_slope(OpSpec& op) const {
    const double slope = round_to(DType::f32, op.real("slope"));
    if (slope == 0 || !std::isfinite(slope)) return;
    const int scale = scale_of_factor(slope, args_.param_scale).value_or(args_.param_scale + most_more_of_factor);
    if (scale != args_.param_scale) op.attributes["scale"] = std::int64_t{scale};
  }

  /// A table grows with the scale of its keys, which its results have no use for.
  void shorten_keys(Node& node) {
    const Node& source = graph_.nodes[node.inputs[0]];
    if (source.scale <= base_ || source.op.kind == "Constant") return;
    Node shorter = operator_on(node.inputs[0], "Identity");
    shorter.scale = base_;
    shorter.rebase_divisor = power_of_two(source.scale - base_);
    node.inputs[0] = push(std::move(shorter));
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
      if (found == constant_uses_.end() || scales[k] >= largest) continue;
      if (found->second != 1) {
        if (!by_data_) continue;
        node.inputs[k] = own_copy(input);
      }
      graph_.nodes[node.inputs[k]].scale = largest;
      scales[k] = largest;
    }
    const bool differ = std::any_of(positions.begin(), positions.end(),
                                    [&](std::size_t k) { return scales[k] != scales[positions.front()]; });
    if (!differ) return;
    for (const std::size_t k : positions) multiply(node, scales, k, largest - scales[k]);
  }

  /// A constant again, for a reader that needs it at another scale.
  std::uint32_t own_copy(std::uint32_t constant) { return push(graph_.nodes[constant]); }

  /// A bias is added to products, so it has the sum of the factors' scales.
  void align_bias(Node& node, std::vector<int>& scales) {
    if (node.inputs.size() < 3) return;
    const int wanted = scales[0] + scales[1];
    const auto found = constant_uses_.find(node.inputs[2]);
    if (found != constant_uses_.end()) {
      if (found->second > 1) node.inputs[2] = own_copy(node.inputs[2]);
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

  const Graph& old_;
  const RunArgs& args_;
  ConstantScales constants_;  ///< of the old graph
  Graph graph_;
  std::vector<std::size_t> uses_;
  std::vector<std::optional<int>> given_;  ///< by old node: the scale by the run arguments
  bool by_data_ = false;                   ///< whether there are any
  std::vector<std::uint32_t> moved_;
  std::map<std::uint32_t, int> input_scales_;  ///< by node of the old graph
  /// Constants of the new graph and how often the old one reads them.
  std::map<std::uint32_t, std::size_t> constant_uses_;
  int base_ = 0, limit_ = 0;
};

}  // namespace

bool QuantizedConstants::ByOwner::operator()(const Key& a, const Key& b) const {
  if (a.second != b.second) return a.second < b.second;
  // By owner: an address may be another constant's by now.
  return a.first.owner_before(b.first);
}

std::shared_ptr<ConstantData> QuantizedConstants::at_scale(const std::shared_ptr<ConstantData>& constant, int scale) {
  std::weak_ptr<ConstantData>& known = known_[{constant, scale}];
  if (auto alive = known.lock()) return alive;
  // The graph of reals has its constants still, and other graphs of it their own integers.
  auto made = std::make_shared<ConstantData>(*constant);
  made->integers = quantize_constant(made->floats, scale);
  known = made;
  return made;
}

Graph quantize_graph(const Graph& graph, const RunArgs& args, const std::optional<std::vector<int>>& input_scales,
                     QuantizedConstants* known) {
  QuantizedConstants own;
  return remove_dead_nodes(Quantizer(graph, args, input_scales).run(known != nullptr ? *known : own));
}

}  // namespace ezkl
