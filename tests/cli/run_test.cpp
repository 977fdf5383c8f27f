// ezkl run: every step once, and again only what is no longer up to date.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "program.hpp"

namespace {

namespace fs = std::filesystem;

const std::vector<std::string> steps{"gen-settings", "compile-model", "gen-srs", "setup", "gen-witness", "prove"};

/// Members of protocol buffers.
std::string member(int number, const std::string& bytes) {
  std::string out(1, static_cast<char>(number << 3 | 2));
  if (bytes.size() >= 128) out += static_cast<char>(bytes.size() % 128 + 128);
  return out + static_cast<char>(bytes.size() >= 128 ? bytes.size() / 128 : bytes.size()) + bytes;
}
std::string member(int number, int value) { return {static_cast<char>(number << 3), static_cast<char>(value)}; }

/// y = x + w, of two floats each, with w in the file w.bin.
std::string model_with_external_data() {
  const auto value = [](const std::string& name) {
    const std::string shape = member(1, member(1, 2));
    return member(1, name) + member(2, member(1, member(1, 1) + member(2, shape)));
  };
  const std::string w = member(1, 2) + member(2, 1) + member(8, std::string("w")) +
                        member(13, member(1, std::string("location")) + member(2, std::string("w.bin"))) +
                        member(14, 1);
  const std::string add = member(1, std::string("x")) + member(1, std::string("w")) + member(2, std::string("y")) +
                          member(4, std::string("Add"));
  const std::string graph =
      member(1, add) + member(2, std::string("g")) + member(5, w) + member(11, value("x")) + member(12, value("y"));
  return member(1, 8) + member(7, graph) + member(8, member(2, 13));
}

class Run : public testing::Test {
 protected:
  void SetUp() override {
    fs::copy(EZKL_TEST_DATA "/models/mlp.onnx", here_ / "network.onnx");
    fs::copy(EZKL_TEST_DATA "/models/mlp_input.json", here_ / "input.json");
  }
  Outcome run(std::vector<std::string> more = {}, const std::vector<std::string>& environment = {}) {
    more.insert(more.begin(), {"run", "--test-setup"});
    return here_.run(more, environment);
  }
  /// Which steps were not up to date.
  static std::vector<std::string> done(const Outcome& o) {
    std::vector<std::string> out;
    for (const std::string& step : steps) {
      const bool kept = contains(o.err, "ezkl] - " + step + ": up to date\n");
      EXPECT_NE(kept, contains(o.err, "ezkl] - " + step + "\n")) << step << "\n" << o.err;
      if (!kept) out.push_back(step);
    }
    return out;
  }
  using Names = std::vector<std::string>;

