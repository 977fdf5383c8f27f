#include "commit/ceremony.hpp"

#include <gtest/gtest.h>

#include "commit/ipa_params.hpp"
#include "commit/srs.hpp"

namespace ezkl {
namespace {

SrsVerifier of_ceremony() { return {G1Affine::generator(), G2Affine::generator(), ceremony_s_g2(), 1}; }

// The words of neg_s_g2_x_1, x_2, y_1, y_2 in Solidity verifiers of setups that the published package fetched.
TEST(Ceremony, ThePointIsTheOneThatPublishedVerifiersHoldNegated) {
  const G2Affine negated = -ceremony_s_g2();
  EXPECT_EQ(negated.x.c1.to_hex_be(), "0x186282957db913abd99f91db59fe69922e95040603ef44c0bd7aa3adeef8f5ac");
  EXPECT_EQ(negated.x.c0.to_hex_be(), "0x17944351223333f260ddc3b4af45191b856689eda9eab5cbcddbbe570ce860d2");
  EXPECT_EQ(negated.y.c1.to_hex_be(), "0x06d971ff4a7467c3ec596ed6efc674572e32fd6f52b721f97e35b0b3d3546753");
  EXPECT_EQ(negated.y.c0.to_hex_be(), "0x06ecdb9f9567f59ed2eee36e1e1d58797fd13cc97fafc2910f5e8a12f202fa9a");
  EXPECT_TRUE(ceremony_s_g2().in_subgroup());
}

TEST(Ceremony, OnlyItsThreePointsAreTheCeremonys) {
  EXPECT_EQ(of_ceremony().origin(), SetupOrigin::public_ceremony);
  const Srs made = srs_from_secret(2, Fr::from_u64(1234567));
  EXPECT_EQ(made.origin(), SetupOrigin::unknown);
  EXPECT_EQ(made.verifier().origin(), SetupOrigin::unknown);
  // s_g2 = t * g2 with a t that its maker knows.
  SrsVerifier other = of_ceremony();
  other.g2 = ceremony_s_g2().mul(Fr::from_u64(5).inverse());
  EXPECT_EQ(other.origin(), SetupOrigin::unknown);
  EXPECT_NE(other.fingerprint(), of_ceremony().fingerprint());
  other = of_ceremony();
  other.g = made.g()[1];
  EXPECT_EQ(other.origin(), SetupOrigin::unknown);
  EXPECT_NE(other.fingerprint(), of_ceremony().fingerprint());
  EXPECT_EQ(generate_ipa_params(2).origin(), SetupOrigin::no_secret);
}

TEST(Ceremony, AFingerprintIsOfTheSetupWhateverItsSize) {
  const Fr secret = Fr::from_u64(1234567);
  EXPECT_EQ(srs_from_secret(2, secret).fingerprint(), srs_from_secret(3, secret).verifier().fingerprint());
  EXPECT_NE(srs_from_secret(2, secret).fingerprint(), srs_from_secret(2, Fr::from_u64(7654321)).fingerprint());
  EXPECT_EQ(srs_from_secret(2, secret).fingerprint().size(), 32u);
}

}  // namespace
}  // namespace ezkl
