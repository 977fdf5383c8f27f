#include "sumcheck/channel.hpp"

#include <gtest/gtest.h>

#include "ezkl/error.hpp"
#include "known_answers.hpp"

namespace ezkl {
namespace {

using sumcheck::ClearReader;
using sumcheck::ClearWriter;
using sumcheck::Scalar;

TEST(Channel, KnownTranscript) {
  const auto known = testing::known_answers("engine.json")["transcript"];
  const std::vector<Fr> challenges = testing::felts(known["challenges"]);
  const G1Affine p = G1::generator().mul(Fr::from_u64(12345)).to_affine(), identity = G1Affine::identity();
  const Fr values[] = {Fr::one(), -Fr::one()}, five[] = {Fr::from_u64(5)};
  ClearWriter writer;
  writer.keep_manifest();
  EXPECT_EQ(writer.challenge("empty"), challenges[0]);
  writer.absorb("x", five);
  EXPECT_EQ(writer.challenge("a"), challenges[1]);
  EXPECT_EQ(writer.challenge("b"), challenges[2]);
  writer.point("p", &p);
  writer.point("identity", &identity);
  writer.send("s", values, 2);
  EXPECT_EQ(writer.challenge("c"), challenges[3]);
  EXPECT_EQ(writer.proof(), testing::bytes(known["proof"]));

  ClearReader reader(writer.proof());
  reader.keep_manifest();
  reader.challenge("empty");
  reader.absorb("x", five);
  reader.challenge("a");
  reader.challenge("b");
  EXPECT_EQ(reader.point("p", nullptr), p);
  EXPECT_EQ(reader.point("identity", nullptr), identity);
  const std::vector<Scalar> sent = reader.send("s", {}, 2);
  EXPECT_EQ(sent[0].value(), values[0]);
  EXPECT_EQ(sent[1].value(), values[1]);
  EXPECT_EQ(reader.challenge("c"), challenges[3]);
  reader.finish();
  EXPECT_EQ(reader.manifest(), writer.manifest());
  std::vector<std::string> lines = writer.manifest();
  std::erase(lines, "absorb x 1");
  EXPECT_EQ(lines, testing::lines(known["manifest"]));
}

TEST(Channel, ChecksAreSumsOfProducts) {
  const Scalar two = Fr::from_u64(2), three = Fr::from_u64(3);
  const sumcheck::Product products[] = {{Fr::from_u64(5), two, three}, {Fr::one(), three, three}};
  ClearWriter writer;
  ClearReader reader({});
  const Scalar right = Fr::from_i64(-39), wrong = Fr::from_i64(-38);
  writer.require(right, products, "sum");
  reader.require(right, products, "sum");
  try {
    writer.require(wrong, products, "sum");
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), Fault::unsatisfied);
  }
  EXPECT_THROW(reader.require(wrong, products, "sum"), sumcheck::Refused);
  EXPECT_THROW(static_cast<sumcheck::Channel&>(reader).require(Fr::one(), "one"), sumcheck::Refused);
}

TEST(Channel, ProofsEndWhereTheyShould) {
  const Fr values[] = {Fr::one()};
  ClearWriter writer;
  writer.send("s", values, 1);
  std::vector<std::uint8_t> longer = writer.proof();
  longer.push_back(0);
  ClearReader reader(longer);
  reader.send("s", {}, 1);
  EXPECT_THROW(reader.finish(), Error);
  ClearReader again(writer.proof());
  again.send("s", {}, 1);
  again.finish();
  EXPECT_THROW(again.send("s", {}, 1), Error);
  // r itself is no canonical scalar
  std::vector<std::uint8_t> modulus;
  for (int i = 3; i >= 0; --i) {
    for (int b = 56; b >= 0; b -= 8) modulus.push_back(std::uint8_t(Fr::modulus[std::size_t(i)] >> b));
  }
  ClearReader beyond(modulus);
  EXPECT_THROW(beyond.send("s", {}, 1), Error);
}

}  // namespace
}  // namespace ezkl
