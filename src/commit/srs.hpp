#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <vector>

#include "base/random.hpp"
#include "commit/commitment_key.hpp"
#include "curve/g2.hpp"

namespace ezkl {

/// What a verifier needs of a structured reference string (powers of a secret s in the exponent).
struct SrsVerifier final : public CommitmentVerifier {
  SrsVerifier() = default;
  SrsVerifier(const G1Affine& g_in, const G2Affine& g2_in, const G2Affine& s_g2_in, unsigned k_in)
      : g(g_in), g2(g2_in), s_g2(s_g2_in), k(k_in) {}

  Commitment scheme() const override { return Commitment::kzg; }
  SetupOrigin origin() const override;
  /// SHA-256 of g, g2 and s_g2 in raw form. All three: who chose g2 with s_g2 left as it is would know a secret.
  std::vector<std::uint8_t> fingerprint() const override;
  G1Affine commit_instance(std::span<const Fr> values) const override;
  std::optional<std::string> check_openings(std::span<const ClaimedSet> sets,
                                            EvmTranscriptReader& transcript) const override;

  G1Affine g;
  G2Affine g2, s_g2;
  unsigned k = 0;
};

/// Reads the header, the first point and the two G2 points of an SRS file, nothing else.
/// errors: Fault::io; Fault::format when the length does not fit k, a point is off its curve, the identity, or (G2)
/// outside the subgroup.
SrsVerifier read_srs_verifier(const std::filesystem::path& path);

/// The whole string for size 2^k: the powers s^i G and the Lagrange basis l_i(s) G, for KZG with SHPLONK.
class Srs final : public CommitmentKey {
 public:
  /// Reads a file of size 2^k or larger. A larger one is cut and its Lagrange basis computed anew.
  /// errors: Fault::io; Fault::format as read_srs_verifier, for every point used; Fault::range when the file is
  /// smaller.
  static Srs open(const std::filesystem::path& path, unsigned k);
  /// The size a file was made for. errors: as read_srs_verifier.
  static unsigned file_k(const std::filesystem::path& path);

  Srs(unsigned k, std::vector<G1Affine> g, std::vector<G1Affine> g_lagrange, const G2Affine& g2, const G2Affine& s_g2);

  Commitment scheme() const override { return Commitment::kzg; }
  void prove_openings(std::span<const OpeningSet> sets, EvmTranscriptWriter& transcript, Random random) const override;
  SetupOrigin origin() const override { return verifier().origin(); }
  std::vector<std::uint8_t> fingerprint() const override { return verifier().fingerprint(); }
  std::unique_ptr<CommitmentVerifier> make_verifier() const override;

  const G2Affine& g2() const { return g2_; }
  const G2Affine& s_g2() const { return s_g2_; }
  SrsVerifier verifier() const { return {g()[0], g2_, s_g2_, k()}; }

 private:
  G2Affine g2_, s_g2_;
};

/// A string from a secret that nobody keeps. For tests: real ones come from a ceremony. errors: Fault::range for k
/// > 26.
Srs generate_srs(unsigned k, Random& random);
/// A string from a known secret; must not be a 2^k-th root of unity (Fault::range).
Srs srs_from_secret(unsigned k, const Fr& secret);

/// Bytes of a file for 2^k rows.
std::uint64_t srs_file_size(unsigned k);

/// The file form: k, g, g_lagrange, G2 generator, s times it. errors: Fault::io.
void write_srs(const std::filesystem::path& path, const Srs& srs);

/// The Lagrange basis of the 2^k points g, an inverse transform in the group.
std::vector<G1Affine> lagrange_basis(unsigned k, std::span<const G1Affine> g);

}  // namespace ezkl
