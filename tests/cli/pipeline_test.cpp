// The whole way on a small model, as a user goes it.
#include <gtest/gtest.h>

#include <algorithm>

#include "../limits.hpp"
#include "proved_folder.hpp"

namespace {

namespace fs = std::filesystem;

class Pipeline : public ProvedFolder {};

TEST_F(Pipeline, ProofVerifiesAndAnAlteredOneDoesNot) {
  EXPECT_TRUE(ok({"verify", "--srs-path", "kzg.srs"}).out.ends_with("\nverified: true\n"));
  const std::string proof = here().read("proof.json");
  std::string altered = proof;
  altered[proof.find("[[\"") + 3] ^= 1;
  here().write("altered.json", altered);
  EXPECT_TRUE(
      contains(refused({"verify", "--srs-path", "kzg.srs", "--proof-path", "altered.json"}).out, "verified: false"));
}

TEST_F(Pipeline, VerifySaysWhatWasProved) {
  const std::vector<std::string> verify{"verify", "--srs-path", "kzg.srs"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), verify.begin(), verify.end());
    return more;
  };
  const std::string page = unwrapped(ok(verify).out);
  for (const char* part :
       {"proof.json: the proof holds\n", "\nmodel       \"network.onnx\", SHA-256 ", "\nsettings    consistent with ",
        "\ninputs      private: hidden", "\nparameters  fixed: part of the verifying key",
        "\noutputs     public: shown", "\n  output 0 '", " [1, 3], at scale ", "NOT the public ceremony's"}) {
    EXPECT_TRUE(contains(page, part)) << part << "\n" << page;
  }
  // One JSON object and nothing else.
  const Outcome json = here().run(with({"--json"}));
  EXPECT_EQ(json.code, 0) << json.err;
  EXPECT_TRUE(json.out.starts_with("{\"accepted\":true,") && json.out.ends_with("}\n")) << json.out;
  const std::string proof = here().read("proof.json");
  const std::size_t at = proof.find("\"rescaled_outputs\":[[\"") + 22;
  std::string values = proof.substr(at, proof.find("\"]]", at) - at);
  for (std::size_t i; (i = values.find('"')) != std::string::npos;) values.erase(i, 1);
  EXPECT_TRUE(contains(json.out, "\"values\":[" + values + "]")) << values << "\n" << json.out;

  const Outcome same = ok(with({"--output", "[[" + values + "]]"}));
  EXPECT_TRUE(contains(same.out, "holds the outputs that the proof is about")) << same.out;
  EXPECT_TRUE(
      contains(refused(with({"--output", "[[1000, 0, 0]]"})).err, "the proof holds, but it is about another output"));
  const Outcome hidden = refused(with({"--input", "input.json"}));
  EXPECT_TRUE(contains(hidden.err, "cannot be said: its inputs are private")) << hidden.err;
  EXPECT_TRUE(contains(hidden.out, "verified: false"));
  const Outcome refused_json = here().run(with({"--json", "--input", "input.json"}));
  EXPECT_EQ(refused_json.code, 1);
  EXPECT_TRUE(refused_json.out.starts_with("{\"accepted\":false,\"reason\":\"the proof holds, but"))
      << refused_json.out;
}

TEST_F(Pipeline, WaivedRangeChecksAreNamedByEveryStep) {
  const std::string said = "not range-checked";
  EXPECT_FALSE(contains(ok({"verify", "--srs-path", "kzg.srs"}).err, said));
  const auto step = [&](const std::vector<std::string>& words) { return contains(ok(words).err, said); };
  EXPECT_TRUE(step({"gen-settings", "-O", "waived.json", "-K", "8", "--decomp-base", "64", "--decomp-legs", "4", "-N",
                    "2", "-B=-10->10", "--ignore-range-check-inputs-outputs"}));
  EXPECT_TRUE(step({"compile-circuit", "-S", "waived.json", "--compiled-circuit", "waived.compiled"}));
  step({"setup", "-M", "waived.compiled", "--srs-path", "kzg.srs", "--vk-path", "waived.vk", "--pk-path", "waived.pk"});
  step({"gen-witness", "-M", "waived.compiled", "-O", "waived.witness"});
  EXPECT_TRUE(step({"prove", "-M", "waived.compiled", "-W", "waived.witness", "--pk-path", "waived.pk", "--srs-path",
                    "kzg.srs", "--proof-path", "waived.proof"}));
  EXPECT_TRUE(step({"verify", "-S", "waived.json", "--vk-path", "waived.vk", "--proof-path", "waived.proof",
                    "--srs-path", "kzg.srs"}));
}

