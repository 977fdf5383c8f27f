// Phase 2: everything that is a product, a square or an equation, at one point. source: docs/spec/sumcheck.md 3.5
#include <algorithm>
#include <map>
#include <tuple>

#include "base/ensure.hpp"
#include "poly/multilinear.hpp"
#include "relations/state.hpp"
#include "sumcheck/batch.hpp"

namespace ezkl::relations {
namespace {

using sumcheck::Batch;
using sumcheck::Scalar;

/// coefficient · eq(point of tree) · a product, a square, or the output of a contraction
struct Item {
  Fr coefficient;
  std::uint32_t tensor = 0;
  std::size_t tree = 0;
  std::vector<std::uint32_t> operands;
};

/// The sum of all that has to be 0 or a denominator, as one functional and distinct items.
class Sum {
 public:
  Sum(const State& state, const std::vector<TreeEnd>& trees) : state_(state), trees_(trees) {}

  /// Adds factor · a functional made at the point of one tree.
  void add(const Functional& functional, const Fr& factor, std::size_t tree) {
    constant_ += factor * functional.constant;
    for (const Anchor& anchor : functional.anchors)
      anchors_.push_back({factor * anchor.coefficient, anchor.tensor, anchor.weights});
    for (const Raw& raw : functional.raws) {
      const auto own = multilinear::last(trees_[tree].point, raw.point.size());
      EZKL_ENSURE(std::equal(raw.point.begin(), raw.point.end(), own.begin()),
                  "products are read at the tree's own point");
      add_item(factor * raw.coefficient, false, raw.tensor, tree);
    }
  }
  void add_square(const Fr& factor, std::uint32_t tensor) { add_item(factor, true, tensor, 0); }
  void add_item(const Fr& coefficient, bool square, std::uint32_t tensor, std::size_t tree) {
    const auto [found, fresh] = places_.try_emplace({square, tensor, tree}, items_.size());
    if (fresh) {
      const PlanTensor& t = state_.plan.tensors[tensor];
      std::vector<std::uint32_t> operands = t.sources;
      if (square) operands = {tensor, tensor};
      if (!square && t.kind == TensorKind::contraction) operands = {tensor};
      items_.push_back({Fr::zero(), tensor, tree, std::move(operands)});
    }
    items_[found->second].coefficient += coefficient;
  }
  /// Contractions that nothing of this has in it have to be shown as well.
  void add_contractions() {
    std::vector<bool> there(state_.plan.tensors.size());
    for (const Item& item : items_) {
      if (item.operands.size() == 1) there[item.tensor] = true;
    }
    for (const std::uint32_t tensor : state_.plan.contractions) {
      if (!there[tensor]) add_item(Fr::zero(), false, tensor, 0);
    }
  }

  const Fr& constant() const { return constant_; }
  const std::vector<Anchor>& anchors() const { return anchors_; }
  const std::vector<Item>& items() const { return items_; }

