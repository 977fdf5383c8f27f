// Hostile, foreign and damaged files: every command answers with one short paragraph and status 1, whatever lay in the
// file, and what it would have written stays as it was.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <random>

#include "program.hpp"

namespace {

namespace fs = std::filesystem;

/// A command with the files that it reads and those that it writes.
struct Step {
  std::vector<std::string> words;
  std::vector<std::string> reads, writes;
};

const std::vector<Step>& steps() {
  static const std::vector<Step> all{
      {{"gen-settings", "-K", "8"}, {"network.onnx"}, {"settings.json"}},
      {{"gen-settings", "-D", "input.json"}, {"network.onnx", "input.json"}, {"settings.json"}},
      {{"calibrate-settings"}, {"network.onnx", "settings.json", "input.json"}, {"settings.json"}},
      {{"compile-circuit"}, {"network.onnx", "settings.json"}, {"model.compiled"}},
      {{"setup", "--srs-path", "kzg.srs"}, {"model.compiled", "kzg.srs"}, {"vk.key", "pk.key"}},
      {{"gen-witness"}, {"input.json", "model.compiled"}, {"witness.json"}},
      {{"mock"}, {"witness.json", "model.compiled"}, {}},
      {{"prove", "--srs-path", "kzg.srs"}, {"witness.json", "model.compiled", "pk.key", "kzg.srs"}, {"proof.json"}},
      {{"verify", "--srs-path", "kzg.srs"}, {"settings.json", "proof.json", "vk.key", "kzg.srs"}, {}},
      {{"accuracy"}, {"network.onnx", "settings.json", "input.json"}, {}},
      {{"table"}, {"network.onnx"}, {}},
      {{"encode-evm-calldata"}, {"proof.json"}, {"calldata.bytes"}},
      {{"create-evm-verifier", "--srs-path", "kzg.srs"}, {"settings.json", "vk.key", "kzg.srs"}, {"evm_deploy.sol"}},
      {{"create-evm-vka", "--srs-path", "kzg.srs"}, {"settings.json", "vk.key", "kzg.srs"}, {"vka.bytes"}},
      {{"gen-vk-from-pk"}, {"pk.key"}, {"vk.key"}},
      {{"print-proof-hex"}, {"proof.json"}, {}},
      {{"gen-random-data", "--overwrite"}, {"network.onnx"}, {"input.json"}},
  };
  return all;
}

const std::vector<std::string> artifacts{"network.onnx", "input.json", "settings.json", "model.compiled", "kzg.srs",
                                         "vk.key",       "pk.key",     "witness.json",  "proof.json"};

/// A model taken the whole way, made once; a test works on a copy.
class BadInput : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    model_ = new Scratch;
    fs::copy(EZKL_TEST_DATA "/models/mlp.onnx", *model_ / "network.onnx");
    fs::copy(EZKL_TEST_DATA "/models/mlp_input.json", *model_ / "input.json");
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{"gen-settings", "-K", "8", "--decomp-base", "64", "--decomp-legs", "4"},
          {"compile-circuit"},
          {"gen-srs", "--srs-path", "kzg.srs", "--logrows", "8"},
          {"setup", "--srs-path", "kzg.srs"},
          {"gen-witness"},
          {"prove", "--srs-path", "kzg.srs"}}) {
      const Outcome o = model_->run(words);
      ASSERT_EQ(o.code, 0) << words[0] << ": " << o.err;
    }
  }
  static void TearDownTestSuite() { delete model_; }

  void SetUp() override { restore(); }

  void restore() {
    for (const std::string& name : artifacts) restore(name);
  }
  void restore(const std::string& name) {
    fs::remove_all(here_ / name);
    fs::copy(*model_ / name, here_ / name);
  }

  /// Runs the step, whose file `name` was replaced, and looks at what a user would see.
  void expect_refusal(const Step& step, const std::string& name, const std::string& what) {
    std::vector<std::pair<std::string, std::string>> before;
    for (const std::string& file : step.writes) {
      if (file != name) before.emplace_back(file, here_.has(file) ? here_.read(file) : "");
    }
    const Outcome o = here_.run(step.words);
    const std::string place = step.words[0] + ", " + name + " " + what;
    EXPECT_EQ(o.code, 1) << place << "\n" << o.out << o.err;
    EXPECT_NE(o.err.find("ezkl: " + step.words[0] + ": "), std::string::npos) << place << ": " << o.err;
    EXPECT_EQ(o.err.find("ezkl: " + step.words[0] + ": internal"), std::string::npos) << place << ": " << o.err;
    EXPECT_LT(std::count(o.err.begin(), o.err.end(), '\n'), 12) << place << ": " << o.err;
    EXPECT_LT(o.err.size(), 3000u) << place;
    EXPECT_EQ(o.err.find("succeeded"), std::string::npos) << place;
    for (const auto& [file, content] : before) {
      EXPECT_EQ(here_.has(file) ? here_.read(file) : "", content) << place << " changed " << file;
    }
    for (const auto& entry : fs::directory_iterator(here_.path())) {
      const std::string left = entry.path().filename();
      EXPECT_TRUE(left == ".out" || left == ".err" || left == "home" ||
                  std::count(artifacts.begin(), artifacts.end(), left))
          << place << " left " << left;
    }
  }

  Scratch here_;

  static inline Scratch* model_ = nullptr;
};

