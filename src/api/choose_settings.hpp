#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "artifact/input_file.hpp"
#include "circuit/cost.hpp"
#include "circuit/settings.hpp"
#include "ezkl/error.hpp"
#include "graph/graph.hpp"

namespace ezkl {

/// Whether an error says only that a circuit of these arguments cannot be, where other arguments may do: a number does
/// not fit, or what the model becomes at this scale is larger than is allowed.
inline bool does_not_fit(const Error& e) { return e.fault() == Fault::range || e.fault() == Fault::limit; }

/// Which run arguments were given and must stay; the others are chosen.
struct GivenArgs {
  bool logrows = false;
  bool lookup_range = false;
  bool decomposition = false;  ///< base or legs
  bool num_inner_cols = false;
  bool scales = false;  ///< any of them
};

/// Settings of a quantized graph with everything that was not given chosen to the least predicted cost. The lookup
/// range comes from running `samples`, widened by `margin`; without samples the one in `args` stays. The bound on
/// values, decomp_base^decomp_legs, is that of `args` or, where a sample outgrows it, `margin` times what the sample
/// needs. `max_model_size`: as record; `limit`: as plan_settings. errors: as record and plan_settings, and as
/// claims::Evaluation::run for the samples.
GraphSettings choose_settings(const Graph& graph, const RunArgs& args, const GivenArgs& given,
                              const std::vector<InputData>& samples, double margin, ChoiceTarget target,
                              std::uint64_t max_model_size, double limit = std::numeric_limits<double>::infinity());

/// The range of table keys that the samples need, widened by `margin`; (0, 0) for a model without tables.
std::pair<Int128, Int128> observed_lookup_range(const Graph& graph, const RunArgs& args,
                                                const std::vector<InputData>& samples, double margin,
                                                std::uint64_t max_model_size);

}  // namespace ezkl
