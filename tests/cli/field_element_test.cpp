// Field elements as a user meets them: membership in a set of hashes, and a sum of balances whose owners are committed
// to.
#include <gtest/gtest.h>

#include "program.hpp"

namespace {

namespace fs = std::filesystem;

/// Hashes of 11, 22, 33 and 44.
constexpr const char* members[] = {"88b022c9c886b036a2d7e949f94561b5fc57afa6ed3214f44e3e8f488f735116",
                                   "004b6485013a54cd6a890e3e999a86c9f64209781935a7c7d375db7afdd8bd0f",
                                   "ebfc05a3ac6a826ab7e714775a48cdd02828bd42af7b99f340e2af677a555809",
                                   "d38125dea8443bd57ca0b7d9b2888762d775f52ea9f99a79fa0774859be5b926"};

std::string member_list() {
  std::string out;
  for (const char* member : members) out += (out.empty() ? "\"" : ", \"") + std::string(member) + "\"";
  return out;
}

/// A page's text without its line breaks.
std::string flat(const std::string& page) {
  std::string out;
  for (const char c : page) {
    const bool space = c == ' ' || c == '\n';
    if (!space || out.empty() || out.back() != ' ') out += space ? ' ' : c;
  }
  return out;
}

class FieldElements : public ::testing::Test {
 protected:
  Outcome run(const std::vector<std::string>& arguments) const { return here_.run(arguments); }
  Outcome ok(const std::vector<std::string>& arguments) const {
    Outcome o = run(arguments);
    EXPECT_EQ(o.code, 0) << arguments[0] << ": " << o.err;
    return o;
  }
  std::string refused(const std::vector<std::string>& arguments, int code = 1) const {
    const Outcome o = run(arguments);
    EXPECT_EQ(o.code, code) << arguments[0] << ": " << o.out << o.err;
    return o.err;
  }
  void take(const char* model) const { fs::copy(fs::path(EZKL_TEST_DATA "/models") / model, here_ / "network.onnx"); }
  Outcome settings(const std::string& logrows, const std::string& input, const std::string& output) const {
    return ok({"gen-settings",
               "-K",
               logrows,
               "-S",
               "0",
               "--param-scale",
               "0",
               "--decomp-base",
               "64",
               "--decomp-legs",
               "3",
               "-N",
               "2",
               "-B=-10->10",
               "--input-visibility",
               input,
               "--param-visibility",
               "fixed",
               "--output-visibility",
               output,
               "--ignore-range-check-inputs-outputs"});
  }
  void keys(const std::string& logrows, const std::vector<std::string>& values = {}) const {
    ok({"gen-srs", "--srs-path", "kzg.srs", "--logrows", logrows});
    std::vector<std::string> setup{"setup", "--srs-path", "kzg.srs"};
    setup.insert(setup.end(), values.begin(), values.end());
    ok(setup);
  }
  void set_of(const std::string& name, const std::string& x) const {
    here_.write(name, "{\"input_data\": [[" + x + "], [" + member_list() + "]]}");
  }

