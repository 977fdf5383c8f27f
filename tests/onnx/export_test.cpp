// A model that is written as ONNX and read again is the same model.
#include "onnx/export.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <limits>

#include "base/files.hpp"
#include "onnx/import.hpp"

namespace ezkl {
namespace {

namespace fs = std::filesystem;
using Type = AttributeDef::Type;

ModelDef written_and_read(const ModelDef& model) {
  const fs::path path = fs::temp_directory_path() / ("ezkl_export_" + std::to_string(getpid()) + ".onnx");
  write_file_atomically(path, onnx_bytes(model));
  const ModelDef out = read_onnx(path);
  fs::remove(path);
  return out;
}

AttributeDef attribute(Type type) {
  AttributeDef out;
  out.type = type;
  return out;
}

/// y = Relu(x), and whatever a test adds.
ModelDef small_model() {
  ModelDef m;
  m.opsets = {{"", 17}, {"ai.onnx.ml", 3}};
  m.graph.name = "small";
  m.graph.inputs = {{"x", DType::f32, {{2, ""}, {-1, "tokens"}, {-1, ""}}}};
  m.graph.outputs = {{"y", DType::f32, {}}};
  NodeDef relu;
  relu.name = "relu";
  relu.op_type = "Relu";
  relu.inputs = {"x", ""};
  relu.outputs = {"y"};
  m.graph.nodes = {relu};
  return m;
}

TEST(Export, NamesShapesAndOpsets) {
  const ModelDef m = written_and_read(small_model());
  EXPECT_EQ(m.opsets, small_model().opsets);
  EXPECT_EQ(m.graph.name, "small");
  ASSERT_EQ(m.graph.inputs.size(), 1u);
  const ValueDef& x = m.graph.inputs[0];
  ASSERT_EQ(x.shape.size(), 3u);
  EXPECT_EQ(x.shape[0].value, 2);
  EXPECT_EQ(x.shape[1].name, "tokens");
  EXPECT_LT(x.shape[1].value, 0);
  EXPECT_TRUE(x.shape[2].name.empty());
  ASSERT_EQ(m.graph.nodes.size(), 1u);
  EXPECT_EQ(m.graph.nodes[0].name, "relu");
  EXPECT_EQ(m.graph.nodes[0].inputs, (std::vector<std::string>{"x", ""}));
  EXPECT_EQ(m.graph.outputs.at(0).name, "y");
}

TEST(Export, InputsKeepTheirElementType) {
  for (const DType type : {DType::boolean, DType::u8, DType::u16, DType::u32, DType::u64, DType::i8, DType::i16,
                           DType::i32, DType::i64, DType::f16, DType::f32, DType::f64}) {
    ModelDef m = small_model();
    m.graph.inputs[0].type = type;
    EXPECT_EQ(written_and_read(m).graph.inputs[0].type, type) << name(type);
  }
}

TEST(Export, TensorsOfEveryTypeKeepTheirElements) {
  const double half_least = std::ldexp(1, -24), half_normal = std::ldexp(1, -14);
  const std::vector<FloatTensor> tensors = {
      {DType::boolean, {2}, {0, 1}},
      {DType::u8, {2}, {0, 255}},
      {DType::u16, {1}, {65535}},
      {DType::u32, {1}, {4294967295.0}},
      {DType::u64, {2}, {18446744073709551615.0, 1}},
      {DType::i8, {2}, {-128, 127}},
      {DType::i16, {2}, {-32768, 32767}},
      {DType::i32, {2}, {-2147483648.0, 2147483647}},
      {DType::i64, {3}, {-9223372036854775808.0, 9223372036854775807.0, 9007199254740992.0}},
      {DType::f16, {8}, {0, -1.5, 65504, half_least, -3 * half_least, half_normal, half_normal - half_least, INFINITY}},
      {DType::f32, {2, 2}, {0.5, static_cast<double>(0.1f), -INFINITY, 1e-45f}},
      {DType::f64, {}, {0.1}},
      {DType::f32, {0}, {}},
  };
  ModelDef m = small_model();
  for (std::size_t i = 0; i < tensors.size(); ++i) m.graph.initializers["w" + std::to_string(i)] = tensors[i];
  const ModelDef read = written_and_read(m);
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const FloatTensor& t = read.graph.initializers.at("w" + std::to_string(i));
    EXPECT_EQ(t.type, tensors[i].type);
    EXPECT_EQ(t.shape, tensors[i].shape);
    EXPECT_EQ(t.data, tensors[i].data) << name(t.type);
  }
}

TEST(Export, AttributesOfEveryKind) {
  ModelDef m = small_model();
  auto& all = m.graph.nodes[0].attributes;
  all["i"] = attribute(Type::integer);
  all["i"].i = -5;
  all["f"] = attribute(Type::real);
  all["f"].f = 0.25;
  all["s"] = attribute(Type::text);
  all["s"].s = std::string("a\0b", 3);
  all["is"] = attribute(Type::integers);
  all["is"].ints = {1, std::numeric_limits<std::int64_t>::min()};
  all["fs"] = attribute(Type::reals);
  all["fs"].floats = {0.5, -2};
  all["none"] = attribute(Type::reals);
  all["ss"] = attribute(Type::texts);
  all["ss"].strings = {"a", ""};
  all["t"] = attribute(Type::tensor);
  all["t"].tensors = {{DType::i64, {2}, {3, 4}}};
  all["ts"] = attribute(Type::tensors);
  all["ts"].tensors = {{DType::f32, {1}, {1}}, {DType::f32, {}, {2}}};
  GraphDef inner = small_model().graph;
  inner.initializers["k"] = {DType::f32, {1}, {7}};
  all["g"] = attribute(Type::graph);
  all["g"].graphs = {std::make_shared<GraphDef>(inner)};
  all["gs"] = attribute(Type::graphs);
  all["gs"].graphs = {std::make_shared<GraphDef>(inner), std::make_shared<GraphDef>(inner)};

  const auto read = written_and_read(m).graph.nodes.at(0).attributes;
  ASSERT_EQ(read.size(), all.size());
  for (const auto& [name, a] : all) EXPECT_EQ(read.at(name).type, a.type) << name;
  EXPECT_EQ(read.at("i").i, -5);
  EXPECT_EQ(read.at("f").f, 0.25);
  EXPECT_EQ(read.at("s").s, all["s"].s);
  EXPECT_EQ(read.at("is").ints, all["is"].ints);
  EXPECT_EQ(read.at("fs").floats, all["fs"].floats);
  EXPECT_TRUE(read.at("none").floats.empty());
  EXPECT_EQ(read.at("ss").strings, all["ss"].strings);
  EXPECT_EQ(read.at("t").tensors.at(0).data, (std::vector<double>{3, 4}));
  EXPECT_EQ(read.at("ts").tensors.size(), 2u);
  EXPECT_EQ(read.at("g").graphs.at(0)->initializers.at("k").data, (std::vector<double>{7}));
  EXPECT_EQ(read.at("g").graphs.at(0)->nodes.at(0).op_type, "Relu");
  EXPECT_EQ(read.at("gs").graphs.size(), 2u);
}

TEST(Export, FunctionsWithTheirReferences) {
  ModelDef m = small_model();
  FunctionDef f;
  f.name = "Twice";
  f.domain = "own";
  f.inputs = {"a"};
  f.outputs = {"b"};
  f.attributes = {"by"};
  f.opsets = {{"", 17}};
  NodeDef body = m.graph.nodes[0];
  body.attributes["alpha"] = attribute(Type::real);
  body.attributes["alpha"].reference = "by";
  f.nodes = {body};
  m.functions = {f};
  const ModelDef read = written_and_read(m);
  ASSERT_EQ(read.functions.size(), 1u);
  EXPECT_EQ(read.functions[0].name, "Twice");
  EXPECT_EQ(read.functions[0].domain, "own");
  EXPECT_EQ(read.functions[0].inputs, f.inputs);
  EXPECT_EQ(read.functions[0].outputs, f.outputs);
  EXPECT_EQ(read.functions[0].attributes, f.attributes);
  EXPECT_EQ(read.functions[0].opsets, f.opsets);
  EXPECT_EQ(read.functions[0].nodes.at(0).attributes.at("alpha").reference, "by");
  EXPECT_EQ(read.functions[0].nodes.at(0).attributes.at("alpha").type, Type::real);
}

}  // namespace
}  // namespace ezkl
