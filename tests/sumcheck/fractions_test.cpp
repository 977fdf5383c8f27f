#include "sumcheck/fractions.hpp"

#include <gtest/gtest.h>

#include "base/random.hpp"
#include "ezkl/error.hpp"
#include "field/random.hpp"
#include "forging.hpp"
#include "known_answers.hpp"
#include "poly/multilinear.hpp"

namespace ezkl {
namespace {

using sumcheck::ClearReader;
using sumcheck::ClearWriter;
using sumcheck::FractionClaims;

struct Leaves {
  std::vector<Fr> p, q;
};

/// Random fractions that sum to `sum`.
Leaves random_leaves(unsigned levels, Random& random, const Fr& sum = Fr::zero()) {
  Leaves out;
  Fr rest = sum;
  for (std::size_t i = 0; i < std::size_t{1} << levels; ++i) {
    out.p.push_back(random_fr(random));
    out.q.push_back(random_fr(random));
    if (i + 1 < std::size_t{1} << levels) rest -= out.p[i] * out.q[i].inverse();
  }
  out.p.back() = rest * out.q.back();
  return out;
}

/// What a verifier concludes: nothing if it refuses, else whether the claims are those of the leaves.
bool believed(std::span<const std::uint8_t> proof, unsigned levels, const Leaves& leaves) {
  ClearReader reader(proof);
  try {
    const FractionClaims claims = sumcheck::prove_fractions(reader, "gkr", levels, {}, {});
    reader.finish();
    return claims.numerator.value() == multilinear::evaluate(leaves.p, claims.point) &&
           claims.denominator.value() == multilinear::evaluate(leaves.q, claims.point);
  } catch (const sumcheck::Refused&) {
    return false;
  }
}

TEST(Fractions, KnownAnswers) {
  const auto answers = testing::known_answers("engine.json");
  for (const auto& known : answers["fractions"]) {
    const unsigned levels = known["levels"].get<unsigned>();
    const Leaves leaves{testing::felts(known["numerators"]), testing::felts(known["denominators"])};
    const Fr nine[] = {Fr::from_u64(9)};
    ClearWriter writer;
    writer.absorb("nine", nine);
    writer.keep_manifest();
    const FractionClaims claims = sumcheck::prove_fractions(writer, "gkr", levels, leaves.p, leaves.q);
    EXPECT_EQ(writer.proof(), testing::bytes(known["proof"]));
    EXPECT_EQ(writer.manifest(), testing::lines(known["manifest"]));
    EXPECT_EQ(claims.point, testing::felts(known["point"]));
    EXPECT_EQ(claims.numerator.value(), testing::felt(known["numerator"]));
    EXPECT_EQ(claims.denominator.value(), testing::felt(known["denominator"]));
    ClearReader reader(writer.proof());
    reader.absorb("nine", nine);
    reader.keep_manifest();
    sumcheck::prove_fractions(reader, "gkr", levels, {}, {});
    reader.finish();
    EXPECT_EQ(reader.manifest(), writer.manifest());
  }
}

TEST(Fractions, ClaimsAreThoseOfTheLeaves) {
  Random random = Random::from_seed(1);
  for (unsigned levels = 1; levels <= 13; levels += levels < 6 ? 1 : 7) {
    const Leaves leaves = random_leaves(levels, random);
    ClearWriter writer;
    sumcheck::prove_fractions(writer, "gkr", levels, leaves.p, leaves.q);
    EXPECT_TRUE(believed(writer.proof(), levels, leaves)) << levels;
  }
}

TEST(Fractions, WrongSumsAreRefused) {
  Random random = Random::from_seed(2);
  for (unsigned levels = 1; levels <= 5; ++levels) {
    const Leaves leaves = random_leaves(levels, random, Fr::one());
    ClearWriter honest;
    EXPECT_THROW(sumcheck::prove_fractions(honest, "gkr", levels, leaves.p, leaves.q), Error);
    testing::ForgingWriter writer("nothing", 0);  // goes on all the same
    sumcheck::prove_fractions(writer, "gkr", levels, leaves.p, leaves.q);
    EXPECT_FALSE(believed(writer.proof(), levels, leaves));
  }
}

TEST(Fractions, EveryBentMessageIsRefused) {
  Random random = Random::from_seed(3);
  constexpr unsigned levels = 4;
  const Leaves leaves = random_leaves(levels, random);
  std::vector<std::pair<std::string, std::size_t>> places;
  for (unsigned layer = 1; layer <= levels; ++layer) {
    const std::string name = "gkr." + std::to_string(layer);
    for (std::size_t item = 0; item < 4; ++item) places.emplace_back(name, item);
    for (unsigned round = 1; round < layer; ++round) {
      for (std::size_t item = 0; item < 3; ++item) places.emplace_back(name + ".r" + std::to_string(round), item);
    }
  }
  for (const auto& [name, item] : places) {
    testing::ForgingWriter writer(name, item);
    sumcheck::prove_fractions(writer, "gkr", levels, leaves.p, leaves.q);
    ASSERT_TRUE(writer.happened()) << name;
    EXPECT_FALSE(believed(writer.proof(), levels, leaves)) << name << " " << item;
  }
}

}  // namespace
}  // namespace ezkl
