#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "evm/word.hpp"

namespace ezkl::evm {

/// What a verifier contract gives back.
struct VerifierAnswer {
  bool accepted = false;
  bool reusable = false;       ///< the two members below were there
  Word digest;                 ///< of the verifying-key artifact
  std::vector<Word> rescaled;  ///< two's complement, times ten to the artifact's decimals
};

/// Reads the return data of verifyProof: one word, or in the raw form of the reusable contract the bool, the digest,
/// the byte length of the values, the values. errors: Fault::format. source: docs/spec/evm.md 6
VerifierAnswer decode_verifier_answer(std::span<const std::uint8_t> data);

/// What revert data says: the text of Error(string), the number of Panic(uint256), the name of an error of our
/// contracts; empty when it is none of them.
std::string revert_reason(std::span<const std::uint8_t> data);

/// The digits after the point that an artifact asks the contract for; source: docs/spec/evm.md 5.
/// errors: Fault::format when the words are no artifact.
unsigned artifact_decimals(std::span<const Word> vka);

/// How many instances an artifact takes for hashes: the first ones, of which no number is made. errors: as
/// artifact_decimals.
std::size_t artifact_hashes(std::span<const Word> vka);

/// A signed word divided by ten to `decimals`, in decimal notation.
std::string fixed_point_text(const Word& word, unsigned decimals);

/// Whether a rescaled word and the decimal text of a proof are the same number: up to the last digit of the word and
/// the last bit of a double, since the text was made from one.
bool same_number(const Word& word, unsigned decimals, const std::string& text);

}  // namespace ezkl::evm
