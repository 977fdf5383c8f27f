#include "api/accuracy.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "api/calibration_data.hpp"
#include "api/loaded_model.hpp"
#include "api/model_settings.hpp"
#include "api/self_check.hpp"
#include "ezkl/error.hpp"
#include "graph/build_graph.hpp"
#include "graph/claims/evaluation.hpp"
#include "graph/execute.hpp"
#include "graph/record.hpp"
#include "tensor/quantize.hpp"

namespace ezkl {
namespace {

FloatTensor dequantized(const Node& node, const claims::Values& values) {
  FloatTensor out{node.type, node.shape, {}};
  out.data.reserve(values.size());
  for (const Int128 v : values) out.data.push_back(dequantize(v, node.scale));
  return out;
}

class Comparison {
 public:
  Comparison(const ModelDef& model, const RunArgs& args, const std::optional<std::vector<int>>& input_scales)
      : model_(model),
        args_(args),
        graph_(build_graph(model, args, {{}, input_scales})),
        record_(record(graph_, args, model.budget.limit())),
        nodes_(graph_.nodes.size()) {
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      const Node& node = graph_.nodes[i];
      nodes_[i] = {node.name, node.op.kind, to_string(node.shape), node.scale, {}, {}};
    }
    for (const auto& [node, tensor] : record_.node_values) tensor_of_[node] = tensor;
  }

  const Graph& graph() const { return graph_; }

  /// Takes in what the circuit gives. errors: Fault::range for a sample that it does not take.
  SampleVerdict add(const InputData& sample, const std::vector<FloatTensor>& wanted, bool every_node) {
    claims::Evaluation evaluation(record_, quantize_inputs(sample, input_specs(graph_)), {true, true});
    evaluation.run();
    const std::vector<claims::Values> outputs = evaluation.outputs();
    const SampleVerdict verdict = judge().judge(wanted, outputs);
    for (std::size_t k = 0; k < outputs.size(); ++k) {
      const std::uint32_t i = graph_.outputs[k];
      const auto first = std::find(graph_.outputs.begin(), graph_.outputs.end(), i);
      if (first - graph_.outputs.begin() != static_cast<std::ptrdiff_t>(k)) continue;
      nodes_[i].total.add(wanted[k].data, outputs[k], graph_.nodes[i].scale);
    }
    if (every_node) add_nodes(sample, evaluation);
    return verdict;
  }

  const NodeAccuracy& node(std::size_t i) const { return nodes_[i]; }
  bool has_value(std::size_t i) const { return tensor_of_.count(static_cast<std::uint32_t>(i)) != 0; }

  ErrorStatistics all_outputs() const {
    ErrorStatistics out;
    for (const std::uint32_t i : graph_.outputs) out.add(nodes_[i].total);
    return out;
  }

 private:
  SelfCheck judge() const { return {model_, graph_, record_}; }

  /// Whether the circuit has the node's integers: some nodes are only parts of a claim about others.
  bool has_values(std::uint32_t node, const claims::Evaluation& evaluation) const {
    const auto tensor = tensor_of_.find(node);
    return tensor != tensor_of_.end() && evaluation.alive(tensor->second);
  }

  void add_nodes(const InputData& sample, const claims::Evaluation& evaluation) {
    execute(graph_, float_inputs(graph_, sample), args_, [&](std::uint32_t i, const FloatTensor& floats) {
      if (!has_values(i, evaluation)) return;
      const Node& node = graph_.nodes[i];
      const claims::Values& mine = evaluation.values(tensor_of_.at(i));
      const bool is_output = std::count(graph_.outputs.begin(), graph_.outputs.end(), i) != 0;
      if (!is_output) nodes_[i].total.add(floats.data, mine, node.scale);
      if (node.op.kind == "Input") {
        nodes_[i].local.add(floats.data, mine, node.scale);
        return;
      }
      const bool known = std::all_of(node.inputs.begin(), node.inputs.end(), [&](std::uint32_t source) {
        return graph_.nodes[source].op.kind == "Constant" || has_values(source, evaluation);
      });
      if (known) nodes_[i].local.add(alone(node, evaluation).data, mine, node.scale);
    });
  }

  /// The node's operator in floats on what the circuit hands it.
  FloatTensor alone(const Node& node, const claims::Evaluation& evaluation) const {
    std::vector<FloatTensor> operands;
    for (const std::uint32_t source : node.inputs) {
      const Node& from = graph_.nodes[source];
      if (from.op.kind == "Constant") {
        operands.push_back({from.type, from.shape, from.constant->floats});
      } else {
        operands.push_back(dequantized(from, evaluation.values(tensor_of_.at(source))));
      }
    }
    return execute_node(node, operands, args_, graph_.semantics);
  }

