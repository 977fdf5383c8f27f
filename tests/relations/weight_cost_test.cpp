// What a verifier spends on weights, counted before it is spent: of the same forms as the weights themselves, and
// bounded for whatever a key says.
#include "relations/weight_cost.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <random>

#include "../random_elements.hpp"
#include "ezkl/error.hpp"
#include "known_record.hpp"
#include "relations/contraction.hpp"
#include "relations/functional.hpp"
#include "relations/plan_check.hpp"
#include "relations/reshape.hpp"

namespace ezkl {
namespace {

using claims::AxisMap;
using relations::Plan;
using relations::PlanTensor;
using relations::TensorKind;
using relations::Weights;
using relations::WeightWork;
using testing::random_elements;

/// Axes and kinds of components.
std::vector<std::pair<std::vector<std::uint32_t>, bool>> seen(const Weights& weights) {
  std::vector<std::pair<std::vector<std::uint32_t>, bool>> out;
  for (const relations::Component& c : weights) out.emplace_back(c.axes, c.is_point);
  return out;
}

class Forms : public ::testing::Test {
 protected:
  std::size_t pick(std::size_t lo, std::size_t hi) { return std::uniform_int_distribution(lo, hi)(engine_); }

  /// Of a shape: points and tables, of one axis or two.
  Weights any_weights(const Shape& shape) {
    Weights out;
    for (std::uint32_t axis = 0; axis < shape.size(); ++axis) {
      const bool two = axis + 1 < shape.size() && shape[axis] > 1 && shape[axis + 1] > 1 && pick(0, 3) == 0;
      if (two) {
        out.push_back({{axis, axis + 1}, false, random_elements(shape[axis] * shape[axis + 1], random_)});
        ++axis;
      } else if (shape[axis] > 1 && pick(0, 2) == 0) {
        out.push_back({{axis}, false, random_elements(shape[axis], random_)});
      } else {
        out.push_back({{axis}, true, random_elements(axis_bits(shape[axis]), random_)});
      }
    }
    return out;
  }

