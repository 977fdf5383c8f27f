#include "graph/record.hpp"

#include <algorithm>
#include <cmath>

#include "base/ensure.hpp"
#include "base/session_state.hpp"
#include "ezkl/error.hpp"
#include "graph/claims/compound.hpp"
#include "graph/claims/interval.hpp"
#include "graph/claims/recorder.hpp"
#include "graph/field_inputs.hpp"
#include "graph/op_table.hpp"
#include "statement/hashed_tensors.hpp"
#include "tensor/onnx_type.hpp"

namespace ezkl {
namespace {

using claims::Tensor;

/// Operand 1 of these says where elements go or which bits and divisors count: a constant there is part of the
/// circuit, not a model parameter.
bool is_structural(const std::string& kind, std::size_t position) {
  static const std::string_view kinds[] = {
      "Gather", "GatherElements", "GatherND",   "ScatterElements", "ScatterND",  "IntDiv",  "Mod",
      "FMod",   "BitShift",       "BitwiseAnd", "BitwiseOr",       "BitwiseXor", "Softmax", "Masked"};
  return position == 1 && std::find(std::begin(kinds), std::end(kinds), kind) != std::end(kinds);
}

/// What a circuit may become, given what its graph holds in constants and attributes, as a file has at least that many
/// bytes.
ModelBudget budget_of(const Graph& graph, std::uint64_t max_model_size) {
  std::uint64_t bytes = 0;
  for (const Node& node : graph.nodes) {
    if (node.constant) bytes += node.constant->integers.size() + 4 * node.constant->floats.size();
    for (const auto& [name, value] : node.op.attributes) {
      if (const auto* integers = std::get_if<std::vector<std::int64_t>>(&value)) bytes += integers->size();
      if (const auto* reals = std::get_if<std::vector<double>>(&value)) bytes += 8 * reals->size();
    }
  }
  ModelBudget budget(max_model_size == 0 ? default_max_model_size : max_model_size);
  budget.allow_file(bytes);
  return budget;
}

bool is_tree(const Node& node) { return node.op.kind == "TreeEnsemble"; }

class Driver {
 public:
  Driver(const Graph& graph, const RunArgs& args, std::uint64_t max_model_size)
      : graph_(graph),
        args_(args),
        limit_(claims::decomposition_limit(args)),
        w_(args, budget_of(graph, max_model_size)) {
    args_.semantics = graph.semantics;
  }

  claims::Record run() {
    find_constant_uses();
    tensors_.resize(graph_.nodes.size());
    structural_.resize(graph_.nodes.size());
    add_inputs();
    const std::vector<double> elements = elements_until_node();
    for (std::uint32_t i = 0; i < graph_.nodes.size(); ++i) {
      const Node& node = graph_.nodes[i];
      if (node.op.kind == "Input") continue;
      check_stop();
      w_.budget().set_progress(elements[i] / elements.back());
      w_.enter_node(node.name.empty() ? node.op.kind : node.name);
      if (node.op.kind == "Constant") {
        add_constant(i);
      } else {
        in_context("node '" + node.name + "' (" + node.op.kind + ")", [&] { add_node(i); });
      }
    }
    bind_params();
    add_outputs();
    claims::Record out = w_.finish();
    for (std::uint32_t i = 0; i < graph_.nodes.size(); ++i) {
      if (graph_.nodes[i].op.kind != "Constant") out.node_values.emplace_back(i, tensors_[i]);
    }
    return out;
  }

 private:
  /// Elements that the nodes up to and with each one compute from and give: about in step with what they ask for.
  std::vector<double> elements_until_node() const {
    std::vector<double> out;
    double total = 1;
    for (const Node& node : graph_.nodes) {
      if (node.op.kind != "Constant") total += static_cast<double>(volume(node.shape));
      for (const std::uint32_t i : node.inputs) {
        if (graph_.nodes[i].op.kind != "Constant") total += static_cast<double>(volume(graph_.nodes[i].shape));
      }
      out.push_back(total);
    }
    return out;
  }

