// ezkl check: all that is wrong with a model, and what it takes where nothing is.
#include <gtest/gtest.h>

#include <filesystem>

#include "program.hpp"

namespace {

TEST(Check, EveryBrokenNodeIsNamedAlsoBehindAnother) {
  const Scratch here;
  std::filesystem::copy(EZKL_TEST_DATA "/models/broken.onnx", here / "network.onnx");
  const Outcome o = here.run({"check"});
  EXPECT_EQ(o.code, 1) << o.err;
  EXPECT_TRUE(contains(o.out, "cannot be proved as it is: 3 problems\n")) << o.out;
  for (const char* node : {"node 'places' (NonZero, opset 13)", "node 'behind' (org.example.Frobnicate, opset 1)",
                           "node 'conv' (Conv, opset 13)"}) {
    EXPECT_TRUE(contains(o.out, node)) << node << o.out;
  }
  // What nobody knows the input of is neither right nor wrong.
  EXPECT_FALSE(contains(o.out, "unknown_shape") || contains(o.out, "'join'")) << o.out;
  const std::string json = here.run({"check", "--json"}).out;
  EXPECT_TRUE(json.starts_with(R"({"ok":false,"model":"network.onnx","nodes":7,"problems":[{"fault":)")) << json;
  EXPECT_TRUE(contains(json, R"x("frames":["node 'places' (NonZero, opset 13)"])x")) << json;
  EXPECT_FALSE(contains(json, "\"circuit\":"));
}

TEST(Check, ASoundModelHasAPriceAndLeavesNothingBehind) {
  const Scratch here;
  std::filesystem::copy(EZKL_TEST_DATA "/models/mlp.onnx", here / "network.onnx");
  Outcome o = here.run({"check"});
  EXPECT_EQ(o.code, 0) << o.err;
  EXPECT_TRUE(contains(o.out, "network.onnx: can be proved\n")) << o.out;
  EXPECT_TRUE(contains(o.out, "there were no samples")) << o.out;
  EXPECT_TRUE(contains(o.out, " rows, 2^")) << o.out;
  std::filesystem::copy(EZKL_TEST_DATA "/models/mlp_input.json", here / "input.json");
  o = here.run({"check", "--json"});
  EXPECT_EQ(o.code, 0) << o.err;
  EXPECT_TRUE(
      contains(o.out, R"({"ok":true,"model":"network.onnx","nodes":3,"problems":[],"notes":[],"circuit":{"logrows":)"))
      << o.out;
  for (const char* file : {"settings.json", "model.compiled"}) EXPECT_FALSE(here.has(file)) << file;
}

TEST(Check, NumbersThatDoNotFitAndFilesThatAreNoModel) {
  const Scratch here;
  std::filesystem::copy(EZKL_TEST_DATA "/models/mlp.onnx", here / "network.onnx");
  const Outcome o = here.run({"check", "-D", R"({"input_data": [[1, 2, 3]]})"});
  EXPECT_EQ(o.code, 1);
  EXPECT_TRUE(contains(o.out, "cannot be proved as it is: 1 problem\n")) << o.out;
  EXPECT_EQ(here.run({"check", "-M", "none.onnx"}).code, 1);
  here.write("text.onnx", "no model");
  EXPECT_TRUE(contains(here.run({"check", "-M", "text.onnx"}).out, "1 problem\n"));
}

}  // namespace
