#include "graph/build_graph.hpp"

#include <algorithm>
#include <chrono>
#include <new>

#include "base/log.hpp"
#include "base/session_state.hpp"
#include "ezkl/error.hpp"
#include "graph/check_graph.hpp"
#include "graph/frontend/converter.hpp"
#include "graph/passes/chains.hpp"
#include "graph/passes/masks.hpp"
#include "graph/passes/merge_nodes.hpp"
#include "graph/passes/quantize_graph.hpp"
#include "graph/passes/rules.hpp"

namespace ezkl {
namespace {

/// A rule set is applied until it changes nothing; each sweep removes at least one node of a pattern, so this many
/// sweeps mean that a rule matches what it made, or that two undo each other.
constexpr int max_sweeps = 64;

/// Rules that spell something out add nodes once; a graph that grows beyond this grows without end.
constexpr std::size_t most_growth = 8;

struct Pass {
  std::string_view name;
  std::span<const Rewriter::Rule> (*rules)();
};

constexpr Pass passes[] = {
    {"neutral", neutral_rules},
    {"convolution", convolution_rules},
    {"mean", mean_rules},
};

/// Those whose rules look at scales.
constexpr Pass passes_by_scale[] = {{"selection", selection_rules}};

constexpr std::string_view names[] = {"masks", "neutral", "convolution", "mean", "selection", "chains", "merge"};

Graph apply_pass(Graph graph, const Pass& pass, const RunArgs& args, const ModelBudget& budget) {
  const auto start = std::chrono::steady_clock::now();
  const std::size_t before = graph.nodes.size();
  bool changed = true, rewritten = false;
  for (int sweep = 0; changed; ++sweep) {
    Graph swept = Rewriter(graph, args, budget).run(pass.rules(), changed);
    if (!changed) break;
    graph = remove_dead_nodes(std::move(swept));
    rewritten = true;
    if (sweep < max_sweeps && graph.nodes.size() <= most_growth * before + 64) continue;
    log_warn("pass " + std::string(pass.name) + " was stopped after " + std::to_string(sweep + 1) + " sweeps, from " +
             std::to_string(before) + " to " + std::to_string(graph.nodes.size()) +
             " nodes: one of its rules matches what it makes");
    break;
  }
  if (rewritten) {
    in_context("after the pass '" + std::string(pass.name) + "'", [&] { check_graph(graph, args, GraphStage::reals); });
  }
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
  log_debug("pass " + std::string(pass.name) + ": " + std::to_string(before) + " -> " +
            std::to_string(graph.nodes.size()) + " nodes, " + std::to_string(took.count()) + " ms");
  return graph;
}

Graph apply_passes(Graph graph, std::span<const Pass> list, const RunArgs& args, const ModelBudget& budget,
                   const BuildOptions& options) {
  for (const Pass& pass : list) {
    if (options.skipped_passes.count(std::string(pass.name)) != 0) continue;
    check_stop();
    graph = apply_pass(std::move(graph), pass, args, budget);
  }
  return graph;
}

Error out_of_memory() { return {Fault::out_of_memory, "the model's tensors do not fit into memory"}; }

void check_pass_names(const BuildOptions& options) {
  for (const std::string& name : options.skipped_passes) {
    if (std::find(std::begin(names), std::end(names), name) == std::end(names)) {
      throw Error(Fault::usage, "there is no pass '" + name + "'");
    }
  }
}

}  // namespace

std::span<const std::string_view> pass_names() { return names; }

/// What is too large here stays so whatever the scales: callers that try others must not see Fault::range.
ScaledGraphs::ScaledGraphs(const ModelDef& model, const RunArgs& args, BuildOptions options) try
    : model_(model), options_(std::move(options)) {
  check_pass_names(options_);
  Graph graph = remove_dead_nodes(Converter(model, args).convert_model());
  check_graph(graph, args, GraphStage::reals);
  if (options_.skipped_passes.count("masks") == 0) {
    graph = select_masks(graph, args, model.budget);
    check_graph(graph, args, GraphStage::reals);
  }
  before_scales_ = apply_passes(std::move(graph), passes, args, model.budget, options_);
} catch (const Error& e) {
  throw e.fault() == Fault::range ? e.as(Fault::unsupported) : e;
} catch (const std::bad_alloc&) {
  throw out_of_memory();
}

Graph ScaledGraphs::reals(const RunArgs& args) const try {
  Graph graph = apply_passes(before_scales_, passes_by_scale, args, model_.budget, options_);
  if (!has_chains(args) || options_.skipped_passes.count("chains") != 0) return graph;
  graph = tabulate_chains(std::move(graph), args);
  check_graph(graph, args, GraphStage::reals);
  return graph;
} catch (const Error& e) {
  throw e.fault() == Fault::range ? e.as(Fault::unsupported) : e;
}

void diagnose(const ModelDef& model, const RunArgs& args, Diagnosis& diagnosis) {
  try {
    Converter(model, args, &diagnosis).convert_model();
  } catch (const Error& e) {
    const bool ended = e.fault() == Fault::limit || e.fault() == Fault::cancelled || e.fault() == Fault::out_of_memory;
    if (ended || diagnosis.problems.empty()) throw;
  }
}

Graph ScaledGraphs::integers(const RunArgs& args) try {
  Graph quantized = quantize_graph(reals(args), args, options_.input_scales, &constants_);
  if (options_.skipped_passes.count("merge") == 0) quantized = merge_equal_nodes(std::move(quantized));
  check_graph(quantized, args, GraphStage::integers);
  return quantized;
} catch (const std::bad_alloc&) {
  throw out_of_memory();
}

Graph build_float_graph(const ModelDef& model, const RunArgs& args, const BuildOptions& options) {
  return ScaledGraphs(model, args, options).reals(args);
}

Graph build_graph(const ModelDef& model, const RunArgs& args, const BuildOptions& options) {
  return ScaledGraphs(model, args, options).integers(args);
}

}  // namespace ezkl