  void find_constant_uses() {
    as_param_.assign(graph_.nodes.size(), false);
    as_structure_.assign(graph_.nodes.size(), false);
    for (const Node& node : graph_.nodes) {
      for (std::size_t k = 0; k < node.inputs.size(); ++k) {
        (is_structural(node.op.kind, k) ? as_structure_ : as_param_)[node.inputs[k]] = true;
      }
    }
    for (const std::uint32_t i : graph_.outputs) as_param_[i] = true;
  }

  /// What an input may be: the numbers of its type that the decomposition limit leaves. Symmetric only for real numbers
  /// and where the type is wider: -limit costs no more then.
  claims::Interval input_bounds(const Node& node) const {
    if (is_float(node.type)) return {-limit_, limit_};
    if (node.scale != 0) {
      throw Error(Fault::format, "input '" + node.name +
                                     "' is of integers, which have no fraction, and has the scale " +
                                     std::to_string(node.scale));
    }
    const auto [lowest, highest] = integer_limits(node.type);
    return {std::max(lowest, -limit_), std::min(highest, limit_)};
  }

  void add_inputs() {
    const std::vector<std::size_t> replaced = inputs_replaced_by_hashes();
    std::uint32_t slot = 0;
    for (const std::uint32_t i : graph_.inputs) {
      const Node& node = graph_.nodes[i];
      w_.enter_node(node.name.empty() ? "input " + std::to_string(slot) : node.name);
      const bool checked = node.type == DType::boolean || !args_.ignore_range_check_inputs_outputs;
      const bool hashed = std::find(replaced.begin(), replaced.end(), slot) != replaced.end();
      const bool field = is_field_input(node);
      if (field && checked) {
        throw Error(Fault::unsupported, "input '" + node.name + "' holds field elements, which no range check holds",
                    {{"ignore_range_check_inputs_outputs", "{} waives it, and every statement says so"}});
      }
      const Tensor given = (field || hashed) && !checked ? w_.field_input(node.shape)
                                                         : w_.input(node.shape, input_bounds(node), checked);
      w_.bind(given, args_.input_visibility, {claims::Slot::Group::input, slot++});
      tensors_[i] = hashed ? w_.digest(given, node.shape) : given;
    }
  }

  /// The inputs in whose place the model computes with a hash. errors: Fault::unsupported for an input of several
  /// elements; as hashed_tensors.
  std::vector<std::size_t> inputs_replaced_by_hashes() const {
    if (args_.input_visibility.kind != Visibility::Kind::hashed_private) return {};
    const std::vector<std::size_t> listed = hashed_tensors(args_.input_visibility, graph_.inputs.size());
    for (const std::size_t i : listed) {
      const Node& node = graph_.nodes[graph_.inputs[i]];
      if (volume(node.shape) == 1) continue;
      throw Error(Fault::unsupported,
                  "input " + std::to_string(i) + " '" + node.name + "' has shape " + to_string(node.shape) +
                      ", and with hashed/private the model computes with its hash, which is one element: let the model "
                      "take one there, or use hashed, which shows the same hash and computes with the values");
    }
    return listed;
  }

  void add_constant(std::uint32_t i) {
    const Node& node = graph_.nodes[i];
    EZKL_ENSURE(node.constant != nullptr, "constant '" + node.name + "' has no values");
    if (as_structure_[i]) structural_[i] = w_.constant(node.shape, node.constant->integers);
    if (!as_param_[i]) return;
    const std::shared_ptr<const claims::Values> values(node.constant, &node.constant->integers);
    const bool fixed = args_.param_visibility.kind == Visibility::Kind::fixed;
    tensors_[i] = w_.param(node.shape, values, fixed);
  }

