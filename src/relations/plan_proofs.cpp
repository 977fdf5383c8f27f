// Steps 5 and 8: how ranges and tests for zero are shown, and which sum of fractions shows what.
#include <algorithm>
#include <string>

#include "base/ensure.hpp"
#include "base/int128.hpp"
#include "ezkl/error.hpp"
#include "relations/plan_steps.hpp"

namespace ezkl::relations {
namespace {

Expression one_term(std::uint32_t tensor, const Fr& constant) { return {{{Fr::one(), tensor}}, constant}; }

}  // namespace

std::uint32_t PlanBuilder::add(Shape shape, TensorKind kind, const Recipe& recipe) {
  PlanTensor& tensor = plan.tensors.emplace_back();
  tensor.kind = kind;
  tensor.cube = Cube(shape);
  tensor.shape = std::move(shape);
  plan.recipes.push_back(recipe);
  candidate.push_back(false);
  return static_cast<std::uint32_t>(plan.tensors.size() - 1);
}

std::uint32_t PlanBuilder::add_product(std::uint32_t a, std::uint32_t b) {
  const std::uint32_t out = add(Shape(plan.tensors[a].shape), TensorKind::product, {Recipe::Kind::derived});
  plan.tensors[out].sources = {a, b};
  return out;
}

std::uint32_t PlanBuilder::range_table(std::uint64_t rows) {
  for (std::uint32_t i = 0; i < plan.tables.size(); ++i) {
    if (!plan.tables[i].function && plan.tables[i].rows == rows) return i;
  }
  plan.tables.push_back({rows, 0, std::nullopt});
  return static_cast<std::uint32_t>(plan.tables.size() - 1);
}

std::uint32_t PlanBuilder::function_table(const claims::TableId& id, claims::Interval keys) {
  EZKL_ENSURE(keys.lo <= keys.hi, "a table has a key");
  if (Uint128(keys.hi) - Uint128(keys.lo) >= Table::most_rows) {
    throw Error(Fault::range, "a table of " + to_string(keys.hi - keys.lo + 1) + " keys",
                {{"lookup_range", "a narrower {} is needed"}});
  }
  const auto rows = static_cast<std::uint64_t>(keys.hi - keys.lo + 1);
  for (std::uint32_t i = 0; i < plan.tables.size(); ++i) {
    const Table& table = plan.tables[i];
    if (table.function == id && table.first == keys.lo && table.rows == rows) return i;
  }
  plan.tables.push_back({rows, keys.lo, id});
  return static_cast<std::uint32_t>(plan.tables.size() - 1);
}

void add_range(PlanBuilder& builder, std::uint32_t tensor, Int128 lo, Int128 hi) {
  EZKL_ENSURE(lo <= hi && lo >= -(Int128{1} << 126) && hi <= Int128{1} << 126, "a range of integers modulo the field");
  Plan& plan = builder.plan;
  const Uint128 width = Uint128(hi) - Uint128(lo) + 1;
  if (width == 1) {
    plan.constraints.push_back({one_term(tensor, -Fr::from_i128(lo)), tensor, std::nullopt});
    return;
  }
  if (width == 2) {
    plan.squares.push_back({tensor, lo});
    return;
  }
  const unsigned bits = plan.options.limb_bits;
  if (width <= Uint128{1} << bits) {
    plan.lookups.push_back({builder.range_table(std::uint64_t(width)), tensor, {one_term(tensor, -Fr::from_i128(lo))}});
    return;
  }
  // x - lo = Σ B^i l_i with limbs below B and the top one below T: an integer in [0, T B^(k - 1)). Where that is more
  // than the width, the same of hi - x.
  Uint128 lower = 1;
  std::uint32_t limbs = 1;
  for (; lower < ((width - 1) >> bits) + 1; ++limbs) lower <<= bits;
  const Uint128 top = (width - 1) / lower + 1;
  EZKL_ENSURE(top * lower <= Uint128{1} << 127, "limbs that make an integer modulo the field");
  const Fr radix = Fr::from_u64(std::uint64_t{1} << bits), scale = radix.pow(limbs - 1).inverse();
  const Shape shape = plan.tensors[tensor].shape;
  for (const bool mirrored : {false, true}) {
    if (mirrored && top * lower == width) break;
    const Int128 base = mirrored ? hi : lo;
    const Fr sign = mirrored ? -Fr::one() : Fr::one();
    Expression last{{{sign * scale, tensor}}, -sign * Fr::from_i128(base) * scale};
    Fr power = scale;
    for (std::uint32_t k = 0; k + 1 < limbs; ++k) {
      const std::uint32_t limb =
          builder.add(Shape(shape), TensorKind::committed, {Recipe::Kind::limb, tensor, k, 0, mirrored, base});
      plan.lookups.push_back({builder.range_table(std::uint64_t{1} << bits), tensor, {one_term(limb, Fr::zero())}});
      last.terms.push_back({-power, limb});
      power *= radix;
    }
    plan.lookups.push_back({builder.range_table(std::uint64_t(top)), tensor, {std::move(last)}});
  }
}

void add_zero_test(PlanBuilder& builder, std::uint32_t x, std::uint32_t flag, std::optional<claims::Interval> bounds) {
  Plan& plan = builder.plan;
  const auto zero = [&](std::vector<Term> terms, const Fr& constant) {
    plan.constraints.push_back({{std::move(terms), constant}, flag, std::nullopt});
  };
  if (bounds && (bounds->lo >= 0 || bounds->hi <= 0)) {
    // |x| >= 0: the flag is 0 or 1, flag x = 0, |x| + flag >= 1
    const bool positive = bounds->lo >= 0;
    const Int128 most = positive ? bounds->hi : -bounds->lo;
    plan.squares.push_back({flag, 0});
    zero({{Fr::one(), builder.add_product(flag, x)}}, Fr::zero());
    const std::uint32_t sum = builder.add(Shape(plan.tensors[x].shape), TensorKind::linear, {Recipe::Kind::derived});
    plan.tensors[sum].linear.terms = {{positive ? Fr::one() : -Fr::one(), x}, {Fr::one(), flag}};
    add_range(builder, sum, 1, std::max<Int128>(most, 1));
    return;
  }
  // flag = 1 - x w and flag x = 0; w is free where x = 0, where nothing depends on it
  const std::uint32_t w = builder.add(Shape(plan.tensors[x].shape), TensorKind::committed, {Recipe::Kind::inverse, x});
  zero({{Fr::one(), flag}, {Fr::one(), builder.add_product(x, w)}}, -Fr::one());
  zero({{Fr::one(), builder.add_product(flag, x)}}, Fr::zero());
}

void plant_trees(PlanBuilder& builder) {
  Plan& plan = builder.plan;
  for (std::uint32_t i = 0; i < plan.tables.size(); ++i) {
    if (!plan.tables[i].function) continue;
    const std::uint32_t values = builder.add({plan.tables[i].rows}, TensorKind::keyed, {Recipe::Kind::table, 0, i});
    plan.tables[i].values = values;
  }
  const auto cells = [&](std::uint32_t tensor) { return plan.tensors[tensor].cube.cells(); };
  std::uint64_t room = 0;
  const auto tree_for = [&](std::uint64_t size) -> Tree& {
    if (plan.trees.empty() || size > room) {
      plan.trees.emplace_back();
      room = std::uint64_t{1} << plan.options.tree_bits;
    }
    room -= std::min(room, size);
    return plan.trees.back();
  };
  for (std::uint32_t k = 0; k < plan.lookups.size(); ++k)
    tree_for(cells(plan.lookups[k].shaped_as)).lookups.push_back(k);
  for (std::uint32_t k = 0; k < plan.gathers.size(); ++k) {
    tree_for(cells(plan.gathers[k].data) + cells(plan.gathers[k].index)).gathers.push_back(k);
  }
  for (std::uint32_t k = 0; k < plan.permutes.size(); ++k)
    tree_for(2 * cells(plan.permutes[k].ys[0])).permutes.push_back(k);
  if (plan.trees.empty()) plan.trees.emplace_back();
  for (std::uint32_t t = 0; t < plan.trees.size(); ++t) {
    Tree& tree = plan.trees[t];
    std::vector<bool> wanted(plan.tables.size());
    for (const std::uint32_t k : tree.lookups) wanted[plan.lookups[k].table] = true;
    for (std::uint32_t i = 0; i < plan.tables.size(); ++i) {
      if (!wanted[i]) continue;
      tree.tables.emplace_back(
          i, builder.add({plan.tables[i].rows}, TensorKind::committed, {Recipe::Kind::counts, 0, i, t}));
    }
    for (std::uint32_t k = 0; k < tree.gathers.size(); ++k) {
      const Shape shape = plan.tensors[plan.gathers[tree.gathers[k]].data].shape;
      tree.gather_counts.push_back(
          builder.add(Shape(shape), TensorKind::committed, {Recipe::Kind::gather_counts, 0, k, t}));
    }
  }
}

}  // namespace ezkl::relations
