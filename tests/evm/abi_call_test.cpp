#include "evm/abi_call.hpp"

#include <gtest/gtest.h>

#include "base/files.hpp"
#include "base/hex.hpp"
#include "evm/calldata.hpp"
#include "ezkl/error.hpp"

namespace ezkl::evm {
namespace {

std::vector<std::uint8_t> words(std::initializer_list<std::uint64_t> values) {
  std::vector<std::uint8_t> out;
  for (const std::uint64_t value : values) {
    const auto bytes = Word::of(value).to_bytes_be();
    out.insert(out.end(), bytes.begin(), bytes.end());
  }
  return out;
}

Word minus(std::uint64_t value) { return {{~value + 1, ~std::uint64_t{0}, ~std::uint64_t{0}, ~std::uint64_t{0}}}; }

TEST(VerifierAnswer, OneWord) {
  EXPECT_TRUE(decode_verifier_answer(words({1})).accepted);
  EXPECT_FALSE(decode_verifier_answer(words({0})).accepted);
  EXPECT_FALSE(decode_verifier_answer(words({257})).accepted);
  EXPECT_FALSE(decode_verifier_answer(words({1})).reusable);
}

TEST(VerifierAnswer, ReusableForm) {
  const VerifierAnswer answer = decode_verifier_answer(words({1, 77, 64, 5, 6}));
  EXPECT_TRUE(answer.accepted);
  EXPECT_TRUE(answer.reusable);
  EXPECT_EQ(answer.digest, Word::of(77));
  EXPECT_EQ(answer.rescaled, (std::vector<Word>{Word::of(5), Word::of(6)}));
}

TEST(VerifierAnswer, RefusesOtherShapes) {
  EXPECT_THROW(decode_verifier_answer({}), Error);
  EXPECT_THROW(decode_verifier_answer(std::vector<std::uint8_t>(31)), Error);
  EXPECT_THROW(decode_verifier_answer(words({1, 2})), Error);
  EXPECT_THROW(decode_verifier_answer(words({1, 2, 32})), Error);
  EXPECT_THROW(decode_verifier_answer(words({1, 2, ~std::uint64_t{0}})), Error);
}

TEST(RevertReason, TextAndPanic) {
  auto data = parse_hex("08c379a0");
  const auto head = words({32, 5});
  data.insert(data.end(), head.begin(), head.end());
  const std::string text = "wrong";
  data.insert(data.end(), text.begin(), text.end());
  EXPECT_EQ(revert_reason(data), "wrong");
  data.pop_back();
  EXPECT_EQ(revert_reason(data), "") << "the announced length is longer than the data";
  auto panic = parse_hex("4e487b71");
  const auto code = words({17});
  panic.insert(panic.end(), code.begin(), code.end());
  EXPECT_EQ(revert_reason(panic), "panic with code 17");
  EXPECT_EQ(revert_reason({}), "");
  EXPECT_EQ(revert_reason(words({1, 2})), "");
}

TEST(RevertReason, ErrorsOfOurContracts) {
  // the first four bytes of keccak256("InvalidProof()")
  const std::vector<std::uint8_t> data{0x09, 0xbd, 0xe3, 0x39};
  EXPECT_EQ(revert_reason(data), "InvalidProof");
  EXPECT_EQ(revert_reason(std::vector<std::uint8_t>{0x09, 0xbd, 0xe3, 0x38}), "");
}

TEST(FixedPoint, Text) {
  EXPECT_EQ(fixed_point_text(Word::of(0), 0), "0");
  EXPECT_EQ(fixed_point_text(Word::of(0), 2), "0.00");
  EXPECT_EQ(fixed_point_text(Word::of(12345), 2), "123.45");
  EXPECT_EQ(fixed_point_text(minus(5), 2), "-0.05");
  EXPECT_EQ(fixed_point_text(minus(1234), 0), "-1234");
  EXPECT_EQ(fixed_point_text(Word{{0, 1, 0, 0}}, 18), "18.446744073709551616");
}

TEST(FixedPoint, ComparedWithTheTextOfAProof) {
  EXPECT_TRUE(same_number(Word::of(301269531250000000), 18, "0.30126953125"));
  EXPECT_TRUE(same_number(minus(929931640625000000), 18, "-0.929931640625"));
  EXPECT_FALSE(same_number(Word::of(929931640625000000), 18, "-0.929931640625"));
  EXPECT_FALSE(same_number(Word::of(301269531250001000), 18, "0.30126953125"));
  EXPECT_TRUE(same_number(Word::of(30), 2, "0.30126953125"));
  EXPECT_FALSE(same_number(Word::of(32), 2, "0.30126953125"));
  EXPECT_FALSE(same_number(Word::of(1), 0, "one"));
}

TEST(Artifact, Decimals) {
  const auto path = std::string(EZKL_TEST_DATA) + "/golden/default/vka.bytes";
  auto vka = parse_vka_file(read_file(path), path);
  EXPECT_EQ(artifact_decimals(vka), 18u);
  vka[30] = Word::of(1 << 30);
  EXPECT_THROW(artifact_decimals(vka), Error);
  EXPECT_THROW(artifact_decimals(std::span(vka).first(3)), Error);
}

}  // namespace
}  // namespace ezkl::evm
