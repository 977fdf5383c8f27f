#include "proved_folder.hpp"

void ProvedFolder::SetUpTestSuite() {
  here_ = new Scratch;
  std::filesystem::copy(EZKL_TEST_DATA "/models/mlp.onnx", here() / "network.onnx");
  std::filesystem::copy(EZKL_TEST_DATA "/models/mlp_input.json", here() / "input.json");
  ok({"gen-settings", "-K", "8", "--decomp-base", "64", "--decomp-legs", "4", "-N", "2", "-B=-10->10"});
  ok({"compile-circuit"});
  ok({"gen-srs", "--srs-path", "kzg.srs", "--logrows", "9"});
  setup_ = ok({"setup", "--srs-path", "kzg.srs"});
  ok({"gen-witness"});
  ok({"prove", "--srs-path", "kzg.srs"});
}

void ProvedFolder::TearDownTestSuite() { delete here_; }

Outcome ProvedFolder::ok(const std::vector<std::string>& arguments) {
  Outcome o = here().run(arguments);
  EXPECT_EQ(o.code, 0) << arguments[0] << ": " << o.err;
  EXPECT_TRUE(o.err.ends_with("succeeded\n")) << o.err;
  return o;
}

Outcome ProvedFolder::refused(const std::vector<std::string>& arguments) {
  Outcome o = here().run(arguments);
  EXPECT_EQ(o.code, 1) << arguments[0] << ": " << o.out << o.err;
  EXPECT_FALSE(contains(o.err, "succeeded"));
  EXPECT_TRUE(contains(o.err, "ezkl: " + arguments[0] + ": ")) << o.err;
  return o;
}
