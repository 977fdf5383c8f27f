// Plans that a file may give: refused where the protocol could not run them, and run without breaking a promise
// otherwise.
#include "relations/plan_check.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "ezkl/error.hpp"
#include "known_record.hpp"
#include "poly/cube.hpp"

namespace ezkl {
namespace {

using relations::Plan;
using relations::PlanTensor;
using relations::TensorKind;

enum class Outcome { refused_plan, refused_proof, accepted, broken };

/// What a verifier makes of a plan from a file, with rows and statement of the sizes that it asks for.
Outcome outcome(const testing::KnownProof& known, Plan plan, std::span<const std::uint8_t> proof) {
  try {
    relations::check_plan(plan);
  } catch (const Error& e) {
    return e.fault() == Fault::format ? Outcome::refused_plan : Outcome::broken;
  }
  plan.committed.clear();
  plan.keyed.clear();
  plan.contractions.clear();
  relations::list_tensors(plan);
  relations::VerifyingKey key = known.key;
  key.rows.clear();
  for (const std::uint32_t id : plan.keyed) {
    const RowShape shape(plan.tensors[id].cube, plan.options.row_bits);
    key.rows.emplace_back(shape.rows(), G1Affine::generator());
  }
  std::size_t shown = 0;
  for (const std::uint32_t id : plan.instances) shown += plan.tensors[id].cube.elements();
  std::vector<Fr> instances = known.instances;
  instances.resize(shown);
  try {
    return relations::verify(proof, plan, key, instances) ? Outcome::refused_proof : Outcome::accepted;
  } catch (const Error& e) {
    return e.fault() == Fault::format ? Outcome::refused_proof : Outcome::broken;
  }
}

class PlanCheck : public ::testing::TestWithParam<const char*> {
 protected:
  testing::KnownProof known{GetParam()};
  std::vector<std::uint8_t> proof = testing::bytes(known.json["proof"]);
};

TEST_P(PlanCheck, PlansOfRecordsPass) {
  relations::check_plan(known.plan);
  Plan again = known.plan;
  again.committed.clear();
  again.keyed.clear();
  again.contractions.clear();
  relations::list_tensors(again);
  EXPECT_EQ(again.committed, known.plan.committed);
  EXPECT_EQ(again.keyed, known.plan.keyed);
  EXPECT_EQ(again.contractions, known.plan.contractions);
}

/// One number after the other becomes another one.
TEST_P(PlanCheck, NoChangeBreaksAPromise) {
  std::mt19937 engine(1);
  const auto any = [&](std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(engine); };
  const auto number = [&](std::uint32_t& id) {
    const std::uint32_t odd[] = {0, 1, std::uint32_t(any(known.plan.tensors.size() + 3)), ~std::uint32_t{0}, id + 1};
    id = odd[any(5)];
  };
  const auto reshaped = [&](PlanTensor& t) {
    Shape shape = t.shape;
    if (!shape.empty() && any(2) == 0) {
      shape[any(shape.size())] = 1 + any(9);
    } else if (any(2) == 0) {
      shape.push_back(1 + any(3));
    } else if (!shape.empty()) {
      shape.pop_back();
    }
    t.shape = shape;
    t.cube = Cube(shape);
  };
  std::map<Outcome, int> seen;
  for (int round = 0; round < 1500; ++round) {
    Plan plan = known.plan;
    const std::uint32_t id = std::uint32_t(any(plan.tensors.size()));
    PlanTensor& t = plan.tensors[id];
    switch (any(20)) {
      case 0:
        t.kind = TensorKind(any(13));
        break;
      case 1:
        reshaped(t);
        break;
      case 2:
        t.materialised = !t.materialised;
        break;
      case 3:
        if (!t.sources.empty()) number(t.sources[any(t.sources.size())]);
        break;
      case 4:
        t.sources.push_back(id);
        break;
      case 5:
        if (!t.linear.terms.empty()) number(t.linear.terms[any(t.linear.terms.size())].tensor);
        break;
      case 6:
        t.linear.terms.push_back({Fr::one(), id});
        break;
      case 7:
        if (!t.loops.empty()) t.loops[any(t.loops.size())] = any(2) == 0 ? 0 : std::size_t{1} << any(40);
        break;
      case 8:
        if (!t.axes.empty() && !t.axes[0].empty()) t.axes[0][any(t.axes[0].size())].base = std::int64_t(any(5)) - 2;
        break;
      case 9:
        if (!t.axes.empty() && !t.axes[0].empty())
          t.axes[0][any(t.axes[0].size())].strides = {{std::uint32_t(any(5)), std::int64_t(any(3)) - 1}};
        break;
      case 10:
        if (!t.axes.empty()) t.axes[0].pop_back();
        break;
      case 11:
        if (!plan.constraints.empty()) number(plan.constraints[any(plan.constraints.size())].shaped_as);
        break;
      case 12:
        if (!plan.constraints.empty()) plan.constraints[any(plan.constraints.size())].of = id;
        break;
      case 13:
        if (!plan.squares.empty()) number(plan.squares[any(plan.squares.size())].tensor);
        break;
      case 14:
        if (!plan.lookups.empty()) number(plan.lookups[any(plan.lookups.size())].table);
        break;
      case 15:
        if (!plan.lookups.empty()) number(plan.lookups[any(plan.lookups.size())].shaped_as);
        break;
      case 16:
        if (!plan.tables.empty()) plan.tables[any(plan.tables.size())].rows = std::uint64_t{1} << any(40);
        break;
      case 17:
        plan.instances.push_back(id);
        break;
      case 18:
        if (!plan.trees[0].lookups.empty()) plan.trees[0].lookups.pop_back();
        break;
      default:
        (any(2) == 0 ? plan.options.row_bits : plan.options.tree_bits) = unsigned(any(40));
        break;
    }
    ++seen[outcome(known, std::move(plan), proof)];
  }
  EXPECT_EQ(seen[Outcome::broken], 0);
  EXPECT_GT(seen[Outcome::refused_plan], 300);
}

/// Calls check(plan) for every sum that something needs, with change(sum) done in a copy of the plan.
template <class Change, class Check>
int for_every_sum(const Plan& plan, Change&& change, Check&& check) {
  int sums = 0;
  const auto changed = [&](const relations::Expression& of, auto&& place) {
    if (of.terms.empty()) return;
    Plan other = plan;
    change(place(other));
    check(other);
    ++sums;
  };
  for (std::size_t i = 0; i < plan.constraints.size(); ++i)
    changed(
        plan.constraints[i].expression, [&](Plan & p) -> auto& { return p.constraints[i].expression; });
  for (std::size_t i = 0; i < plan.lookups.size(); ++i) {
    for (std::size_t c = 0; c < plan.lookups[i].columns.size(); ++c)
      changed(
          plan.lookups[i].columns[c], [&](Plan & p) -> auto& { return p.lookups[i].columns[c]; });
  }
  const std::vector<bool> needed = relations::needed_tensors(plan);
  for (std::size_t id = 0; id < plan.tensors.size(); ++id) {
    if (needed[id])
      changed(
          plan.tensors[id].linear, [&](Plan & p) -> auto& { return p.tensors[id].linear; });
  }
  return sums;
}

/// A term in two parts, and one times 0.
void name_twice(relations::Expression& sum) {
  const Fr third = Fr::from_u64(3).inverse() * sum.terms[0].coefficient;
  sum.terms[0].coefficient -= third;
  sum.terms.push_back({third, sum.terms[0].tensor});
}
void add_nothing(relations::Expression& sum) { sum.terms[0].coefficient = Fr::zero(); }

TEST_P(PlanCheck, TensorsAreNamedOnceInASum) {
  const auto refused = [](const char* words) {
    return [words](const Plan& plan) {
      try {
        relations::check_plan(plan);
        FAIL() << "expected a refusal: " << words;
      } catch (const Error& e) {
        EXPECT_EQ(e.fault(), Fault::format);
        EXPECT_NE(std::string(e.what()).find(words), std::string::npos) << e.what();
      }
    };
  };
  EXPECT_GT(for_every_sum(known.plan, name_twice, refused("twice in a sum")), 0);
  for_every_sum(known.plan, add_nothing, refused(" 0 times tensor "));
}

/// What is refused for its form would forge nothing: both parts of a term count, for prover and verifier alike.
TEST_P(PlanCheck, TermsInTwoPartsMeanTheirSum) {
  const auto split = [](const Plan& of) {
    Plan plan = of;
    const auto each = [](relations::Expression& sum) {
      if (!sum.terms.empty()) name_twice(sum);
    };
    for (auto& constraint : plan.constraints) each(constraint.expression);
    for (auto& lookup : plan.lookups) std::for_each(lookup.columns.begin(), lookup.columns.end(), each);
    for (auto& t : plan.tensors) each(t.linear);
    return plan;
  };
  const Plan plan = split(known.plan);
  // The whole plan's proof is the split one's: the messages are of the same sums, in the same order.
  EXPECT_EQ(relations::verify(proof, known.plan, known.key, known.instances), std::nullopt);
  EXPECT_EQ(relations::verify(proof, plan, known.key, known.instances), std::nullopt);
  std::vector<Fr> other = known.instances;
  other.back() += Fr::one();
  EXPECT_NE(relations::verify(proof, plan, known.key, other), std::nullopt);
  // One part of a term alone is another sum, wherever the tensor is not 0 everywhere.
  const relations::Witness witness = known.witness();
  std::uint32_t tensor = 0;
  for_every_sum(
      known.plan,
      [&](relations::Expression& sum) {
        tensor = sum.terms[0].tensor;
        name_twice(sum);
        sum.terms.pop_back();
      },
      [&](const Plan& part) {
        const std::vector<Fr> values = witness.expression({{{Fr::one(), tensor}}, Fr::zero()}, tensor);
        const bool zero = std::all_of(values.begin(), values.end(), [](const Fr& v) { return v.is_zero(); });
        if (!zero) {
          EXPECT_NE(relations::verify(proof, part, known.key, known.instances), std::nullopt) << tensor;
        }
      });
}

/// A few bytes of a key may not ask a verifier for a list of 2^34 weights.
TEST(PlanLists, ElementsThatAreListedHaveALimit) {
  const auto plan_of = [](std::size_t length) {
    const auto tensor = [](TensorKind kind, Shape shape) {
      PlanTensor t;
      t.kind = kind;
      t.cube = Cube(shape);
      t.shape = std::move(shape);
      return t;
    };
    Plan plan;
    plan.tensors = {tensor(TensorKind::committed, {3, length}), tensor(TensorKind::reshape, {length, 3})};
    plan.tensors[1].sources = {0};
    plan.constraints = {{{{{Fr::one(), 1}}, Fr::zero()}, 1, std::nullopt}};
    plan.trees.emplace_back();
    return plan;
  };
  EXPECT_NO_THROW(relations::check_plan(plan_of(std::size_t{1} << 20)));
  Plan large = plan_of(std::size_t{1} << 21);
  EXPECT_THROW(relations::check_plan(large), Error);
  large.constraints[0].expression.terms.clear();
  EXPECT_NO_THROW(relations::check_plan(large)) << "nothing needs it";
}

INSTANTIATE_TEST_SUITE_P(Reference, PlanCheck, ::testing::Values("mlp.json", "conv.json", "mixed.json", "shapes.json"),
                         [](const auto& given) {
                           const std::string name = given.param;
                           return name.substr(0, name.find('.'));
                         });

}  // namespace
}  // namespace ezkl
