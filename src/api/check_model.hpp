#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/model_settings.hpp"
#include "circuit/cost.hpp"

namespace ezkl {

/// What a check found about a model.
struct ModelFinding {
  bool fatal = true;  ///< there is no proof of it as it is; else it is worth knowing
  Fault fault = Fault::unsupported;
  std::string place;  ///< "node 'x' (Conv, opset 13)", or empty where it is about the model
  std::string text;
  std::vector<Hint> hints;
};

/// Everything that stands in the way of proving a model, and what a proof would take where nothing does.
struct ModelReport {
  std::string model;  ///< its path
  std::size_t nodes = 0;
  std::vector<ModelFinding> findings;
  std::optional<GraphSettings> settings;  ///< that gen_settings would write; none where something fatal was found
  std::optional<ProvingCost> cost;        ///< of those
  std::size_t samples = 0;                ///< that settings were chosen by

  bool provable() const { return settings.has_value(); }
};

/// Looks at every node of a model, also behind one that has no counterpart: what such a node gives then has the shape
/// that a run of the float model on halves shows. Where all have one, settings are chosen as by gen_settings, on the
/// samples of `choice`. errors: those of the files; Fault::cancelled.
ModelReport check_model(const std::filesystem::path& model, const RunArgs& run_args, const SettingsChoice& choice);

/// The report for people, with parameters as `spelling` has them; and for programs, one JSON object.
std::string report_text(const ModelReport& report, const Spelling& spelling);
std::string report_json(const ModelReport& report);

}  // namespace ezkl
