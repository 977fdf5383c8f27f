// Crypto++ is the oracle for both hashes.
#include <cryptopp/blake2.h>
#include <cryptopp/keccak.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "ezkl/error.hpp"
#include "transcript/blake2b.hpp"
#include "transcript/keccak.hpp"
#include "transcript/sha256.hpp"

namespace ezkl {
namespace {

std::vector<std::uint8_t> random_bytes(std::size_t size, unsigned seed) {
  std::mt19937 generator(seed);
  std::vector<std::uint8_t> out(size);
  for (auto& byte : out) byte = static_cast<std::uint8_t>(generator());
  return out;
}

template <class Bytes>
std::string hex(const Bytes& bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out;
  for (const std::uint8_t byte : bytes) {
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

TEST(Keccak256, KnownAnswers) {
  EXPECT_EQ(hex(keccak256({})), "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
  const std::vector<std::uint8_t> abc = {'a', 'b', 'c'};
  EXPECT_EQ(hex(keccak256(abc)), "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45");
}

// source: RFC 4231, cases 1 and 2
TEST(HmacSha256, KnownAnswers) {
  const auto bytes = [](const std::string& text) { return std::vector<std::uint8_t>(text.begin(), text.end()); };
  EXPECT_EQ(hex(hmac_sha256(std::vector<std::uint8_t>(20, 0x0b), bytes("Hi There"))),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(hex(hmac_sha256(bytes("Jefe"), bytes("what do ya want for nothing?"))),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(Keccak256, AgreesWithCryptoppAtEveryLength) {
  for (std::size_t size = 0; size < 300; ++size) {
    const auto data = random_bytes(size, static_cast<unsigned>(size));
    CryptoPP::Keccak_256 oracle;
    std::vector<std::uint8_t> expected(32);
    oracle.CalculateDigest(expected.data(), data.data(), data.size());
    EXPECT_EQ(hex(keccak256(data)), hex(expected)) << size << " bytes";
  }
}

TEST(Keccak256, PiecesGiveTheHashOfTheWhole) {
  const auto data = random_bytes(500, 7);
  for (std::size_t cut = 0; cut <= data.size(); cut += 17) {
    Keccak256 hash;
    hash.update(std::span(data).first(cut));
    hash.update(std::span(data).subspan(cut));
    EXPECT_EQ(hex(hash.finish()), hex(keccak256(data)));
  }
}

TEST(Blake2b, AgreesWithCryptoppAtEveryLength) {
  for (std::size_t size = 0; size < 300; ++size) {
    const auto data = random_bytes(size, static_cast<unsigned>(size));
    for (const std::string personal : {"", "Halo2-Verify-Key"}) {
      std::vector<std::uint8_t> padded(16, 0);
      std::copy(personal.begin(), personal.end(), padded.begin());
      CryptoPP::BLAKE2b oracle(nullptr, 0, nullptr, 0, padded.data(), padded.size());
      std::vector<std::uint8_t> expected(64);
      oracle.CalculateDigest(expected.data(), data.data(), data.size());
      EXPECT_EQ(hex(blake2b_512(data, personal)), hex(expected)) << size << " bytes, '" << personal << "'";
    }
  }
}

TEST(Blake2b, CopyMayBeFinishedInTheMiddle) {
  const auto data = random_bytes(256, 1);
  Blake2b512 hash;
  hash.update(std::span(data).first(128));
  Blake2b512 copy = hash;
  EXPECT_EQ(hex(copy.finish()), hex(blake2b_512(std::span(data).first(128))));
  hash.update(std::span(data).subspan(128));
  EXPECT_EQ(hex(hash.finish()), hex(blake2b_512(data)));
}

TEST(Blake2b, RefusesLongPersonalisation) { EXPECT_THROW(Blake2b512("seventeen letters"), Error); }

}  // namespace
}  // namespace ezkl
