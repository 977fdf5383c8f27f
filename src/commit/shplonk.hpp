#pragma once

#include <functional>
#include <span>
#include <vector>

#include "commit/srs.hpp"
#include "field/fr.hpp"
#include "transcript/transcript.hpp"

namespace ezkl {

/// Polynomials that are opened at the same points.
struct OpeningSet {
  std::vector<Fr> points;                        ///< distinct
  std::vector<std::span<const Fr>> polynomials;  ///< coefficients, lowest first, at most n each
  /// If there is one, it gives polynomial j where `polynomials` has nothing: a span of its own or `scratch` (n
  /// elements) filled. It is called from several threads.
  std::function<std::span<const Fr>(std::size_t j, std::span<Fr> scratch)> load;
  std::vector<std::vector<Fr>> values;  ///< values[j][i]: polynomial j at points[i]
};

/// Opens all polynomials with two points in the proof: squeezes y, v, writes [W], squeezes u, writes [W'].
///
/// units    `sets` in the order in which the verifier builds them; `values` as they stand in the transcript already.
/// errors   Fault::internal when a set is empty or of uneven sizes. Wrong values give a proof that does not verify.
/// cost     one product per coefficient opened and two multi-scalar multiplications of length n.
/// source   spec/proof-protocol section 11; Boneh, Drake, Fisch, Gabizon, ePrint 2020/081, section 4.
void shplonk_open(const Srs& srs, std::span<const OpeningSet> sets, EvmTranscriptWriter& transcript);

}  // namespace ezkl
