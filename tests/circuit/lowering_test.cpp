// Every claim, laid out in cells: honest runs are accepted, in our own settings and in ones like the published
// package's, at several widths; the outputs are those of the claims' evaluation.
#include <gtest/gtest.h>

#include "circuit_bench.hpp"
#include "graph/claims/compound.hpp"
#include "graph/claims/sort.hpp"

namespace ezkl {
namespace {

using namespace test;
using claims::Tensor;
using claims::Values;
using claims::Writer;

struct Case {
  const char* name;
  Shape shape;
  Int128 bound;
  Build build;
  std::vector<Values> inputs;
};

Tensor fixed(Writer& w, Shape shape, Values values) { return w.constant(std::move(shape), std::move(values)); }

std::vector<Case> cases() {
  using namespace claims;
  std::vector<Case> out;
  const std::vector<Values> some{{0, 0, 0, 0, 0, 0}, {5, -3, 0, 7, -1, 2}, {-20, 20, 19, -19, 1, -1}};
  const auto add = [&](const char* name, Build build) { out.push_back({name, {2, 3}, 20, std::move(build), some}); };
  add("identity", [](Writer&, Tensor x) { return x; });
  add("negate", [](Writer& w, Tensor x) { return w.scale(x, -1); });
  add("scale", [](Writer& w, Tensor x) { return w.scale(x, 3, -7); });
  add("linear", [](Writer& w, Tensor x) {
    const Tensor y = w.scale(x, 5), z = w.scale(x, -2, 1);
    const std::vector<Term> terms{{3, x}, {-4, y}, {1, z}, {-1, x}, {7, z}};
    return w.linear(terms, 11);
  });
  add("units", [](Writer& w, Tensor x) {
    const Tensor y = w.scale(x, 5), z = w.scale(x, -2, 1);
    const std::vector<Term> terms{{-1, x}, {-1, y}, {-1, z}};
    return w.linear(terms, 0);
  });
  add("product", [](Writer& w, Tensor x) { return w.mul(x, w.scale(x, 1, 2)); });
  add("sum", [](Writer& w, Tensor x) {
    const std::size_t axes[] = {0, 1};
    return w.sum(x, axes);
  });
  add("long sum", [](Writer& w, Tensor x) {
    const std::size_t axes[] = {0, 1};
    return w.sum(w.broadcast(w.sum(x, axes), {7, 5}), axes);
  });
  add("matmul by constants", [](Writer& w, Tensor x) {
    const Tensor m = fixed(w, {3, 4}, {1, 0, -2, 3, 0, 0, 5, 1, 1, 1, 1, 7});
    const Shape loops{2, 4, 3};
    const View a{x, loops, {{0, {{0, 1}}}, {0, {{2, 1}}}}, 0}, b{m, loops, {{0, {{2, 1}}}, {0, {{1, 1}}}}, 0};
    const View factors[] = {a, b};
    return w.contract({2, 4}, {3}, factors);
  });
  add("gram matrix", [](Writer& w, Tensor x) {
    const Shape loops{3, 3, 2};
    const View a{x, loops, {{0, {{2, 1}}}, {0, {{0, 1}}}}, 0}, b{x, loops, {{0, {{2, 1}}}, {0, {{1, 1}}}}, 0};
    const View factors[] = {a, b};
    return w.contract({3, 3}, {2}, factors);
  });
  add("padded convolution", [](Writer& w, Tensor x) {
    const Tensor kernel = fixed(w, {3}, {2, -1, 3});
    const Shape loops{2, 3, 3};
    const View a{x, loops, {{0, {{0, 1}}}, {-1, {{1, 1}, {2, 1}}}}, 0}, b{kernel, loops, {{0, {{2, 1}}}}, 0};
    const View factors[] = {a, b};
    return w.contract({2, 3}, {3}, factors);
  });
  add("window with a border", [](Writer& w, Tensor x) {
    return w.view({x, {2, 5}, {{0, {{0, 1}}}, {-1, {{1, 1}}}}, -9});
  });
  add("remap", [](Writer& w, Tensor x) {
    const Tensor sources[] = {x};
    return w.remap({5}, sources, {5, 0, -1, 2, -2}, {8, -8});
  });
  add("transpose and reshape", [](Writer& w, Tensor x) {
    const std::size_t axes[] = {1, 0};
    return w.reshape(w.transpose(x, axes), {6});
  });
  add("relu", [](Writer& w, Tensor x) { return relu(w, x); });
  add("absolute", [](Writer& w, Tensor x) { return absolute(w, x); });
  add("sign", [](Writer& w, Tensor x) { return sign(w, x); });
  add("greater", [](Writer& w, Tensor x) { return greater(w, x, fixed(w, {2, 3}, {0, 0, 0, 1, -1, 2})); });
  add("equals", [](Writer& w, Tensor x) { return equals(w, x, fixed(w, {2, 3}, {0, 1, 0, 7, -1, 5})); });
  for (const auto mode : {Rounding::half_away, Rounding::half_even, Rounding::floor, Rounding::ceil}) {
    add("divide", [mode](Writer& w, Tensor x) { return divide(w, x, 6, mode); });
  }
  add("divide by a power", [](Writer& w, Tensor x) { return divide(w, w.scale(x, 13), 16, Rounding::half_away); });
  add("reciprocal", [](Writer& w, Tensor x) { return reciprocal(w, x, 64, 100); });
  add("root", [](Writer& w, Tensor x) { return root(w, w.mul(x, x)); });
  add("maximum", [](Writer& w, Tensor x) { return maximum(w, x, 1); });
  add("argmax", [](Writer& w, Tensor x) { return argmax(w, x, 1); });
  add("table", [](Writer& w, Tensor x) { return w.table(x, {"Sigmoid", {{"scale", 16.0f}}}); });
  add("two tables", [](Writer& w, Tensor x) {
    return w.add(w.table(x, {"Sigmoid", {{"scale", 16.0f}}}), w.table(x, {"Exp", {{"scale", 16.0f}, {"base", 2.0f}}}));
  });
  add("gather", [](Writer& w, Tensor x) {
    const Tensor index = argmax(w, x, 1);
    return w.gather(x, index);
  });
  add("gather from constants", [](Writer& w, Tensor x) {
    const Tensor index = w.reshape(argmax(w, x, 1), {2, 1});
    return w.gather(fixed(w, {2, 3}, {4, 5, 6, 7, 8, 9}), index);
  });
  add("permutation", [](Writer& w, Tensor x) {
    const Tensor y = w.hint({2, 3}, {x}, [](std::span<const Values* const> in) {
      Values v = *in[0];
      std::swap(v[0], v[2]);
      return std::vector<Values>{v};
    });
    const Tensor ys[] = {y}, xs[] = {x};
    w.permute(ys, xs);
    return w.scale(y, 2);
  });
  add("permutation of pairs", [](Writer& w, Tensor x) {
    const Tensor iota = fixed(w, {2, 3}, {0, 1, 2, 0, 1, 2});
    const auto y = w.hints({{2, 3}, {2, 3}}, {x}, [](std::span<const Values* const> in) {
      Values v = *in[0], i{2, 1, 0, 0, 1, 2};
      std::swap(v[0], v[2]);
      return std::vector<Values>{v, i};
    });
    const Tensor xs[] = {x, iota};
    w.permute(y, xs);
    return w.add(y[0], y[1]);
  });
  return out;
}

class Lowering : public testing::TestWithParam<std::tuple<int, bool>> {};

TEST_P(Lowering, AcceptsHonestRuns) {
  const auto [width, published] = GetParam();
  for (const Case& c : cases()) {
    SCOPED_TRACE(c.name);
    const RunArgs args = small_args(std::size_t(width));
    const auto record = model(args, c.shape, c.bound, c.build);
    const Bench bench(record, published ? published_settings(record, args) : own_settings(record, args));
    for (const Values& input : c.inputs) {
      EXPECT_EQ(text(bench.mock({input})), "");
      claims::Evaluation evaluation(record, {input});
      evaluation.run();
      EXPECT_EQ(bench.outputs({input}), evaluation.outputs());
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Widths, Lowering, testing::Combine(testing::Values(1, 2, 3), testing::Bool()));

TEST(Lowering, ConstrainsEveryCellItWrites) {
  for (const Case& c : cases()) {
    SCOPED_TRACE(c.name);
    const RunArgs args = small_args(2);
    const auto record = model(args, c.shape, c.bound, c.build);
    const Bench bench(record, own_settings(record, args));
    CircuitWitness witness(bench.record, bench.settings, bench.circuit, {c.inputs[1]});
    auto columns = witness.columns();
    std::size_t seen = 0;
    for (std::size_t column = 0; column < columns.size(); ++column) {
      for (std::size_t row = 0; row < bench.circuit.columns.usable_rows; ++row) {
        const Fr before = columns[column].at(row);
        if (before.is_zero() || ++seen % 7 != 0) continue;
        columns[column].set(row, before + Fr::one());
        EXPECT_FALSE(bench.mock(witness, columns).empty())
            << witness.where({{plonk::ColumnKind::advice, std::uint32_t(column), 0}, std::uint32_t(row)});
        columns[column].set(row, before);
      }
    }
  }
}

}  // namespace
}  // namespace ezkl
