#pragma once

#include <span>
#include <vector>

#include "commit/srs.hpp"
#include "relations/protocol.hpp"
#include "relations/state.hpp"

namespace ezkl::relations {

/// Phase 5: what is claimed of committed and keyed tensors at points, as one row that is opened. `rows` by tensor,
/// where it has any; `srs` is the prover's. source: docs/spec/sumcheck.md 4.2
void prove_opening(sumcheck::Channel& channel, const State& state, PointClaim claim,
                   std::span<const std::vector<G1Affine>> rows, std::span<const Fr> instances, const Srs* srs,
                   const SrsVerifier& bases);

}  // namespace ezkl::relations
