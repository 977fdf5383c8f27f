// Provers that write field elements of their choice into cells, all copies and all sums after them included: nothing
// but the honest output is accepted.
#include "cell_forgery.hpp"

#include <gtest/gtest.h>

#include "commit/srs.hpp"
#include "graph/claims/compound.hpp"
#include "graph/claims/sort.hpp"
#include "plonk/prover.hpp"
#include "plonk/verifier.hpp"

namespace ezkl {
namespace {

using namespace test;
using claims::Rounding;
using claims::Tensor;
using claims::Values;
using claims::Writer;

const Fr half_of_the_field = Fr::from_u64(2).inverse();
const Fr somewhere = Fr::from_hex("0x1234567890abcdef1234567890abcdef1234567890abcdef1234567890abcdef");

Fr number(Int128 v) { return Fr::from_i128(v); }

RunArgs with_public_input() {
  RunArgs args = small_args(2);
  args.input_visibility.kind = Visibility::Kind::public_;
  return args;
}

/// A circuit whose range checks are lookups of digits of 16 and of signs, with one honest run on an input that
/// everybody knows.
struct Forger {
  RunArgs args = with_public_input();
  Bench bench;
  CircuitWitness witness;
  CellForgery cells;
  CellForgery::Place output;

  Forger(const Shape& shape, const Build& build, const Values& input, Int128 bound = 20)
      : bench(model(args, shape, bound, build), published_settings(model(args, shape, bound, build), args)),
        witness(bench.record, bench.settings, bench.circuit, {input}),
        cells(bench, witness),
        output(cells.shown(input.size())) {
    for (std::size_t i = 0; i < input.size(); ++i) cells.pin(cells.shown(i));
    EXPECT_EQ(text(cells.mock()), "");
  }

  bool refused() const { return !cells.mock().empty(); }

