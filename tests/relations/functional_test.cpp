// Functionals pushed through views, sums, reshapes and remaps, and contractions of all kinds of loops, against the
// values.
#include "relations/functional.hpp"

#include <gtest/gtest.h>

#include <random>

#include "../random_elements.hpp"
#include "graph/claims/recorder.hpp"
#include "poly/multilinear.hpp"
#include "proof_bench.hpp"
#include "relations/contraction.hpp"
#include "relations/reshape.hpp"

namespace ezkl {
namespace {

using claims::AxisMap;
using claims::Tensor;
using claims::View;
using relations::Functional;
using relations::Plan;
using relations::Witness;
using testing::random_elements;

claims::Values random_values(std::size_t n, std::mt19937& engine) {
  std::uniform_int_distribution<int> any(-9, 9);
  claims::Values out(n);
  for (Int128& v : out) v = any(engine);
  return out;
}

RunArgs args() {
  RunArgs out;
  out.output_visibility.kind = Visibility::Kind::public_;
  return out;
}

/// A record around one tensor that `body` makes of private inputs of the given shapes.
struct Made {
  claims::Record record;
  std::vector<claims::Values> inputs;
  Tensor out;
};

template <class Body>
Made make(const std::vector<Shape>& shapes, std::mt19937& engine, Body&& body) {
  claims::Recorder w(args());
  Made made;
  std::vector<Tensor> inputs;
  for (const Shape& shape : shapes) {
    inputs.push_back(w.input(shape, {-9, 9}, true));
    w.bind(inputs.back(), {Visibility::Kind::private_, {}},
           {claims::Slot::Group::input, std::uint32_t(inputs.size() - 1)});
    made.inputs.push_back(random_values(volume(shape), engine));
  }
  made.out = body(w, inputs);
  w.output(made.out);
  w.bind(made.out, {Visibility::Kind::public_, {}}, {claims::Slot::Group::output, 0});
  made.record = w.finish();
  return made;
}

/// <out, point> by the functional, and by the values.
void expect_same_value(const Made& made, Random& random) {
  const testing::ProofBench bench(made.record, made.inputs);
  const Plan& plan = bench.plan();
  const relations::PlanTensor& out = plan.tensors[made.out.id];
  const Witness witness = bench.witness();
  const std::vector<Fr> point = random_elements(out.cube.bits(), random);
  Functional functional;
  functional.add(plan, made.out.id, relations::point_weights(out.cube, point), Fr::one());
  Fr value = functional.constant;
  for (const relations::Anchor& anchor : functional.anchors)
    value += anchor.coefficient * witness.pair(anchor.tensor, anchor.weights);
  EXPECT_TRUE(functional.raws.empty());
  EXPECT_EQ(value, multilinear::evaluate(witness.cube(made.out.id), point));
}

void expect_proof(const Made& made) {
  const testing::ProofBench bench(made.record, made.inputs);
  const std::vector<std::uint8_t> proof = bench.prove();
  EXPECT_EQ(bench.check(proof, bench.instances()), std::nullopt);
  std::vector<Fr> other = bench.instances();
  other.back() += Fr::one();
  EXPECT_NE(bench.check(proof, other), std::nullopt);
  EXPECT_NE(bench.check(bench.insist(bench.witness(), other), other), std::nullopt);
}

TEST(Functional, Views) {
  std::mt19937 engine(1);
  Random random = Random::from_seed(1);
  const auto pick = [&](int lo, int hi) { return std::uniform_int_distribution<int>(lo, hi)(engine); };
  for (int round = 0; round < 300; ++round) {
    Shape source, extents;
    for (int axis = pick(0, 3); axis-- > 0;) source.push_back(std::size_t(pick(1, 5)));
    for (int axis = pick(0, 3); axis-- > 0;) extents.push_back(std::size_t(pick(1, 5)));
    View view{{}, extents, {}, pick(0, 1) * 7};
    for (std::size_t axis = 0; axis < source.size(); ++axis) {
      AxisMap& map = view.axes.emplace_back();
      map.base = pick(-2, 2);
      for (int n = extents.empty() ? 0 : pick(0, 2); n-- > 0;)
        map.strides.emplace_back(pick(0, int(extents.size()) - 1), pick(-2, 3));
      if (pick(0, 1) == 0 && !map.strides.empty()) {  // plain, if it fits
        map.base = 0;
        map.strides = {{map.strides[0].first, 1}};
        source[axis] = extents[map.strides[0].first];
      }
    }
    const Made made = make({source}, engine, [&](claims::Writer& w, std::span<const Tensor> in) {
      view.source = in[0];
      return w.view(view);
    });
    expect_same_value(made, random);
  }
}

TEST(Functional, ViewsOfViewsAndSums) {
  std::mt19937 engine(2);
  Random random = Random::from_seed(2);
  for (int round = 0; round < 20; ++round) {
    const Made made = make({{3, 4, 5}}, engine, [&](claims::Writer& w, std::span<const Tensor> in) {
      const std::size_t order[] = {2, 0, 1}, axes[] = {1};
      Tensor t = w.transpose(in[0], order);  // 5, 3, 4
      t = w.sum(t, axes);                    // 5, 1, 4
      t = w.reshape(t, {5, 2, 2});
      View view{t, {4, 2, 3}, {AxisMap{1, {{0, 1}}}, AxisMap{0, {{1, 1}}}, AxisMap{-1, {{2, 1}}}}, 3};
      return w.broadcast(w.reshape(w.view(view), {1, 24}), {2, 24});
    });
    expect_same_value(made, random);
    expect_proof(made);
  }
}

TEST(Functional, Reshapes) {
  std::mt19937 engine(3);
  Random random = Random::from_seed(3);
  const std::vector<std::pair<Shape, Shape>> pairs{
      {{2, 6}, {3, 4}},    {{6, 4}, {6, 2, 2}}, {{3, 8}, {24}},         {{5, 1, 3}, {15}},
      {{15}, {1, 5, 3}},   {{4, 6}, {2, 2, 6}}, {{2, 3, 4}, {4, 3, 2}}, {{1, 1}, {1}},
      {{7, 2, 3}, {7, 6}}, {{6, 5}, {2, 3, 5}}, {{8}, {2, 2, 2}},       {{3, 2, 2, 5}, {3, 4, 5}}};
  for (const auto& [from, to] : pairs) {
    const Made made = make(
        {from}, engine, [&, &to = to](claims::Writer& w, std::span<const Tensor> in) { return w.reshape(in[0], to); });
    if (made.out.id != 0) expect_same_value(made, random);
  }
  EXPECT_TRUE(relations::is_aligned({6, 4}, {6, 2, 2}));
  EXPECT_TRUE(relations::is_aligned({3, 8}, {24}));
  EXPECT_FALSE(relations::is_aligned({2, 6}, {3, 4}));
  EXPECT_FALSE(relations::is_aligned({2, 3}, {6}));
}

TEST(Functional, Remaps) {
  std::mt19937 engine(4);
  Random random = Random::from_seed(4);
  const Made made = make({{2, 3}, {4}, {}}, engine, [&](claims::Writer& w, std::span<const Tensor> in) {
    return w.remap({3, 4}, in, {0, 5, -1, 6, 9, 9, 10, -2, 1, 10, 2, 3}, {11, -4});
  });
  expect_same_value(made, random);
  expect_proof(made);
}

/// Contractions of loops that drive no axis, one, two, with strides and bases, on extents that are no powers of two.
TEST(Contractions, OfRandomLoops) {
  std::mt19937 engine(5);
  const auto pick = [&](int lo, int hi) { return std::uniform_int_distribution<int>(lo, hi)(engine); };
  for (int round = 0; round < 120; ++round) {
    Shape out, summed;
    for (int n = pick(0, 3); n-- > 0;) out.push_back(std::size_t(pick(1, 3)));
    for (int n = pick(0, 2); n-- > 0;) summed.push_back(std::size_t(pick(1, 4)));
    Shape loops = out;
    loops.insert(loops.end(), summed.begin(), summed.end());
    std::vector<View> factors(2);
    std::vector<Shape> shapes(2);
    for (std::size_t k = 0; k < 2; ++k) {
      factors[k].extents = loops;
      for (int n = pick(0, 3); n-- > 0;) {
        AxisMap& map = factors[k].axes.emplace_back();
        std::size_t extent = std::size_t(pick(1, 4));
        if (!loops.empty() && pick(0, 3) > 0) {
          const auto loop = std::uint32_t(pick(0, int(loops.size()) - 1));
          map.strides.emplace_back(loop, 1);
          extent = loops[loop];
          if (pick(0, 2) == 0) {
            map.strides[0].second = pick(-1, 2);
            map.base = pick(-1, 1);
          }
          if (pick(0, 3) == 0) map.strides.emplace_back(std::uint32_t(pick(0, int(loops.size()) - 1)), pick(1, 2));
        }
        shapes[k].push_back(extent);
      }
    }
    const Made made = make(shapes, engine, [&](claims::Writer& w, std::span<const Tensor> in) {
      for (std::size_t k = 0; k < 2; ++k) factors[k].source = in[k];
      return w.contract(out, summed, factors);
    });
    expect_proof(made);
  }
}

/// A summed axis of three reads no fourth cell of a tensor that somebody chose, whatever lies there (rule P1); of a
/// fixed one it may, since the key has zeros there.
TEST(Contractions, SummedAxesReadNoPadding) {
  std::mt19937 engine(6);
  Random random = Random::from_seed(6);
  for (const bool fixed : {false, true}) {
    for (const std::size_t extent : {std::size_t{3}, std::size_t{4}}) {
      claims::Recorder w(args());
      const Tensor x = w.input({2, extent}, {-9, 9}, true);
      const Tensor k =
          fixed ? w.param({2, extent}, std::make_shared<const claims::Values>(random_values(2 * extent, engine)), true)
                : w.input({2, extent}, {-9, 9}, true);
      const Shape loops{2, 2, extent};
      const View factors[] = {{x, loops, {AxisMap{0, {{0, 1}}}, AxisMap{0, {{2, 1}}}}, 0},
                              {k, loops, {AxisMap{0, {{1, 1}}}, AxisMap{0, {{2, 1}}}}, 0}};
      const Tensor out = w.contract({2, 2}, {extent}, factors);
      w.output(out);
      w.bind(out, {Visibility::Kind::public_, {}}, {claims::Slot::Group::output, 0});
      const claims::Record record = w.finish();
      const Plan plan = relations::make_plan(record, {5, 6, 21});
      const relations::ContractionAt contraction(plan, out.id, random_elements(2, random));
      const relations::Pushed weights = contraction.k_weights(random_elements(contraction.bits(), random));
      EXPECT_EQ(is_point(weights.weights), fixed || extent == 4) << extent;
    }
  }
}

}  // namespace
}  // namespace ezkl
