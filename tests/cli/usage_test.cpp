// The command line itself: what is a usage error, what help and completions say.
#include <gtest/gtest.h>

#include <algorithm>

#include "program.hpp"

namespace {

const char* const commands[] = {"gen-settings",
                                "calibrate-settings",
                                "compile-circuit",
                                "compile-model",
                                "split",
                                "gen-srs",
                                "get-srs",
                                "setup",
                                "manifest",
                                "gen-witness",
                                "mock",
                                "prove",
                                "verify",
                                "table",
                                "gen-random-data",
                                "swap-proof-commitments",
                                "print-proof-hex",
                                "gen-vk-from-pk",
                                "felt-to-int",
                                "felt-to-float",
                                "felt-to-big-endian",
                                "float-to-felt",
                                "buffer-to-felts",
                                "poseidon-hash",
                                "kzg-commit",
                                "ipa-commit",
                                "encode-evm-calldata",
                                "create-evm-verifier",
                                "create-evm-vka"};

TEST(Usage, UsageErrorsEndWithTwoAndOneParagraph) {
  const Scratch here;
  const std::vector<std::vector<std::string>> bad = {
      {"no-such-command"},
      {"gen-set"},
      {"gen-settings", "--logrow", "12"},
      {"gen-settings", "--disable-freivalds=true"},
      {"gen-settings", "--disable-freivalds", "true"},
      {"gen-settings", "--input-scale", "-1"},
      {"gen-settings", "--input-scale", "seven"},
      {"gen-settings", "--lookup-range", "5"},
      {"gen-settings", "--lookup-range", "a->b"},
      {"gen-settings", "--variables", "batch_size"},
      {"gen-settings", "--input-visibility", "secret"},
      {"gen-settings", "--logrows"},
      {"gen-settings", "--logrows="},
      {"gen-settings", "stray"},
      {"gen-srs"},
      {"gen-srs", "--srs-path", "a.srs"},
      {"gen-witness", "--data", "@no_such_file.json"},
      {"prove", "--check-mode", "maybe"},
      {"prove", "--seed", "1.5"},
      {"split"},
      {"split", "--parts", "2", "--max-rows", "1000"},
      {"split", "--parts", "2", "--link", "private"},
      {"prove", "--split", "split", "--witness", "w.json"},
      {"setup", "--split", "split", "--pk-path", "other.key"},
      {"gen-witness", "--split", "split", "--output", "w.json"},
      {"verify", "--split", "split", "--vk-path", "other.key"},
      {"verify", "--split", "split", "--digest", "abc"},
      {"verify", "--digest", "abc"},
      {"--generate", "cmd"},
  };
  for (const auto& arguments : bad) {
    const Outcome o = here.run(arguments);
    EXPECT_EQ(o.code, 2) << arguments[0] << ' ' << arguments.back() << '\n' << o.err;
    EXPECT_TRUE(contains(o.err, "ezkl: ")) << o.err;
    EXPECT_LE(std::count(o.err.begin(), o.err.end(), '\n'), 4) << o.err;
    EXPECT_EQ(o.out, "");
  }
}

TEST(Usage, AMinusWantsAnEqualsSign) {
  const Scratch here;
  for (const char* form : {"--input-scale=-1", "-S=-1", "-S-1"}) {
    const Outcome o = here.run({"gen-settings", form});
    EXPECT_EQ(o.code, 1) << form << o.err;
    EXPECT_TRUE(contains(o.err, "network.onnx")) << o.err;
  }
  EXPECT_TRUE(contains(here.run({"gen-settings", "--input-scale", "-1"}).err, "--input-scale=-1"));
  EXPECT_EQ(here.run({"calibrate-settings", "--scales", "-2,4"}).code, 1);
}

TEST(Usage, HelpOfEveryCommandHasExamples) {
  const Scratch here;
  EXPECT_EQ(here.run({}).code, 1);
  const Outcome all = here.run({"--help"});
  EXPECT_EQ(all.code, 0);
  for (const char* command : commands) {
    EXPECT_TRUE(contains(all.out, command)) << command;
    const Outcome one = here.run({command, "--help"});
    EXPECT_EQ(one.code, 0) << command;
    EXPECT_TRUE(contains(one.out, "Examples:\n  ezkl " + std::string(command))) << one.out;
    EXPECT_EQ(here.run({"help", command}).out, one.out);
  }
  EXPECT_EQ(here.run({"help", "nothing"}).code, 2);
}

TEST(Usage, HelpSaysWhatHashesDoNotHide) {
  const Scratch here;
  const std::string help = here.run({"gen-settings", "--help"}).out;
  std::string words;
  for (const char c : help) {
    if (c != ' ' && c != '\n') words += c;
  }
  EXPECT_TRUE(contains(words, "canbefoundbytrying")) << help;
}

TEST(Usage, VersionNamesKernels) {
  const Scratch here;
  const Outcome o = here.run({"--version"}, {"EZKL_CPU=portable"});
  EXPECT_EQ(o.code, 0);
  EXPECT_TRUE(contains(o.out, "ezkl-cpp 1.0.0 (compatible with 23.0.5)\n")) << o.out;
  EXPECT_TRUE(contains(o.out, "portable")) << o.out;
}

TEST(Usage, CompletionsKnowEveryCommandAndOption) {
  const Scratch here;
  for (const char* shell : {"bash", "zsh", "fish", "elvish", "powershell"}) {
    const Outcome o = here.run({"--generate", shell});
    EXPECT_EQ(o.code, 0) << o.err;
    for (const char* command : commands) EXPECT_TRUE(contains(o.out, command)) << shell << ' ' << command;
    EXPECT_TRUE(contains(o.out, "disable-selector-compression")) << shell;
  }
}

TEST(Usage, WorkingFolderAndLogLevels) {
  const Scratch here;
  EXPECT_TRUE(contains(here.run({"table"}, {"EZKL_WORKING_DIR=/no/such/folder"}).err, "EZKL_WORKING_DIR"));
  here.write("network.onnx", "");
  std::filesystem::create_directory(here / "sub");
  EXPECT_TRUE(
      contains(here.run({"table", "-M", "../network.onnx"}, {"EZKL_WORKING_DIR=" + (here / "sub").string()}).err,
               "../network.onnx"));
  EXPECT_EQ(here.run({"verify"}, {"EZKL_CPU=pdp11"}).code, 2);
}

}  // namespace
