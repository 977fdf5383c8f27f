// proof.json, read and verified: only the proof that is stored holds.
#include "artifact/proof_file.hpp"
#include "artifact/settings_file.hpp"
#include "artifact/vk_file.hpp"
#include "circuit/configure.hpp"
#include "circuit/statement_of.hpp"
#include "commit/srs.hpp"
#include "fuzz.hpp"
#include "plonk/verifier.hpp"

namespace ezkl {
namespace {

struct Golden {
  GraphSettings settings = read_settings(fuzz::data("golden/default/settings.json"));
  Statement statement = statement_of(settings);
  plonk::VerifyingKey vk = read_verifying_key(fuzz::data("golden/default/vk.key"), configure(settings).cs,
                                              settings.run_args.logrows, KeyFormat::raw);
  SrsVerifier srs = read_srs_verifier(fuzz::data("golden/kzg4.srs"));
  ProofFile proof = read_proof(fuzz::data("golden/default/proof.json"));
};

}  // namespace
}  // namespace ezkl

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace ezkl;
  static const Golden golden;
  fuzz::takes([&] {
    const ProofFile proof = parse_proof(fuzz::text_of({bytes, size}), "proof");
    const std::string text = proof_text(proof);
    fuzz::require(proof_text(parse_proof(text, "again")) == text, "another proof after writing");
    fuzz::takes([&] { check_pretty_inputs(proof, golden.statement); });
    fuzz::takes([&] {
      if (!plonk::verify_proof(golden.srs, golden.vk, {golden.statement.num_instances}, proof.instances, proof.proof)
               .accepted)
        return;
      fuzz::require(proof.proof == golden.proof.proof, "another proof holds");
      fuzz::require(proof.instances == golden.proof.instances, "the proof holds for other instances");
    });
  });
  return 0;
}
