#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/model_settings.hpp"
#include "circuit/cost.hpp"
#include "relations/cost.hpp"

namespace ezkl {

/// Everything that stands in the way of proving a model, and what a proof would take where nothing does.
struct ModelReport {
  std::string model;  ///< its path
  std::size_t nodes = 0;
  std::vector<Error> problems;  ///< there is no right proof of the model as it is; each names its node in front
  std::vector<Error> notes;     ///< worth knowing
  std::optional<GraphSettings> settings;  ///< that gen_settings would write; none where there is a problem
  std::optional<ProvingCost> cost;        ///< of those, for PLONK
  std::optional<relations::ProverCost> sumcheck_cost;  ///< for the sumcheck system
  SelfCheckResult check;                               ///< how the settings do on samples

  bool ok() const { return problems.empty(); }
};

/// Looks at every node of a model, also behind one that has no counterpart: what such a node gives then has the shape
/// that a run of the float model on halves shows. Where all have one, settings are chosen as by gen_settings, on the
/// samples of `choice`. errors: those of the files; Fault::cancelled.
ModelReport check_model(const std::filesystem::path& model, const RunArgs& run_args, const SettingsChoice& choice);

/// The report for people, with parameters as `spelling` has them; and for programs, one JSON object.
std::string report_text(const ModelReport& report, const Spelling& spelling);
std::string report_json(const ModelReport& report);

}  // namespace ezkl
