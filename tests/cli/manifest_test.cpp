// What a verifier knows of the settings it was given: manifests of keys, digests, and the attacks that they stop.
#include <gtest/gtest.h>

#include <algorithm>

#include "proved_folder.hpp"

namespace {

namespace fs = std::filesystem;

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

/// Each test leaves the files as they were.
class Manifest : public ProvedFolder {
 protected:
  static std::string digest() { return digest_of(setup()); }
  static std::string digest_of(const Outcome& o) {
    const std::string before = "digest: ";
    const std::size_t at = o.out.find(before);
    EXPECT_NE(at, std::string::npos) << o.out;
    return o.out.substr(at + before.size(), 64);
  }
  static std::string refused(const std::vector<std::string>& arguments) { return ProvedFolder::refused(arguments).err; }
  static std::vector<std::string> verify(const std::vector<std::string>& more = {}) {
    std::vector<std::string> out{"verify", "--srs-path", "kzg.srs"};
    out.insert(out.end(), more.begin(), more.end());
    return out;
  }
  /// What the commands say that make a contract, the words of one, and ask one about a proof: the last ends where no
  /// node answers, once it has looked at the proof. Leaves evm_deploy.sol there.
  static std::vector<std::string> on_chain(std::vector<std::string> key, const std::string& proof) {
    if (std::find(key.begin(), key.end(), "--srs-path") == key.end()) key.insert(key.end(), {"--srs-path", "kzg.srs"});
    std::vector<std::string> out;
    for (const std::string command : {"create-evm-verifier", "create-evm-vka"}) {
      std::vector<std::string> words{command};
      words.insert(words.end(), key.begin(), key.end());
      out.push_back(ok(words).err);
    }
    const auto settings = std::find(key.begin(), key.end(), "-S");
    out.push_back(
        refused({"verify-evm", "--rpc-url", "http://127.0.0.1:1", "--addr-verifier", "0x" + std::string(40, '1'),
                 "--proof-path", proof, "-S", settings == key.end() ? "settings.json" : *(settings + 1)}));
    return out;
  }
};

// Hashed parameters leave it to the caller which model a proof is about: every step names the hash to compare with.
TEST_F(Manifest, HashedParametersAreToBeComparedByWhoCallsTheContract) {
  ok({"gen-settings", "-O", "h.json", "-K", "11", "--decomp-base", "64", "--decomp-legs", "4", "-N", "2", "-B=-10->10",
      "--param-visibility", "hashed"});
  ok({"compile-circuit", "-S", "h.json", "--compiled-circuit", "h.compiled"});
  ok({"gen-srs", "--srs-path", "h.srs", "--logrows", "11"});
  ok({"setup", "-M", "h.compiled", "--srs-path", "h.srs", "--vk-path", "h.vk", "--pk-path", "h.pk"});
  ok({"gen-witness", "-M", "h.compiled", "-O", "h.witness"});
  ok({"prove", "-M", "h.compiled", "-W", "h.witness", "--pk-path", "h.pk", "--srs-path", "h.srs", "--proof-path",
      "h.proof"});
  const std::string manifest = here().read("h.manifest.json");
  const std::size_t at = manifest.find("\"hash\":\"0x");
  ASSERT_NE(at, std::string::npos) << manifest;
  const std::string hash = manifest.substr(at + 8, 66);
  for (const std::string& text : on_chain({"-S", "h.json", "--vk-path", "h.vk", "--srs-path", "h.srs"}, "h.proof")) {
    EXPECT_TRUE(contains(text, "accepts proofs of any parameters") && contains(text, hash)) << text;
  }
  const std::string contract = here().read("evm_deploy.sol");
  EXPECT_TRUE(contains(contract, "Proofs of ANY parameters are accepted") && contains(contract, hash));
}

TEST_F(Manifest, VerifySaysHowFarTheSettingsAreKnown) {
  EXPECT_TRUE(contains(ok(verify()).err, "fit the manifest beside vk.key (digest " + digest()));
  for (const auto& pin : {std::vector<std::string>{"--digest", digest()},
                          {"--manifest", "vk.manifest.json"},
                          {"--manifest", "vk.manifest.json", "--digest", digest()}}) {
    EXPECT_TRUE(contains(ok(verify(pin)).err, "are those of the manifest with the digest " + digest()));
  }
  fs::rename(here() / "vk.manifest.json", here() / "owner.json");
  EXPECT_TRUE(contains(ok(verify()).err, "taken on trust"));
  EXPECT_TRUE(contains(refused(verify({"--digest", digest()})), "--manifest"));
  ok(verify({"--manifest", "owner.json", "--digest", digest()}));
  fs::rename(here() / "owner.json", here() / "vk.manifest.json");
  std::string other = digest();
  other[0] = other[0] == '0' ? '1' : '0';
  EXPECT_TRUE(contains(refused(verify({"--digest", other})), "its digest is " + digest()));
  EXPECT_EQ(here().run(verify({"--digest", "ABC"})).code, 2);
  EXPECT_TRUE(contains(refused(verify({"--manifest", "absent.json"})), "absent.json"));
  EXPECT_TRUE(contains(refused(verify({"--manifest", "settings.json"})), "format"));
}

TEST_F(Manifest, FilesGivenForOthersAreCalledByTheirNames) {
  const auto said = [&](const std::string& option, const std::string& file) { return refused(verify({option, file})); };
  EXPECT_TRUE(contains(said("--proof-path", "witness.json"), "this is a witness"));
  EXPECT_TRUE(contains(said("--manifest", "settings.json"), "this is settings"));
  EXPECT_TRUE(contains(said("--vk-path", "pk.key"), "such as a proving key"));
}

TEST_F(Manifest, SetupTellsTheModelAndNotTheMachine) {
  const std::string text = here().read("vk.manifest.json");
  EXPECT_TRUE(contains(text, R"({"name":"network.onnx","sha256":")")) << text;
  EXPECT_TRUE(contains(text, R"("parameters":{"visibility":"fixed")")) << text;
  EXPECT_TRUE(contains(text, R"("origin":"unknown")")) << text;
  EXPECT_TRUE(contains(text, R"("shape":[1,4])")) << text;
  EXPECT_FALSE(contains(text, here().path().string())) << text;
  // The same files give the same digest.
  EXPECT_EQ(digest_of(ok({"setup", "--srs-path", "kzg.srs", "--vk-path", "again.vk", "--pk-path", "again.pk"})),
            digest());
  EXPECT_EQ(here().read("again.manifest.json"), text);
}

// The circuit does not depend on the scales of its outputs, so nothing in key or proof shows that they were changed.
TEST_F(Manifest, OtherScalesInTheSettingsAreRefused) {
  const std::string settings = here().read("settings.json");
  here().write("settings.json", replaced(settings, "\"model_output_scales\":[7]", "\"model_output_scales\":[17]"));
  // A forger also writes the numbers for people anew.
  here().write("forged.json", here().read("proof.json"));
  std::string proof = here().read("proof.json");
  const std::size_t at = proof.find("\"pretty_public_inputs\":");
  ASSERT_NE(at, std::string::npos);
  std::size_t end = at, depth = 0;
  for (; end < proof.size(); ++end) {
    if (proof[end] == '{') ++depth;
    if (proof[end] == '}' && --depth == 0) break;
  }
  here().write("forged.json", proof.replace(at, end + 1 - at, "\"pretty_public_inputs\":null"));
  const std::vector<std::string> forged{"--proof-path", "forged.json"};
  const std::string wrong = "the scale of output 0 (here 17, in the manifest 7)";
  const std::string beside = refused(verify(forged));
  EXPECT_TRUE(contains(beside, "settings.json is not the one vk.key was made with") && contains(beside, wrong))
      << beside;
  for (const std::string& option : {std::string("--digest=" + digest()), std::string("--manifest=vk.manifest.json")}) {
    EXPECT_TRUE(contains(refused(verify({"--proof-path", "forged.json", option})), wrong));
  }
  fs::rename(here() / "vk.manifest.json", here() / "owner.json");
  const Outcome without = ok(verify(forged));
  EXPECT_TRUE(contains(without.err, "taken on trust") && contains(without.err, "scales")) << without.err;
  // A manifest of the forger's own does not have the owner's digest.
  ok({"manifest", "--srs-path", "kzg.srs"});
  ok(verify(forged));
  EXPECT_TRUE(
      contains(refused(verify({"--proof-path", "forged.json", "--digest", digest()})), "not the manifest asked for"));
  fs::rename(here() / "owner.json", here() / "vk.manifest.json");
  here().write("settings.json", settings);
}

// A manifest that is forged or old, named by whoever trusts it.
TEST_F(Manifest, OtherShapesThanTheProofShowsAreRefused) {
  std::string text = here().read("vk.manifest.json");
  const std::size_t outputs = text.find("\"outputs\":"), at = text.find("\"shape\":[1,3]", outputs);
  ASSERT_NE(at, std::string::npos) << text;
  here().write("other.json", text.replace(at, 13, "\"shape\":[3,1]"));
  const std::string said = refused(verify({"--manifest=other.json"}));
  EXPECT_TRUE(contains(said, "the shape of output 0 (here [1, 3], in the manifest [3, 1])")) << said;
}

// Settings that own up to the waiver of a key without range checks, and those that hide it.
TEST_F(Manifest, AHiddenWaiverOfRangeChecksIsRefusedAndAShownOneNamed) {
  ok({"gen-settings", "-O", "w.json", "-K", "8", "--decomp-base", "64", "--decomp-legs", "4", "-N", "2", "-B=-10->10",
      "--ignore-range-check-inputs-outputs"});
  ok({"compile-circuit", "-S", "w.json", "--compiled-circuit", "w.compiled"});
  const std::string pinned =
      digest_of(ok({"setup", "-M", "w.compiled", "--srs-path", "kzg.srs", "--vk-path", "w.vk", "--pk-path", "w.pk"}));
  ok({"gen-witness", "-M", "w.compiled", "-O", "w.witness"});
  ok({"prove", "-M", "w.compiled", "-W", "w.witness", "--pk-path", "w.pk", "--srs-path", "kzg.srs", "--proof-path",
      "w.proof"});
  const std::vector<std::string> files{"--vk-path", "w.vk", "--proof-path", "w.proof", "-S", "w.json"};
  const Outcome shown = ok(verify(files));
  EXPECT_TRUE(contains(shown.err, "not range-checked")) << shown.err;
  // Contracts hold the waiver for good, and their callers see no page.
  std::vector<std::string> key{"--vk-path", "w.vk", "-S", "w.json"};
  for (const std::string& text : on_chain(key, "w.proof")) EXPECT_TRUE(contains(text, "not range-checked")) << text;
  EXPECT_TRUE(contains(here().read("evm_deploy.sol"), "Inputs and outputs are NOT range-checked"));
  for (const std::string& text : on_chain({}, "proof.json")) EXPECT_FALSE(contains(text, "range-checked")) << text;
  EXPECT_FALSE(contains(here().read("evm_deploy.sol"), "range-checked"));
  const std::string waived = "\"ignore_range_check_inputs_outputs\":true",
                    kept = "\"ignore_range_check_inputs_outputs\":false";
  here().write("w.json", replaced(here().read("w.json"), waived, kept));
  EXPECT_TRUE(
      contains(refused(verify(files)), "range checks of inputs and outputs are waived in the manifest, not here"));
  auto with_digest = files;
  with_digest.insert(with_digest.end(), {"--digest", pinned});
  EXPECT_TRUE(contains(refused(verify(with_digest)), "w.json is not the one w.vk was made with"));
  fs::remove(here() / "w.manifest.json");
  EXPECT_TRUE(contains(ok(verify(files)).err, "taken on trust"));
}

TEST_F(Manifest, WhatSettingsSayIsComparedAndNotHowTheySayIt) {
  const std::string settings = here().read("settings.json");
  const std::size_t at = settings.find("\"timestamp\":");
  here().write("settings.json",
               replaced(settings, settings.substr(at, settings.find(',', at) - at), "\"timestamp\": 5"));
  ok(verify({"--digest", digest()}));
  here().write("settings.json",
               replaced(settings, "\"input_visibility\":\"Private\"", "\"input_visibility\":\"Fixed\""));
  EXPECT_TRUE(contains(refused(verify()), "the visibility of the inputs"));
  here().write("settings.json", settings);
}

TEST_F(Manifest, OtherKeysAndSetupsAreNamed) {
  ok({"gen-srs", "--srs-path", "other.srs", "--logrows", "8"});
  ok({"setup", "--srs-path", "other.srs", "--vk-path", "other.vk", "--pk-path", "other.pk"});
  ok({"prove", "--srs-path", "other.srs", "--pk-path", "other.pk", "--proof-path", "other.proof"});
  const std::string error = refused({"verify", "--srs-path", "other.srs", "--vk-path", "other.vk", "--proof-path",
                                     "other.proof", "--manifest", "vk.manifest.json"});
  EXPECT_TRUE(contains(error, "other.vk is another key")) << error;
  EXPECT_TRUE(contains(error, "other.srs is not the setup that other.vk was made with")) << error;
  EXPECT_TRUE(contains(refused({"prove", "--srs-path", "other.srs", "--pk-path", "other.pk", "--proof-path", "x.proof",
                                "--manifest", "vk.manifest.json"}),
                       "another key"));
  EXPECT_FALSE(here().has("x.proof"));
  ok({"prove", "--srs-path", "kzg.srs", "--proof-path", "x.proof", "--manifest", "vk.manifest.json"});
  for (const std::string command : {"create-evm-verifier", "create-evm-vka"}) {
    EXPECT_TRUE(contains(ok({command, "--srs-path", "kzg.srs"}).err, "fit the manifest"));
    EXPECT_TRUE(contains(ok({command, "--srs-path", "kzg.srs", "--digest", digest()}).err,
                         "are those of the manifest with the digest " + digest()));
    EXPECT_TRUE(contains(refused({command, "--srs-path", "kzg.srs", "--digest", std::string(64, '0')}),
                         "its digest is " + digest()));
    EXPECT_TRUE(contains(
        refused({command, "--srs-path", "other.srs", "--vk-path", "other.vk", "--manifest", "vk.manifest.json"}),
        "another key"));
  }
}

TEST_F(Manifest, IsWrittenForKeysMadeElsewhere) {
  const std::string first = here().read("vk.manifest.json");
  EXPECT_EQ(digest_of(ok(
                {"manifest", "--srs-path", "kzg.srs", "--compiled-circuit", "model.compiled", "-M", "network.onnx"})),
            digest());
  EXPECT_EQ(here().read("vk.manifest.json"), first);
  ok({"manifest", "--srs-path", "kzg.srs", "-O", "bare.json"});
  EXPECT_TRUE(contains(here().read("bare.json"), R"("compiled":null,"model":[]},"layout":null)"));
  ok(verify({"--manifest", "bare.json"}));
  // A key of another model under the same settings.
  ok({"setup", "--srs-path", "kzg.srs", "--disable-selector-compression", "--vk-path", "u.vk", "--pk-path", "u.pk"});
  ok({"manifest", "--srs-path", "kzg.srs", "--vk-path", "u.vk", "--compiled-circuit", "model.compiled"});
  ok({"gen-srs", "--srs-path", "third.srs", "--logrows", "8"});
  const std::vector<std::string> third{"manifest",       "--srs-path", "third.srs", "--compiled-circuit",
                                       "model.compiled", "-O",         "third.json"};
  EXPECT_TRUE(contains(refused(third), "not the key that this program makes of model.compiled"));
  EXPECT_FALSE(here().has("third.json"));
  // Another file of the same model is one that the key is of; one of another model is not, whatever anything says.
  here().write("other.onnx", here().read("network.onnx") + std::string("\x30\x01", 2));
  const std::vector<std::string> other{"manifest", "--srs-path", "kzg.srs", "--compiled-circuit", "model.compiled",
                                       "-M",       "other.onnx", "-O",      "third.json"};
  ok(other);
  EXPECT_TRUE(contains(here().read("third.json"), R"("model":[{"name":"other.onnx")"));
  std::filesystem::copy_file(EZKL_TEST_DATA "/models/solvency.onnx", here() / "other.onnx",
                             std::filesystem::copy_options::overwrite_existing);
  EXPECT_TRUE(contains(refused(other), "other.onnx: "));
}

TEST_F(Manifest, PrivateParametersAreNamedByEveryStep) {
  const std::string said = "about no model in particular";
  const auto step = [&](const std::vector<std::string>& words) { return contains(ok(words).err, said); };
  EXPECT_TRUE(step({"gen-settings", "-O", "p.json", "-K", "8", "--decomp-base", "64", "--decomp-legs", "4", "-N", "2",
                    "-B=-10->10", "--param-visibility", "private"}));
  ok({"compile-circuit", "-S", "p.json", "--compiled-circuit", "p.compiled"});
  ok({"setup", "-M", "p.compiled", "--srs-path", "kzg.srs", "--vk-path", "p.vk", "--pk-path", "p.pk"});
  ok({"gen-witness", "-M", "p.compiled", "-O", "p.witness"});
  EXPECT_TRUE(step({"prove", "-M", "p.compiled", "-W", "p.witness", "--pk-path", "p.pk", "--srs-path", "kzg.srs",
                    "--proof-path", "p.proof"}));
  EXPECT_TRUE(
      step({"verify", "-S", "p.json", "--vk-path", "p.vk", "--proof-path", "p.proof", "--srs-path", "kzg.srs"}));
  EXPECT_FALSE(step(verify()));
  for (const std::string& text : on_chain({"-S", "p.json", "--vk-path", "p.vk"}, "p.proof")) {
    EXPECT_TRUE(contains(text, said)) << text;
  }
  EXPECT_TRUE(contains(here().read("evm_deploy.sol"), "proofs are about no model in particular"));
}

// A tree decides the form of its circuit, so the key tells whether a guess at it is right.
TEST_F(Manifest, PrivateParametersOfTreesHideNoTree) {
  const std::string said = "thresholds and weights of the model's trees are not private";
  const fs::path example = EZKL_EXAMPLES "/models/decision_tree";
  fs::copy(example / "network.onnx", here() / "tree.onnx");
  fs::copy(example / "input.json", here() / "tree_input.json");
  const auto settings = [&](const std::string& params) {
    return ok({"gen-settings", "-M", "tree.onnx", "-O", "t.json", "-K", "11", "--param-visibility", params}).err;
  };
  EXPECT_FALSE(contains(settings("fixed"), said));
  EXPECT_TRUE(contains(refused({"gen-settings", "-M", "tree.onnx", "-O", "x.json", "--param-visibility", "hashed"}),
                       "a hash of or commitment to the parameters would leave them out"));
  EXPECT_TRUE(contains(settings("private"), said));
  ok({"compile-circuit", "-M", "tree.onnx", "-S", "t.json", "--compiled-circuit", "t.compiled"});
  ok({"gen-srs", "--srs-path", "t.srs", "--logrows", "11"});
  ok({"setup", "-M", "t.compiled", "--srs-path", "t.srs", "--vk-path", "t.vk", "--pk-path", "t.pk"});
  EXPECT_TRUE(contains(here().read("t.manifest.json"), R"("trees":true)"));
  EXPECT_TRUE(contains(here().read("vk.manifest.json"), R"("trees":false)"));
  ok({"gen-witness", "-D", "tree_input.json", "-M", "t.compiled", "-O", "t.witness"});
  EXPECT_TRUE(contains(ok({"prove", "-M", "t.compiled", "-W", "t.witness", "--pk-path", "t.pk", "--srs-path", "t.srs",
                           "--proof-path", "t.proof"})
                           .err,
                       said));
  const std::vector<std::string> check{"verify",       "-S",      "t.json",     "--vk-path", "t.vk",
                                       "--proof-path", "t.proof", "--srs-path", "t.srs"};
  const Outcome verified = ok(check);
  EXPECT_TRUE(contains(verified.err, said)) << verified.err;
  EXPECT_TRUE(contains(verified.out, "thresholds and weights of trees are part of the")) << verified.out;
  for (const std::string command : {"create-evm-verifier", "create-evm-vka"}) {
    EXPECT_TRUE(contains(ok({command, "-S", "t.json", "--vk-path", "t.vk", "--srs-path", "t.srs"}).err, said));
  }
  fs::remove(here() / "t.manifest.json");
  EXPECT_TRUE(contains(ok(check).out, "trees, if it has any")) << "settings do not tell";
}

// What a name in a file looks like on a terminal is for the file's author to choose; what it says beside it is not.
TEST_F(Manifest, NamesCannotForgeLinesOrHideThem) {
  const std::string text = here().read("vk.manifest.json");
  const std::string forged = replaced(text, "network.onnx", R"(m\nsettings    pinned by the owner\u001b[8m)");
  here().write("vk.manifest.json", forged);
  const Outcome page = ok(verify());
  EXPECT_FALSE(contains(page.out, "\nsettings    pinned") || contains(page.out, "\x1b")) << page.out;
  EXPECT_TRUE(contains(page.out, "m?settings"));
  here().write("vk.manifest.json", text);
  here().write("bad.json", R"({"\u001b[2K\nezkl: ok": 1, "\u001b[2K\nezkl: ok": 2})");
  const std::string error = refused(verify({"-S", "bad.json"}));
  EXPECT_FALSE(contains(error, "\nezkl: ok") || contains(error, "\x1b")) << error;
}

// A compiled model can ask for much too.
TEST_F(Manifest, CompiledModelsAreMeasuredByTheSameFlag) {
  const std::vector<std::vector<std::string>> commands = {
      {"gen-witness", "-O", "x.json"},
      {"mock"},
      {"setup", "--srs-path", "kzg.srs", "--vk-path", "x.vk", "--pk-path", "x.pk"},
      {"prove", "--srs-path", "kzg.srs", "--proof-path", "x.proof"},
      {"manifest", "--srs-path", "kzg.srs", "--compiled-circuit", "model.compiled", "-O", "x.manifest"}};
  for (std::vector<std::string> command : commands) {
    command.insert(command.end(), {"--max-model-size", "1"});
    const std::string error = refused(command);
    EXPECT_TRUE(contains(error, "model.compiled: ") && contains(error, "give --max-model-size")) << error;
    command.back() = "1G";
    ok(command);
  }
}

TEST_F(Manifest, ASetupThatSomebodyMadeIsNamed) {
  const std::string said = "kzg.srs: not the public ceremony's setup";
  EXPECT_TRUE(contains(ok(verify()).err, said));
  EXPECT_TRUE(contains(ok({"prove", "--srs-path", "kzg.srs", "--proof-path", "x.proof"}).err, said));
  EXPECT_TRUE(contains(ok({"create-evm-verifier", "--srs-path", "kzg.srs"}).err, said));
}

}  // namespace
