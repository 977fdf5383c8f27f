#include "artifact/proof_file.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "artifact/settings_file.hpp"
#include "base/files.hpp"
#include "circuit/statement_of.hpp"
#include "ezkl/error.hpp"

namespace ezkl {
namespace {

namespace fs = std::filesystem;

const std::string folder = EZKL_TEST_DATA "/golden/hashed_input";

std::string golden_text() { return read_text(folder + "/proof.json"); }

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

void expect_refused(const std::string& text, const std::string& phrase, Fault fault = Fault::format) {
  try {
    const auto file = parse_proof(text, "proof.json");
    check_pretty_inputs(file, statement_of(read_settings(folder + "/settings.json")));
    FAIL() << "accepted: " << phrase;
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), fault);
    EXPECT_NE(std::string(e.what()).find(phrase), std::string::npos) << e.what();
  }
}

TEST(ProofFile, PublishedFilesAreWrittenBackByteForByte) {
  std::size_t count = 0;
  for (const char* root : {EZKL_TEST_DATA "/golden", EZKL_SHARED "/vectors/golden", EZKL_SHARED "/vectors/modules"}) {
    if (!fs::is_directory(root)) continue;
    for (const auto& entry : fs::directory_iterator(root)) {
      const auto path = entry.path() / "proof.json";
      if (!fs::exists(path)) continue;
      const auto file = read_proof(path);
      EXPECT_EQ(proof_text(file), read_text(path)) << path;
      EXPECT_NO_THROW(check_pretty_inputs(file, statement_of(read_settings(entry.path() / "settings.json")))) << path;
      ++count;
    }
  }
  EXPECT_GE(count, 3u);
}

TEST(ProofFile, OnlyInstancesAndProofAreNeeded) {
  const auto file = parse_proof(R"({"instances":[[]],"proof":[1,2,255]})", "proof.json");
  EXPECT_EQ(file.proof, (std::vector<std::uint8_t>{1, 2, 255}));
  EXPECT_EQ(file.instances.size(), 1u);
  EXPECT_FALSE(file.pretty || file.split || file.version || file.timestamp);
}

