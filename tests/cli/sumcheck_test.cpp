// The whole way with the second proof system, as a user goes it.
#include <gtest/gtest.h>

#include "program.hpp"

namespace {

namespace fs = std::filesystem;

const std::vector<std::string> sumcheck{"--proof-system", "sumcheck", "--clear", "--input-visibility", "public"};

class SumcheckPipeline : public ::testing::Test {
 protected:
  SumcheckPipeline() {
    fs::copy(EZKL_TEST_DATA "/models/mlp.onnx", here_ / "network.onnx");
    fs::copy(EZKL_TEST_DATA "/models/mlp_input.json", here_ / "input.json");
  }

  Outcome ok(const std::vector<std::string>& arguments) {
    const Outcome o = here_.run(arguments);
    EXPECT_EQ(o.code, 0) << arguments[0] << ": " << o.err;
    return o;
  }
  std::string refused(const std::vector<std::string>& arguments, int code = 1) {
    const Outcome o = here_.run(arguments);
    EXPECT_EQ(o.code, code) << arguments[0] << ": " << o.out << o.err;
    return o.err;
  }
  static std::vector<std::string> with(std::vector<std::string> arguments, const std::vector<std::string>& more) {
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }
  /// The number behind a member of a file.
  std::string number(const std::string& file, const std::string& member) {
    const std::string text = here_.read(file);
    const std::size_t at = text.find('"' + member + "\":") + member.size() + 3;
    return text.substr(at, text.find_first_of(",}", at) - at);
  }

