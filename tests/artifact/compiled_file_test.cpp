#include "artifact/compiled_file.hpp"

#include <gtest/gtest.h>

#include "ezkl/error.hpp"

namespace ezkl {
namespace {

std::string refusal_of(const std::vector<std::uint8_t>& bytes) {
  try {
    parse_compiled(bytes, "m");
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), Fault::format);
    return e.what();
  }
  return "accepted";
}

CompiledModel sample() {
  CompiledModel model;
  model.settings.run_args.logrows = 9;
  model.settings.required_range_checks = {{0, 63}};
  Node input;
  input.name = "x";
  input.op.kind = "Input";
  input.shape = {4};
  model.graph.nodes = {input};
  model.settings.model_input_scales = model.settings.model_output_scales = {0};
  model.settings.model_instance_shapes = {{4}};
  model.graph.inputs = model.graph.outputs = {0};
  model.source = {{"network.onnx", std::string(64, 'a')}, {"weights.bin", std::string(64, '0')}};
  model.graph.input_names = {"x"};
  model.graph.output_names = {"y"};
  return model;
}

// Key and proof tell nothing of these, and verifiers read numbers by them.
TEST(CompiledFile, SettingsThatSpeakOfAnotherModelAreRefused) {
  CompiledModel model = sample();
  const GraphSettings good = model.settings;
  const auto refused = [&](void (*change)(GraphSettings&)) {
    model.settings = good;
    change(model.settings);
    return refusal_of(compiled_bytes(model));
  };
  EXPECT_EQ(refused([](GraphSettings&) {}), "accepted");
  EXPECT_EQ(refused([](GraphSettings& s) { s.model_output_scales = {7}; }),
            "m: its settings: the scale of output 0 is 7, the model's is 0");
  EXPECT_EQ(refused([](GraphSettings& s) { s.model_input_scales = {1}; }),
            "m: its settings: the scale of input 0 is 1, the model's is 0");
  EXPECT_EQ(refused([](GraphSettings& s) {
              s.model_instance_shapes = {{2, 2}};
            }),
            "m: its settings: the public tensors have the shapes [2, 2], the model's are [4]");
  EXPECT_EQ(refused([](GraphSettings& s) {
              s.model_instance_shapes = {{3}, {1}};
            }),
            "m: its settings: the public tensors have the shapes [3], [1], the model's are [4]");
  EXPECT_EQ(refused([](GraphSettings& s) { s.output_types = {"Int"}; }),
            "m: its settings: the type of output 0 is 'Int', the model's is F32");
  EXPECT_EQ(refused([](GraphSettings& s) { s.output_types = {"F64"}; }), "accepted");
  EXPECT_EQ(refused([](GraphSettings& s) { s.input_types = {"Unknown"}; }), "accepted");
  EXPECT_NE(refused([](GraphSettings& s) { s.input_types = {"F32", "F32"}; }), "accepted");
}

TEST(CompiledFile, ReadsWhatItWrites) {
  CompiledModel model = sample();
  const auto bytes = compiled_bytes(model);
  EXPECT_EQ(std::string(bytes.begin(), bytes.begin() + 34), "EZKL-CPP compiled model, format 2\n");
  CompiledModel read = parse_compiled(bytes, "m");
  EXPECT_EQ(read.digest, model.digest);
  EXPECT_EQ(read.settings.run_args.logrows, 9u);
  EXPECT_EQ(read.source, model.source);
  EXPECT_EQ(compiled_bytes(read), bytes);
}

TEST(CompiledFile, FormatOneTellsNoSource) {
  CompiledModel model = sample();
  const auto bytes = compiled_bytes(model);
  constexpr std::string_view kind = "EZKL-CPP compiled model, format ";
  const auto payload = unseal(kind, 2, bytes, "m");
  // Two names and digests, and how many there are.
  const std::size_t source = 1 + (1 + 12 + 32) + (1 + 11 + 32);
  const CompiledModel read = parse_compiled(seal(kind, 1, payload.first(payload.size() - source)), "m");
  EXPECT_TRUE(read.source.empty());
  EXPECT_EQ(read.graph.nodes.size(), 1u);
  EXPECT_NE(refusal_of(seal(kind, 1, payload)), "accepted");
  EXPECT_NE(refusal_of(seal(kind, 3, payload)), "accepted");
}

TEST(CompiledFile, ADamagedSourceIsRefused) {
  CompiledModel model = sample();
  const auto bytes = compiled_bytes(model);
  constexpr std::string_view kind = "EZKL-CPP compiled model, format ";
  const auto payload = unseal(kind, 2, bytes, "m");
  for (std::size_t cut = 1; cut <= 90; ++cut) {
    EXPECT_NE(refusal_of(seal(kind, 2, payload.first(payload.size() - cut))), "accepted") << cut;
  }
  std::vector<std::uint8_t> many(payload.begin(), payload.end());
  many[many.size() - 90] = 0x7f;  // how many files there are
  EXPECT_NE(refusal_of(seal(kind, 2, many)), "accepted");
}

TEST(CompiledFile, TheDigestTellsSettingsApart) {
  CompiledModel one = sample(), two = sample();
  two.settings.run_args.logrows = 10;
  compiled_bytes(one);
  compiled_bytes(two);
  EXPECT_NE(one.digest, two.digest);
}

TEST(CompiledFile, NamesWhatAFileIsInstead) {
  const auto contains = [](const std::string& text, const char* part) { return text.find(part) != std::string::npos; };
  EXPECT_TRUE(contains(refusal_of({}), "empty"));
  EXPECT_TRUE(contains(refusal_of({'{', '"', 'a'}), "JSON"));
  EXPECT_TRUE(contains(refusal_of({0x08, 0x07, 0x12, 0x04, 'o', 'n', 'n', 'x', 0x3a}), "ONNX"));
  EXPECT_TRUE(contains(refusal_of({5, 0, 0, 0, 0, 0, 0, 0, 1}), "another ezkl implementation"));
  EXPECT_TRUE(contains(refusal_of({'j', 'u', 'n', 'k', 'j', 'u', 'n', 'k', 'j'}), "not a compiled model"));
}

}  // namespace
}  // namespace ezkl
