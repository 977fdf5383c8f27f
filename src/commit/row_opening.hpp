#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "commit/srs.hpp"

namespace ezkl {

/// Shows what the multilinear extension of a row of 2^c field elements is at a point: commitments to the c - 1 folds of
/// the row, the values of all at x, -x and x² for a challenge x, and one SHPLONK opening of them.
///
/// row      2^c coefficients, under the first 2^c powers of `srs`, which has 2^(c + 1) at least
/// point    c coordinates, most significant bit first; both must be bound by the transcript already, and so must the
///          value, of which only check_row is told
/// cost     prover: 4 · 2^c products in the group, one pairing for the verifier
/// errors   Fault::internal for other sizes
/// source   docs/spec/sumcheck.md 4.2; Bootle, Chiesa, Hu, Orrù, "Gemini", ePrint 2022/420, section 5.1
void open_row(const Srs& srs, std::vector<Fr> row, std::span<const Fr> point, EvmTranscriptWriter& transcript);

/// A row as its verifier knows it: the commitment is the sum of scalars[i] · bases[i], whose bases are rows of tensors.
struct ClaimedRow {
  std::vector<G1Affine> bases;
  std::vector<Fr> scalars;
};

/// The other side: what does not hold, or nothing when the row's extension is `value` at the point.
///
/// A commitment under powers beyond 2^c opens only if what is there vanishes at the point, whatever its prover does:
/// the value is always that of the first 2^c coefficients.
///
/// errors   Fault::format for what is no point or no field
///          element; Fault::internal for uneven sizes
std::optional<std::string> check_row(const SrsVerifier& srs, const ClaimedRow& row, std::span<const Fr> point,
                                     const Fr& value, EvmTranscriptReader& transcript);

/// Whether g[i + 1] is the secret of the setup times g[i] for all i, and g[0] is the verifier's and not the identity:
/// one pairing equation over a random combination; wrong powers pass with probability 2^-128. A setup file's points are
/// on the curve, nothing else is known of them. `random` must not be foreseen by who made the file.
bool powers_follow(std::span<const G1Affine> g, const SrsVerifier& srs, Random& random);

}  // namespace ezkl
