#include "artifact/settings_file.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "base/files.hpp"
#include "ezkl/error.hpp"

namespace ezkl {
namespace {

namespace fs = std::filesystem;

std::string golden_text() { return read_text(EZKL_TEST_DATA "/golden/hashed_input/settings.json"); }

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

void expect_refused(const std::string& text, const std::string& phrase, Fault fault = Fault::format) {
  try {
    parse_settings(text, "settings.json");
    FAIL() << "accepted: " << phrase;
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), fault);
    EXPECT_NE(std::string(e.what()).find(phrase), std::string::npos) << e.what();
  }
}

TEST(SettingsFile, PublishedFilesAreWrittenBackTheSame) {
  for (const char* root : {EZKL_TEST_DATA "/golden", EZKL_SHARED "/vectors/golden"}) {
    if (!fs::is_directory(root)) continue;
    for (const auto& entry : fs::directory_iterator(root)) {
      const auto path = entry.path() / "settings.json";
      if (!fs::exists(path)) continue;
      const auto settings = read_settings(path);
      const std::string written = settings_text(settings);
      // The published package writes the axes of an equation in no fixed order: with them sorted the texts agree.
      EXPECT_EQ(settings_text(parse_settings(written, "again")), written) << path;
      EXPECT_EQ(written.size(), fs::file_size(path)) << path;
      if (settings.einsum_equations.empty()) {
        EXPECT_EQ(written, read_text(path)) << path;
      }
    }
  }
}

/// Those of the other proof system: settings of PLONK with what it adds.
GraphSettings sumcheck_settings() {
  GraphSettings out;
  out.run_args.proof_system = ProofSystem::sumcheck;
  out.run_args.input_visibility.kind = Visibility::Kind::public_;
  out.run_args.sumcheck = {10, 14, 21, true};
  out.run_args.logrows = 11;
  out.run_args.semantics = Semantics::onnx;
  return out;
}

TEST(SettingsFile, ProofSystemIsKept) {
  const std::string text = settings_text(sumcheck_settings());
  EXPECT_NE(text.find(R"("semantics":"onnx","proof_system":"sumcheck"})"), std::string::npos) << text;
  EXPECT_TRUE(text.ends_with(R"("sumcheck":{"format":1,"row_bits":10,"limb_bits":14,"tree_bits":21,"hiding":false}})"))
      << text;
  const GraphSettings read = parse_settings(text, "settings.json");
  EXPECT_EQ(read.run_args, sumcheck_settings().run_args);
  EXPECT_EQ(settings_text(read), text);
  // PLONK's say nothing of it.
  EXPECT_EQ(settings_text(GraphSettings{}).find("proof_system"), std::string::npos);
  EXPECT_EQ(settings_text(GraphSettings{}).find("sumcheck"), std::string::npos);
}

TEST(SettingsFile, RefusesWhatTheSumcheckSystemCannotBe) {
  const std::string text = settings_text(sumcheck_settings());
  const auto refused = [&](const char* from, const char* to, const char* phrase, Fault fault = Fault::format) {
    expect_refused(replaced(text, from, to), phrase, fault);
  };
  refused(R"("proof_system":"sumcheck")", R"("proof_system":"plonk")", "unknown proof system 'plonk'");
  refused(R"(,"proof_system":"sumcheck")", "", "field `sumcheck` without run_args.proof_system");
  refused(R"(,"sumcheck":{"format":1,"row_bits":10,"limb_bits":14,"tree_bits":21,"hiding":false})", "",
          "missing field `sumcheck`");
  refused(R"("format":1)", R"("format":2)", "format 2", Fault::unsupported);
  refused(R"("hiding":false)", R"("hiding":true)", "hide nothing yet");
  refused(R"("row_bits":10)", R"("row_bits":2)", "row_bits of 2");
  refused(R"("row_bits":10)", R"("row_bits":40)", "row_bits of 40");
  refused(R"("row_bits":10)", R"("row_bits":9)", "`run_args.logrows` is 11");
  refused(R"("limb_bits":14)", R"("limb_bits":0)", "limb_bits of 0");
  refused(R"("tree_bits":21)", R"("tree_bits":28)", "tree_bits of 28");
  refused(R"("tree_bits":21,)", "", "missing field `tree_bits`");
  refused(R"("input_visibility":"Public")", R"("input_visibility":"Private")", "inputs of visibility private");
  refused(R"("output_visibility":"Public")", R"("output_visibility":"KZGCommit")", "outputs of visibility polycommit");
  refused(R"("param_visibility":"Fixed")", R"("param_visibility":{"Hashed":{"hash_is_public":true,"outlets":[]}})",
          "parameters of visibility hashed");
  refused(R"("ignore_range_check_inputs_outputs":false)", R"("ignore_range_check_inputs_outputs":true)",
          "waives no range checks");
  refused(R"("check_mode":"UNSAFE","decomp)", R"("check_mode":"UNSAFE","commitment":"IPA","decomp)", "KZG commitments");
}

