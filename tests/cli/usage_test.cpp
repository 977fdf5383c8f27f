// The command line itself: what is a usage error, what help and completions say.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "program.hpp"

namespace {

const char* const commands[] = {"run",
                                "check",
                                "gen-settings",
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
      {"calibrate-settings", "--target", "accurcy"},
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

TEST(Usage, NegativeNumbersAreValues) {
  const Scratch here;
  for (const std::vector<std::string>& form : {std::vector<std::string>{"--input-scale=-1"},
                                               {"-S=-1"},
                                               {"-S-1"},
                                               {"--input-scale", "-1"},
                                               {"-S", "-1"},
                                               {"-B", "-10:20"},
                                               {"-B", "-10->20"}}) {
    std::vector<std::string> arguments{"gen-settings"};
    arguments.insert(arguments.end(), form.begin(), form.end());
    const Outcome o = here.run(arguments);
    EXPECT_EQ(o.code, 1) << form[0] << o.err;
    EXPECT_TRUE(contains(o.err, "network.onnx")) << o.err;
  }
  EXPECT_EQ(here.run({"calibrate-settings", "--scales", "-2,4"}).code, 1);
  EXPECT_EQ(here.run({"gen-settings", "--disable-freivalds", "-1"}).code, 2);
  EXPECT_EQ(here.run({"gen-settings", "-1"}).code, 2);
}

TEST(Usage, NamesAndRangesNeedNoQuotes) {
  const Scratch here;
  for (const char* form : {"batch_size=4", "batch_size->4", "a.b/c:0=3,n=2"}) {
    const Outcome o = here.run({"gen-settings", "--variables", form});
    EXPECT_EQ(o.code, 1) << form << o.err;
  }
  for (const char* form : {"batch_size", "batch_size-", "=4", "batch_size=", "batch_size=x"}) {
    const Outcome o = here.run({"gen-settings", "--variables", form});
    EXPECT_EQ(o.code, 2) << form << o.err;
  }
  // What is left of batch_size->4 when a shell has made a file of the rest.
  EXPECT_TRUE(contains(here.run({"gen-settings", "--variables", "batch_size-"}).err, "redirection"));
  EXPECT_TRUE(contains(here.run({"gen-settings", "--lookup-range=-10-"}).err, "as in -32768:32768"));
}

TEST(Usage, InputsThatTheModelDoesNotHaveAreRefused) {
  const Scratch here;
  std::filesystem::copy(EZKL_TEST_DATA "/models/mlp.onnx", here / "network.onnx");
  const std::pair<std::vector<std::string>, const char*> cases[] = {
      {{"--input-shape", "y=1,4"}, "the model has no input 'y', it has 'x'"},
      {{"--input-shape", "x=1,4,1"},
       "input 'x' has 2 axes, its shape was given with 3 sizes; give all of them: --input-shape 'x=1,4'"},
      {{"--input-shape", "x=8"},
       "input 'x' has 2 axes, its shape was given with 1 size; give all of them: --input-shape 'x=8,4'"},
      {{"--input-shape", "x=1,5"}, "axis 1 of input 'x' is 4 in the model, not 5"},
      {{"--input-shape", "x=0,4"}, "its axis 0 would have size 0"},
      {{"--constant", "z=3"}, "the model has no input 'z', it has 'x'"},
  };
  for (const auto& [words, reason] : cases) {
    std::vector<std::string> arguments{"gen-settings"};
    arguments.insert(arguments.end(), words.begin(), words.end());
    const Outcome o = here.run(arguments);
    EXPECT_EQ(o.code, 2) << o.err;
    EXPECT_TRUE(contains(o.err, reason)) << o.err;
  }
  EXPECT_EQ(here.run({"gen-settings", "--input-shape", "x=2,4"}).code, 0);
}

TEST(Usage, ANearWordIsOffered) {
  const Scratch here;
  EXPECT_TRUE(contains(here.run({"gen-setings"}).err, "is `ezkl gen-settings` meant?"));
  EXPECT_TRUE(contains(here.run({"gen_settings"}).err, "is `ezkl gen-settings` meant?"));
  EXPECT_TRUE(contains(here.run({"Verify"}).err, "is `ezkl verify` meant?"));
  EXPECT_TRUE(contains(here.run({"gen-settings", "--input_visibility=public"}).err, "is --input-visibility meant?"));
  EXPECT_TRUE(contains(here.run({"vreify"}).err, "is `ezkl verify` meant?"));
  EXPECT_TRUE(contains(here.run({"help", "prov"}).err, "is `ezkl prove` meant?"));
  EXPECT_TRUE(contains(here.run({"-q", "setpu"}).err, "is `ezkl setup` meant?"));
  EXPECT_TRUE(contains(here.run({"gen-settings", "--imput-scale", "4"}).err, "is --input-scale meant?"));
  EXPECT_TRUE(contains(here.run({"gen-settings", "-input-scale", "4"}).err, "is --input-scale meant?"));
  EXPECT_TRUE(contains(here.run({"gen-settings", "-input-scale=4"}).err, "is --input-scale meant?"));
  EXPECT_TRUE(contains(here.run({"gen-witness", "--model", "m"}).err, "is --compiled-circuit meant?"));
  EXPECT_TRUE(contains(here.run({"gen-witness", "--input", "i"}).err, "is --data meant?"));
  EXPECT_TRUE(contains(here.run({"gen-witness", "--witness", "w"}).err, "is --output meant?"));
  EXPECT_TRUE(contains(here.run({"setup", "--settings-path", "s"}).err, "is --compiled-circuit meant?"));
  const Outcome far = here.run({"frobnicate"});
  EXPECT_EQ(far.code, 2);
  EXPECT_FALSE(contains(far.err, "meant?")) << far.err;
}

TEST(Usage, AMissingFileIsNamedWithTheCommandThatMakesIt) {
  const Scratch here;
  const std::pair<std::vector<std::string>, const char*> cases[] = {
      {{"compile-model"}, "`ezkl gen-settings` makes it"},
      {{"setup"}, "`ezkl compile-model` makes it; --compiled-circuit names another"},
      {{"gen-witness"}, "`ezkl compile-model` makes it"},
      {{"mock"}, "`ezkl compile-model` makes it; --model names another"},
      {{"verify", "--settings-path", "s.json"}, "`ezkl gen-settings` makes it"},
      {{"gen-settings"}, "--model names your model's ONNX file"},
      {{"gen-vk-from-pk"}, "`ezkl "},
  };
  for (const auto& [arguments, advice] : cases) {
    const Outcome o = here.run(arguments);
    EXPECT_EQ(o.code, 1);
    EXPECT_TRUE(contains(o.err, advice)) << arguments[0] << ": " << o.err;
  }
  // A folder that is not there is another matter than a file that some command makes.
  here.write("network.onnx", "");
  EXPECT_FALSE(contains(here.run({"gen-settings", "-O", "none/settings.json"}).err, "makes it"));
  EXPECT_TRUE(contains(here.run({"verify-evm", "--rpc-url", "http://127.0.0.1:1"}).err, "deploy-evm writes the file"));
}

TEST(Usage, RandomDataReplaceNothingUnasked) {
  const Scratch here;
  here.write("input.json", "mine");
  const Outcome o = here.run({"gen-random-data"});
  EXPECT_EQ(o.code, 1);
  EXPECT_TRUE(contains(o.err, "--overwrite")) << o.err;
  EXPECT_EQ(here.read("input.json"), "mine");
}

TEST(Usage, HelpFitsEightyColumns) {
  const Scratch here;
  for (const char* command : commands) {
    const std::string help = here.run({command, "--help"}).out;
    std::size_t begin = 0;
    while (begin < help.size()) {
      const std::size_t end = help.find('\n', begin);
      const std::string line = help.substr(begin, end - begin);
      const bool one_word = line.find(' ', line.find_first_not_of(' ')) == std::string::npos;
      EXPECT_TRUE(line.size() <= 80 || one_word) << line;
      begin = end + 1;
    }
  }
}

TEST(Usage, TheManualPageHasEveryCommand) {
  const Scratch here;
  const Outcome o = here.run({"--generate", "man"});
  EXPECT_EQ(o.code, 0) << o.err;
  EXPECT_TRUE(o.out.starts_with(".TH EZKL 1 ")) << o.out.substr(0, 100);
  for (std::string command : commands) {
    for (std::size_t at = 0; (at = command.find('-', at)) != std::string::npos; at += 2) command.insert(at, "\\");
    EXPECT_TRUE(contains(o.out, ".SS ezkl " + command + "\n")) << command;
  }
}

TEST(Usage, HelpOfEveryCommandHasExamples) {
  const Scratch here;
  const Outcome bare = here.run({});
  EXPECT_EQ(bare.code, 2);
  EXPECT_TRUE(contains(bare.err, "Usage: ezkl COMMAND")) << bare.err;
  EXPECT_EQ(bare.out, "");
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