  std::mt19937 engine_{1};
  Random random_ = Random::from_seed(1);
};

TEST_F(Forms, OfViewsAreThoseOfTheWeights) {
  for (int round = 0; round < 500; ++round) {
    Shape source, loops;
    for (std::size_t axis = pick(0, 3); axis-- > 0;) loops.push_back(pick(1, 5));
    std::vector<AxisMap> axes(pick(0, 3));
    for (AxisMap& map : axes) {
      source.push_back(pick(1, 5));
      map.base = std::int64_t(pick(0, 4)) - 2;
      for (std::uint32_t loop = 0; loop < loops.size(); ++loop) {
        if (loops[loop] > 1 && pick(0, 2) == 0) map.strides.emplace_back(loop, std::int64_t(pick(1, 3)));
      }
      if (map.strides.size() != 1 || pick(0, 1) == 0) continue;
      map.base = 0;
      map.strides[0].second = 1;
      source.back() = loops[map.strides[0].first];
    }
    const Weights weights = any_weights(loops);
    const relations::ReadThrough read = relations::read_through(weights, loops, axes, source);
    WeightWork work;
    const auto form = relations::read_form(relations::form_of(weights), loops, axes, source, work);
    ASSERT_EQ(read.source.has_value(), form.has_value());
    if (form) {
      EXPECT_EQ(seen(read.source->weights), seen(*form));
    }
  }
}

TEST_F(Forms, OfReshapesAreThoseOfTheWeights) {
  const std::vector<std::pair<Shape, Shape>> pairs{
      {{2, 6}, {3, 4}},    {{6, 4}, {6, 2, 2}}, {{3, 8}, {24}},         {{5, 1, 3}, {15}},
      {{15}, {1, 5, 3}},   {{4, 6}, {2, 2, 6}}, {{2, 3, 4}, {4, 3, 2}}, {{1, 1}, {1}},
      {{7, 2, 3}, {7, 6}}, {{6, 5}, {2, 3, 5}}, {{8}, {2, 2, 2}},       {{3, 2, 2, 5}, {3, 4, 5}}};
  for (const auto& [from, to] : pairs) {
    for (int round = 0; round < 20; ++round) {
      const Weights weights = any_weights(from);
      WeightWork work;
      EXPECT_EQ(seen(relations::reshape_weights(weights, from, to).weights),
                seen(relations::reshape_form(relations::form_of(weights), from, to, work)));
    }
  }
}

/// The extension of weights that are not multiplied out is that of the table that is.
TEST_F(Forms, ExtensionsComponentByComponent) {
  for (int round = 0; round < 50; ++round) {
    Shape shape;
    for (std::size_t axis = pick(1, 4); axis-- > 0;) shape.push_back(pick(1, 5));
    const Weights weights = any_weights(shape);
    const std::vector<Fr> point = random_elements(relations::free_bits(shape, weights), random_);
    EXPECT_EQ(relations::weights_at(shape, weights, point),
              multilinear::evaluate(relations::weight_table(shape, weights), point));
  }
}

class KnownPlans : public ::testing::TestWithParam<const char*> {};

TEST_P(KnownPlans, ContractionsReadTheirFactorsInTheFormThatIsCounted) {
  const testing::KnownProof known(GetParam());
  Random random = Random::from_seed(2);
  for (const std::uint32_t id : known.plan.contractions) {
    const relations::ContractionAt contraction(known.plan, id,
                                               random_elements(known.plan.tensors[id].cube.bits(), random));
    WeightWork work;
    const auto form = contraction.k_form(work);
    ASSERT_TRUE(form);
    EXPECT_EQ(seen(contraction.k_weights(random_elements(contraction.bits(), random)).weights), seen(*form));
  }
  EXPECT_GT(relations::weight_work(known.plan).steps(), 0u);
}
INSTANTIATE_TEST_SUITE_P(Reference, KnownPlans,
                         ::testing::Values("mlp.json", "conv.json", "grouped.json", "mixed.json", "shapes.json"),
                         [](const auto& given) {
                           const std::string name = given.param;
                           return name.substr(0, name.find('.'));
                         });

PlanTensor tensor(TensorKind kind, Shape shape, std::vector<std::uint32_t> sources = {}) {
  PlanTensor t;
  t.kind = kind;
  t.cube = Cube(shape);
  t.shape = std::move(shape);
  t.sources = std::move(sources);
  return t;
}

/// A plan that says that its last tensor is 0.
Plan plan_of(std::vector<PlanTensor> tensors) {
  Plan plan;
  plan.tensors = std::move(tensors);
  const auto last = static_cast<std::uint32_t>(plan.tensors.size() - 1);
  plan.constraints = {{{{{Fr::one(), last}}, Fr::zero()}, last, std::nullopt}};
  plan.trees.emplace_back();
  return plan;
}

void expect_refused(const Plan& plan, const std::string& words) {
  const auto begin = std::chrono::steady_clock::now();
  try {
    relations::check_plan(plan);
    ADD_FAILURE() << "taken: " << words;
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), Fault::format);
    EXPECT_NE(std::string(e.what()).find(words), std::string::npos) << e.what();
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20)) << "refused, but late";
}

Plan sum_plan(std::size_t steps) {
  PlanTensor sum = tensor(TensorKind::sum, {2}, {0});
  sum.loops = {2, steps};
  sum.axes = {{AxisMap{0, {{0, 1}}}}};
  return plan_of({tensor(TensorKind::committed, {2}), std::move(sum)});
}

TEST(WeightBounds, SummedLoops) {
  EXPECT_NO_THROW(relations::check_plan(sum_plan(std::size_t{1} << 20)));
  expect_refused(sum_plan(std::size_t{1} << 33), "2^25 weights");
}

TEST(WeightBounds, AxesThatAreReadTogether) {
  const auto diagonal = [](std::size_t n) {
    PlanTensor view = tensor(TensorKind::view, {n, n}, {0});
    view.loops = view.shape;
    view.axes = {{AxisMap{0, {{0, 1}, {1, 1}}}, AxisMap{0, {{0, 1}, {1, 2}}}}};
    return plan_of({tensor(TensorKind::committed, {n, n}), std::move(view)});
  };
  EXPECT_NO_THROW(relations::check_plan(diagonal(64)));
  expect_refused(diagonal(std::size_t{1} << 16), "2^25 weights");
}

