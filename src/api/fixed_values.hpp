#pragma once

#include <vector>

#include "artifact/envelope.hpp"
#include "ezkl/run_args.hpp"
#include "graph/claims/claims.hpp"

namespace ezkl {

/// Whether inputs or outputs are of visibility fixed: then their values are part of the circuit.
bool has_fixed_values(const RunArgs& args);

/// Claims that every input and output of visibility fixed has the given values, which the circuit holds as constants.
void fix_values(claims::Record& record, const std::vector<claims::Felts>& inputs,
                const std::vector<claims::Felts>& outputs);

/// The same with values that are all different, for counting what the true ones may need.
void fix_any_values(claims::Record& record);

/// Tells the fixed values of two runs apart; the same for all runs of a model without any.
FileDigest fixed_digest(const claims::Record& record, const std::vector<claims::Felts>& inputs,
                        const std::vector<claims::Felts>& outputs);

}  // namespace ezkl
