// ezkl run: every step once, and again only what is no longer up to date.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "program.hpp"

namespace {

namespace fs = std::filesystem;

const std::vector<std::string> steps{"gen-settings", "compile-model", "gen-srs", "setup", "gen-witness", "prove"};

class Run : public testing::Test {
 protected:
  void SetUp() override {
    fs::copy(EZKL_TEST_DATA "/models/mlp.onnx", here_ / "network.onnx");
    fs::copy(EZKL_TEST_DATA "/models/mlp_input.json", here_ / "input.json");
  }
  Outcome run(std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"run", "--test-setup"});
    return here_.run(more);
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