TEST_F(Pipeline, OnlyScalesThatWereGivenAreCalledLow) {
  const std::vector<std::string> usual{"gen-settings", "-O", "low.json", "-K", "8", "-N", "2", "-B=-10->10"};
  EXPECT_FALSE(contains(ok(usual).err, "is low"));
  EXPECT_FALSE(contains(ok({"compile-circuit"}).err, "is low"));
  std::vector<std::string> given = usual;
  given.insert(given.end(), {"--input-scale", "5"});
  EXPECT_TRUE(contains(ok(given).err, "a scale of 5 is low: values keep few bits; --input-scale sets it"));
}

TEST_F(Pipeline, BothNamesCompileToTheSameBytes) {
  ok({"compile-model", "--compiled-circuit", "again.compiled"});
  EXPECT_EQ(here().read("again.compiled"), here().read("model.compiled"));
}

TEST_F(Pipeline, ASeedRepeatsTheProofAndNoSeedDoesNot) {
  const auto proof_of = [&](std::vector<std::string> more) {
    std::vector<std::string> arguments{"prove", "--srs-path", "kzg.srs", "--proof-path", "p.json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Outcome o = ok(arguments);
    EXPECT_EQ(contains(o.err, "tests only"), !more.empty());
    const std::string text = here().read("p.json");
    return text.substr(text.find("hex_proof"), 2000);
  };
  EXPECT_EQ(proof_of({"--seed", "7"}), proof_of({"--seed=7"}));
  EXPECT_NE(proof_of({}), proof_of({}));
}

TEST_F(Pipeline, AProfileNamesThePhasesAndWritesATrace) {
  const Outcome setup =
      ok({"setup", "--srs-path", "kzg.srs", "--vk-path", "p.vk", "--pk-path", "p.pk", "--profile", "setup-trace.json"});
  for (const char* phase : {"\nsetup ", "\n  keys ", "\n    commit permutation "}) {
    EXPECT_TRUE(contains(setup.err, phase)) << phase << setup.err;
  }
  EXPECT_TRUE(contains(here().read("setup-trace.json"), "\"traceEvents\":[{"));
  const Outcome prove = ok({"prove", "--profile", "--srs-path", "kzg.srs", "--proof-path", "p.json"});
  for (const char* phase :
       {"\nprove ", "\n  proof ", "\n    quotient ", "\n      coset x4 ", "\n        transforms "}) {
    EXPECT_TRUE(contains(prove.err, phase)) << phase << prove.err;
  }
  EXPECT_TRUE(contains(here().read("profile.json"), "\"name\":\"quotient\""));
  EXPECT_FALSE(contains(ok({"prove", "--srs-path", "kzg.srs", "--proof-path", "p.json"}).err, "quotient"));
}

TEST_F(Pipeline, ALimitOnMemoryIsKeptOrRefused) {
  const auto limited = [](const char* size) {
    return std::vector<std::string>{"prove", "--srs-path",   "kzg.srs", "--proof-path", "m.json", "--seed",
                                    "7",     "--max-memory", size};
  };
  const auto bytes_of = [&](const std::string& text) { return text.substr(text.find("hex_proof"), 2000); };
  ok({"prove", "--srs-path", "kzg.srs", "--proof-path", "m.json", "--seed", "7"});
  const std::string free = bytes_of(here().read("m.json"));
  std::vector<std::string> profiled = limited("1G");
  profiled.insert(profiled.end(), {"--profile", "limited-trace.json"});
  const std::string said = ok(profiled).err;
  const std::string kept = "all coefficients are kept: about ";
  ASSERT_TRUE(contains(said, kept)) << said;
  EXPECT_EQ(bytes_of(here().read("m.json")), free);
  // The whole process is the table's first line, its peak the last number.
  const std::size_t whole = said.find("\nprove ");
  const std::string line = said.substr(whole + 1, said.find('\n', whole + 1) - whole - 1);
  const double predicted = std::stod(said.substr(said.find(kept) + kept.size())) + 1;
  // Sanitizers hold back what was freed.
  EXPECT_LE(std::stod(line.substr(line.rfind(' '))), ezkl::testing::sanitized ? 2 * predicted : predicted) << said;
  const Outcome small = refused(limited("1.5M"));
  EXPECT_TRUE(contains(small.err, "a limit of 1 MiB") && contains(small.err, "at least about")) << small.err;
  for (const char* size : {"0", "-5M", "much", "M", "1T"}) {
    EXPECT_EQ(here().run({"prove", std::string("--max-memory=") + size}).code, 2) << size;
  }
}

TEST_F(Pipeline, SetupBeginsOnlyWithinItsLimit) {
  const auto limited = [](const char* size) {
    return std::vector<std::string>{"setup",     "--srs-path", "kzg.srs",      "--vk-path", "m.vk",
                                    "--pk-path", "m.pk",       "--max-memory", size};
  };
  const Outcome small = refused(limited("1.5M"));
  EXPECT_TRUE(contains(small.err, "the limit is 1 MiB")) << small.err;
  EXPECT_FALSE(fs::exists(here() / "m.pk"));
  ok(limited("1G"));
  EXPECT_EQ(here().read("m.pk"), here().read("pk.key"));
}

TEST_F(Pipeline, AFalseWitnessIsRefusedAndLeavesNoProof) {
  std::string witness = here().read("witness.json");
  const std::size_t at = witness.rfind("\"outputs\":[[\"") + 13;
  witness[at] = witness[at] == '0' ? '1' : '0';
  here().write("false.json", witness);
  for (const char* command : {"mock", "prove"}) {
    std::vector<std::string> arguments{command, "-W", "false.json"};
    if (std::string(command) == "prove")
      arguments.insert(arguments.end(), {"--srs-path", "kzg.srs", "--proof-path", "f.json"});
    EXPECT_TRUE(contains(refused(arguments).err, "output 0")) << command;
  }
  EXPECT_FALSE(here().has("f.json"));
  ok({"mock"});
}

TEST_F(Pipeline, FilesThatDoNotBelongTogetherAreNamed) {
  ok({"gen-srs", "--srs-path", "other.srs", "--logrows", "8"});
  EXPECT_TRUE(contains(refused({"prove", "--srs-path", "other.srs", "--proof-path", "x.json"}).err, "another setup"));
  EXPECT_TRUE(contains(refused({"verify", "--srs-path", "other.srs"}).err, "proof.json"));
  ok({"gen-srs", "--srs-path", "small.srs", "--logrows", "5"});
  EXPECT_TRUE(contains(refused({"setup", "--srs-path", "small.srs"}).err, "small.srs"));
  ok({"gen-settings", "-O", "other.json", "-K", "9", "--decomp-base", "64", "--decomp-legs", "4"});
  ok({"compile-circuit", "-S", "other.json", "--compiled-circuit", "other.compiled"});
  EXPECT_TRUE(
      contains(refused({"prove", "-M", "other.compiled", "--srs-path", "kzg.srs", "--proof-path", "x.json"}).err,
               "another compiled model"));
  EXPECT_TRUE(contains(refused({"verify", "-S", "other.json", "--srs-path", "kzg.srs"}).err, "vk.key"));
  EXPECT_TRUE(contains(refused({"mock", "-M", "network.onnx"}).err, "ONNX file"));
  EXPECT_TRUE(contains(refused({"mock", "-M", "settings.json"}).err, "JSON file"));
  EXPECT_TRUE(contains(refused({"setup", "--srs-path", "nothing.srs"}).err, "nothing.srs"));
  EXPECT_FALSE(here().has("x.json"));
}

TEST_F(Pipeline, AFailingSetupKeepsBothOldKeys) {
  const std::string vk = here().read("vk.key"), pk = here().read("pk.key");
  refused({"setup", "--srs-path", "kzg.srs", "--pk-path", "no/such/folder/pk.key"});
  EXPECT_EQ(here().read("vk.key"), vk);
  EXPECT_EQ(here().read("pk.key"), pk);
}

TEST_F(Pipeline, TheVerifyingKeyComesBackFromTheProvingKey) {
  ok({"gen-vk-from-pk", "--vk-path", "again.key"});
  EXPECT_EQ(here().read("again.key"), here().read("vk.key"));
  EXPECT_LT(fs::file_size(here() / "pk.key"), 64u << 10);
}

TEST_F(Pipeline, UncompressedSelectorsWorkToo) {
  ok({"setup", "--srs-path", "kzg.srs", "--disable-selector-compression", "--vk-path", "u.vk", "--pk-path", "u.pk"});
  ok({"prove", "--srs-path", "kzg.srs", "--pk-path", "u.pk", "--proof-path", "u.json"});
  ok({"verify", "--srs-path", "kzg.srs", "--vk-path", "u.vk", "--proof-path", "u.json"});
  refused({"verify", "--srs-path", "kzg.srs", "--vk-path", "u.vk"});
}

TEST_F(Pipeline, DataComesInManyForms) {
  const std::string want = here().read("witness.json");
  const std::string inline_json = R"({"input_data": [[0.5, -0.25, 0.8125, -0.6875]]})";
  const std::string array = EZKL_TEST_DATA "/models/mlp_input.npy";
  for (const std::string& data : {inline_json, std::string("@input.json"), array}) {
    ok({"gen-witness", "-D", data, "-O", "w.json"});
    EXPECT_EQ(here().read("w.json"), want) << data;
  }
  EXPECT_TRUE(contains(refused({"gen-witness", "-D", R"({"input_data": [[1, 2]]})", "-O", "bad.json"}).err,
                       "takes 4 elements, the list holds 2"));
  EXPECT_TRUE(
      contains(refused({"gen-witness", "-D", "{\"input_data\": [[1,", "-O", "bad.json"}).err, "not valid JSON"));
  EXPECT_FALSE(here().has("bad.json"));
}

TEST_F(Pipeline, SettingsAreCalibratedOnSeveralSamples) {
  fs::copy(here() / "settings.json", here() / "calibrated.json", fs::copy_options::overwrite_existing);
  const std::vector<std::string> calibrate{"calibrate-settings", "-O", "calibrated.json", "--scales", "5,6", "-D"};
  const auto with = [&](const std::string& data) {
    auto arguments = calibrate;
    arguments.push_back(data);
    return arguments;
  };
  const Outcome o = ok(with(EZKL_TEST_DATA "/models/mlp_samples.npz"));
  EXPECT_TRUE(contains(o.out, "input scale  param scale")) << o.out;
  EXPECT_EQ(std::count(o.out.begin(), o.out.end(), '\n'), 7) << o.out;  // head, 3 pairs by 2 multipliers
  EXPECT_TRUE(contains(here().read("calibrated.json"), "\"param_scale\":6"));
  const std::string uneven = R"({"input_data": [[1, 2, 3]]})";
  EXPECT_TRUE(contains(refused(with(uneven)).err, "not a multiple of the 4 of shape [1, 4]"));
}

TEST_F(Pipeline, AccuracyIsReportedInThreeForms) {
  const Outcome o = ok({"accuracy", "--json", "accuracy.json", "--html", "accuracy.html"});
  EXPECT_TRUE(contains(o.out, "own error")) << o.out;
  EXPECT_TRUE(contains(here().read("accuracy.json"), "\"classified_alike\":"));
  EXPECT_TRUE(contains(here().read("accuracy.html"), "Outputs at other scales"));
}

TEST_F(Pipeline, ModelsAreDrawn) {
  EXPECT_TRUE(contains(ok({"table"}).out, "Einsum"));
  EXPECT_TRUE(contains(ok({"table", "--format", "dot"}).out, "digraph"));
  ok({"table", "--format", "svg", "-o", "network.svg"});
  EXPECT_TRUE(here().read("network.svg").ends_with("</svg>\n"));
  EXPECT_EQ(here().run({"table", "--format", "png"}).code, 2);
}

TEST_F(Pipeline, AMessageNamesAFileOnce) {
  here().write("text.onnx", "no model");
  const std::vector<std::vector<std::string>> commands = {{"gen-settings", "-O", "unused.json"},
                                                          {"table"},
                                                          {"gen-random-data", "-D", "unused.json"},
                                                          {"compile-circuit"},
                                                          {"accuracy"},
                                                          {"calibrate-settings", "-D", "input.json"}};
  for (const char* file : {"text.onnx", "absent.onnx"}) {
    for (auto arguments : commands) {
      arguments.insert(arguments.end(), {"-M", file});
      const std::string err = refused(arguments).err;
      const auto first = err.find(file);
      ASSERT_NE(first, std::string::npos) << err;
      EXPECT_EQ(err.find(file, first + 1), std::string::npos) << err;
    }
  }
  const std::string err = refused({"gen-settings", "-O", "unused.json", "-D", "absent.json"}).err;
  EXPECT_FALSE(contains(err, "network.onnx")) << err;
}

TEST_F(Pipeline, FixedValuesArePartOfTheKey) {
  ok({"gen-settings", "-O", "f.json", "-K", "8", "--decomp-base", "64", "--decomp-legs", "4", "--output-visibility",
      "fixed"});
  ok({"compile-circuit", "-S", "f.json", "--compiled-circuit", "f.compiled"});
  ok({"gen-witness", "-M", "f.compiled", "-O", "one.json"});
  ok({"gen-witness", "-M", "f.compiled", "-D", R"({"input_data": [[1, 1, 1, 1]]})", "-O", "two.json"});
  const std::vector<std::string> setup{"setup", "-M", "f.compiled", "--srs-path", "kzg.srs", "--pk-path", "f.pk"};
  const auto with = [](std::vector<std::string> words, std::initializer_list<std::string> more) {
    words.insert(words.end(), more);
    return words;
  };
  EXPECT_TRUE(contains(here().run(with(setup, {"--vk-path", "x.vk"})).err, "--witness"));
  EXPECT_FALSE(here().has("x.vk"));
  ok(with(setup, {"--vk-path", "two.vk", "--witness", "two.json"}));
  ok(with(setup, {"--vk-path", "one.vk", "--witness", "one.json"}));
  EXPECT_NE(here().read("one.vk"), here().read("two.vk"));
  const std::vector<std::string> prove{"prove",     "-M",   "f.compiled",   "--srs-path", "kzg.srs",
                                       "--pk-path", "f.pk", "--proof-path", "fixed.json"};
  EXPECT_TRUE(contains(refused(with(prove, {"-W", "two.json"})).err, "fixed inputs or outputs"));
  ok(with(prove, {"-W", "one.json"}));
  const std::vector<std::string> verify{"verify",  "-S",           "f.json",    "--srs-path",
                                        "kzg.srs", "--proof-path", "fixed.json"};
  ok(with(verify, {"--vk-path", "one.vk"}));
  refused(with(verify, {"--vk-path", "two.vk"}));
}

TEST_F(Pipeline, ALimitOnTheCircuitIsKept) {
  const Outcome o =
      here().run({"compile-circuit", "--compiled-circuit", "big.compiled"}, {"EZKL_MAX_CIRCUIT_AREA=1000"});
  EXPECT_EQ(o.code, 1);
  EXPECT_TRUE(contains(o.err, "EZKL_MAX_CIRCUIT_AREA")) << o.err;
  EXPECT_FALSE(here().has("big.compiled"));
}

TEST_F(Pipeline, SettingsFitTheDataWhateverTheScale) {
  for (const char* scale : {"7", "30", "60"}) {
    ok({"gen-settings", "-O", "s.json", "--input-scale", scale});
    ok({"compile-circuit", "-S", "s.json", "--compiled-circuit", "s.compiled"});
    ok({"gen-witness", "-M", "s.compiled", "-O", "s.witness"});
    ok({"mock", "-M", "s.compiled", "-W", "s.witness"});
  }
  // What was given stays as it is.
  ok({"gen-settings", "-O", "s.json", "--input-scale", "30", "--decomp-base", "64", "--decomp-legs", "4"});
  EXPECT_TRUE(contains(here().read("s.json"), "\"decomp_base\":64,\"decomp_legs\":4"));
}

TEST_F(Pipeline, EvmFilesAreWritten) {
  ok({"encode-evm-calldata"});
  ok({"create-evm-vka", "--srs-path", "kzg.srs"});
  ok({"encode-evm-calldata", "--vka-path", "vka.bytes", "--calldata-path", "reusable.bytes"});
  EXPECT_LT(fs::file_size(here() / "calldata.bytes"), fs::file_size(here() / "reusable.bytes"));
  ok({"create-evm-verifier", "--srs-path", "kzg.srs"});
  EXPECT_TRUE(contains(here().read("evm_deploy.sol"), "contract Halo2Verifier"));
  EXPECT_TRUE(contains(here().read("verifier_abi.json"), "verifyProof"));
}

TEST_F(Pipeline, ProofInHexadecimal) {
  const std::string hex = ok({"print-proof-hex"}).out;
  EXPECT_TRUE(contains(hex, "[0x"));
  const std::string proof = here().read("proof.json");
  const std::size_t at = proof.find("hex_proof\":\"0x") + 14;
  EXPECT_TRUE(contains(hex, proof.substr(at, 200)));
}

}  // namespace