TEST_F(BadInput, MissingEmptyCutAndForeignFilesAreRefused) {
  std::mt19937 generator(1);
  for (const Step& step : steps()) {
    for (const std::string& name : step.reads) {
      const std::string good = here_.read(name);
      fs::remove(here_ / name);
      expect_refusal(step, name, "missing");
      fs::create_directory(here_ / name);
      expect_refusal(step, name, "a folder");
      fs::remove(here_ / name);
      here_.write(name, "");
      expect_refusal(step, name, "empty");
      here_.write(name, good.substr(0, good.size() / 2));
      expect_refusal(step, name, "cut in half");
      std::string noise(good.size(), '\0');
      for (char& c : noise) c = static_cast<char>(generator());
      here_.write(name, noise);
      expect_refusal(step, name, "noise");
      here_.write(name, std::string(200000, '['));
      expect_refusal(step, name, "nested deeply");
      for (const std::string& other : artifacts) {
        if (other == name) continue;
        here_.write(name, model_->read(other));
        expect_refusal(step, name, "a copy of " + other);
      }
      restore();
    }
  }
}

// A single changed byte may go unnoticed where it carries nothing (a name inside the model, say); it may never crash,
// leave half a file, or let verify accept.
TEST_F(BadInput, AChangedByteNeverCrashes) {
  std::mt19937 generator(2);
  for (const Step& step : steps()) {
    for (const std::string& name : step.reads) {
      const std::string good = here_.read(name);
      for (int trial = 0; trial < 6; ++trial) {
        std::string bytes = good;
        bytes[generator() % bytes.size()] ^= static_cast<char>(1u << generator() % 8);
        here_.write(name, bytes);
        const Outcome o = here_.run(step.words);
        EXPECT_TRUE(o.code >= 0 && o.code <= 2) << step.words[0] << ", " << name << " trial " << trial << ": " << o.err;
        EXPECT_LT(o.err.size(), 3000u) << step.words[0] << ", " << name;
      }
      restore();
    }
  }
}

TEST_F(BadInput, TheModelIsNamedByNodeAndOperator) {
  std::string model = here_.read("network.onnx");
  model.replace(model.find("Gemm"), 4, "Gemx");
  here_.write("network.onnx", model);
  const std::string said = here_.run({"gen-settings"}).err;
  EXPECT_NE(said.find("Gemx"), std::string::npos) << said;
  EXPECT_NE(said.find("node 'h'"), std::string::npos) << said;
}

TEST_F(BadInput, InputOfTheWrongCountShapeOrType) {
  const auto said = [&](const std::string& data) {
    const Outcome o = here_.run({"gen-witness", "-D", data});
    EXPECT_EQ(o.code, 1) << data << o.out;
    return o.err;
  };
  const auto expect = [&](const std::string& data, const std::string& part) {
    const std::string text = said(data);
    EXPECT_NE(text.find(part), std::string::npos) << data << ": " << text;
  };
  expect(R"({"input_data": [[1, 2, 3]]})", "4 elements");
  expect(R"({"input_data": []})", "input");
  expect(R"({"input_data": [[1, 2, "x", 4]]})", "element 2");
  expect(R"({"input_data": [[1, 2, {"a": 1}, 4]]})", "element 2");
  expect(R"({"input_data": {"url": "x"}})", "input_data");
  expect(R"({"inputs": [[1, 2, 3, 4]]})", "input_data");
  expect(R"([1, 2, 3, 4])", "object");
  EXPECT_EQ(here_.read("witness.json"), model_->read("witness.json"));
}

TEST_F(BadInput, AValueOutOfRangeNamesNodeValueAndFlag) {
  const std::string said = here_.run({"gen-witness", "-D", R"({"input_data": [[1000000, 0, 0, 0]]})"}).err;
  for (const char* part : {"node 'x'", "element 0", "128000000", "--decomp-legs"}) {
    EXPECT_NE(said.find(part), std::string::npos) << part << ": " << said;
  }
}

