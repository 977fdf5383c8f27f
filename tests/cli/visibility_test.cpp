// What inputs, outputs and parameters are shown as, as a user sees it.
#include <gtest/gtest.h>

#include "program.hpp"

namespace {

namespace fs = std::filesystem;

/// What stands between two texts.
std::string between(const std::string& text, const std::string& before, const std::string& after) {
  const std::size_t begin = text.find(before);
  if (begin == std::string::npos) return "";
  const std::size_t from = begin + before.size();
  return text.substr(from, text.find(after, from) - from);
}

/// A JSON list of strings as the command line takes lists.
std::string without_quotes(std::string text) {
  std::erase(text, '"');
  return text;
}

class Visibility : public ::testing::Test {
 protected:
  void SetUp() override {
    fs::copy(EZKL_TEST_DATA "/models/mlp.onnx", here_ / "network.onnx");
    fs::copy(EZKL_TEST_DATA "/models/mlp_input.json", here_ / "input.json");
    here_.write("other.json", R"({"input_data": [[1, 1, 1, 1]]})");
  }

  Outcome run(const std::vector<std::string>& arguments) const { return here_.run(arguments); }
  Outcome ok(const std::vector<std::string>& arguments) const {
    Outcome o = run(arguments);
    EXPECT_EQ(o.code, 0) << arguments[0] << ": " << o.err;
    return o;
  }
  std::string refused(const std::vector<std::string>& arguments) const {
    const Outcome o = run(arguments);
    EXPECT_EQ(o.code, 1) << arguments[0] << ": " << o.out << o.err;
    return o.err;
  }
  void settings(const std::string& logrows, const std::string& input, const std::string& params,
                const std::string& output) const {
    ok(settings_arguments(logrows, input, params, output));
  }
  static std::vector<std::string> settings_arguments(const std::string& logrows, const std::string& input,
                                                     const std::string& params, const std::string& output) {
    return {"gen-settings",
            "-K",
            logrows,
            "--decomp-base",
            "64",
            "--decomp-legs",
            "4",
            "-N",
            "2",
            "-B=-10->10",
            "--input-visibility",
            input,
            "--param-visibility",
            params,
            "--output-visibility",
            output};
  }
  /// From settings to keys, with a fresh setup.
  void keys(const std::string& logrows) const {
    ok({"compile-circuit"});
    ok({"gen-srs", "--srs-path", "kzg.srs", "--logrows", logrows});
    ok({"setup", "--srs-path", "kzg.srs"});
  }
  void witness(const std::string& data, const std::string& output) const {
    ok({"gen-witness", "-D", data, "-O", output, "--vk-path", "vk.key", "--srs-path", "kzg.srs"});
  }
  void prove(const std::string& witness, const std::string& proof) const {
    ok({"prove", "--srs-path", "kzg.srs", "-W", witness, "--proof-path", proof});
  }
  void verify(const std::string& proof) const { ok({"verify", "--srs-path", "kzg.srs", "--proof-path", proof}); }
  void verify_refuses(const std::string& proof) const {
    refused({"verify", "--srs-path", "kzg.srs", "--proof-path", proof});
  }