  /// What the real prover and verifier say of the cells as they are.
  bool proved() const {
    const Srs srs = srs_from_secret(args.logrows, Fr::from_u64(1234567));
    const auto key = plonk::keygen(bench.circuit.cs, args.logrows, bench.assembly, srs, true);
    Random random = Random::from_seed(1);
    Given source(cells.columns());
    try {
      const auto proof = plonk::create_proof(srs, key, source, cells.instances(), random);
      return plonk::verify_proof(srs.verifier(), key.vk, {cells.instances()[0].size()}, cells.instances(), proof)
          .accepted;
    } catch (const Error& e) {
      EXPECT_EQ(e.fault(), Fault::unsatisfied) << e.what();
      return false;
    }
  }
};

struct Operator {
  const char* name;
  Shape shape;
  std::vector<Values> inputs;
  Build build;
};

Tensor five(Writer& w) { return w.constant({1}, {5}); }

/// Each with the inputs at which a sign, a tie or a remainder is open if anything is.
std::vector<Operator> operators() {
  using namespace claims;
  const std::vector<Values> around_zero{{0}, {1}, {-1}}, around_five{{5}, {4}, {6}}, steps{{0}, {3}, {-3}, {5}};
  std::vector<Operator> out{
      {"relu", {1}, around_zero, [](Writer& w, Tensor x) { return relu(w, x); }},
      {"absolute", {1}, around_zero, [](Writer& w, Tensor x) { return absolute(w, x); }},
      {"sign", {1}, around_zero, [](Writer& w, Tensor x) { return sign(w, x); }},
      {"decomposition", {1}, {{0}, {20}, {-20}}, [](Writer& w, Tensor x) { return w.scale(x, 3, 1); }},
      {"greater", {1}, around_five, [](Writer& w, Tensor x) { return greater(w, x, five(w)); }},
      {"less", {1}, around_five, [](Writer& w, Tensor x) { return greater(w, five(w), x); }},
      {"greater or equal",
       {1},
       around_five,
       [](Writer& w, Tensor x) { return w.scale(greater(w, five(w), x), -1, 1); }},
      {"equals", {1}, around_five, [](Writer& w, Tensor x) { return equals(w, x, five(w)); }},
      {"reciprocal", {1}, {{0}, {7}, {-7}}, [](Writer& w, Tensor x) { return reciprocal(w, x, 16, 40); }},
      {"root", {1}, {{-20}, {-14}, {5}}, [](Writer& w, Tensor x) { return root(w, w.scale(x, 1, 20)); }},
      {"maximum", {1, 3}, {{3, 3, 1}}, [](Writer& w, Tensor x) { return maximum(w, x, 1); }},
      {"argmax", {1, 3}, {{3, 3, 1}, {2, 2, 2}}, [](Writer& w, Tensor x) { return argmax(w, x, 1); }},
      {"argmin", {1, 3}, {{1, 3, 1}}, [](Writer& w, Tensor x) { return argmax(w, w.scale(x, -1), 1); }},
      {"quotient of two",
       {2},
       {{7, 2}, {-6, 3}, {0, -4}},
       [](Writer& w, Tensor x) {
         const auto at = [&](std::int64_t i) { return w.view({x, {1}, {{i, {}}}, 0}); };
         return truncated_division(w, at(0), at(1)).quotient;
       }},
  };
  for (const auto& [name, mode] : {std::pair("round", Rounding::half_away),
                                   std::pair("half to even", Rounding::half_even), std::pair("floor", Rounding::floor),
                                   std::pair("ceil", Rounding::ceil), std::pair("truncate", Rounding::truncate)}) {
    out.push_back({name, {1}, steps, [mode = mode](Writer& w, Tensor x) { return divide(w, x, 6, mode); }});
  }
  return out;
}

TEST(CellForgery, NoValueCanBeReplacedByAnother) {
  for (const Operator& op : operators()) {
    for (const Values& input : op.inputs) {
      SCOPED_TRACE(std::string(op.name) + " of " + to_string(input[0]));
      Forger f(op.shape, op.build, input);
      for (const CellForgery::Place place : f.cells.places()) {
        const Fr had = f.cells.value(place);
        for (const Fr& value : {number(0), number(1), number(-1), number(16), had + number(1), had - number(1), -had,
                                had + half_of_the_field, somewhere}) {
          if (value == had) continue;
          f.cells.set(place, value);
          f.cells.follow();
          if (f.cells.shows_another_output()) {
            EXPECT_TRUE(f.refused()) << "place " << place;
          }
          f.cells.restore();
        }
      }
    }
  }
}

/// Tries values for the only places that hold the quotient `honest`; each must be refused.
void expect_no_other_quotient(Forger& f, Int128 honest, const std::vector<Fr>& forms, bool by_range) {
  const auto places = f.cells.holding(number(honest));
  ASSERT_FALSE(places.empty());
  for (const Fr& form : forms) {
    for (const CellForgery::Place place : places) {
      f.cells.set(place, form);
      f.cells.follow();
      const auto failures = f.cells.mock();
      ASSERT_FALSE(failures.empty());
      // Sums and products hold: what refuses is the size of a value.
      if (by_range) {
        EXPECT_EQ(failures[0].constraint.rfind("lookup", 0), 0u) << failures[0].constraint;
      }
      f.cells.restore();
    }
  }
}

TEST(CellForgery, QuotientsModuloTheFieldAreTooLarge) {
  const Int128 x = 1501;
  for (const Int128 d : {7, 12}) {
    for (const auto mode : {Rounding::floor, Rounding::truncate, Rounding::half_away}) {
      SCOPED_TRACE(to_string(d) + ", rounding " + std::to_string(int(mode)));
      Forger f(
          {1}, [=](Writer& w, Tensor t) { return claims::divide(w, t, d, mode); }, {x}, 2000);
      const Int128 honest = f.witness.outputs()[0][0];
      const Fr inverse = number(d).inverse();
      std::vector<Fr> forms{number(honest + 1), number(honest - 1), number(honest) + half_of_the_field};
      for (Int128 t = 0; t < d; ++t) forms.push_back(number(x + t) * inverse);
      forms.erase(std::remove(forms.begin(), forms.end(), number(honest)), forms.end());
      expect_no_other_quotient(f, honest, forms, true);
    }
  }
}

TEST(CellForgery, ReciprocalsModuloTheFieldAreTooLarge) {
  const Int128 x = 13, c = 1600;
  Forger f({1}, [=](Writer& w, Tensor t) { return claims::reciprocal(w, t, c, 0); }, {x});
  const Fr inverse = number(x).inverse();
  expect_no_other_quotient(f, 123,
                           {number(c) * inverse, number(2 * c) * inverse, number(c) * inverse * half_of_the_field,
                            number(122), number(124), number(123) + half_of_the_field},
                           false);
}

TEST(CellForgery, OfTwoEquallyNearNeighboursOneIsAccepted) {
  // 1/x at scale c is c / x = 1/2: 0 and 1 are as near.
  for (const auto& [x, other] : {std::pair<Int128, Int128>{20, 0}, {-20, 0}}) {
    Forger f({1}, [](Writer& w, Tensor t) { return claims::reciprocal(w, t, 10, 0); }, {x});
    ASSERT_EQ(f.witness.outputs()[0][0], x < 0 ? -1 : 1);
    f.cells.set(f.output, number(other));
    f.cells.follow();
    EXPECT_TRUE(f.refused());
  }
  // 12 and 13 lie on both sides of 3.5 squared.
  for (const auto& [v, honest] : {std::pair<Int128, Int128>{12, 3}, {13, 4}}) {
    Forger f({1}, [](Writer& w, Tensor t) { return claims::root(w, t); }, {v});
    ASSERT_EQ(f.witness.outputs()[0][0], honest);
    f.cells.set(f.output, number(7 - honest));
    f.cells.follow();
    EXPECT_TRUE(f.refused());
  }
}

TEST(CellForgery, InputsAndOutputsStayInTheirRange) {
  const RunArgs args = with_public_input();
  const auto build = [](Writer& w, Tensor t) { return w.scale(t, 3); };
  const auto record = model(args, {1}, 20, build);
  const Bench bench(record, published_settings(record, args));
  CircuitWitness witness(bench.record, bench.settings, bench.circuit, {{7}});
  CellForgery cells(bench, witness);
  ASSERT_EQ(text(cells.mock()), "");
  const Fr limit = number(Int128{1} << 126) + number(Int128{1} << 126);
  for (const Fr& input : {number(-1) - limit, limit, number(7) * number(3).inverse(), number(4096), somewhere}) {
    cells.set(cells.shown(0), input);
    cells.follow();
    EXPECT_EQ(cells.value(cells.shown(1)), input * number(3)) << "the sum followed";
    EXPECT_FALSE(cells.mock().empty());
    cells.restore();
  }
  cells.set(cells.shown(1), number(21) + number(3).inverse());
  cells.follow();
  EXPECT_FALSE(cells.mock().empty());
}

TEST(CellForgery, APublicInputThatNothingUsesIsBound) {
  const RunArgs args = with_public_input();
  claims::Recorder w(args);
  w.enter_node("inputs");
  const Tensor x = w.input({1}, {-20, 20}, true), unused = w.input({2}, {-20, 20}, true);
  w.bind(x, args.input_visibility, {claims::Slot::Group::input, 0});
  w.bind(unused, args.input_visibility, {claims::Slot::Group::input, 1});
  const Tensor y = w.scale(x, 2);
  w.output(y);
  w.bind(y, args.output_visibility, {claims::Slot::Group::output, 0});
  const auto record = w.finish();
  const Bench bench(record, own_settings(record, args));
  CircuitWitness witness(bench.record, bench.settings, bench.circuit, {{4}, {-9, 9}});
  ASSERT_EQ(text(bench.mock(witness, witness.columns())), "");
  for (std::size_t i = 0; i < 4; ++i) {
    auto shown = witness.instances();
    shown[0].at(i) += Fr::one();
    EXPECT_FALSE(
        plonk::mock_check(bench.circuit.cs, args.logrows, bench.assembly, witness.columns(), shown, {}, {}).empty())
        << "instance " << i;
  }
}

/// A line claimed to be a permutation of the input, or the input sorted with its places.
struct Line {
  Tensor values, indices;
};

Tensor permuted(Writer& w, Tensor x, Line& made) {
  made.values = w.hint(w.shape(x), {x}, [](std::span<const Values* const> in) { return std::vector<Values>{*in[0]}; });
  const Tensor ys[] = {made.values}, xs[] = {x};
  w.permute(ys, xs);
  return w.scale(made.values, 1);
}

Tensor sorted(Writer& w, Tensor x, Line& made) {
  const claims::Sorted all = claims::sort(w, x, claims::Order::descending, true);
  made = {all.values, all.indices};
  return w.add(all.values, w.scale(all.indices, 100));
}

using Lines = Tensor (*)(Writer&, Tensor, Line&);

/// Whether mock, prover and verifier accept other values and places of a line.
void expect_refused(const char* what, Lines build, const Values& x, const Values& values, const Values& indices) {
  SCOPED_TRACE(what);
  for (const bool published : {false, true}) {
    Line made;
    const RunArgs args = small_args(2);
    const auto record = model(args, {1, x.size()}, 20, [&](Writer& w, Tensor t) { return build(w, t, made); });
    const Bench bench(record, published ? published_settings(record, args) : own_settings(record, args));
    ASSERT_EQ(text(bench.mock({x})), "");
    CircuitWitness::Options options;
    options.check = false;
    options.forged[made.values.id] = values;
    if (!indices.empty()) options.forged[made.indices.id] = indices;
    CircuitWitness forged(bench.record, bench.settings, bench.circuit, {x}, options);
    EXPECT_FALSE(bench.mock(forged, forged.columns()).empty());

    const Srs srs = srs_from_secret(args.logrows, Fr::from_u64(1234567));
    const auto key = plonk::keygen(bench.circuit.cs, args.logrows, bench.assembly, srs, true);
    Random random = Random::from_seed(1);
    EXPECT_THROW(plonk::create_proof(srs, key, forged, forged.instances(), random), Error);
  }
}

TEST(ShuffleForgery, MultiplicitiesAndPlacesAreBound) {
  expect_refused("one value five times", permuted, {1, 2, 3, 4, 5}, {5, 5, 5, 5, 5}, {});
  expect_refused("one value three times", permuted, {1, 2, 3}, {1, 1, 1}, {});
  expect_refused("two of one", permuted, {1, 1, 3}, {1, 3, 3}, {});
  expect_refused("a value from elsewhere", permuted, {1, 2, 3}, {1, 2, 4}, {});
  expect_refused("the largest repeated", sorted, {1, 5, 3}, {5, 5, 3}, {1, 1, 2});
  expect_refused("the largest repeated at other places", sorted, {1, 5, 3}, {5, 5, 3}, {1, 0, 2});
  expect_refused("two places swapped", sorted, {1, 5, 3}, {5, 3, 1}, {2, 1, 0});
  expect_refused("a place outside", sorted, {1, 5, 3}, {5, 3, 1}, {1, 2, 3});
  expect_refused("a place before the line", sorted, {1, 5, 3}, {5, 3, 1}, {1, 2, -1});
  expect_refused("equal values in another order", sorted, {3, 3, 1}, {3, 3, 1}, {1, 0, 2});
  expect_refused("not in order", sorted, {1, 5, 3}, {5, 1, 3}, {1, 0, 2});
}

TEST(CellForgery, TheProverRefusesWhatTheMockRefuses) {
  Forger f({1}, [](Writer& w, Tensor x) { return claims::greater(w, x, five(w)); }, {5});
  EXPECT_TRUE(f.proved());
  f.cells.set(f.output, number(1));  // 5 > 5
  f.cells.follow();
  EXPECT_TRUE(f.refused());
  EXPECT_FALSE(f.proved());

  Forger q(
      {1}, [](Writer& w, Tensor x) { return claims::divide(w, x, 7, Rounding::floor); }, {1501}, 2000);
  for (const CellForgery::Place place : q.cells.holding(number(214)))
    q.cells.set(place, number(1501) * number(7).inverse());
  q.cells.follow();
  EXPECT_TRUE(q.cells.shows_another_output());
  EXPECT_FALSE(q.proved());
}

}  // namespace
}  // namespace ezkl