TEST(SettingsFile, ReadsWhatTheFileSays) {
  const auto settings = parse_settings(golden_text(), "settings.json");
  EXPECT_EQ(settings.run_args.logrows, 9u);
  EXPECT_EQ(settings.run_args.input_visibility.kind, Visibility::Kind::hashed_public);
  EXPECT_EQ(settings.run_args.output_visibility.kind, Visibility::Kind::public_);
  EXPECT_EQ(settings.poseidon_counts, std::vector<std::size_t>{1});
  EXPECT_EQ(settings.run_args.semantics, Semantics::published);
  EXPECT_EQ(settings.version, "23.0.5");
}

TEST(SettingsFile, SemanticsStandInTheFileOnlyWhenOnnx) {
  auto settings = parse_settings(golden_text(), "settings.json");
  EXPECT_EQ(settings_text(settings).find("semantics"), std::string::npos);
  settings.run_args.semantics = Semantics::onnx;
  const std::string text = settings_text(settings);
  EXPECT_NE(text.find(R"("semantics":"onnx"})"), std::string::npos);
  EXPECT_EQ(parse_settings(text, "settings.json").run_args.semantics, Semantics::onnx);
}

TEST(SettingsFile, KeepsWideIntegersLookupsAndVisibilities) {
  auto settings = parse_settings(golden_text(), "settings.json");
  settings.required_range_checks = {{-(Int128{1} << 100), (Int128{1} << 120) + 1}};
  settings.required_lookups = {{"IsOdd", {}},
                               {"Exp", {{"scale", 256.0f}, {"base", 2.7182817f}}},
                               {"Pow", {{"scale", 128.0f}, {"a", 0.1f}}},
                               {"Div", {{"denom", 3.0f}}}};
  settings.run_args.input_visibility = {Visibility::Kind::hashed_private, {0, 2}};
  settings.run_args.epsilon = 1e-300;
  settings.timestamp.reset();
  const std::string text = settings_text(settings);
  EXPECT_NE(text.find(R"(["IsOdd",{"Exp":{"scale":256.0,"base":2.7182817}},{"Pow":{"scale":128.0,"a":0.1}},)"
                      R"({"Div":{"denom":3.0}}])"),
            std::string::npos)
      << text;
  const auto again = parse_settings(text, "settings.json");
  EXPECT_EQ(again.required_range_checks, settings.required_range_checks);
  EXPECT_EQ(again.required_lookups, settings.required_lookups);
  EXPECT_EQ(again.run_args, settings.run_args);
  EXPECT_FALSE(again.timestamp.has_value());
}

TEST(SettingsFile, InputsOfFieldElementsStandWhereThePublishedReaderLooksAway) {
  auto settings = parse_settings(golden_text(), "settings.json");
  EXPECT_TRUE(settings.field_inputs.empty());
  EXPECT_EQ(settings_text(settings).find("field_inputs"), std::string::npos);
  settings.field_inputs = {0, 2};
  const std::string text = settings_text(settings);
  EXPECT_NE(text.find(R"("field_inputs":[0,2]},"num_rows")"), std::string::npos) << text;
  EXPECT_EQ(parse_settings(text, "settings.json").field_inputs, settings.field_inputs);
}