  Scratch here_;
};

// An owner publishes it, a verifier compares it by eye.
TEST_F(Visibility, TheParametersHashIsWrittenInOneWay) {
  settings("12", "public", "hashed", "public");
  keys("12");
  const std::string manifest = here_.read("vk.manifest.json");
  const std::string hash = between(manifest, "\"hash\":\"", "\"");
  EXPECT_EQ(hash.size(), 66u) << manifest;
  EXPECT_TRUE(hash.starts_with("0x")) << hash;
  EXPECT_TRUE(contains(ok({"setup", "--srs-path", "kzg.srs"}).err, "hash " + hash));
  EXPECT_TRUE(contains(ok({"gen-witness"}).err, "hash " + hash));
  prove("witness.json", "proof.json");
  EXPECT_TRUE(contains(unwrapped(ok({"verify", "--srs-path", "kzg.srs"}).out), "hash " + hash));
  const std::string json = ok({"verify", "--srs-path", "kzg.srs", "--json"}).out;
  EXPECT_EQ(between(json, "\"hash_big_endian\":\"", "\""), hash);
  // As files of the published package have it.
  const std::string bytes = between(here_.read("witness.json"), "\"processed_params\":{\"poseidon_hash\":[\"", "\"]");
  EXPECT_EQ(ok({"felt-to-big-endian", "--felt", bytes}).out, hash + "\n");
  EXPECT_EQ(ok({"felt-to-big-endian", "--felt", hash}).out, hash + "\n");
}

TEST_F(Visibility, HashesAreThoseOfTheValues) {
  settings("12", "hashed", "hashed", "hashed/public");
  keys("12");
  witness("input.json", "witness.json");
  prove("witness.json", "proof.json");
  verify("proof.json");
  const std::string text = here_.read("witness.json"), proof = here_.read("proof.json");
  std::vector<std::string> hashes;
  for (const char* group : {"inputs", "params", "outputs"}) {
    hashes.push_back(between(text, std::string("\"processed_") + group + "\":{\"poseidon_hash\":[\"", "\"]"));
    EXPECT_EQ(hashes.back().size(), 64u);
  }
  EXPECT_EQ(between(proof, "\"instances\":[[\"", "\"]]"), hashes[0] + "\",\"" + hashes[1] + "\",\"" + hashes[2]);
  const std::string inputs = without_quotes(between(text, "{\"inputs\":[[", "]]"));
  EXPECT_EQ(ok({"poseidon-hash", "--message", inputs}).out, hashes[0] + "\n");

  // The hash of other inputs in place of the true one.
  witness("other.json", "other_witness.json");
  const std::string other =
      between(here_.read("other_witness.json"), "processed_inputs\":{\"poseidon_hash\":[\"", "\"]");
  EXPECT_NE(other, hashes[0]);
  std::string altered = proof;
  altered.replace(altered.find(hashes[0]), 64, other);
  here_.write("altered.json", altered);
  verify_refuses("altered.json");
}

TEST_F(Visibility, AMessageThatIsTooLongToHashNamesTheRemedy) {
  const std::string error = refused(settings_arguments("7", "hashed", "fixed", "public"));
  EXPECT_TRUE(contains(error, "too few") && contains(error, "hashes") && contains(error, "--logrows")) << error;
  // Settings that were made for a model without hashes.
  settings("9", "hashed", "fixed", "public");
  std::string text = here_.read("settings.json");
  const std::size_t at = text.find("\"poseidon\":[");
  text.replace(at, text.find("]]", at) + 2 - at, "\"poseidon\":[0,[0]]");
  here_.write("settings.json", text);
  EXPECT_TRUE(contains(refused({"compile-circuit"}), "module_sizes.poseidon"));
}

TEST_F(Visibility, PrivateHashesOfInputsTakeThePlaceOfOneElement) {
  const std::string error = refused(settings_arguments("9", "hashed/private/0", "fixed", "public"));
  EXPECT_TRUE(contains(error, "has shape [1, 4]") && contains(error, "use hashed,")) << error;
  EXPECT_EQ(run(settings_arguments("9", "hashed/private/0,1", "fixed", "public")).code, 2) << "one input only";
  EXPECT_EQ(run(settings_arguments("9", "private", "fixed", "hashed/private/1")).code, 2) << "one output only";
  EXPECT_EQ(run(settings_arguments("9", "private", "fixed", "hashed/private")).code, 2);
}

TEST_F(Visibility, PrivateHashesOfOutputsAndParametersAreBound) {
  settings("12", "private", "hashed/private/0", "hashed/private/0");
  EXPECT_TRUE(contains(here_.read("settings.json"), R"({"Hashed":{"hash_is_public":false,"outlets":[0]}})"));
  keys("12");
  witness("input.json", "witness.json");
  ok({"mock"});
  prove("witness.json", "proof.json");
  const Outcome verified = ok({"verify", "--srs-path", "kzg.srs"});
  EXPECT_TRUE(contains(verified.err, "keys of this program bind it")) << verified.err;
  const std::string text = here_.read("witness.json"), proof = here_.read("proof.json");
  std::string instances;
  for (const char* group : {"params", "outputs"}) {
    instances += (instances.empty() ? "" : "\",\"") +
                 between(text, std::string("\"processed_") + group + "\":{\"poseidon_hash\":[\"", "\"]");
  }
  EXPECT_EQ(between(proof, "\"instances\":[[\"", "\"]]"), instances);
  for (const std::size_t digit : {std::size_t{5}, std::size_t{72}}) {
    std::string altered = proof;
    char& c = altered[altered.find(instances) + digit];
    c = c == '0' ? '1' : '0';
    here_.write("altered.json", altered);
    verify_refuses("altered.json");
  }
}

TEST_F(Visibility, CommitmentsLeadTheProofAndCannotBeSwappedForOthers) {
  settings("8", "polycommit", "polycommit", "polycommit");
  keys("8");
  const Outcome plain = ok({"gen-witness", "-O", "plain.json"});
  EXPECT_TRUE(contains(plain.err, "--vk-path")) << plain.err;
  EXPECT_TRUE(contains(here_.read("plain.json"), "\"polycommit\":null"));
  witness("input.json", "witness.json");
  witness("other.json", "other_witness.json");
  prove("witness.json", "proof.json");
  verify("proof.json");

  const std::string text = here_.read("witness.json"), proof = here_.read("proof.json");
  const std::string inputs = without_quotes(between(text, "{\"inputs\":[[", "]]"));
  const std::string commitment =
      between(text, "processed_inputs\":{\"poseidon_hash\":null,\"polycommit\":[[\"", "\"]]");
  EXPECT_EQ(ok({"kzg-commit", "--srs-path", "kzg.srs", "--message", inputs}).out, commitment + "\n");

  const auto swap = [&](const std::string& witness) {
    return ok({"swap-proof-commitments", "--proof-path", "swapped.json", "--witness-path", witness}).err;
  };
  here_.write("swapped.json", proof);
  EXPECT_EQ(swap("witness.json"), "succeeded\n");
  EXPECT_EQ(here_.read("swapped.json"), proof);
  EXPECT_TRUE(contains(swap("plain.json"), "holds no commitments"));
  EXPECT_EQ(here_.read("swapped.json"), proof);
  EXPECT_TRUE(contains(swap("other_witness.json"), "differ from the proof's"));
  EXPECT_NE(here_.read("swapped.json"), proof);
  verify_refuses("swapped.json");
  swap("witness.json");
  EXPECT_EQ(here_.read("swapped.json"), proof);
  verify("swapped.json");
  // A proof of the other input says the same in front as its witness.
  prove("other_witness.json", "swapped.json");
  EXPECT_EQ(swap("other_witness.json"), "succeeded\n");
}

TEST_F(Visibility, SettingsWithoutRoomForACommittedTensorAreRefused) {
  settings("8", "polycommit", "fixed", "public");
  std::string text = here_.read("settings.json");
  const std::string sizes = "\"polycommit\":[4]";
  ASSERT_TRUE(contains(text, sizes));
  text.replace(text.find(sizes), sizes.size(), "\"polycommit\":[]");
  here_.write("settings.json", text);
  EXPECT_TRUE(contains(refused({"compile-circuit"}), "module_sizes.polycommit"));
}

TEST_F(Visibility, FixedInputsBelongToTheKey) {
  settings("8", "fixed", "fixed", "public");
  ok({"compile-circuit"});
  ok({"gen-srs", "--srs-path", "kzg.srs", "--logrows", "8"});
  EXPECT_TRUE(contains(run({"setup", "--srs-path", "kzg.srs"}).err, "--witness"));
  EXPECT_FALSE(here_.has("vk.key"));
  ok({"gen-witness"});
  ok({"gen-witness", "-D", "other.json", "-O", "other_witness.json"});
  ok({"setup", "--srs-path", "kzg.srs", "-W", "other_witness.json", "--vk-path", "other.vk", "--pk-path", "other.pk"});
  ok({"setup", "--srs-path", "kzg.srs", "-W", "witness.json"});
  const std::vector<std::string> other{"prove", "--srs-path", "kzg.srs", "-W", "other_witness.json"};
  EXPECT_TRUE(contains(refused(other), "fixed inputs or outputs"));
  EXPECT_FALSE(here_.has("proof.json"));
  prove("witness.json", "proof.json");
  verify("proof.json");
  refused({"verify", "--srs-path", "kzg.srs", "--vk-path", "other.vk"});
  // A witness that gives other outputs for the fixed inputs.
  std::string forged = here_.read("witness.json");
  const std::size_t at = forged.rfind("\"outputs\":[[\"") + 13;
  forged[at] = forged[at] == '0' ? '1' : '0';
  here_.write("forged.json", forged);
  refused({"prove", "--srs-path", "kzg.srs", "-W", "forged.json", "--proof-path", "forged_proof.json"});
  EXPECT_TRUE(contains(refused({"setup", "--srs-path", "kzg.srs", "-W", "forged.json", "--vk-path", "forged.vk"}),
                       "the witness is false"));
  EXPECT_FALSE(here_.has("forged_proof.json") || here_.has("forged.vk"));
}

}  // namespace
