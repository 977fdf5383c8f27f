#include "transcript/transcript.hpp"

#include <gtest/gtest.h>

#include "ezkl/error.hpp"

namespace ezkl {
namespace {

// Known answers: docs/spec/proof-protocol.md 7.1, 7.2 and 13.3.

TEST(EvmTranscript, KnownAnswers) {
  EvmTranscriptWriter transcript;
  transcript.common_scalar(Fr::one());
  EXPECT_EQ(transcript.squeeze().to_hex_be(), "0x11518d24ee5af618fccb3646ff6d685bcabc04eb60e9c5a1533bed0c2b10c4de");
  EXPECT_EQ(transcript.squeeze().to_hex_be(), "0x0811a3d1a569f3800dbfc290e8053f4c8eb9d14896946e58c0a9449579a5a4aa");
  transcript.common_point(G1Affine::generator());
  EXPECT_EQ(transcript.squeeze().to_hex_be(), "0x06f0dd719096f82e567d803a1ccaa1ca9988c2f75205ab84fe187291d1c575cb");

  EvmTranscriptWriter fresh;
  fresh.common_scalar(Fr::one());
  fresh.common_scalar(Fr::from_u64(2));
  fresh.common_point(G1Affine::identity());
  EXPECT_EQ(fresh.squeeze().to_hex_be(), "0x137ca44e6a08dddf438fc144bbf5d51879901aea4c284d91e65b7d0f34bc0958");
}

TEST(Blake2bTranscript, KnownAnswers) {
  Blake2bTranscriptWriter transcript;
  transcript.common_scalar(Fr::one());
  EXPECT_EQ(transcript.squeeze().to_hex_be(), "0x1ba5cdb93688afe0b4eaa4bf9094a4fce372769e41db9e398206953797569832");
  transcript.common_point(G1Affine::generator());
  EXPECT_EQ(transcript.squeeze().to_hex_be(), "0x1ad4e46ce7326eb1062bc37b12cfcd62444602e2fc4969f2c0969ecd20698019");
}

TEST(PoseidonTranscript, KnownAnswers) {
  PoseidonTranscriptWriter transcript;
  transcript.common_scalar(Fr::one());
  EXPECT_EQ(transcript.squeeze().to_hex_be(), "0x0c4262cf5cc7742f4b624c9fea87fec8814fefc664a179a5547ce3e7a5c1fdf6");
  transcript.common_point(G1Affine::generator());
  transcript.common_point(G1Affine::generator());
  EXPECT_EQ(transcript.squeeze().to_hex_be(), "0x1e8f004296b0557b8e39456ff935cd3d5c2d3d21591fbfe5299f5723b56ee82f");
}

template <class Hasher>
class TranscriptRoundTrip : public testing::Test {};
using Hashers = testing::Types<EvmHasher, Blake2bHasher, PoseidonHasher>;
TYPED_TEST_SUITE(TranscriptRoundTrip, Hashers);

TYPED_TEST(TranscriptRoundTrip, ReaderSeesWhatWasWritten) {
  const G1Affine point = G1::generator().mul(Fr::from_u64(77)).to_affine();
  const Fr scalar = Fr::from_u64(5).inverse();
  TranscriptWriter<TypeParam> writer;
  writer.write_point(point);
  writer.write_point(G1Affine::identity());
  const Fr first = writer.squeeze();
  writer.write_scalar(scalar);
  const Fr second = writer.squeeze();

  TranscriptReader<TypeParam> reader(writer.proof);
  EXPECT_EQ(reader.read_point(), point);
  EXPECT_EQ(reader.read_point(), G1Affine::identity());
  EXPECT_EQ(reader.squeeze(), first);
  EXPECT_EQ(reader.read_scalar(), scalar);
  EXPECT_EQ(reader.squeeze(), second);
  EXPECT_EQ(reader.remaining(), 0u);
  EXPECT_THROW(reader.read_scalar(), Error);
}

TYPED_TEST(TranscriptRoundTrip, ChallengeDependsOnEveryItem) {
  TranscriptWriter<TypeParam> writer;
  writer.common_scalar(Fr::from_u64(3));
  TranscriptWriter<TypeParam> other;
  other.common_scalar(Fr::from_u64(4));
  EXPECT_FALSE(writer.squeeze() == other.squeeze());
}

TYPED_TEST(TranscriptRoundTrip, RefusesValuesThatAreNotCanonical) {
  const std::vector<std::uint8_t> ones(64, 0xff);
  TranscriptReader<TypeParam> reader(ones);
  EXPECT_THROW(reader.read_scalar(), Error);
  TranscriptReader<TypeParam> again(ones);
  EXPECT_THROW(again.read_point(), Error);
}

TEST(EvmTranscript, RefusesPointsOffTheCurve) {
  std::vector<std::uint8_t> bytes(64, 0);
  bytes[31] = 1;
  bytes[63] = 3;
  EvmTranscriptReader reader(bytes);
  EXPECT_THROW(reader.read_point(), Error);
}

TEST(EvmTranscript, RefusesShortInput) {
  const std::vector<std::uint8_t> bytes(63, 0);
  EvmTranscriptReader reader(bytes);
  EXPECT_THROW(reader.read_point(), Error);
}

}  // namespace
}  // namespace ezkl
