#pragma once

#include <gtest/gtest.h>

#include <vector>

#include "base/int128.hpp"
#include "graph/build_graph.hpp"
#include "graph/claims/checker.hpp"
#include "graph/claims/evaluation.hpp"
#include "graph/record.hpp"
#include "tensor/quantize.hpp"

namespace ezkl::testing {

/// The outputs of a quantized graph as real numbers; every claim holds, and no change of a hint is accepted with other
/// outputs (`forgeries` a hint are tried).
inline std::vector<std::vector<double>> checked_run(const Graph& graph, const std::vector<std::vector<double>>& data,
                                                    const RunArgs& args, std::size_t forgeries = 4) {
  const claims::Record record = ezkl::record(graph, args);
  std::vector<claims::Values> inputs;
  for (std::size_t i = 0; i < data.size(); ++i) {
    const Node& input = graph.nodes[graph.inputs[i]];
    inputs.emplace_back();
    for (const double x : data[i]) inputs.back().push_back(quantize_input(x, input.type, input.scale));
  }
  claims::Evaluation evaluation(record, inputs, {true, true});
  evaluation.run();
  const auto violations = claims::check_trace(record, evaluation.trace());
  EXPECT_TRUE(violations.empty()) << violations[0].message;
  for (const claims::Forgery& forgery : claims::forge(record, evaluation.trace(), forgeries)) {
    EXPECT_FALSE(forgery.changes_outputs) << "hint " << forgery.hint.id << " element " << forgery.element << " from "
                                          << to_string(forgery.from) << " to " << to_string(forgery.to);
  }
  std::vector<std::vector<double>> outputs;
  const std::vector<claims::Values> values = evaluation.outputs();
  for (std::size_t k = 0; k < values.size(); ++k) {
    outputs.emplace_back();
    for (const Int128 v : values[k]) outputs.back().push_back(dequantize(v, graph.nodes[graph.outputs[k]].scale));
  }
  return outputs;
}

}  // namespace ezkl::testing
