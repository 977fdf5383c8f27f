#include "evm/word.hpp"

#include <gtest/gtest.h>

#include "evm/calldata.hpp"
#include "ezkl/error.hpp"

namespace ezkl::evm {
namespace {

TEST(Packer, StartsANewWordWhenAFieldDoesNotFit) {
  Packer packer(8);
  for (unsigned i = 0; i < 7; ++i) {
    packer.room(40);
    packer.put(0x1122334455 + i, 40);
  }
  const auto words = packer.counted();
  ASSERT_EQ(words.size(), 2u);
  EXPECT_EQ(words[0].limb[0] & 0xffffffffffff, 0x112233445502ull);
  EXPECT_EQ(words[1].limb[0], 0x112233445bull);
}

TEST(Packer, FieldsCrossLimbs) {
  Packer packer(60);
  packer.put(0xabcd, 16);
  const auto words = packer.take();
  EXPECT_EQ(words[0].limb[0], 0xdull << 60);
  EXPECT_EQ(words[0].limb[1], 0xabcull);
}

TEST(Packer, RefusesValuesThatAreTooWide) {
  Packer packer;
  EXPECT_THROW(packer.put(256, 8), Error);
  Packer full(250);
  EXPECT_THROW(full.put(1, 8), Error);
}

TEST(Word, BytesAreBigEndian) {
  Word word = Word::of(0x0102);
  word.limb[3] = std::uint64_t{7} << 56;
  const auto bytes = word.to_bytes_be();
  EXPECT_EQ(bytes[0], 7);
  EXPECT_EQ(bytes[30], 1);
  EXPECT_EQ(bytes[31], 2);
  EXPECT_EQ(Word::from_bytes_be(bytes), word);
}

TEST(VkaFile, LengthMustFitTheCount) {
  const std::vector<Word> words = {Word::of(1), Word::of(2)};
  auto bytes = vka_file_bytes(words);
  EXPECT_EQ(parse_vka_file(bytes, "vka"), words);
  bytes.push_back(0);
  EXPECT_THROW(parse_vka_file(bytes, "vka"), Error);
  bytes.resize(8 + 32);
  EXPECT_THROW(parse_vka_file(bytes, "vka"), Error);
  bytes.resize(5);
  EXPECT_THROW(parse_vka_file(bytes, "vka"), Error);
  // A forged count must not cost memory.
  EXPECT_THROW(parse_vka_file(std::vector<std::uint8_t>(8, 0xff), "vka"), Error);
}

TEST(Calldata, ProofsOfOddLengthAreRefused) {
  EXPECT_THROW(encode_calldata(std::vector<std::uint8_t>(33), {}, std::nullopt), Error);
}

}  // namespace
}  // namespace ezkl::evm
