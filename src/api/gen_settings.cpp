#include <chrono>

#include "api/model_settings.hpp"
#include "api/run_args_check.hpp"
#include "artifact/settings_file.hpp"
#include "base/files.hpp"
#include "ezkl/ezkl.hpp"
#include "graph/build_graph.hpp"
#include "graph/printer.hpp"
#include "graph/record.hpp"
#include "onnx/import.hpp"

namespace ezkl {

GraphSettings settings_for(const Graph& graph, const claims::Record& record, const RunArgs& args, bool choose_logrows) {
  GraphSettings base;
  base.run_args = args;
  base.check_mode = args.check_mode;
  base.input_types.emplace();
  base.output_types.emplace();
  for (const std::uint32_t i : graph.inputs) {
    base.model_input_scales.push_back(graph.nodes[i].scale);
    base.input_types->push_back(settings_type(graph.nodes[i].type));
  }
  for (const std::uint32_t i : graph.outputs) {
    base.model_output_scales.push_back(graph.nodes[i].scale);
    base.output_types->push_back(settings_type(graph.nodes[i].type));
  }
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  base.timestamp = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
  return plan_settings(record, base, choose_logrows);
}

std::string settings_type(DType type) {
  switch (type) {
    case DType::boolean: return "Bool";
    case DType::f16: return "F16";
    case DType::f32: return "F32";
    case DType::f64: return "F64";
    default: return "Int";
  }
}

Path gen_settings(const Path& model, const Path& output, const RunArgs& run_args) {
  gen_settings(model, output, run_args, false);
  return output;
}

GraphSettings gen_settings(const Path& model, const Path& output, const RunArgs& run_args, bool choose_logrows) {
  check_run_args(run_args);
  const GraphSettings settings = in_context(model.string(), [&] {
    const Graph graph = build_graph(read_onnx(model), run_args);
    return settings_for(graph, record(graph, run_args), run_args, choose_logrows);
  });
  write_file_atomically(output, settings_text(settings));
  return settings;
}

std::string table(const Path& model, const RunArgs& run_args) {
  return in_context(model.string(), [&] { return to_string(build_graph(read_onnx(model), run_args)); });
}

}  // namespace ezkl
