#include "api/check_model.hpp"

#include <algorithm>

#include "api/sumcheck_choice.hpp"
#include "artifact/sumcheck_settings.hpp"
#include "base/log.hpp"
#include "base/session_state.hpp"
#include "floatrun/float_run.hpp"
#include "graph/build_graph.hpp"
#include "graph/input_variables.hpp"

namespace ezkl {
namespace {

bool ends_the_check(const Error& e) { return e.fault() == Fault::cancelled || e.fault() == Fault::internal; }

/// Halves, or integers 0, of an input's shape; none where the shape is open.
floatrun::TensorPtr halves(const ValueDef& input, const RunArgs& args) {
  auto out = std::make_shared<floatrun::Tensor>();
  out->type = input.type;
  for (std::size_t axis = 0; axis < input.shape.size(); ++axis) {
    const auto extent = input_extent(args, input.name, axis, input.shape[axis]);
    if (!extent) return nullptr;
    out->shape.push_back(*extent);
  }
  // What is too large for a try is too large to be looked at twice.
  constexpr std::size_t most = std::size_t{1} << 24;
  std::size_t elements = 1;
  for (const std::size_t extent : out->shape) {
    if (extent != 0 && elements > most / extent) return nullptr;
    elements *= extent;
  }
  (out->real() ? out->reals().resize(elements, 0.5) : out->ints().resize(elements));
  return out;
}

/// Types and shapes of what the nodes give, as far as the float model runs on halves.
void find_shapes(const ModelDef& model, const RunArgs& args, Diagnosis& diagnosis) try {
  floatrun::NamedTensors inputs;
  for (const ValueDef& input : model.graph.inputs) {
    if (model.graph.initializers.count(input.name) != 0) continue;
    const floatrun::TensorPtr tensor = halves(input, args);
    if (!tensor) return;
    inputs[input.name] = tensor;
  }
  floatrun::Budget budget;
  budget.work = std::uint64_t{1} << 32;
  floatrun::run(model, inputs, budget, [&](const NodeDef&, const std::string& name, const floatrun::Tensor& value) {
    diagnosis.known[name] = {value.type, value.shape};
  });
} catch (const Error& e) {
  // The rest stays unknown, and nodes that need it are left out.
  if (ends_the_check(e)) throw;
}

/// Nodes inside functions and loops are met once a call: the same words once.
void add(ModelReport& report, const Error& error) {
  const bool known = std::any_of(report.problems.begin(), report.problems.end(),
                                 [&](const Error& other) { return other.said() == error.said(); });
  if (!known) report.problems.push_back(error);
}

}  // namespace

ModelReport check_model(const std::filesystem::path& model, const RunArgs& run_args, const SettingsChoice& choice) {
  ModelReport report;
  report.model = model.string();
  try {
    const ModelDef def = read_model(model, choice.max_model_size);
    report.nodes = def.graph.nodes.size();
    Diagnosis diagnosis;
    find_shapes(def, run_args, diagnosis);
    try {
      diagnose(def, run_args, diagnosis);
    } catch (const Error& e) {
      if (ends_the_check(e)) throw;
      diagnosis.problems.push_back(e);
    }
    for (const Error& problem : diagnosis.problems) add(report, problem);
  } catch (const Error& e) {
    if (ends_the_check(e) || e.fault() == Fault::io) throw;
    add(report, e);
  }
  if (!report.ok()) return report;
  try {
    const ChosenCircuit chosen = chosen_circuit(model, run_args, choice);
    report.settings = chosen.settings;
    const RunArgs& args = chosen.settings.run_args;
    if (is_sumcheck(args)) {
      const claims::Record claims = record_for(chosen.graph, args, choice.max_model_size);
      report.sumcheck_cost = sumcheck_cost(claims, chosen.settings);
    } else {
      report.cost = proving_cost(chosen.settings);
    }
    report.check = chosen.check;
    if (chosen.check.beyond > 0) {
      const auto& worst = chosen.check.first_verdict;
      const auto& element = worst.not_finite ? worst.not_finite : worst.other_class ? worst.other_class : worst.beyond;
      add(report, Error(Fault::range,
                        std::to_string(chosen.check.beyond) + " of " + std::to_string(chosen.check.samples) +
                            " samples are not what the float model gives" + (element ? ": " + element->text() : "")));
    }
    if (chosen.samples.empty()) {
      report.notes.emplace_back(Fault::range,
                                "there were no samples: whether the numbers fit and are right was not tried",
                                std::vector<Hint>{{"data", "{} takes samples"}});
    }
  } catch (const Error& e) {
    if (ends_the_check(e) || e.fault() == Fault::io) throw;
    add(report, e);
  }
  return report;
}

}  // namespace ezkl
