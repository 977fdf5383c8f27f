#include "commit/commitment_key.hpp"

#include "base/ensure.hpp"
#include "ezkl/error.hpp"

namespace ezkl {

const char* name_of(Commitment scheme) { return scheme == Commitment::kzg ? "KZG" : "IPA"; }

Commitment commitment_named(std::string_view name) {
  for (const Commitment scheme : {Commitment::kzg, Commitment::ipa}) {
    if (name == name_of(scheme)) return scheme;
  }
  throw Error(Fault::format, "unknown commitment '" + std::string(name) + "', expected KZG or IPA");
}

CommitmentKey::CommitmentKey(unsigned k, std::vector<G1Affine> g, std::vector<G1Affine> g_lagrange,
                             const std::optional<G1Affine>& blind_base)
    : k_(k),
      points_(std::make_shared<const Points>(Points{std::move(g), std::move(g_lagrange)})),
      blind_base_(blind_base) {
  EZKL_ENSURE(points_->g.size() == n() && points_->g_lagrange.size() == n(), "2^k points stand in each basis");
}

G1 CommitmentKey::blinded(const G1& commitment, const Fr& blind) const {
  return blind_base_ ? commitment + G1(*blind_base_).mul(blind) : commitment;
}

}  // namespace ezkl
