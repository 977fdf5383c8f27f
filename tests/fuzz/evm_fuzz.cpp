// What the on-chain side reads: the key as words, and what contracts answer.
#include <algorithm>

#include "evm/abi_call.hpp"
#include "evm/calldata.hpp"
#include "fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ezkl;
  const std::span<const std::uint8_t> bytes(data, size);
  fuzz::takes([&] {
    const std::vector<evm::Word> words = evm::parse_vka_file(bytes, "vka");
    const std::vector<std::uint8_t> written = evm::vka_file_bytes(words);
    fuzz::require(std::ranges::equal(written, bytes), "another key after writing");
    const auto decimals = [&] { evm::artifact_decimals(words); };
    fuzz::takes(decimals);
    evm::encode_register_calldata(words);
    fuzz::takes([&] { evm::encode_calldata(bytes, std::vector<Fr>{Fr::one()}, words); });
  });
  fuzz::takes([&] { evm::encode_calldata(bytes, {}, std::nullopt); });
  evm::revert_reason(bytes);
  fuzz::takes([&] {
    const evm::VerifierAnswer answer = evm::decode_verifier_answer(bytes);
    for (const evm::Word& word : answer.rescaled) {
      const std::string text = evm::fixed_point_text(word, static_cast<unsigned>(size % 39));
      evm::same_number(word, static_cast<unsigned>(size % 39), text);
    }
  });
  return 0;
}
