#include "artifact/graph_bytes.hpp"

#include <gtest/gtest.h>

#include "ezkl/error.hpp"

namespace ezkl {
namespace {

Graph sample() {
  Graph g;
  Node input;
  input.name = "x";
  input.op.kind = "Input";
  input.shape = {1, 4};
  input.scale = 7;
  Node constant;
  constant.name = "w";
  constant.op.kind = "Constant";
  constant.shape = {2};
  constant.type = DType::f64;
  constant.constant = std::make_shared<ConstantData>();
  constant.constant->floats = {0.1, -3};
  constant.constant->integers = {13, -(Int128(1) << 90)};
  Node sum;
  sum.name = "sum";
  sum.op = {"Sum",
            {{"axes", std::vector<std::int64_t>{-1, 3}},
             {"a", 0.5},
             {"t", std::string("x y")},
             {"i", std::int64_t(-9)},
             {"r", std::vector<double>{1, 2}}}};
  sum.inputs = {0, 1};
  sum.shape = {1, 1};
  sum.scale = -2;
  sum.input_multipliers = {1, 128};
  sum.rebase_divisor = 64;
  g.nodes = {input, constant, sum};
  g.inputs = {0};
  g.outputs = {2, 2};
  g.input_names = {"x"};
  g.output_names = {"y", "z"};
  g.semantics = Semantics::published;
  return g;
}

std::vector<std::uint8_t> bytes_of(const Graph& g) {
  ByteWriter writer;
  write_graph(writer, g);
  return writer.out;
}

TEST(GraphBytes, ReadsWhatItWrites) {
  const auto bytes = bytes_of(sample());
  ByteReader reader(bytes, "g");
  const Graph read = read_graph(reader);
  EXPECT_EQ(reader.remaining(), 0u);
  EXPECT_EQ(bytes_of(read), bytes);
  EXPECT_EQ(read.nodes[1].constant->integers, sample().nodes[1].constant->integers);
  EXPECT_EQ(read.nodes[1].constant->floats, sample().nodes[1].constant->floats);
  EXPECT_EQ(read.nodes[2].op.attributes, sample().nodes[2].op.attributes);
  EXPECT_EQ(read.nodes[2].scale, -2);
  EXPECT_EQ(read.semantics, Semantics::published);
}

TEST(GraphBytes, CutBytesAreRefusedAndNoChangeCrashes) {
  const auto bytes = bytes_of(sample());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    ByteReader cut{std::span(bytes).first(i), "g"};
    EXPECT_THROW(read_graph(cut), Error) << i;
    for (const std::uint8_t flip : {1, 128, 255}) {
      auto damaged = bytes;
      damaged[i] ^= flip;
      ByteReader reader(damaged, "g");
      try {
        read_graph(reader);
      } catch (const Error&) {
      }
    }
  }
}

}  // namespace
}  // namespace ezkl
