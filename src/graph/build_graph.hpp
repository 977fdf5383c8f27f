#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ezkl/run_args.hpp"
#include "graph/frontend/diagnosis.hpp"
#include "graph/graph.hpp"
#include "graph/passes/quantize_graph.hpp"
#include "model/node_def.hpp"

namespace ezkl {

struct BuildOptions {
  /// Passes left out, for finding out what one of them does.
  std::set<std::string> skipped_passes;
  /// The scale of every input, in the model's order; without it, the run arguments say what floats have.
  std::optional<std::vector<int>> input_scales;
};

/// The names of the passes, in order.
std::span<const std::string_view> pass_names();

/// Graphs of one model that differ in scales: what does not follow from scales is made once, and constants that several
/// graphs have at one scale are shared for as long as one of these lives.
class ScaledGraphs {
 public:
  /// `args`: their scales and decomposition, and the variables that give tensors scales, may be others later.
  /// `model` must outlive the object. errors: as build_float_graph.
  ScaledGraphs(const ModelDef& model, const RunArgs& args, BuildOptions options = {});

  /// As build_float_graph and build_graph give them. errors: as there.
  Graph reals(const RunArgs& args) const;
  Graph integers(const RunArgs& args);

 private:
  const ModelDef& model_;
  BuildOptions options_;
  Graph before_scales_;
  QuantizedConstants constants_;
};

/// An ONNX model as a quantized graph: shapes fixed by `args.variables`, constants folded, rewritten by the passes and
/// scaled. Works the same in both semantics where they agree.
///
/// errors  Fault::unsupported naming every node without a counterpart, or the one at which the model becomes too large;
///         Fault::format for a model that contradicts itself; Fault::usage for a dimension without a size and for
///         unknown names in `options`; Fault::range for numbers that do not fit at the scales given
Graph build_graph(const ModelDef& model, const RunArgs& args, const BuildOptions& options = {});

/// The same before scales are chosen: a graph of reals. errors: as build_graph, but for Fault::range.
Graph build_float_graph(const ModelDef& model, const RunArgs& args, const BuildOptions& options = {});

/// Converts a model as far as it goes and puts down in `diagnosis` every node that it cannot convert. errors: what is
/// wrong with the model as a whole, its inputs or outputs; Fault::limit.
void diagnose(const ModelDef& model, const RunArgs& args, Diagnosis& diagnosis);

}  // namespace ezkl
