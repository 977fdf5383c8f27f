#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "artifact/input_file.hpp"
#include "circuit/cost.hpp"
#include "circuit/settings.hpp"
#include "ezkl/error.hpp"
#include "graph/claims/claims.hpp"
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
  /// Inputs of which somebody gave the whole shape, and with how many axes.
  std::vector<std::pair<std::string, std::size_t>> input_shapes = {};
};

/// Of arguments of which nobody says which were given: those of PLONK's circuits that are not the usual ones.
GivenArgs unusual_args(const RunArgs& args);

/// Beside the sumcheck system, options that only PLONK has: what `given` or `target` asks for would come to nothing.
/// errors: Fault::usage, as refuse_plonk_options.
void refuse_options_in_vain(const RunArgs& args, const GivenArgs& given, ChoiceTarget target);

/// What samples need of a quantized graph's circuit, whatever its size will be.
class SampleNeeds {
 public:
  /// `max_model_size`: as record. `graph` and `samples` must outlive the object. errors: as record.
  SampleNeeds(const Graph& graph, const RunArgs& args, const std::vector<InputData>& samples,
              std::uint64_t max_model_size);

  /// Whether the circuit looks up functions.
  bool has_tables() const;
  /// The keys that the samples look up, widened by `margin`; (0, 0) without tables.
  std::pair<Int128, Int128> lookup_range(double margin) const;
  /// The run arguments with a lookup range that the samples need, widened by `margin` and to both signs, and with more
  /// legs where a sample outgrows the bound on values, as many as `margin` times its value needs; what was given
  /// stays, and without samples all does. errors: as record and claims::Evaluation::run.
  RunArgs fitted(const GivenArgs& given, double margin) const;

 private:
  const Graph& graph_;
  const RunArgs& args_;
  const std::vector<InputData>& samples_;
  std::uint64_t max_model_size_;
  claims::Record claims_;
};

/// Settings and what a proof under them is predicted to take.
struct CheapestSettings {
  GraphSettings settings;
  double seconds = 0;  ///< of one core that has AVX-512 IFMA
  double price = 0;    ///< by what the target measures; of the sumcheck system, which knows one target, the seconds
};

/// The settings of least predicted cost for run arguments that fit the samples: base, width and size are chosen unless
/// they were given. `limit`: a price; Fault::range where none costs less. errors: as record and, by the proof system,
/// plan_settings or relations::make_plan.
CheapestSettings cheapest_settings(const Graph& graph, const RunArgs& fitted, const GivenArgs& given,
                                   ChoiceTarget target, std::uint64_t max_model_size,
                                   double limit = std::numeric_limits<double>::infinity());

/// Both: settings of a quantized graph with everything that was not given chosen.
GraphSettings choose_settings(const Graph& graph, const RunArgs& args, const GivenArgs& given,
                              const std::vector<InputData>& samples, double margin, ChoiceTarget target,
                              std::uint64_t max_model_size);

}  // namespace ezkl