TEST(SettingsFile, OlderFilesGetTheirOldMeaning) {
  std::string text = replaced(golden_text(), R"("disable_freivalds":false)", R"("commitment":"KZG")");
  EXPECT_TRUE(parse_settings(text, "settings.json").run_args.disable_freivalds);
  text = replaced(golden_text(), R"("num_shuffles":0,"total_shuffle_col_size":0,)",
                  R"("shuffle_params":{"num_shuffles":3,"total_shuffle_col_size":7},)");
  EXPECT_EQ(parse_settings(text, "settings.json").num_shuffles, 3u);
  EXPECT_EQ(parse_settings(text, "settings.json").total_shuffle_col_size, 7u);
}

TEST(SettingsFile, IpaSettingsHaveTheFormOfTheReleasesThatKnowIt) {
  std::string text = replaced(golden_text(), R"("decomp_base")", R"("commitment":"IPA","decomp_base")");
  const GraphSettings settings = parse_settings(text, "settings.json");
  EXPECT_EQ(settings.run_args.commitment, Commitment::ipa);
  const std::string written = settings_text(settings);
  EXPECT_NE(written.find(R"("check_mode":"UNSAFE","commitment":"IPA","decomp_base")"), std::string::npos) << written;
  EXPECT_EQ(written.find("einsum_params"), std::string::npos);
  EXPECT_EQ(settings_text(parse_settings(written, "again")), written);
  EXPECT_EQ(settings_text(parse_settings(golden_text(), "g")).find(R"("commitment")"), std::string::npos);
  expect_refused(replaced(text, "IPA", "FRI"), "settings.json: run_args: commitment: ");
  text = replaced(text, R"("IPA")", "null");
  EXPECT_EQ(parse_settings(text, "settings.json").run_args.commitment, Commitment::kzg);
}

TEST(SettingsFile, UnknownTopLevelFieldIsOnlyAWarning) {
  const std::string text = replaced(golden_text(), R"({"run_args")", R"({"foo":1,"run_args")");
  EXPECT_EQ(settings_text(parse_settings(text, "settings.json")), settings_text(parse_settings(golden_text(), "g")));
}

TEST(SettingsFile, ErrorsNameFileAndField) {
  expect_refused(replaced(golden_text(), R"("logrows":9)", R"("logrows":9.0)"), "settings.json: run_args: logrows: ");
  expect_refused(replaced(golden_text(), R"("num_rows")", R"("num_raws")"), "missing field `num_rows`");
  expect_refused(replaced(golden_text(), R"("version":"23.0.5")", R"("version":1)"), "version");
  expect_refused(replaced(golden_text(), R"("param_visibility":"Private")", R"("param_visibility":"private")"),
                 "param_visibility: unknown visibility 'private'");
  expect_refused(replaced(golden_text(), R"("required_lookups":[])", R"("required_lookups":["Exp"])"), "'Exp'");
  expect_refused(replaced(golden_text(), R"("required_lookups":[])", R"("required_lookups":["Foo"])"), "'Foo'",
                 Fault::unsupported);
  expect_refused(replaced(golden_text(), R"("logrows":9)", R"("logrows":9,"logrows":9)"), "logrows");
  for (const char* const scale : {"-2147483648", "1001", "-1001"}) {
    for (const std::string member : {"model_output_scales", "model_input_scales"}) {
      std::string text = golden_text();
      const std::size_t at = text.find("\"" + member + "\":[") + member.size() + 4, end = text.find(']', at);
      expect_refused(text.replace(at, end - at, scale), "scale " + std::string(scale) + ", expected -1000 to 1000");
    }
  }
  expect_refused(golden_text() + "x", "settings.json");
  expect_refused("", "settings.json");
}

}  // namespace
}  // namespace ezkl
