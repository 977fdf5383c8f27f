#pragma once

#include "circuit/settings.hpp"
#include "graph/claims/claims.hpp"
#include "graph/graph.hpp"
#include "relations/cost.hpp"

namespace ezkl {

/// Settings of the sumcheck system for a quantized graph and its claims: sizes that the arguments leave open are
/// chosen to the least predicted cost. errors: as relations::make_plan.
GraphSettings sumcheck_settings(const Graph& graph, const claims::Record& record, const RunArgs& args);

/// What a proof under such settings is predicted to take.
relations::ProverCost sumcheck_cost(const claims::Record& record, const GraphSettings& settings);

}  // namespace ezkl
