#include "recipe/recipe.hpp"

#include <gtest/gtest.h>

#include "../fault_of.hpp"
#include "recipe/commands.hpp"

namespace ezkl::service {
namespace {

using ezkl::testing::fault_of;
using Words = std::vector<std::string>;

TEST(LilithRecipe, ReadsTheOlderPublishedShape) {
  const Recipe recipe = parse_recipe(R"([
    {"ezkl_command": {"GenWitness": {"data": "input_1.json", "compiled_circuit": "model.compiled", "output": "witness.json",
                                     "vk_path": null, "srs_path": null}}, "working_dir": "digits"},
    {"ezkl_command": {"Prove": {"witness": "witness.json", "compiled_circuit": "model.compiled", "pk_path": "pk.key",
       "proof_path": "proof.json", "srs_path": null, "proof_type": "Single", "check_mode": "UNSAFE"}},
     "working_dir": "digits"}])");
  EXPECT_EQ(recipe.artifact, "digits");
  ASSERT_EQ(recipe.steps.size(), 2u);
  EXPECT_EQ(recipe.steps[0].arguments, (Words{"gen-witness", "--data=input_1.json", "--compiled-circuit=model.compiled",
                                              "--output=witness.json"}));
  EXPECT_EQ(recipe.steps[1].arguments, (Words{"prove", "--witness=witness.json", "--compiled-circuit=model.compiled",
                                              "--pk-path=pk.key", "--proof-path=proof.json", "--check-mode=unsafe"}));
  // The witness passes between the two and does not come back.
  EXPECT_EQ(recipe.keep, Words{"proof.json"});
}

TEST(LilithRecipe, ReadsTheNewerPublishedShape) {
  const Recipe recipe = parse_recipe(R"({"commands": [
    {"artifact": "digits@3", "deployment": null, "binary": "ezkl",
     "command": ["gen-witness", "--data input.json", "--output w 1.json"], "output_path": ["w 1.json"]}],
    "data": [{"target_path": "input.json", "data": {"input_data": [[1.50, -2]]}}], "memory": 1073741824, "priority": "high"})");
  EXPECT_EQ(recipe.version, 3);
  EXPECT_EQ(recipe.steps[0].arguments, (Words{"gen-witness", "--data=input.json", "--output=w 1.json"}));
  EXPECT_EQ(recipe.keep, Words{"w 1.json"});
  EXPECT_EQ(recipe.texts.at("input.json").substr(0, 15), R"({"input_data":[)");
  EXPECT_EQ(recipe.memory, 1073741824u);
  EXPECT_EQ(recipe.priority, 1);
}

TEST(LilithRecipe, ReadsRunArguments) {
  const Recipe recipe = parse_recipe(R"([{"GenSettings": {"model": "network.onnx", "settings_path": "settings.json",
    "args": {"input_scale": -1, "lookup_range": [-8, 8], "param_visibility": "Fixed", "variables": [["batch_size", 1]]}}}])");
  EXPECT_EQ(recipe.steps[0].arguments,
            (Words{"gen-settings", "--model=network.onnx", "--settings-path=settings.json", "--input-scale=-1",
                   "--lookup-range=-8->8", "--param-visibility=fixed", "--variables=batch_size->1"}));
}

TEST(LilithRecipe, RefusesByName) {
  for (const char* const bad : {
           R"([])",
           R"([{"ezkl_command": {"Prove": {"witnes": "w.json"}}}])",
           R"([{"ezkl_command": {"Prove": {"proof_type": "Aggregate"}}}])",
           R"([{"ezkl_command": {"DeployEvm": {}}}])",
           R"([{"ezkl_command": {"GetSrs": {}}}])",
           R"([{"Prove": {}, "Verify": {}}])",
           R"([{"Prove": {"witness": "/etc/passwd"}}])",
           R"([{"Prove": {"witness": "a/../../x"}}])",
           R"([{"Prove": {"pk_path": "-x"}}])",
           R"([{"GenWitness": {"data": "@/etc/passwd"}}])",
           R"([{"command": ["prove", "--seed 1"]}])",
           R"([{"command": ["prove", "--profile"]}])",
           R"([{"command": ["prove", "--split parts"]}])",
           R"([{"binary": "sh", "command": ["prove"]}])",
           R"([{"artifact": "../x", "command": ["prove"]}])",
           R"([{"artifact": "a", "command": ["prove"]}, {"artifact": "b", "command": ["prove"]}])",
           R"({"commands": [{"Prove": {}}], "memry": 5})",
           R"({"commands": [{"Prove": {}}], "memory": 5})",
           R"({"commands": [{"Prove": {}}], "keep": ["../x"]})",
           R"({"commands": [{"Prove": {}}], "files": {"x": "abc"}})",
           R"({"commands": [{"Prove": {}}], "data": [{"target_path": "/x", "data": {}}]})",
       }) {
    EXPECT_EQ(fault_of([&] { parse_recipe(bad); }), Fault::usage) << bad;
  }
  for (const char* const bad :
       {"", "{", "5", "{}", R"([5])", R"({"commands": 5})", R"([{"Prove": {"witness": true}}])"}) {
    const Fault fault = fault_of([&] { parse_recipe(bad); });
    EXPECT_TRUE(fault == Fault::format || fault == Fault::usage) << bad;
  }
}

TEST(LilithRecipe, PassesThroughTheLedger) {
  const Recipe recipe =
      parse_recipe(R"([{"Setup": {"srs_path": "kzg.srs"}}, {"command": ["prove", "--max-memory 5M"]}])");
  EXPECT_EQ(recipe.keep, (Words{"vk.key", "pk.key", "vk.manifest.json", "proof.json"}));
  const std::string digest(64, 'a');
  const std::string body = recipe_body(recipe, {{"kzg.srs", digest}});
  const AttemptSpec spec = spec_of(body, "u", 1000, 2, 3);
  EXPECT_EQ(spec.files.at("kzg.srs"), digest);
  EXPECT_EQ(spec.steps[0].arguments, (Words{"setup", "--srs-path=kzg.srs", "--max-memory=900"}));
  EXPECT_EQ(spec.steps[1].arguments, (Words{"prove", "--max-memory=5M"}));
  EXPECT_EQ(spec.keep, recipe.keep);
  EXPECT_EQ(commands_of(body)[0], R"({"Setup":{"srs_path":"kzg.srs"}})");
}

TEST(LilithCommands, KnowWhatTheyReadAndWrite) {
  const GivenCommand given = parse_arguments(Words{"prove", "-W", "w.json", "--pk-path=k"});
  EXPECT_EQ(given.reads(), (Words{"w.json", "model.compiled", "k"}));
  EXPECT_EQ(given.writes(), Words{"proof.json"});
  const GivenCommand text = parse_arguments(Words{"gen-witness", "-D", R"({"input_data": [[1]]})"});
  EXPECT_EQ(text.reads(), Words{"model.compiled"});
  EXPECT_EQ(fault_of([] { parse_arguments(Words{"prove", "--pk-path"}); }), Fault::usage);
  EXPECT_EQ(fault_of([] { parse_arguments(Words{"verify", "--json=1"}); }), Fault::usage);
}

}  // namespace
}  // namespace ezkl::service