  Scratch here_;
};

TEST_F(Run, GoesFromAModelToACheckedProofAndDoesNothingTwice) {
  const Outcome first = run();
  ASSERT_EQ(first.code, 0) << first.err;
  EXPECT_EQ(done(first), steps);
  EXPECT_TRUE(first.out.ends_with("\nverified: true\n")) << first.out;
  const std::string proof = here_.read("proof.json"), key = here_.read("vk.key");
  const Outcome second = run();
  EXPECT_EQ(second.code, 0) << second.err;
  EXPECT_EQ(done(second), Names());
  EXPECT_TRUE(contains(second.err, "nothing was made again")) << second.err;
  EXPECT_EQ(second.out, first.out);
  EXPECT_EQ(here_.read("proof.json"), proof);
  // The keys and proofs of the single commands.
  EXPECT_EQ(here_.run({"verify", "--srs-path", "kzg.srs"}).code, 0);
}

TEST_F(Run, MakesAgainWhatWasChangedOrTakenAway) {
  ASSERT_EQ(run().code, 0);
  fs::remove(here_ / "proof.json");
  EXPECT_EQ(done(run()), Names{"prove"});
  here_.write("pk.key", here_.read("pk.key") + "x");
  EXPECT_EQ(done(run()), Names{"setup"});  // which gives the same keys, so that the proof is still of them
  here_.write("witness.json", "{}");
  EXPECT_EQ(done(run()), Names{"gen-witness"});
  here_.write("run.steps", "garbage\nprove 00\n");
  EXPECT_EQ(done(run()), steps);
}

TEST_F(Run, AProofOfOtherNumbersIsNotKept) {
  ASSERT_EQ(run().code, 0);
  std::string proof = here_.read("proof.json");
  const std::size_t digit = proof.find("instances") + 20;
  proof[digit] = proof[digit] == '1' ? '2' : '1';
  here_.write("proof.json", proof);
  const Outcome o = run();
  EXPECT_EQ(done(o), Names{"prove"});
  EXPECT_EQ(o.code, 0) << o.err;
}

TEST_F(Run, ExternalDataThatChangedIsReadAgain) {
  here_.write("network.onnx", model_with_external_data());
  here_.write("input.json", R"({"input_data": [[0.5, 0.25]]})");
  here_.write("w.bin", std::string("\0\0\x80\x3f\0\0\x80\x3f", 8));  // 1, 1
  const Outcome first = run();
  ASSERT_EQ(first.code, 0) << first.err;
  EXPECT_TRUE(contains(first.out, ": 1.5, 1.25")) << first.out;
  EXPECT_EQ(done(run()), Names());
  here_.write("w.bin", std::string("\0\0\0\x40\0\0\0\x40", 8));  // 2, 2
  const Outcome second = run();
  EXPECT_EQ(second.code, 0) << second.err;
  EXPECT_TRUE(contains(second.out, ": 2.5, 2.25")) << second.out;
}

// Settings, keys, setup and proof of another model, and a record that fits them but is of who made it: in a folder from
// somebody else nothing of it is believed.
TEST_F(Run, AFolderFromSomebodyElseIsNotBelieved) {
  ASSERT_EQ(run({"--input-visibility", "public"}, {"EZKL_REPO_PATH=mine"}).code, 0);
  const Names forged{"settings.json",    "model.compiled", "vk.key",    "pk.key",
                     "vk.manifest.json", "kzg.srs",        "proof.json"};
  std::vector<std::string> before;
  for (const std::string& name : forged) before.push_back(here_.read(name));
  const Outcome o = run({"--input-visibility", "public"}, {"EZKL_REPO_PATH=theirs"});
  EXPECT_EQ(o.code, 0) << o.err;
  EXPECT_EQ(done(o), steps);
  for (const char* name : {"kzg.srs", "vk.key", "proof.json"}) {
    const std::size_t i = std::size_t(std::find(forged.begin(), forged.end(), name) - forged.begin());
    EXPECT_NE(here_.read(name), before[i]) << name;
  }
  EXPECT_EQ(done(run({"--input-visibility", "public"}, {"EZKL_REPO_PATH=theirs"})), Names());
  EXPECT_EQ(fs::status(here_.path() / "theirs" / "run.secret").permissions(), fs::perms(0600));
}

// A record whose digests anybody can make is what folders of strangers hold.
TEST_F(Run, ARecordIsKnownByASecretOnly) {
  ASSERT_EQ(run().code, 0);
  here_.write("home/run.secret", "short");
  EXPECT_EQ(done(run()), steps);
  EXPECT_EQ(done(run()), Names());
  here_.write("file", "no folder");
  const Outcome none = run({}, {"EZKL_REPO_PATH=file"});
  EXPECT_EQ(none.code, 0) << none.err;
  EXPECT_EQ(done(none), steps);
  EXPECT_TRUE(contains(none.err, "there is no secret to know an earlier run's record by")) << none.err;
}

TEST_F(Run, EveryVisibilityFindsItsOrder) {
  for (const std::vector<std::string>& shown :
       std::vector<std::vector<std::string>>{{"--input-visibility", "fixed"},
                                             {"--input-visibility", "polycommit"},
                                             {"--input-visibility", "fixed", "--output-visibility", "polycommit"},
                                             {"--input-visibility", "hashed", "--param-visibility", "polycommit"}}) {
    std::vector<std::string> arguments = shown;
    arguments.insert(arguments.end(), {"--folder", "a/b"});
    const Outcome o = run(arguments);
    EXPECT_EQ(o.code, 0) << shown[1] << o.err;
    EXPECT_FALSE(here_.has("proof.json"));
    EXPECT_EQ(done(run(arguments)), Names()) << shown[1];
  }
}

TEST_F(Run, SaysWhatIsMissing) {
  EXPECT_EQ(run({"--srs-path", "kzg.srs"}).code, 2);
  fs::remove(here_ / "input.json");
  const Outcome o = run();
  EXPECT_EQ(o.code, 1);
  EXPECT_TRUE(contains(o.err, "run: gen-settings: input.json: ")) << o.err;
  EXPECT_TRUE(contains(o.err, "ezkl gen-random-data")) << o.err;
}

TEST_F(Run, SettingsSayWhatAProofWillTake) {
  const Outcome small = here_.run({"gen-settings"});
  EXPECT_TRUE(contains(small.err, "a proof is predicted to take 0.1 s of processor time")) << small.err;
  EXPECT_FALSE(contains(small.err, "ezkl split")) << small.err;
  const Outcome large = here_.run({"gen-settings", "-K", "26"}, {"EZKL_CPU=portable", "OMP_NUM_THREADS=1"});
  EXPECT_EQ(large.code, 0) << large.err;
  EXPECT_TRUE(contains(large.err, "a smaller --logrows will do")) << large.err;
}

}  // namespace
