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
  ErrorStatistics total;  ///< against the float model run from the model's inputs
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
  int input_scale = 0, param_scale = 0;
  std::vector<NodeAccuracy> nodes;
  std::vector<NodeAccuracy> outputs;
  std::vector<ScaleTrial> trials;
  /// Share of samples and lines whose largest element along the last axis stands at the same place; first output.
  double same_argmax = 0;
  /// Index into `nodes` of the largest local error relative to the node's largest value; nodes.size() when exact.
  std::size_t worst_node = 0;
  std::string advice;
};

/// Compares the circuit's arithmetic with the float model, node by node, on samples of `data` (a path or JSON text).
/// `input_scales` are those of a part of a split model: they come from the part before it, and no others are tried.
/// `max_model_size`: as for gen_settings. errors: as gen_witness.
AccuracyReport accuracy_report(const std::filesystem::path& model, const RunArgs& run_args, const std::string& data,
                               const std::optional<std::vector<int>>& input_scales = std::nullopt,
                               std::uint64_t max_model_size = 0);

/// A table for a terminal.
std::string accuracy_text(const AccuracyReport& report);
std::string accuracy_json(const AccuracyReport& report);
/// One page that needs nothing else: bars of the errors along the graph, and the errors at other scales.
std::string accuracy_html(const AccuracyReport& report);

}  // namespace ezkl