 private:
  const State& state_;
  const std::vector<TreeEnd>& trees_;
  Fr constant_;
  std::vector<Anchor> anchors_;
  std::vector<Item> items_;
  std::map<std::tuple<bool, std::uint32_t, std::size_t>, std::size_t> places_;
};

}  // namespace

ProductsEnd prove_products(sumcheck::Channel& channel, State& state, const std::vector<TreeEnd>& trees) {
  const Plan& plan = state.plan;
  const auto bits_of = [&](std::uint32_t tensor) { return plan.tensors[tensor].cube.bits(); };
  const Fr xi = channel.challenge("xi");
  Sum sum(state, trees);
  Scalar claim;
  Fr scale = Fr::one();
  for (std::size_t t = 0; t < trees.size(); ++t, scale *= xi) {
    sum.add(trees[t].leaves, scale, t);
    claim.add(trees[t].denominator, scale);
  }
  const std::span<const Fr> z = trees[0].point;
  for (const Constraint& constraint : plan.constraints) {
    Functional functional;
    const auto point = multilinear::last(z, bits_of(constraint.shaped_as));
    functional.add(plan, constraint.expression, constraint.shaped_as, point, Fr::one());
    if (constraint.of) functional.raws.push_back({-Fr::one(), *constraint.of, {point.begin(), point.end()}});
    sum.add(functional, scale, 0);
    scale *= xi;
  }
  for (const Square& square : plan.squares) {
    // (x - lo)(x - lo - 1) = x² - (2 lo + 1) x + lo (lo + 1)
    const Fr lo = Fr::from_i128(square.lo);
    Functional functional;
    functional.add(plan, {{{-(lo.dbl() + Fr::one()), square.tensor}}, lo * (lo + Fr::one())}, square.tensor,
                   multilinear::last(z, bits_of(square.tensor)), Fr::one());
    sum.add(functional, scale, 0);
    sum.add_square(scale, square.tensor);
    scale *= xi;
  }
  sum.add_contractions();

  std::vector<Fr> linear;
  if (state.proving()) {
    linear.resize(1);
    for (const Anchor& anchor : sum.anchors())
      linear[0] += anchor.coefficient * state.witness->pair(anchor.tensor, anchor.weights);
  }
  const Scalar linear_part = channel.send("linear part", linear, 1)[0];
  state.claims.push_back({linear_part, sum.anchors()});

  // Tables of distinct operands, in the order in which items use them first.
  std::vector<std::uint32_t> operands;
  std::map<std::uint32_t, std::size_t> number;
  unsigned rounds = 0;
  for (const Item& item : sum.items()) {
    rounds = std::max(rounds, bits_of(item.tensor));
    for (const std::uint32_t operand : item.operands) {
      if (number.try_emplace(operand, operands.size()).second) operands.push_back(operand);
    }
  }
  Batch batch;
  if (state.proving()) {
    for (const TreeEnd& tree : trees) batch.points.push_back(tree.point);
    for (const std::uint32_t operand : operands) batch.add_table(state.witness->cube(operand));
    for (const Item& item : sum.items()) {
      if (item.coefficient.is_zero()) continue;
      const std::size_t a = number[item.operands[0]],
                        b = item.operands.size() == 2 ? number[item.operands[1]] : Batch::none;
      batch.items.push_back({item.coefficient, bits_of(item.tensor), item.tree, {{a, b}}});
    }
  }
  const sumcheck::Reduced end = sumcheck::reduce(channel, "products", claim - sum.constant() - linear_part, rounds, 3,
                                                 state.proving() ? &batch : nullptr);

  std::vector<Fr> values;
  for (std::size_t k = 0; state.proving() && k < operands.size(); ++k) values.push_back(batch.tables[k][0]);
  const std::vector<Scalar> sent = channel.send("operands", values, operands.size());
  const auto value_of = [&](std::uint32_t operand) -> const Scalar& { return sent[number[operand]]; };
  Scalar check = end.claim * -Fr::one();
  std::vector<sumcheck::Product> products;
  for (const Item& item : sum.items()) {
    if (item.coefficient.is_zero()) continue;  // a contraction of which only the value is wanted
    const unsigned bits = bits_of(item.tensor);
    const Fr factor =
        item.coefficient * sumcheck::late_factor(bits, rounds) *
        multilinear::eq(multilinear::last(trees[item.tree].point, bits), multilinear::last(end.point, bits));
    if (item.operands.size() == 1) {
      check.add(value_of(item.operands[0]), factor);
    } else {
      products.push_back({factor, value_of(item.operands[0]), value_of(item.operands[1])});
    }
  }
  channel.require(check, products, "products or constraints");

  ProductsEnd out{end.point, {}};
  for (const std::uint32_t tensor : plan.contractions) out.contractions.emplace(tensor, value_of(tensor));
  for (const std::uint32_t operand : operands) {
    const PlanTensor& t = plan.tensors[operand];
    if (t.kind == TensorKind::contraction && !t.materialised) continue;
    Functional functional;
    functional.add(plan, operand, point_weights(t.cube, multilinear::last(end.point, t.cube.bits())), Fr::one());
    Scalar left = value_of(operand) - functional.constant;
    for (const Raw& raw : functional.raws) {
      const auto own = multilinear::last(end.point, raw.point.size());
      EZKL_ENSURE(plan.tensors[raw.tensor].kind == TensorKind::contraction &&
                      std::equal(raw.point.begin(), raw.point.end(), own.begin()),
                  "an operand is linear but for contractions at the same point");
      left.add(value_of(raw.tensor), -raw.coefficient);
    }
    state.claims.push_back({left, std::move(functional.anchors)});
  }
  return out;
}

}  // namespace ezkl::relations