TEST(WeightBounds, Contractions) {
  const auto plan = [](std::size_t n) {
    PlanTensor product = tensor(TensorKind::contraction, {n}, {0, 0});
    product.loops = {n, n};
    product.axes = {{AxisMap{0, {{0, 1}, {1, 1}}}}, {AxisMap{0, {{0, 1}, {1, 2}}}}};
    return plan_of({tensor(TensorKind::committed, {n}), std::move(product)});
  };
  EXPECT_NO_THROW(relations::check_plan(plan(128)));
  expect_refused(plan(std::size_t{1} << 16), "2^28 steps");
}

/// Each is the one before it twice, once turned around: 2^60 ways down.
TEST(WeightBounds, ManyWaysToOneTensor) {
  std::vector<PlanTensor> tensors{tensor(TensorKind::committed, {4, 4})};
  for (std::uint32_t k = 0; k < 60; ++k) {
    const auto below = static_cast<std::uint32_t>(tensors.size() - 1);
    PlanTensor turned = tensor(TensorKind::view, {4, 4}, {below});
    turned.loops = turned.shape;
    turned.axes = {{AxisMap{0, {{1, 1}}}, AxisMap{0, {{0, 1}}}}};
    tensors.push_back(std::move(turned));
    PlanTensor sum = tensor(TensorKind::linear, {4, 4});
    sum.linear.terms = {{Fr::one(), below}, {Fr::one(), below + 1}};
    tensors.push_back(std::move(sum));
  }
  expect_refused(plan_of(std::move(tensors)), "2^28 steps");
}

/// A point is kept for each way to a product.
TEST(WeightBounds, ManyWaysToOneProduct) {
  const auto plan = [](std::uint32_t terms) {
    std::vector<PlanTensor> tensors{tensor(TensorKind::committed, {1024}), tensor(TensorKind::product, {1024}, {0, 0})};
    for (std::uint32_t level = 0; level < 3; ++level) {
      const auto below = static_cast<std::uint32_t>(tensors.size() - 1);
      PlanTensor sum = tensor(TensorKind::linear, {1024});
      for (std::uint32_t k = 0; k < terms; ++k) {
        sum.linear.terms.push_back({Fr::one(), static_cast<std::uint32_t>(tensors.size())});
        tensors.push_back(tensor(TensorKind::linear, {1024}));
        tensors.back().linear.terms = {{Fr::one(), below}};
      }
      tensors.push_back(std::move(sum));
    }
    return plan_of(std::move(tensors));
  };
  EXPECT_NO_THROW(relations::check_plan(plan(4)));
  expect_refused(plan(150), "2^25 weights");
}

TEST(WeightBounds, ManyAxes) {
  EXPECT_NO_THROW(relations::check_plan(plan_of({tensor(TensorKind::committed, Shape(64, 1))})));
  expect_refused(plan_of({tensor(TensorKind::committed, Shape(1500, 1))}), "more than 64 axes");
}

TEST(WeightBounds, LongChains) {
  const auto chain = [](std::uint32_t length) {
    std::vector<PlanTensor> tensors{tensor(TensorKind::committed, {2})};
    for (std::uint32_t k = 0; k < length; ++k) {
      tensors.push_back(tensor(TensorKind::linear, {2}));
      tensors.back().linear.terms = {{Fr::one(), k}};
    }
    return plan_of(std::move(tensors));
  };
  EXPECT_NO_THROW(relations::check_plan(chain(1000)));
  expect_refused(chain(100000), "made of each other");
}

/// Few elements in many cells.
TEST(WeightBounds, PaddingOfWhatTheVerifierHas) {
  Plan plan = plan_of({tensor(TensorKind::instance, Shape(11, 5))});
  plan.instances = {0};
  expect_refused(plan, "2^25 weights");
}

}  // namespace
}  // namespace ezkl