  /// Parameters are one message, in the order in which a walk from the outputs through the operands, first to last,
  /// leaves them: the published package's, so that hashes and commitments of equal models are equal.
  void bind_params() {
    std::vector<bool> seen(graph_.nodes.size());
    std::vector<std::pair<std::uint32_t, std::size_t>> path;  // node, operands that were looked at
    std::uint32_t slot = 0;
    const auto enter = [&](std::uint32_t node) {
      if (seen[node]) return;
      seen[node] = true;
      path.emplace_back(node, 0);
    };
    for (const std::uint32_t output : graph_.outputs) {
      enter(output);
      while (!path.empty()) {
        const std::uint32_t i = path.back().first;
        const Node& node = graph_.nodes[i];
        if (path.back().second < node.inputs.size()) {
          enter(node.inputs[path.back().second++]);
          continue;
        }
        path.pop_back();
        if (node.op.kind != "Constant" || !as_param_[i]) continue;
        w_.bind(tensors_[i], args_.param_visibility, {claims::Slot::Group::param, slot++});
      }
    }
  }

  /// Trees are no constants that a hash or a commitment of the parameters would hold: they decide which claims are
  /// made.
  void refuse_trees_beside_a_hash(const Node& node) const {
    const Visibility& params = args_.param_visibility;
    if (!is_tree(node)) return;
    if (!params.is_hashed() && params.kind != Visibility::Kind::polycommit) return;
    throw Error(
        Fault::unsupported,
        "the thresholds and weights of trees decide the form of the circuit, so the verifying key holds them and a "
        "hash of or commitment to the parameters would leave them out",
        {{"param_visibility", "use {} fixed, which says so"}});
  }

  /// Field elements have no binary point: what they are combined with must be whole numbers that stand as they are.
  /// errors: Fault::unsupported.
  void check_field_operands(const Node& node) const {
    const auto is_field = [&](std::uint32_t source) {
      return graph_.nodes[source].op.kind != "Constant" && w_.is_field(tensors_[source]);
    };
    if (std::none_of(node.inputs.begin(), node.inputs.end(), is_field)) return;
    for (std::size_t k = 0; k < node.inputs.size(); ++k) {
      const Node& source = graph_.nodes[node.inputs[k]];
      if (!node.input_multipliers.empty() && node.input_multipliers[k] != 1) {
        throw not_whole("an operand holds field elements, and another has another scale");
      }
      if (source.op.kind == "Constant") check_exact(source);
    }
    for (const char* name : {"value", "values"}) {  // that movement of elements fills in
      const auto found = node.op.attributes.find(name);
      if (found == node.op.attributes.end()) continue;
      if (const auto* number = std::get_if<double>(&found->second)) check_exact(*number, node.scale, name);
      const auto* numbers = std::get_if<std::vector<double>>(&found->second);
      for (const double v : numbers != nullptr ? *numbers : std::vector<double>()) check_exact(v, node.scale, name);
    }
  }

  static Error not_whole(const std::string& found) {
    return {Fault::unsupported,
            found +
                ": field elements have no binary point, so what meets them is whole numbers at scale 0, with no "
                "fractions among the constants",
            {{"input_scale", "give {} 0"}, {"param_scale", "and {} 0"}}};
  }

  /// errors: Fault::unsupported unless the constant's integers are the numbers that the model has.
  static void check_exact(const Node& node) {
    const std::vector<double>& floats = node.constant->floats;
    for (std::size_t i = 0; i < floats.size(); ++i) {
      check_exact(floats[i], node.scale, node.name);
      // Constants are rounded to f32 before they become integers.
      if (std::ldexp(floats[i], node.scale) != static_cast<double>(node.constant->integers.at(i))) {
        refuse_inexact(floats[i], node.scale, node.name);
      }
    }
  }
  static void check_exact(double number, int scale, const std::string& name) {
    const double steps = std::ldexp(number, scale);
    if (steps != std::trunc(steps)) refuse_inexact(number, scale, name);
  }
  [[noreturn]] static void refuse_inexact(double number, int scale, const std::string& name) {
    throw Error(Fault::unsupported, "an operand holds field elements, and '" + name + "' holds " +
                                        std::to_string(number) + ", of which scale " + std::to_string(scale) +
                                        " makes another number: nothing is rounded beside field elements");
  }