  Scratch here_;
};

TEST_F(SumcheckPipeline, ProvesAndVerifies) {
  ok(with({"gen-settings"}, sumcheck));
  EXPECT_TRUE(contains(here_.read("settings.json"), R"("proof_system":"sumcheck")"));
  EXPECT_TRUE(contains(here_.read("settings.json"), R"("hiding":false}})"));
  ok({"compile-model"});
  const std::string logrows = number("settings.json", "logrows");
  ok({"gen-srs", "--srs-path", "kzg.srs", "--logrows", logrows});
  EXPECT_TRUE(contains(refused({"setup", "--srs-path", "kzg.srs", "--disable-selector-compression"}, 2),
                       "leave --disable-selector-compression out"));
  EXPECT_FALSE(here_.has("vk.key"));
  const Outcome setup = ok({"setup", "--srs-path", "kzg.srs"});
  EXPECT_TRUE(contains(here_.read("vk.manifest.json"), R"("proof_system":"sumcheck","zero_knowledge":false)"));
  ok({"gen-witness"});
  ok({"mock"});
  ok({"prove", "--srs-path", "kzg.srs", "--check-mode", "safe"});
  EXPECT_TRUE(here_.read("proof.json").starts_with(R"({"protocol":"sumcheck/1","instances":[[")"));

  // No setup has to be there to verify.
  const Outcome verified = ok({"verify"});
  for (const char* part :
       {"proof.json: the proof holds\n", "\ninputs      public: shown", "\noutputs     public: shown",
        "\nparameters  fixed: part of the verifying key", "\nsystem      sumcheck", "\nNOT hidden",
        "NOT the public ceremony's", "\nverified: true\n"}) {
    EXPECT_TRUE(contains(verified.out, part)) << part << "\n" << verified.out;
  }
  EXPECT_TRUE(contains(verified.err, "zero-knowledge: no")) << verified.err;
  EXPECT_TRUE(contains(ok({"verify", "--reduced-srs"}).err, "leave --reduced-srs out"));
  const Outcome json = here_.run({"verify", "--json"});
  EXPECT_TRUE(contains(json.out, R"("proof_system":"sumcheck","zero_knowledge":false)")) << json.out;
  EXPECT_EQ(here_.run({"verify", "--input", "input.json"}).code, 0);

  // The model is the owner's as far as the digest is, of which a refusal is one of a proof that hides nothing, too.
  EXPECT_TRUE(contains(unwrapped(verified.out), "(as the manifest says that lay beside the key")) << verified.out;
  const std::size_t at_digest = (setup.out + setup.err).find("digest: ") + 8;
  const std::string digest = (setup.out + setup.err).substr(at_digest, 64);
  const Outcome pinned = ok({"verify", "--digest", digest});
  EXPECT_TRUE(contains(unwrapped(pinned.out), "\nmodel       \"network.onnx\", SHA-256 ")) << pinned.out;
  EXPECT_TRUE(contains(pinned.out, "pinned by the digest that was given")) << pinned.out;
  const Outcome not_this = here_.run({"verify", "--json", "--digest", std::string(64, '0')});
  EXPECT_EQ(not_this.code, 1);
  EXPECT_TRUE(contains(not_this.out, R"("trust":null)")) << not_this.out;
  EXPECT_TRUE(contains(not_this.out, R"("proof_system":"sumcheck","zero_knowledge":false)")) << not_this.out;

  // The manifest can be made again from what it tells of, and of nothing else.
  const std::vector<std::string> again{"manifest", "-O", "again.json"};
  ok(with(again, {"--srs-path", "kzg.srs", "--compiled-circuit", "model.compiled", "-M", "network.onnx"}));
  EXPECT_EQ(here_.read("again.json"), here_.read("vk.manifest.json"));
  fs::remove(here_ / "again.json");
  fs::copy(EZKL_TEST_DATA "/models/solvency.onnx", here_ / "other.onnx");
  EXPECT_TRUE(contains(
      refused(with(again, {"--srs-path", "kzg.srs", "--compiled-circuit", "model.compiled", "-M", "other.onnx"})),
      "other.onnx"));
  EXPECT_TRUE(contains(refused({"compile-model", "-M", "other.onnx", "--compiled-circuit", "other.compiled"}),
                       "not the settings of this model"));
  ok({"gen-srs", "--srs-path", "other.srs", "--logrows", logrows});
  EXPECT_TRUE(contains(refused(with(again, {"--srs-path", "other.srs"})), "another setup (SRS)"));
  EXPECT_FALSE(here_.has("again.json"));

  // The same again, on other threads and kernels: the same bytes.
  for (const char* variant : {"EZKL_CPU=portable", "OMP_NUM_THREADS=1"}) {
    EXPECT_EQ(here_.run({"prove", "--srs-path", "kzg.srs", "--proof-path", "again.json"}, {variant}).code, 0);
    const auto proof_of = [&](const char* file) {
      const std::string text = here_.read(file);
      const std::size_t at = text.find("hex_proof");
      return text.substr(at, text.find("zero_knowledge") - at);
    };
    EXPECT_EQ(proof_of("again.json"), proof_of("proof.json")) << variant;
  }

  const std::string proof = here_.read("proof.json");
  const auto altered = [&](std::size_t at) {
    std::string text = proof;
    text[at] = text[at] == '1' ? '2' : '1';
    here_.write("altered.json", text);
    EXPECT_TRUE(contains(here_.run({"verify", "--proof-path", "altered.json"}).out, "verified: false")) << at;
  };
  altered(proof.find("[[\"") + 4);
  altered(proof.find("hex_proof") + 700);
  std::string settings = here_.read("settings.json");
  const std::size_t scale = settings.find("\"model_output_scales\":[") + 23;
  here_.write("other.json", settings.insert(scale, "1"));
  EXPECT_TRUE(contains(refused({"verify", "-S", "other.json"}), "other settings"));
  // What is for PLONK.
  EXPECT_TRUE(contains(refused({"create-evm-verifier", "--srs-path", "kzg.srs"}), "is for PLONK"));
  EXPECT_TRUE(contains(refused({"encode-evm-calldata"}), "sumcheck"));
  EXPECT_TRUE(contains(refused({"prove", "--srs-path", "kzg.srs", "--max-memory", "1G", "--proof-path", "x.json"}),
                       "does not bound its memory"));
  EXPECT_FALSE(here_.has("x.json"));
  // Files of the two systems are told apart.
  ok({"gen-settings", "-K", "8", "--decomp-base", "64", "--decomp-legs", "4", "-N", "2", "-B=-10->10", "-O",
      "plonk.json"});
  EXPECT_TRUE(contains(refused({"verify", "-S", "plonk.json", "--srs-path", "kzg.srs"}), "sumcheck system"));
}

TEST_F(SumcheckPipeline, WhatItCannotDoIsRefusedByName) {
  const std::vector<std::string> named{"gen-settings", "--proof-system", "sumcheck"};
  const auto says = [&](const std::vector<std::string>& more, const char* words) {
    const Outcome o = here_.run(with(named, more));
    EXPECT_EQ(o.code, 2) << o.out << o.err;
    EXPECT_TRUE(contains(o.err, words)) << words << "\n" << o.err;
    EXPECT_FALSE(here_.has("settings.json"));
  };
  says({}, "inputs of visibility private");
  says({"--clear"}, "--input-visibility public or fixed");
  says({"--input-visibility", "public"}, "--clear");
  says({"--clear", "--input-visibility", "hashed"}, "inputs of visibility hashed");
  says({"--clear", "--input-visibility", "public", "--param-visibility", "private"},
       "parameters of visibility private");
  says({"--clear", "--input-visibility", "public", "--output-visibility", "polycommit"},
       "outputs of visibility polycommit");
  says({"--clear", "--input-visibility", "public", "--commitment", "ipa"}, "IPA");
  says({"--clear", "--input-visibility", "public", "-K", "12"}, "--row-bits");
  says({"--clear", "--input-visibility", "public", "-N", "2"}, "leave --num-inner-cols out");
  says({"--clear", "--input-visibility", "public", "--target", "gas"}, "leave --target out");
  says({"--clear", "--input-visibility", "public", "--target", "size"}, "least predicted time of a proof");
  says({"--clear", "--input-visibility", "public", "--disable-freivalds"}, "leave --disable-freivalds out");
  says({"--clear", "--input-visibility", "public", "--ignore-range-check-inputs-outputs"},
       "waives no range checks of inputs and outputs");
  says({"--clear", "--input-visibility", "public", "--limb-bits", "21"}, "limb_bits of 21");
  EXPECT_TRUE(contains(refused({"gen-settings", "--clear"}, 2), "--proof-system sumcheck"));
  EXPECT_TRUE(contains(refused({"gen-settings", "--proof-system", "stark"}, 2), "plonk or sumcheck"));
}

TEST_F(SumcheckPipeline, CostIsShownForBothSystems) {
  const Outcome mine = ok(with({"table", "--cost"}, sumcheck));
  for (const char* part : {"system     sumcheck", "predicted", "  lookups\n", "  contractions\n"}) {
    EXPECT_TRUE(contains(mine.out, part)) << part << "\n" << mine.out;
  }
  EXPECT_TRUE(contains(ok({"table", "--cost"}).out, "circuit    2^"));
  const Outcome check = ok(with({"check"}, sumcheck));
  EXPECT_TRUE(contains(check.out, "can be proved\n") && contains(check.out, "sumcheck, whose proofs hide nothing"))
      << check.out;
  EXPECT_TRUE(contains(ok(with({"check", "--json"}, sumcheck)).out, R"("predicted":{"proof_system":"sumcheck",)"));
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"check"}, {"table"}, {"table", "--cost"}, {"run", "--test-setup"}}) {
    EXPECT_TRUE(contains(refused(with(with(command, sumcheck), {"-K", "12"}), 2), "--row-bits"));
    EXPECT_TRUE(contains(refused(with(with(command, sumcheck), {"--target", "memory"}), 2), "--target"));
    EXPECT_TRUE(contains(refused(with(with(command, sumcheck), {"--num-inner-cols", "3"}), 2), "--num-inner-cols"));
  }
}

}  // namespace
