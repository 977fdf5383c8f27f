#include "commit/setup_check.hpp"

#include "base/random.hpp"
#include "commit/row_opening.hpp"
#include "curve/msm.hpp"
#include "field/random.hpp"
#include "poly/domain.hpp"

namespace ezkl {

bool belong_together(unsigned k, std::span<const G1Affine> g, std::span<const G1Affine> lagrange) {
  Random random = Random::from_os();
  std::vector<Fr> values(g.size());
  for (Fr& value : values) value = random_fr(random);
  const G1 expected = msm(lagrange, values);
  Domain(k).intt(values);
  return msm(g, values) == expected;
}

std::optional<std::string> setup_refusal(const Srs& srs) {
  Random random = Random::from_os();
  if (!powers_follow(srs.g(), srs.verifier(), random)) {
    return "its points are not the powers of the secret that its last two stand for: the file is damaged, or was made "
           "to deceive";
  }
  if (!belong_together(srs.k(), srs.g(), srs.g_lagrange())) {
    return "its Lagrange basis does not belong to its powers: the file is damaged, or was made to deceive";
  }
  return std::nullopt;
}

}  // namespace ezkl
