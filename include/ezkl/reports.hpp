#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ezkl/ezkl.hpp"

/// Choosing a circuit for a model, and reports: whether it can be proved, how exact it is, what a proof says. As in
/// ezkl.hpp: errors, sessions, threads.
namespace ezkl {

/// What choose_settings may choose, and from what.
struct SettingsOptions {
  /// The run arguments that stay as they are; of logrows, lookup_range, num_inner_cols, decomp_base and decomp_legs,
  /// input_scale and param_scale, those not named are chosen (the last two pairs together). Others always stay.
  std::vector<std::string> given;
  std::optional<std::string> data;    ///< samples, a path or JSON text: the circuit must do on them what the model does
  double lookup_safety_margin = 2.0;  ///< how many times wider function tables become than the samples need: 1 to 2^20
  std::string target = "prove";       ///< what to make small: prove (the time), size (of the proof), gas or memory
  std::uint64_t max_model_size = 0;
};

/// gen_settings with a circuit that is chosen for the model, as the command line does it. Gives `output` back.
/// errors: Fault::range when no choice brings the samples near the float model.
EZKL_API Path choose_settings(const Path& model = "network.onnx", const Path& output = "settings.json",
                              const RunArgs& run_args = library_run_args(), const SettingsOptions& options = {});

/// Whether a model can be proved and what that takes, without writing anything: every node that stands in the way, also
/// behind others; then choose_settings, and its errors. Gives JSON: {"ok":true,"model":"network.onnx","nodes":3,
/// "problems":[…],"notes":[…],"circuit":{…}}; problems and notes are as error_json, and `circuit` is there when
/// settings could be chosen: logrows, rows, columns, scales, seconds (predicted, of one core), peak_mib, proof_bytes,
/// samples that were tried, how many differ from the float model, the largest error. errors: for files that cannot be
/// opened, and arguments that make no sense.
EZKL_API std::string check_model(const Path& model = "network.onnx", const RunArgs& run_args = library_run_args(),
                                 const SettingsOptions& options = {});

/// How a report is given: for a terminal, for programs, or as a page of its own.
enum class ReportFormat : std::uint8_t { text, json, html };

/// The circuit's arithmetic beside the float model's on samples, node by node. `data` is a path or JSON text.
EZKL_API std::string accuracy(const std::string& data = "input.json", const Path& model = "network.onnx",
                              const Path& settings_path = "settings.json", ReportFormat format = ReportFormat::json,
                              std::uint64_t max_model_size = 0);

/// verify, and what was proved: model, values that the proof shows with their scales, what binds the rest, the setup,
/// checks that are waived. `input` and `output` (paths or JSON text) are what it must be about, if not anything. A
/// proof that does not hold is a report too: JSON begins {"accepted":false,"reason":"…". errors: as verify for files
/// that cannot be read; Fault::usage for ReportFormat::html.
EZKL_API std::string verify_report(const Path& proof_path = "proof.json", const Path& settings_path = "settings.json",
                                   const Path& vk_path = "vk.key", const std::optional<Path>& srs_path = std::nullopt,
                                   bool reduced_srs = false, const std::optional<Path>& manifest = std::nullopt,
                                   const std::optional<std::string>& digest = std::nullopt,
                                   const std::optional<std::string>& input = std::nullopt,
                                   const std::optional<std::string>& output = std::nullopt,
                                   ReportFormat format = ReportFormat::json);

/// Affine coordinates, each 64 hexadecimal digits, least significant byte first.
struct PointCoordinates {
  std::string x, y;
};
/// Of compressed points as commitments are written: by kzg_commit, and in witness.json.
EZKL_API std::vector<PointCoordinates> point_coordinates(const std::vector<std::string>& points);

}  // namespace ezkl
