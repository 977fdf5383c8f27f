#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "api/choose_settings.hpp"
#include "api/self_check.hpp"
#include "artifact/settings_types.hpp"
#include "circuit/lowering.hpp"
#include "graph/build_graph.hpp"
#include "graph/graph.hpp"

namespace ezkl {

/// The settings of a quantized graph: what the circuit needs, the scales and types of inputs and outputs, and the time.
/// `choose_logrows`: take the size that `target` asks for instead of args.logrows. errors: as plan_settings.
GraphSettings settings_for(const Graph& graph, const claims::Record& record, const RunArgs& args, bool choose_logrows,
                           ChoiceTarget target = ChoiceTarget::prove);

/// The claims of a quantized graph, any values in place of those that a witness will fix. `max_model_size`: as record.
claims::Record record_for(const Graph& graph, const RunArgs& args, std::uint64_t max_model_size);
/// Of its settings what follows from the graph and the run arguments, without the circuit.
GraphSettings base_settings(const Graph& graph, const RunArgs& args);

/// read_onnx; `max_model_size` 0 stands for the default.
ModelDef read_model(const std::filesystem::path& path, std::uint64_t max_model_size);

/// The quantized graph of an ONNX file. errors: as read_onnx and build_graph, with the path in front.
Graph graph_of_file(const std::filesystem::path& path, const RunArgs& args, const BuildOptions& options = {},
                    std::uint64_t max_model_size = 0);

/// What gen_settings may choose, and from what.
struct SettingsChoice {
  GivenArgs given;
  std::optional<std::string> data;  ///< path or JSON text with samples
  double margin = 2.0;              ///< how many times wider than the samples need the function tables are made
  ChoiceTarget target = ChoiceTarget::prove;
  std::uint64_t max_model_size = 0;  ///< 0: the default
  std::string usual_data{};          ///< a path: without `data` it serves if it exists and fits; empty: none does
};

/// The samples of a choice: the data that was named must fit the model, the file that happens to lie there need not.
/// errors: as load_input and split_samples, for data that was named.
std::vector<InputData> samples_for(const Graph& graph, const SettingsChoice& choice);

/// The places of the inputs that some sample gives as field elements. errors: as quantize_inputs.
std::vector<std::size_t> inputs_given_as_felts(const Graph& graph, const std::vector<InputData>& samples);

/// The scale that gen-settings tries first where none is given.
inline constexpr int finest_scale = 13;

/// Scales that are tried, one after the other, where the usual ones lose too many digits and none was given.
inline constexpr int finer_scales[] = {15, 17, 19};

/// Run arguments with both scales `scale` and results brought back to them once they have `multiplier` times as many
/// bits. Bits behind the point are not to cost bits before it: the bound on values, which products have to fit, moves
/// up with them unless it was given.
RunArgs with_scale(RunArgs args, int scale, std::uint32_t multiplier, const GivenArgs& given);

struct ChosenCircuit {
  Graph graph;
  GraphSettings settings;
  std::vector<InputData> samples;  ///< that it was chosen by
  SelfCheckResult check;           ///< how it does on them
};

/// A model with the settings of its circuit: everything chosen that was not given, unless logrows was; then all run
/// arguments stand as they are. A circuit whose scales were chosen does on the samples what the float model does (see
/// SampleVerdict), or there is none; one of given scales need not.
/// errors: Fault::range when no scale brings the samples near the float model; as gen_settings; the model's path is in
/// front of what is wrong with the model.
ChosenCircuit chosen_circuit(const std::filesystem::path& model, const RunArgs& run_args, const SettingsChoice& choice);

/// gen_settings of the public header, with chosen_circuit.
GraphSettings gen_settings(const std::filesystem::path& model, const std::filesystem::path& output,
                           const RunArgs& run_args, const SettingsChoice& choice);

}  // namespace ezkl
