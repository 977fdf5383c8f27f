#include "api/accuracy.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "api/calibration_data.hpp"
#include "api/loaded_model.hpp"
#include "api/model_settings.hpp"
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

/// Where the largest element of each line along the last axis stands.
std::vector<std::size_t> best_places(const FloatTensor& t) {
  const std::size_t n = t.shape.empty() ? 1 : t.shape.back();
  std::vector<std::size_t> out;
  for (std::size_t at = 0; n > 0 && at < t.data.size(); at += n) {
    const auto line = t.data.begin() + static_cast<std::ptrdiff_t>(at);
    out.push_back(static_cast<std::size_t>(std::max_element(line, line + static_cast<std::ptrdiff_t>(n)) - line));
  }
  return out;
}

class Comparison {
 public:
  Comparison(const ModelDef& model, const RunArgs& args, const std::optional<std::vector<int>>& input_scales)
      : args_(args),
        graph_(build_graph(model, args, {{}, input_scales})),
        record_(record(graph_, args)),
        nodes_(graph_.nodes.size()) {
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      const Node& node = graph_.nodes[i];
      nodes_[i] = {node.name, node.op.kind, to_string(node.shape), node.scale, {}, {}};
    }
    for (const auto& [node, tensor] : record_.node_values) tensor_of_[node] = tensor;
  }

  const Graph& graph() const { return graph_; }

  void add(const InputData& sample, bool every_node) {
    const std::vector<InputSpec> specs = input_specs(graph_);
    claims::Evaluation evaluation(record_, quantize_inputs(sample, specs), {true, true});
    evaluation.run();
    execute(graph_, float_inputs(graph_, sample), args_, [&](std::uint32_t i, const FloatTensor& floats) {
      const auto tensor = tensor_of_.find(i);
      const bool is_output = std::count(graph_.outputs.begin(), graph_.outputs.end(), i) != 0;
      if (tensor == tensor_of_.end() || !(every_node || is_output)) return;
      const Node& node = graph_.nodes[i];
      const claims::Values& mine = evaluation.values(tensor->second);
      nodes_[i].total.add(floats.data, mine, node.scale);
      if (node.op.kind == "Input") {
        nodes_[i].local.add(floats.data, mine, node.scale);
      } else if (every_node) {
        nodes_[i].local.add(alone(node, evaluation).data, mine, node.scale);
      }
      if (is_output && i == graph_.outputs.front()) {
        const auto want = best_places(floats), got = best_places(dequantized(node, mine));
        for (std::size_t k = 0; k < want.size(); ++k) same_ += want[k] == got[k];
        lines_ += want.size();
      }
    });
  }

  double same_argmax() const { return lines_ == 0 ? 1 : static_cast<double>(same_) / static_cast<double>(lines_); }
  const NodeAccuracy& node(std::size_t i) const { return nodes_[i]; }
  bool has_value(std::size_t i) const { return tensor_of_.count(static_cast<std::uint32_t>(i)) != 0; }

  ErrorStatistics all_outputs() const {
    ErrorStatistics out;
    for (const std::uint32_t i : graph_.outputs) out.add(nodes_[i].total);
    return out;
  }

 private:
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

  RunArgs args_;
  Graph graph_;
  claims::Record record_;
  std::vector<NodeAccuracy> nodes_;
  std::map<std::uint32_t, claims::Tensor> tensor_of_;
  std::size_t same_ = 0, lines_ = 0;
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
  if (report.same_argmax < 1) {
    out +=
        " The circuit's largest output element is not where the float model's is in some lines: it decides otherwise.";
  }
  if (now != nullptr && best != nullptr && best->outputs.mean < 0.75 * now->outputs.mean) {
    out += " --input-scale " + std::to_string(best->input_scale) + " --param-scale " +
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
  for (const InputData& sample : samples) here.add(sample, true);

  AccuracyReport report;
  report.model = model_path.filename().string();
  report.samples = samples.size();
  report.input_scale = run_args.input_scale;
  report.param_scale = run_args.param_scale;
  report.same_argmax = here.same_argmax();
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
      for (const InputData& sample : samples) there.add(sample, false);
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