TEST_F(BadInput, SettingsThatAskForTheImpossible) {
  const std::string good = here_.read("settings.json");
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    here_.write("settings.json", text.replace(at, from.size(), to));
    const Outcome o = here_.run({"compile-circuit"});
    EXPECT_EQ(o.code, 1) << to << o.out;
    EXPECT_LT(o.err.size(), 3000u) << o.err;
    return o.err;
  };
  EXPECT_NE(with("\"logrows\":8", "\"logrows\":400").find("logrows"), std::string::npos);
  EXPECT_NE(with("\"logrows\":8", "\"logrows\":5").find("logrows"), std::string::npos);
  EXPECT_NE(with("\"decomp_base\":64", "\"decomp_base\":0").find("decomp"), std::string::npos);
  EXPECT_NE(with("\"num_inner_cols\":2", "\"num_inner_cols\":0").find("--num-inner-cols"), std::string::npos);
  EXPECT_NE(with("\"num_inner_cols\":2", "\"num_inner_cols\":99999999999999999999").find("num_inner_cols"),
            std::string::npos);
  EXPECT_NE(with("\"input_visibility\":\"Private\"", "\"input_visibility\":\"Secret\"").find("input_visibility"),
            std::string::npos);
}

TEST_F(BadInput, TheProofIsReadStrictly) {
  const std::string good = here_.read("proof.json");
  const auto verdict = [&](const std::string& text) {
    here_.write("proof.json", text);
    const Outcome o = here_.run({"verify", "--srs-path", "kzg.srs"});
    EXPECT_EQ(o.code, 1) << o.out;
    EXPECT_EQ(o.out.find("verified: true"), std::string::npos);
    return o.err;
  };
  const std::size_t hex = good.find("hex_proof\":\"0x") + 14;
  const std::size_t bytes = good.find("\"proof\":[") + 9;
  ASSERT_GT(bytes, 9u);
  std::string longer = good;
  longer.insert(good.find(']', bytes), ",0");
  verdict(longer);
  std::string off = good;
  off[hex + 5] = off[hex + 5] == '0' ? '1' : '0';
  verdict(off);
  // p + 1 where a canonical field element belongs.
  std::string instance = good;
  instance.replace(instance.find("[[\"") + 3, 64, "020000f093f5e1439170b97948e833285d588181b64550b829a031e1724e6430");
  EXPECT_NE(verdict(instance).find("not below the modulus"), std::string::npos);
}

/// Runs the program with a limit on the size of files, as a full disk would stop it, or kills it after some time.
int run_limited(const Scratch& here, const std::vector<std::string>& words, rlim_t bytes, useconds_t kill_after) {
  std::vector<std::string> all{EZKL_PROGRAM};
  all.insert(all.end(), words.begin(), words.end());
  std::vector<char*> argv;
  for (std::string& w : all) argv.push_back(w.data());
  argv.push_back(nullptr);
  const pid_t child = ::fork();
  if (child == 0) {
    if (::chdir(here.path().c_str()) != 0 || !::freopen("/dev/null", "w", stdout) ||
        !::freopen("/dev/null", "w", stderr))
      ::_exit(126);
    if (bytes != 0) {
      const rlimit limit{bytes, bytes};
      ::setrlimit(RLIMIT_FSIZE, &limit);
      ::signal(SIGXFSZ, SIG_IGN);
    }
    ::execv(argv[0], argv.data());
    ::_exit(127);
  }
  if (kill_after != 0) {
    ::usleep(kill_after);
    ::kill(child, SIGKILL);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

TEST_F(BadInput, AFullDiskAndAKilledProcessLeaveTheOldFiles) {
  for (const Step& step : steps()) {
    if (step.writes.empty()) continue;
    std::vector<std::string> before;
    for (const std::string& file : step.writes) before.push_back(here_.has(file) ? here_.read(file) : "");
    EXPECT_EQ(run_limited(here_, step.words, 16, 0), 1) << step.words[0];
    for (std::size_t i = 0; i < before.size(); ++i) {
      EXPECT_EQ(here_.has(step.writes[i]) ? here_.read(step.writes[i]) : "", before[i]) << step.words[0];
    }
    for (const auto& entry : fs::directory_iterator(here_.path())) {
      const std::string left = entry.path().filename();
      EXPECT_TRUE(left == "home" || std::count(artifacts.begin(), artifacts.end(), left))
          << step.words[0] << " left " << left;
    }
  }
  const std::vector<std::string> prove{"prove", "--srs-path", "kzg.srs"};
  for (useconds_t after = 500; after < 60000; after += 4000) {
    run_limited(here_, prove, 0, after);
    // Whole: the old proof or a new one, never something between.
    ASSERT_EQ(here_.run({"verify", "--srs-path", "kzg.srs"}).code, 0) << "killed after " << after << " us";
  }
}

}  // namespace
