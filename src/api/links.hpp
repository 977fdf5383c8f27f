#pragma once

#include <cstdint>
#include <vector>

#include "artifact/proof_file.hpp"
#include "circuit/columns.hpp"
#include "circuit/settings.hpp"
#include "curve/g1.hpp"
#include "statement/order.hpp"

namespace ezkl {

/// The commitments to committed tensor `number` of a statement, as bytes of the proof. errors: Fault::format when the proof
/// is too short.
std::vector<std::uint8_t> commitment_bytes(const ProofFile& proof, const CircuitColumns& columns, std::size_t number);

/// The same as points. errors: Fault::format also for bytes that are no point.
std::vector<G1Affine> commitment_points(const ProofFile& proof, const CircuitColumns& columns, std::size_t number);

/// What a proof shows of each input or output: its hash, its commitments or its elements, as bytes. Two parts of a model
/// were run on the same tensor if the proofs show the same of it.
///
/// Where it stands follows from the settings alone, and the proof must have exactly the instances that they call for:
/// one more would shift what is counted from the end. errors: Fault::format when settings or proof contradict
/// themselves, or when the side is private or fixed.
std::vector<std::vector<std::uint8_t>> shown_tensors(const ProofFile& proof, const GraphSettings& settings,
                                                     const CircuitColumns& columns, TensorGroup side);

}  // namespace ezkl
