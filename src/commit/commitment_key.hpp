#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.hpp"
#include "curve/g1.hpp"
#include "ezkl/commitment.hpp"
#include "field/fr.hpp"
#include "transcript/transcript.hpp"

namespace ezkl {

/// Whether instances enter a proof as commitments that are opened like all others (IPA), or as values of which the
/// verifier computes what it needs (KZG).
constexpr bool commits_to_instances(Commitment scheme) { return scheme == Commitment::ipa; }

/// "KZG", "IPA": as settings and proofs name it.
const char* name_of(Commitment scheme);
/// errors: Fault::format for another name.
Commitment commitment_named(std::string_view name);

/// Who could know the secret of a setup. Whoever does forges proofs of anything.
enum class SetupOrigin : std::uint8_t {
  no_secret,        ///< IPA: every base is a hash
  public_ceremony,  ///< the perpetual powers of tau: nobody, unless all who took part worked together (ceremony.hpp)
  unknown,          ///< one that gen-srs made, or any other: whoever made it
};

/// Polynomials that are opened at the same points: the prover's side.
struct OpeningSet {
  std::vector<Fr> points;                        ///< distinct
  std::vector<std::span<const Fr>> polynomials;  ///< coefficients, lowest first, at most n each
  /// If there is one, it gives polynomial j where `polynomials` has nothing: a span of its own or `scratch` (n
  /// elements) filled. It is called from several threads.
  std::function<std::span<const Fr>(std::size_t j, std::span<Fr> scratch)> load;
  /// Adds the sum of weights[j] * polynomial j to n coefficients, for those that the caller keeps in another form and
  /// `polynomials` and `load` have nothing of. May be empty.
  std::function<void(std::span<const Fr> weights, std::span<Fr> sum)> add_others;
  std::vector<std::vector<Fr>> values;  ///< values[j][i]: polynomial j at points[i]
  std::vector<Fr> blinds;               ///< of each polynomial's commitment
};

/// The same as a verifier knows it.
struct ClaimedSet {
  /// The commitment is the sum of scalars[i] * bases[i].
  struct Polynomial {
    std::vector<G1Affine> bases;
    std::vector<Fr> scalars;
    std::vector<Fr> values;  ///< one a point of the set
  };
  std::vector<Fr> points;  ///< distinct
  std::vector<Polynomial> polynomials;
};

/// What checks the openings of a proof.
class CommitmentVerifier {
 public:
  virtual ~CommitmentVerifier() = default;
  virtual Commitment scheme() const = 0;
  virtual SetupOrigin origin() const = 0;
  /// Tells this setup from every other one of its scheme, by all that a check of openings reads of it and for every
  /// size of one setup alike; empty where there is only one.
  virtual std::vector<std::uint8_t> fingerprint() const = 0;
  /// The commitment to a column of public values, zeros after them. Only where commits_to_instances(scheme()).
  /// errors: Fault::internal elsewhere.
  virtual G1Affine commit_instance(std::span<const Fr> values) const = 0;
  /// Reads the openings and says what does not hold, or nothing when all does. `sets` in the order of the prover's.
  /// errors: Fault::format for what is no point or no field element.
  virtual std::optional<std::string> check_openings(std::span<const ClaimedSet> sets,
                                                    EvmTranscriptReader& transcript) const = 0;

 protected:
  CommitmentVerifier() = default;
  CommitmentVerifier(const CommitmentVerifier&) = default;
  CommitmentVerifier& operator=(const CommitmentVerifier&) = default;
};

/// What keygen and provers commit with: bases for polynomials of fewer than n = 2^k coefficients. Copies share them.
class CommitmentKey {
 public:
  virtual ~CommitmentKey() = default;
  virtual Commitment scheme() const = 0;

  unsigned k() const { return k_; }
  std::size_t n() const { return std::size_t{1} << k_; }
  std::span<const G1Affine> g() const { return points_->g; }                    ///< for coefficients
  std::span<const G1Affine> g_lagrange() const { return points_->g_lagrange; }  ///< for values on the domain

  /// Whether commitments carry a blinding term.
  bool blinds() const { return blind_base_.has_value(); }
  /// `commitment` with its blinding term; the same point where the scheme has none.
  G1 blinded(const G1& commitment, const Fr& blind) const;
  /// What the commitment to a polynomial that everyone knows is blinded by.
  static Fr public_blind() { return Fr::one(); }

  /// Those of the verifier that make_verifier gives.
  virtual SetupOrigin origin() const = 0;
  virtual std::vector<std::uint8_t> fingerprint() const = 0;
  /// Opens all polynomials. `random` hides what the openings of a blinding scheme would show; others draw nothing.
  /// errors: Fault::internal when a set is empty or of uneven sizes. Wrong values give a proof that does not verify.
  virtual void prove_openings(std::span<const OpeningSet> sets, EvmTranscriptWriter& transcript,
                              Random random) const = 0;
  virtual std::unique_ptr<CommitmentVerifier> make_verifier() const = 0;

 protected:
  CommitmentKey(unsigned k, std::vector<G1Affine> g, std::vector<G1Affine> g_lagrange,
                const std::optional<G1Affine>& blind_base);
  CommitmentKey(const CommitmentKey&) = default;
  CommitmentKey& operator=(const CommitmentKey&) = default;

  const std::optional<G1Affine>& blind_base() const { return blind_base_; }

 private:
  struct Points {
    std::vector<G1Affine> g, g_lagrange;
  };

  unsigned k_;
  std::shared_ptr<const Points> points_;
  std::optional<G1Affine> blind_base_;
};

}  // namespace ezkl