TEST(ProofFile, RefusesWhatContradictsTheProof) {
  expect_refused(replaced(golden_text(), R"("hex_proof":"0x)", R"("hex_proof":"0x00)"), "hex_proof");
  expect_refused(replaced(golden_text(), R"("hex_proof":"0x)", R"("hex_proof":")"), "hex_proof");
  expect_refused(replaced(golden_text(), R"("outputs":[["0x3)", R"("outputs":[["0x2)"), "outputs[0][0]");
  expect_refused(
      replaced(golden_text(), R"("rescaled_outputs":[["-0.929931640625")", R"("rescaled_outputs":[["12345")"),
      "rescaled_outputs[0][0] is 12345, the instances say -0.929931640625");
  expect_refused(replaced(golden_text(), R"("processed_inputs":[["0x0b)", R"("processed_inputs":[["0x0c)"),
                 "processed_inputs[0][0]");
}

TEST(ProofFile, RefusesOtherKindsOfProof) {
  expect_refused(replaced(golden_text(), R"("protocol":null)", R"("protocol":{})"), "protocol", Fault::unsupported);
  expect_refused(replaced(golden_text(), R"("split")", R"("transcript_type":"Poseidon","split")"), "Poseidon",
                 Fault::unsupported);
  expect_refused(replaced(golden_text(), R"("split")", R"("commitment":"FRI","split")"), "FRI");
  EXPECT_NO_THROW(parse_proof(replaced(golden_text(), R"("split")", R"("transcript_type":"EVM","split")"), "p"));
}

TEST(ProofFile, ProofsOfTheSumcheckSystemAreAFormOfTheirOwn) {
  ProofFile file;
  file.system = ProofSystem::sumcheck;
  file.zero_knowledge = false;
  file.instances = {{Fr::from_u64(5), -Fr::one()}};
  file.proof = {1, 2, 255};
  file.timestamp = 7;
  file.version = "1";
  const std::string text = proof_text(file);
  EXPECT_TRUE(text.starts_with(R"({"protocol":"sumcheck/1","instances":[[")")) << text;
  EXPECT_TRUE(text.ends_with(R"(]],"hex_proof":"0x0102ff","zero_knowledge":false,"pretty_public_inputs":null,)"
                             R"("timestamp":7,"version":"1"})"))
      << text;
  for (const std::optional<ProofSystem> wanted : {std::optional(ProofSystem::sumcheck), std::optional<ProofSystem>()}) {
    const ProofFile read = parse_proof(text, "p", wanted);
    EXPECT_EQ(read.system, ProofSystem::sumcheck);
    EXPECT_FALSE(read.zero_knowledge);
    EXPECT_EQ(read.instances, file.instances);
    EXPECT_EQ(read.proof, file.proof);
    EXPECT_EQ(proof_text(read), text);
  }
  const auto refused = [](const std::string& bad, std::optional<ProofSystem> wanted, const char* phrase, Fault fault) {
    try {
      parse_proof(bad, "p", wanted);
      ADD_FAILURE() << "accepted: " << phrase;
    } catch (const Error& e) {
      EXPECT_EQ(e.fault(), fault) << e.what();
      EXPECT_NE(std::string(e.what()).find(phrase), std::string::npos) << e.what();
    }
  };
  const auto sumcheck = ProofSystem::sumcheck;
  refused(text, ProofSystem::plonk, "a proof of the sumcheck system", Fault::unsupported);
  refused(golden_text(), sumcheck, "this is a PLONK proof", Fault::unsupported);
  refused(replaced(text, "sumcheck/1", "sumcheck/2"), sumcheck, "sumcheck/2", Fault::unsupported);
  refused(replaced(text, "sumcheck/1", "other"), sumcheck, "protocol", Fault::unsupported);
  refused(replaced(text, "0x0102ff", "0102ff"), sumcheck, "hex_proof", Fault::format);
  refused(replaced(text, "0x0102ff", "0x0102f"), sumcheck, "hex_proof", Fault::format);
  refused(replaced(text, R"("zero_knowledge":false,)", ""), sumcheck, "zero_knowledge", Fault::format);
  refused(replaced(text, R"("zero_knowledge":false)", R"("zero_knowledge":0)"), sumcheck, "zero_knowledge",
          Fault::format);
  refused(replaced(text, R"("hex_proof")", R"("proof":[1],"hex_proof")"), sumcheck, "field `proof`", Fault::format);
  refused(replaced(text, R"("hex_proof")", R"("split":{"start":0,"end":1},"hex_proof")"), sumcheck, "field `split`",
          Fault::format);
}

TEST(ProofFile, KeepsWhatOlderReleasesWantToBeTold) {
  std::string text = replaced(golden_text(), R"("split")", R"("transcript_type":"EVM","split")");
  EXPECT_EQ(proof_text(parse_proof(text, "p")), text);
  for (const auto& [name, scheme] : {std::pair{"KZG", Commitment::kzg}, {"IPA", Commitment::ipa}}) {
    const std::string named =
        replaced(text, R"("version":)", R"("commitment":")" + std::string(name) + R"(","version":)");
    EXPECT_EQ(parse_proof(named, "p").commitment, scheme);
    EXPECT_EQ(proof_text(parse_proof(named, "p")), named);
  }
}

TEST(ProofFile, RefusesMalformedMembers) {
  expect_refused(R"({"instances":[[]],"proof":"0x00"})", "proof");
  expect_refused(R"({"instances":[[]],"proof":[256]})", "proof");
  expect_refused(R"({"instances":[[]],"proof":[-1]})", "proof");
  expect_refused(R"({"instances":[[]]})", "missing field `proof`");
  expect_refused(R"({"proof":[]})", "missing field `instances`");
  expect_refused(R"({"instances":[["00"]],"proof":[]})", "instances");
  expect_refused(R"({"instances":[[")" + std::string(64, 'f') + R"("]],"proof":[]})", "instances");
  expect_refused("[]", "proof.json");
}

}  // namespace
}  // namespace ezkl
