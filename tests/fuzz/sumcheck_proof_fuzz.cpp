// Proofs of the sumcheck system, as proof.json and as bare bytes: only the one that is stored holds.
#include "../relations/known_record.hpp"
#include "artifact/proof_file.hpp"
#include "fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ezkl;
  static const testing::KnownProof known("mlp.json");
  static const std::vector<std::uint8_t> stored = testing::bytes(known.json["proof"]);
  const std::span<const std::uint8_t> bytes(data, size);
  const auto check = [&](std::span<const std::uint8_t> proof) {
    fuzz::takes([&] {
      if (known.check(proof) != std::nullopt) return;
      fuzz::require(std::ranges::equal(proof, stored), "another proof holds");
    });
  };
  check(bytes);
  fuzz::takes([&] {
    const ProofFile proof = parse_proof(fuzz::text_of(bytes), "proof", ProofSystem::sumcheck);
    const std::string text = proof_text(proof);
    fuzz::require(proof_text(parse_proof(text, "again", ProofSystem::sumcheck)) == text, "another proof after writing");
    check(proof.proof);
  });
  return 0;
}
