#include "transcript/poseidon.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

#include "ezkl/error.hpp"

namespace ezkl {
namespace {

Fr from_le_hex(const std::string& text) {
  std::array<std::uint8_t, 32> bytes{};
  for (std::size_t i = 0; i < 32; ++i)
    bytes[i] = static_cast<std::uint8_t>(std::stoul(text.substr(2 * i, 2), nullptr, 16));
  return Fr::from_bytes_le(bytes).value();
}

TEST(Poseidon, HashesOfThePublishedPackage) {
  std::ifstream file(EZKL_TEST_DATA "/modules/poseidon.txt");
  ASSERT_TRUE(file.is_open());
  std::string line;
  std::size_t cases = 0;
  while (std::getline(file, line)) {
    if (line.empty() || line[0] == '#') continue;
    std::istringstream words(line);
    std::vector<Fr> message;
    std::string word;
    while (words >> word && word != "=") message.push_back(from_le_hex(word));
    words >> word;
    EXPECT_EQ(poseidon_hash(message), from_le_hex(word)) << "message of " << message.size();
    ++cases;
  }
  EXPECT_GE(cases, 10u);
}

TEST(Poseidon, FirstConstantsAndMatrix) {
  const auto& params = poseidon_hash_params();
  EXPECT_EQ(params.round_constants.at(0).to_hex_be(),
            "0x09c46e9ec68e9bd4fe1faaba294cba38a71aa177534cdd1b6c7dc0dbd0abd7a7");
  EXPECT_EQ(params.mds.at(0).to_hex_be(), "0x066f6f85d6f68a85ec10345351a23a3aaf07f38af8c952a7bceca70bd2af7ad5");
}

TEST(Poseidon, InverseMatrixUndoesTheMatrix) {
  for (const auto* params : {&poseidon_hash_params(), &poseidon_transcript_params()}) {
    const std::size_t width = params->width;
    for (std::size_t i = 0; i < width; ++i) {
      for (std::size_t j = 0; j < width; ++j) {
        Fr sum;
        for (std::size_t m = 0; m < width; ++m) sum += params->mds[i * width + m] * params->mds_inverse[m * width + j];
        EXPECT_EQ(sum, i == j ? Fr::one() : Fr::zero());
      }
    }
  }
}

TEST(Poseidon, EmptyMessageHasNoHash) { EXPECT_THROW(poseidon_hash({}), Error); }

TEST(Poseidon, NoMessageHashesLikeOneThatGoesOn) {
  const Fr a = Fr::from_u64(7), b = Fr::from_u64(11);
  const auto hash = [](std::vector<Fr> message) { return poseidon_hash(message); };
  // Padding: zeros, and the 1 of a padded message, are words like any other.
  EXPECT_NE(hash({a}), hash({a, Fr::zero()}));
  EXPECT_NE(hash({a}), hash({Fr::zero(), a}));
  EXPECT_NE(hash({a}), hash({a, Fr::one()}));
  EXPECT_NE(hash({Fr::zero()}), hash({Fr::zero(), Fr::zero()}));
  // Length extension: a hash is half a state, so going on from it misses the true hash of a longer message.
  std::vector<Fr> state;
  for (const Fr& capacity : {Fr::zero(), Fr::from_i128(Int128{1} << 64), Fr::from_i128(Int128{1} << 65)}) {
    state = {hash({a}) + b, capacity};
    poseidon_permute(poseidon_hash_params(), state);
    EXPECT_NE(state[0], hash({a, b}));
  }
  // Domain: the capacity word starts at 2^64.
  state = {a, Fr::zero()};
  poseidon_permute(poseidon_hash_params(), state);
  EXPECT_NE(state[0], hash({a}));
  state = {a, Fr::from_i128(Int128{1} << 64)};
  poseidon_permute(poseidon_hash_params(), state);
  EXPECT_EQ(state[0], hash({a}));
}

TEST(Poseidon, StateOfAnotherWidthIsABug) {
  std::vector<Fr> state(3);
  EXPECT_THROW(poseidon_permute(poseidon_hash_params(), state), Error);
}

}  // namespace
}  // namespace ezkl
