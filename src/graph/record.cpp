#include "graph/record.hpp"

#include <algorithm>

#include "base/ensure.hpp"
#include "ezkl/error.hpp"
#include "graph/claims/compound.hpp"
#include "graph/claims/interval.hpp"
#include "graph/claims/recorder.hpp"
#include "graph/op_table.hpp"
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
    for (std::uint32_t i = 0; i < graph_.nodes.size(); ++i) {
      const Node& node = graph_.nodes[i];
      if (node.op.kind == "Input") continue;
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
    std::uint32_t slot = 0;
    for (const std::uint32_t i : graph_.inputs) {
      const Node& node = graph_.nodes[i];
      w_.enter_node(node.name.empty() ? "input " + std::to_string(slot) : node.name);
      const bool checked = node.type == DType::boolean || !args_.ignore_range_check_inputs_outputs;
      tensors_[i] = w_.input(node.shape, input_bounds(node), checked);
      w_.bind(tensors_[i], args_.input_visibility, {claims::Slot::Group::input, slot++});
    }
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
        "hash of or commitment to the parameters would leave them out: use --param-visibility fixed, which says so");
  }

  void add_node(std::uint32_t i) {
    const Node& node = graph_.nodes[i];
    refuse_trees_beside_a_hash(node);
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
    Tensor out = op_entry(node.op.kind).emit(w_, context, operands);
    if (node.rebase_divisor != 1) out = claims::divide(w_, out, node.rebase_divisor, claims::Rounding::half_away);
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
      if (shown && !args_.ignore_range_check_inputs_outputs) w_.range(tensors_[i], {-limit_, limit_});
      w_.output(tensors_[i]);
      w_.bind(tensors_[i], args_.output_visibility, {claims::Slot::Group::output, slot++});
    }
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
