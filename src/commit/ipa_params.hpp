#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

#include "commit/commitment_key.hpp"

namespace ezkl {

/// The bases of inner-product commitments that are not 2^k in number: of blinding terms and of the argument itself.
struct IpaBases {
  G1Affine w, u;
};

/// What a verifier of inner-product openings needs. A check takes a multi-scalar multiplication of length 2^k.
class IpaVerifier final : public CommitmentVerifier {
 public:
  IpaVerifier(unsigned k, std::vector<G1Affine> g, const IpaBases& bases) : k_(k), g_(std::move(g)), bases_(bases) {}
  /// Reads the first 2^k points of a file of that size or larger. errors: as IpaParams::open.
  static IpaVerifier open(const std::filesystem::path& path, unsigned k);

  Commitment scheme() const override { return Commitment::ipa; }
  SetupOrigin origin() const override { return SetupOrigin::no_secret; }
  std::vector<std::uint8_t> fingerprint() const override { return {}; }
  G1Affine commit_instance(std::span<const Fr> values) const override;
  std::optional<std::string> check_openings(std::span<const ClaimedSet> sets,
                                            EvmTranscriptReader& transcript) const override;

 private:
  unsigned k_;
  std::vector<G1Affine> g_;
  IpaBases bases_;
};

/// Bases of inner-product commitments over BN254: every one is a hash, so there is no secret, and everybody makes the
/// same file. source: docs/spec/proof-protocol.md 13.1
class IpaParams final : public CommitmentKey {
 public:
  /// Reads a file of size 2^k or larger. A larger one is cut and its Lagrange basis computed anew.
  /// errors: Fault::io; Fault::format when the length does not fit k, a point is none of the curve, a base is not the hash
  /// it should be, or g_lagrange belongs to other bases; Fault::range when the file is smaller.
  static IpaParams open(const std::filesystem::path& path, unsigned k);

  IpaParams(unsigned k, std::vector<G1Affine> g, std::vector<G1Affine> g_lagrange, const IpaBases& bases)
      : CommitmentKey(k, std::move(g), std::move(g_lagrange), bases.w), bases_(bases) {}

  Commitment scheme() const override { return Commitment::ipa; }
  const IpaBases& bases() const { return bases_; }
  SetupOrigin origin() const override { return SetupOrigin::no_secret; }
  std::vector<std::uint8_t> fingerprint() const override { return {}; }
  void prove_openings(std::span<const OpeningSet> sets, EvmTranscriptWriter& transcript, Random random) const override;
  std::unique_ptr<CommitmentVerifier> make_verifier() const override;

 private:
  IpaBases bases_;
};

/// w and u: the hashes of 01 and 02. Made once.
const IpaBases& ipa_bases();

/// Bases for 2^k rows, and their Lagrange basis. errors: Fault::range for k > 26.
IpaParams generate_ipa_params(unsigned k);

/// The file form: k, g, g_lagrange, w, u, points compressed. errors: Fault::io.
void write_ipa_params(const std::filesystem::path& path, const IpaParams& params);

/// Bytes of a file for 2^k rows.
std::uint64_t ipa_file_size(unsigned k);

}  // namespace ezkl
