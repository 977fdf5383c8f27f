#include "artifact/model_bytes.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "../graph/model_text.hpp"
#include "ezkl/error.hpp"

namespace ezkl {
namespace {

using namespace ezkl::testing;

ModelDef sample() {
  GraphDef branch;
  branch.nodes = {node("Neg", {"x"}, {"n"})};
  branch.outputs = {value("n", {})};
  branch.initializers["inner"] = numbers({1, -2});
  ModelDef m =
      model({value("x", {-1, 3})},
            {node("Clip", {"x"}, {"c"}, {{"max", real(0.5)}, {"axes", integers({1, -2})}, {"mode", text("a")}}),
             node("If", {"c"}, {"y"}, {{"then_branch", subgraph(branch)}})},
            {{"w", floats({4, 8}, std::vector<double>(32, NAN))}, {"half", {DType::f64, {}, {0.1}}}});
  m.graph.inputs[0].shape[0].name = "batch";
  FunctionDef f;
  f.name = "F";
  f.domain = "own";
  f.inputs = {"a"};
  f.outputs = {"b"};
  f.attributes = {"slope"};
  f.defaults["slope"] = real(2);
  AttributeDef reference = real(0);
  reference.reference = "slope";
  f.nodes = {node("LeakyRelu", {"a"}, {"b"}, {{"alpha", reference}})};
  f.opsets = {{"", 15}};
  m.functions = {f};
  return m;
}

std::vector<std::uint8_t> written(const ModelDef& model, const Graph& graph = {}) {
  ByteWriter writer;
  write_model(writer, model, graph);
  return writer.out;
}

ModelDef read(const std::vector<std::uint8_t>& bytes, const Graph& graph = {}) {
  ByteReader reader(bytes, "m");
  return read_model(reader, graph);
}

TEST(ModelBytes, ReadsWhatItWrites) {
  const std::vector<std::uint8_t> bytes = written(sample());
  const ModelDef got = read(bytes);
  EXPECT_EQ(written(got), bytes);
  EXPECT_EQ(got.graph.inputs[0].shape[0].name, "batch");
  EXPECT_EQ(got.graph.nodes[0].attributes.at("axes").ints, (std::vector<std::int64_t>{1, -2}));
  EXPECT_EQ(got.graph.nodes[1].attributes.at("then_branch").graphs.at(0)->initializers.at("inner").data[1], -2);
  EXPECT_TRUE(std::isnan(got.graph.initializers.at("w").data[31]));
  EXPECT_EQ(got.graph.initializers.at("half").data[0], 0.1);
  EXPECT_EQ(got.functions.at(0).nodes.at(0).attributes.at("alpha").reference, "slope");
}

TEST(ModelBytes, WeightsOfTheGraphAreWrittenOnce) {
  Graph graph;
  Node constant;
  constant.op.kind = "Constant";
  constant.shape = {4, 8};
  constant.constant = std::make_shared<ConstantData>();
  constant.constant->floats.assign(32, NAN);
  graph.nodes = {constant};
  const std::vector<std::uint8_t> shared = written(sample(), graph);
  EXPECT_LE(shared.size() + 32 * 4, written(sample()).size() + 8);
  EXPECT_EQ(written(read(shared, graph)), written(sample()));
  EXPECT_THROW(read(shared), Error) << "a reference to a constant that is not there";
}

TEST(ModelBytes, TruncatedBytesAreRefused) {
  const std::vector<std::uint8_t> bytes = written(sample());
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    const std::vector<std::uint8_t> cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(n));
    EXPECT_THROW(read(cut), Error) << n;
  }
}

TEST(ModelBytes, NestingHasAnEnd) {
  GraphDef inner;
  for (int i = 0; i < 70; ++i) {
    GraphDef outer;
    outer.nodes = {node("If", {"c"}, {"y"}, {{"then_branch", subgraph(inner)}})};
    inner = outer;
  }
  ModelDef deep;
  deep.graph = inner;
  EXPECT_THROW(read(written(deep)), Error);
}

}  // namespace
}  // namespace ezkl