  Scratch here_;
};

TEST_F(FieldElements, OnlyWhoKnowsTheMessageOfAHashProvesThatItIsInTheSet) {
  take("set_membership.onnx");
  set_of("input.json", "33");
  set_of("other.json", "34");
  settings("9", "hashed/private/0", "fixed");
  ok({"compile-circuit"});
  const Outcome witness = ok({"gen-witness"});
  EXPECT_TRUE(contains(witness.err, "not checked against the float model") && contains(witness.err, "hashes of inputs"))
      << witness.err;
  const std::string text = here_.read("witness.json");
  EXPECT_TRUE(contains(text, "\"outputs\":[[\"" + std::string(64, '0') + "\"],[\"" + members[0]));
  EXPECT_TRUE(contains(text, std::string("\"processed_inputs\":{\"poseidon_hash\":[\"") + members[2] + "\"]"));
  keys("9", {"-W", "witness.json"});
  ok({"mock"});
  ok({"prove", "--srs-path", "kzg.srs"});
  const Outcome verified = ok({"verify", "--srs-path", "kzg.srs"});
  EXPECT_TRUE(contains(flat(verified.out), "computes with the hashes")) << verified.out;
  // 34 is not in the set: its product is another, which the key does not hold.
  ok({"gen-witness", "-D", "other.json", "-O", "other.witness.json"});
  refused({"prove", "--srs-path", "kzg.srs", "-W", "other.witness.json", "--proof-path", "other.proof.json"});
  // A witness that says 0 all the same.
  std::string forged = here_.read("other.witness.json");
  const std::size_t at = forged.rfind("\"outputs\":[[\"") + 13;
  forged.replace(at, 64, std::string(64, '0'));
  here_.write("forged.json", forged);
  EXPECT_TRUE(contains(refused({"mock", "-W", "forged.json"}), "the witness is false"));
}

TEST_F(FieldElements, TheFloatModelHasNothingToSayOfThem) {
  take("set_membership.onnx");
  set_of("input.json", "33");
  settings("9", "hashed/private/0", "public");
  ok({"compile-circuit"});
  const std::string error = refused({"gen-witness", "--max-error", "0.1"}, 2);
  EXPECT_TRUE(contains(error, "nothing to compare with") && contains(error, "hashes of inputs")) << error;
  EXPECT_FALSE(here_.has("witness.json"));
}

TEST_F(FieldElements, WhatIsShownOfThemIsShownAsSuch) {
  take("set_membership.onnx");
  set_of("input.json", "34");
  settings("9", "hashed/private/0", "public");
  ok({"compile-circuit"});
  keys("9");
  ok({"gen-witness"});
  ok({"prove", "--srs-path", "kzg.srs"});
  const Outcome verified = ok({"verify", "--srs-path", "kzg.srs"});
  EXPECT_TRUE(
      contains(flat(verified.out), "field element 0x0f8f0d01ff25a73077b03f6b4306d85d132179501c029989324c8d401f42ea54"))
      << verified.out;
  EXPECT_TRUE(
      contains(flat(verified.out), "field element 0x1651738f488f3e4ef41432eda6af57fcb56145f949e9d7a236b086c8c922b088"));
  EXPECT_TRUE(contains(verified.out, "NOT checked"));
}

TEST_F(FieldElements, DataThatHoldThemMarkTheInputs) {
  take("set_membership.onnx");
  set_of("input.json", "33");
  std::vector<std::string> settings{"gen-settings",
                                    "-D",
                                    "input.json",
                                    "-S",
                                    "0",
                                    "--param-scale",
                                    "0",
                                    "--input-visibility",
                                    "hashed/private/0",
                                    "--output-visibility",
                                    "public"};
  const std::string error = flat(refused(settings));
  EXPECT_TRUE(contains(error, "input 'y' holds field elements") && contains(error, "--ignore-range-check")) << error;
  settings.emplace_back("--ignore-range-check-inputs-outputs");
  const Outcome made = ok(settings);
  EXPECT_TRUE(contains(made.err, "not checked against the float model")) << made.err;
  EXPECT_TRUE(contains(here_.read("settings.json"), "\"field_inputs\":[1]}"));
  ok({"compile-circuit"});
  ok({"gen-witness"});
  ok({"mock"});
}

TEST_F(FieldElements, BalancesAreSummedAndTheirOwnersCommittedTo) {
  take("solvency.onnx");
  const auto balances = [&](const std::string& name, const std::string& list) {
    here_.write(name, "{\"input_data\": [[" + member_list() + "], [" + list + "]]}");
  };
  balances("input.json", "10, 20, 30, 39");
  balances("broke.json", "10, 20, 30, 40");
  settings("8", "polycommit", "public");
  ok({"compile-circuit"});
  keys("8");
  const std::vector<std::string> witness{"gen-witness", "--vk-path", "vk.key", "--srs-path", "kzg.srs"};
  const Outcome made = ok(witness);
  EXPECT_TRUE(contains(made.err, "not checked against the float model: inputs are field elements")) << made.err;
  ok({"mock"});
  ok({"prove", "--srs-path", "kzg.srs"});
  const std::string shown = unwrapped(ok({"verify", "--srs-path", "kzg.srs", "--input", "input.json"}).out);
  EXPECT_TRUE(contains(shown, "at scale 0: 1\n") && contains(shown, "commitment ")) << shown;
  refused({"verify", "--srs-path", "kzg.srs", "--input", "broke.json"});
  auto broke = witness;
  broke.insert(broke.end(), {"-D", "broke.json"});
  ok(broke);
  ok({"prove", "--srs-path", "kzg.srs"});
  EXPECT_TRUE(contains(ok({"verify", "--srs-path", "kzg.srs"}).out, "at scale 0: 0\n"));
}

TEST_F(FieldElements, AModelThatNeedsTheirSizeNamesTheNode) {
  fs::copy(EZKL_TEST_DATA "/models/mlp.onnx", here_ / "network.onnx");
  here_.write("input.json", "{\"input_data\": [[" + member_list() + "]]}");
  settings("12", "private", "public");
  ok({"compile-circuit"});
  const std::string error = refused({"gen-witness"});
  EXPECT_TRUE(contains(error, "node '") && contains(error, "is the field element 0x")) << error;
  EXPECT_FALSE(here_.has("witness.json"));
}

}  // namespace
