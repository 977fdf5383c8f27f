#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "artifact/proof_file.hpp"
#include "circuit/columns.hpp"
#include "circuit/settings.hpp"

namespace ezkl {

/// One side of a model.
enum class Side : std::uint8_t { inputs, outputs };

/// What a proof shows of each tensor on one side: its hash, its commitments or its elements, as bytes. Two parts of a
/// model were run on the same tensor if the proofs show the same of it.
///
/// Where it stands follows from the settings alone, and the proof must have exactly the instances that they call for:
/// one more would shift what is counted from the end. errors: Fault::format when settings or proof contradict
/// themselves, or when the side is private or fixed.
std::vector<std::vector<std::uint8_t>> shown_tensors(const ProofFile& proof, const GraphSettings& settings,
                                                     const CircuitColumns& columns, Side side);

}  // namespace ezkl
