#pragma once

#include <filesystem>
#include <string>

#include "circuit/lowering.hpp"
#include "graph/graph.hpp"

namespace ezkl {

/// The settings of a quantized graph: what the circuit needs, the scales and types of inputs and outputs, and the time.
/// `choose_logrows`: take the size that proves fastest instead of args.logrows. errors: as plan_settings.
GraphSettings settings_for(const Graph& graph, const claims::Record& record, const RunArgs& args, bool choose_logrows);

/// The name of an element type in settings.json: Bool, F16, F32, F64 or Int.
std::string settings_type(DType type);

/// gen_settings of the public header, with a choice.
GraphSettings gen_settings(const std::filesystem::path& model, const std::filesystem::path& output,
                           const RunArgs& run_args, bool choose_logrows);

}  // namespace ezkl