  /// What a node gives, at the scale that the graph says. Of field elements that is their operands'.
  Tensor rebased(const Node& node, Tensor out) {
    if (w_.is_field(out)) {
      int scale = 0;
      for (const std::uint32_t source : node.inputs) {
        if (graph_.nodes[source].op.kind == "Constant" || !w_.is_field(tensors_[source])) continue;
        scale = std::max(scale, graph_.nodes[source].scale);
      }
      if (node.rebase_divisor == 1 && node.scale == scale) return out;
      throw not_whole("gives field elements, and would give them another scale");
    }
    if (node.rebase_divisor == 1) return out;
    return claims::divide(w_, out, node.rebase_divisor, claims::Rounding::half_away);
  }

  void add_node(std::uint32_t i) {
    const Node& node = graph_.nodes[i];
    refuse_trees_beside_a_hash(node);
    check_field_operands(node);
    std::vector<Tensor> operands;
    std::vector<Shape> shapes;
    std::vector<int> scales;
    for (std::size_t k = 0; k < node.inputs.size(); ++k) {
      const std::uint32_t source = node.inputs[k];
      EZKL_ENSURE(source < i, "nodes are in topological order");
      Tensor t = is_structural(node.op.kind, k) && graph_.nodes[source].op.kind == "Constant" ? structural_[source]
                                                                                              : tensors_[source];
      int scale = graph_.nodes[source].scale;
      if (!node.input_multipliers.empty() && node.input_multipliers[k] != 1) {
        t = w_.scale(t, node.input_multipliers[k]);
        scale += claims::bit_length(node.input_multipliers[k]) - 1;
      }
      operands.push_back(t);
      shapes.push_back(w_.shape(t));
      scales.push_back(scale);
    }
    const OpContext context{node.op, shapes, scales, args_, graph_.semantics, node.name, &w_.budget()};
    const Tensor out = rebased(node, op_entry(node.op.kind).emit(w_, context, operands));
    // Scalars have no axes in ONNX and one in a quantized graph.
    EZKL_ENSURE(volume(w_.shape(out)) == volume(node.shape),
                "an operator of shape " + to_string(w_.shape(out)) + " where the graph says " + to_string(node.shape));
    tensors_[i] = w_.reshape(out, node.shape);
  }

  /// Outputs that are read as numbers must be small ones. Of the others the published package checks nothing either:
  /// what takes them as its input checks them there.
  void add_outputs() {
    const auto visibility = args_.output_visibility.kind;
    const bool shown = visibility == Visibility::Kind::public_ || visibility == Visibility::Kind::fixed;
    std::uint32_t slot = 0;
    for (const std::uint32_t i : graph_.outputs) {
      const std::string& name = slot < graph_.output_names.size() ? graph_.output_names[slot] : graph_.nodes[i].name;
      w_.enter_node("output " + name);
      if (shown && !args_.ignore_range_check_inputs_outputs) check_output(tensors_[i], name);
      w_.output(tensors_[i]);
      w_.bind(tensors_[i], args_.output_visibility, {claims::Slot::Group::output, slot++});
    }
  }

  void check_output(Tensor t, const std::string& name) {
    if (w_.is_field(t)) {
      throw Error(Fault::unsupported,
                  "output '" + name +
                      "' holds field elements, which no range check holds: show a comparison of them, or hash, commit "
                      "to or hide the outputs",
                  {{"ignore_range_check_inputs_outputs",
                    "or waive their check with {}, which every statement then "
                    "says"}});
    }
    w_.range(t, {-limit_, limit_});
  }

  const Graph& graph_;
  RunArgs args_;
  Int128 limit_;
  claims::Recorder w_;
  std::vector<Tensor> tensors_, structural_;
  std::vector<bool> as_param_, as_structure_;
};

}  // namespace

claims::Record record(const Graph& graph, const RunArgs& args, std::uint64_t max_model_size) {
  return Driver(graph, args, max_model_size).run();
}

bool has_trees(const Graph& graph) { return std::any_of(graph.nodes.begin(), graph.nodes.end(), is_tree); }

}  // namespace ezkl
