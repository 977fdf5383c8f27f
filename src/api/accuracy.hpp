#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "api/error_statistics.hpp"
#include "ezkl/run_args.hpp"

namespace ezkl {

/// One node of the quantized graph.
struct NodeAccuracy {
  std::string name, kind, shape;
  int scale = 0;
  /// Outputs: against the original float model. Other nodes: against this graph run in floats from the model's inputs.
  ErrorStatistics total;
  /// Against the operator in floats on the circuit's own operands: what this node adds, whatever it was handed.
  ErrorStatistics local;
};

/// The outputs' errors if the whole model were run at other scales.
struct ScaleTrial {
  int input_scale = 0, param_scale = 0;
  ErrorStatistics outputs;
  std::string failure;  ///< why it cannot be run; empty otherwise
};

struct AccuracyReport {
  std::string model;
  std::size_t samples = 0;
  std::size_t refused = 0;     ///< samples that the circuit does not take: a value leaves its range
  std::string refusal;         ///< what it says of the first of them
  std::size_t not_finite = 0;  ///< samples for which the float model gives NaN or infinity
  bool classifies = false;     ///< whether the model gives classes
  std::size_t alike = 0;       ///< samples classified alike
  std::size_t within = 0;      ///< samples whose outputs are within 1 % and 2^-8 of the float model's
  int input_scale = 0, param_scale = 0;
  std::vector<NodeAccuracy> nodes;
  std::vector<NodeAccuracy> outputs;
  std::vector<ScaleTrial> trials;
  /// Index into `nodes` of the largest local error relative to the node's largest value; nodes.size() when exact.
  std::size_t worst_node = 0;
  std::string advice;
};

/// Compares the circuit's arithmetic with the float model, node by node, on samples of `data` (a path or JSON text).
/// Samples that the circuit does not take are counted and left out.
/// `input_scales` are those of a part of a split model: they come from the part before it, and no others are tried.
/// `max_model_size`: as for gen_settings. errors: as floatrun::run; as gen_witness, but for values out of range.
AccuracyReport accuracy_report(const std::filesystem::path& model, const RunArgs& run_args, const std::string& data,
                               const std::optional<std::vector<int>>& input_scales = std::nullopt,
                               std::uint64_t max_model_size = 0);

/// "113 of 114 samples classified alike", or, for a model without classes, how many are within the tolerance; and what
/// else there is to say of the samples.
std::string accuracy_headline(const AccuracyReport& report);
/// The headline and a table for a terminal.
std::string accuracy_text(const AccuracyReport& report);
std::string accuracy_json(const AccuracyReport& report);
/// One page that needs nothing else: bars of the errors along the graph, and the errors at other scales.
std::string accuracy_html(const AccuracyReport& report);

}  // namespace ezkl
