#pragma once

#include <optional>
#include <span>
#include <string>

#include "commit/srs.hpp"

namespace ezkl {

/// Opens all polynomials with two points in the proof: squeezes y, v, writes [W], squeezes u, writes [W'].
///
/// units    `sets` in the order in which the verifier builds them; `values` as they stand in the transcript already.
/// errors   Fault::internal when a set is empty or of uneven sizes. Wrong values give a proof that does not verify.
/// cost     one product per coefficient opened and two multi-scalar multiplications of length n.
/// source   docs/spec/proof-protocol.md 11; Boneh, Drake, Fisch, Gabizon, ePrint 2020/081, section 4.
void shplonk_open(const Srs& srs, std::span<const OpeningSet> sets, EvmTranscriptWriter& transcript);

/// The other side: one multi-scalar multiplication over the commitments and a pairing.
std::optional<std::string> shplonk_check(const SrsVerifier& srs, std::span<const ClaimedSet> sets,
                                         EvmTranscriptReader& transcript);

}  // namespace ezkl