  const ModelDef& model_;
  RunArgs args_;
  Graph graph_;
  claims::Record record_;
  std::vector<NodeAccuracy> nodes_;
  std::map<std::uint32_t, claims::Tensor> tensor_of_;
};

std::string advise(const AccuracyReport& report) {
  const ScaleTrial* best = nullptr;
  const ScaleTrial* now = nullptr;
  for (const ScaleTrial& trial : report.trials) {
    if (!trial.failure.empty()) continue;
    if (trial.input_scale == report.input_scale && trial.param_scale == report.param_scale) now = &trial;
    if (best == nullptr || trial.outputs.mean < best->outputs.mean) best = &trial;
  }
  std::string out;
  if (report.worst_node < report.nodes.size()) {
    const NodeAccuracy& worst = report.nodes[report.worst_node];
    out = "Most precision is lost in node '" + worst.name + "' (" + worst.kind + ").";
  } else {
    out = "The circuit computes exactly what the float model does.";
  }
  if (report.classifies && report.alike + report.refused < report.samples) {
    out += " The circuit decides otherwise than the float model in some samples.";
  }
  if (now != nullptr && best != nullptr && best->outputs.mean < 0.75 * now->outputs.mean) {
    out += " An input_scale of " + std::to_string(best->input_scale) + " and a param_scale of " +
           std::to_string(best->param_scale) + " would bring the outputs closer.";
  }
  return out;
}

}  // namespace

AccuracyReport accuracy_report(const std::filesystem::path& model_path, const RunArgs& run_args,
                               const std::string& data, const std::optional<std::vector<int>>& input_scales,
                               std::uint64_t max_model_size) {
  const ModelDef model = read_model(model_path, max_model_size);
  Comparison here = in_context(model_path.string(), [&] { return Comparison(model, run_args, input_scales); });
  const std::vector<InputData> samples = split_samples(load_input(data), input_specs(here.graph()));
  refuse_hashes_in_place(run_args);
  const std::vector<std::vector<FloatTensor>> wanted =
      in_context(model_path.string(), [&] { return float_outputs(model, here.graph(), samples); });

  AccuracyReport report;
  report.model = model_path.filename().string();
  report.samples = samples.size();
  report.input_scale = run_args.input_scale;
  report.param_scale = run_args.param_scale;
  report.classifies = !wanted.empty() && class_output(model.graph, wanted.front()).has_value();
  for (std::size_t i = 0; i < samples.size(); ++i) {
    try {
      const SampleVerdict verdict = here.add(samples[i], wanted[i], true);
      report.not_finite += verdict.not_finite.has_value();
      report.alike += !verdict.other_class && !verdict.not_finite;
      report.within += verdict.holds();
    } catch (const Error& e) {
      if (!does_not_fit(e)) throw;
      if (report.refused++ == 0) report.refusal = e.what();
    }
  }
  for (std::size_t i = 0; i < here.graph().nodes.size(); ++i) {
    if (here.has_value(i)) report.nodes.push_back(here.node(i));
  }
  for (const std::uint32_t i : here.graph().outputs) report.outputs.push_back(here.node(i));
  report.worst_node = report.nodes.size();
  for (std::size_t i = 0; i < report.nodes.size(); ++i) {
    const double error = report.nodes[i].local.relative();
    if (error > 0 &&
        (report.worst_node == report.nodes.size() || error > report.nodes[report.worst_node].local.relative())) {
      report.worst_node = i;
    }
  }
  for (const int step : input_scales ? std::vector<int>{} : std::vector<int>{-4, -2, 0, 2, 4}) {
    RunArgs args = run_args;
    args.input_scale += step;
    args.param_scale += step;
    if (args.input_scale < 1 || args.param_scale < 1) continue;
    ScaleTrial trial{args.input_scale, args.param_scale, {}, {}};
    try {
      Comparison there(model, args, std::nullopt);
      std::size_t refused = 0;
      for (std::size_t i = 0; i < samples.size(); ++i) {
        try {
          there.add(samples[i], wanted[i], false);
        } catch (const Error& e) {
          // Samples that are refused at these scales only would make other scales look better than they are.
          if (!does_not_fit(e) || ++refused > report.refused) throw;
        }
      }
      trial.outputs = there.all_outputs();
    } catch (const Error& e) {
      trial.failure = e.what();
    }
    report.trials.push_back(std::move(trial));
  }
  report.advice = advise(report);
  if (input_scales) report.advice += " A part's scales are those of its links: no others were tried.";
  return report;
}

}  // namespace ezkl
