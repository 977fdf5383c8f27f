#include "graph/claims/compound.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/int128.hpp"
#include "enumerate.hpp"
#include "ezkl/error.hpp"
#include "graph/claims/interval.hpp"

namespace ezkl::claims {
namespace {

RunArgs small_args() {
  RunArgs args;
  args.decomp_base = 8;
  args.decomp_legs = 2;
  return args;
}

/// Claims that evaluation satisfies, and that accept `want(x)` and nothing else, for every x within `bounds`.
void expect_exactly(Interval bounds, const std::function<Tensor(Writer&, Tensor)>& body,
                    const std::function<Int128(Int128)>& want) {
  const Record record =
      record_of(small_args(), {{1}}, bounds, [&](Writer& w, std::span<const Tensor> in) { return body(w, in[0]); });
  for (Int128 x = bounds.lo; x <= bounds.hi; ++x) {
    Evaluation evaluation(record, {{x}}, {true, true});
    evaluation.run();
    EXPECT_EQ(evaluation.outputs()[0][0], want(x)) << "x = " << to_string(x);
    EXPECT_TRUE(check_trace(record, evaluation.trace()).empty()) << check_trace(record, evaluation.trace())[0].message;
    EXPECT_EQ(Enumeration(record, {{x}}).accepted(), (std::set<Values>{{want(x)}})) << "x = " << to_string(x);
  }
}

/// The same for two operands of one element.
void expect_exactly2(Interval bounds, const std::function<Tensor(Writer&, Tensor, Tensor)>& body,
                     const std::function<Int128(Int128, Int128)>& want) {
  const Record record = record_of(small_args(), {{1}, {1}}, bounds,
                                  [&](Writer& w, std::span<const Tensor> in) { return body(w, in[0], in[1]); });
  for (Int128 x = bounds.lo; x <= bounds.hi; ++x) {
    for (Int128 y = bounds.lo; y <= bounds.hi; ++y) {
      Evaluation evaluation(record, {{x}, {y}}, {true, true});
      evaluation.run();
      EXPECT_EQ(evaluation.outputs()[0][0], want(x, y));
      EXPECT_TRUE(check_trace(record, evaluation.trace()).empty());
      EXPECT_EQ(Enumeration(record, {{x}, {y}}).accepted(), (std::set<Values>{{want(x, y)}}))
          << "x = " << to_string(x) << ", y = " << to_string(y);
    }
  }
}

Int128 half_away(Int128 x, Int128 d) {
  const Int128 a = x < 0 ? -x : x, q = (2 * a + d) / (2 * d);
  return x < 0 ? -q : q;
}
Int128 floor_div(Int128 x, Int128 d) { return x >= 0 ? x / d : -((-x + d - 1) / d); }

const Interval signed_values{-20, 20}, positive_values{0, 40}, negative_values{-40, 0};

TEST(Divide, HalfAwayIsTheOnlyAcceptedQuotient) {
  for (const Interval bounds : {signed_values, positive_values, negative_values}) {
    for (Int128 d = 1; d <= 9; ++d) {
      expect_exactly(
          bounds, [d](Writer& w, Tensor x) { return divide(w, x, d, Rounding::half_away); },
          [d](Int128 x) { return half_away(x, d); });
    }
  }
}

TEST(Divide, LeavesItsSignToReluAndAbs) {
  for (Int128 d = 2; d <= 5; ++d) {
    expect_exactly(
        signed_values, [d](Writer& w, Tensor x) { return relu(w, divide(w, x, d, Rounding::half_away)); },
        [d](Int128 x) { return x < 0 ? 0 : half_away(x, d); });
    expect_exactly(
        signed_values, [d](Writer& w, Tensor x) { return absolute(w, divide(w, x, d, Rounding::half_away)); },
        [d](Int128 x) { return half_away(x < 0 ? -x : x, d); });
  }
}

TEST(Divide, FloorAndCeilAreExact) {
  for (const Interval bounds : {signed_values, positive_values, negative_values}) {
    for (Int128 d = 1; d <= 9; ++d) {
      expect_exactly(
          bounds, [d](Writer& w, Tensor x) { return divide(w, x, d, Rounding::floor); },
          [d](Int128 x) { return floor_div(x, d); });
      expect_exactly(
          bounds, [d](Writer& w, Tensor x) { return divide(w, x, d, Rounding::ceil); },
          [d](Int128 x) { return -floor_div(-x, d); });
    }
  }
}

TEST(Divide, HalfEvenTakesTheEvenNeighbourOfATie) {
  for (Int128 d = 1; d <= 8; ++d) {
    expect_exactly(
        signed_values, [d](Writer& w, Tensor x) { return divide(w, x, d, Rounding::half_even); },
        [d](Int128 x) {
          return static_cast<Int128>(std::nearbyint(double(std::int64_t(x)) / double(std::int64_t(d))));
        });
  }
}

TEST(Divide, RefusesDivisorsOfNoUse) {
  EXPECT_THROW(expect_exactly(
                   signed_values, [](Writer& w, Tensor x) { return divide(w, x, 0, Rounding::floor); },
                   [](Int128 x) { return x; }),
               Error);
}

TEST(Divide, ByATensorTruncates) {
  const Interval few{-7, 7};
  for (const bool remainder : {false, true}) {
    const Record record = record_of(small_args(), {{1}, {1}}, few, [remainder](Writer& w, std::span<const Tensor> in) {
      const Division result = truncated_division(w, in[0], in[1]);
      return remainder ? result.remainder : result.quotient;
    });
    for (Int128 x = few.lo; x <= few.hi; ++x) {
      for (Int128 y = few.lo; y <= few.hi; ++y) {
        const std::set<Values> accepted = Enumeration(record, {{x}, {y}}).accepted();
        if (y == 0) {
          EXPECT_TRUE(accepted.empty());
        } else {
          EXPECT_EQ(accepted, (std::set<Values>{{remainder ? x % y : x / y}}));
        }
      }
    }
  }
  for (Int128 d = 1; d <= 9; ++d) {
    expect_exactly(
        signed_values, [d](Writer& w, Tensor x) { return divide(w, x, d, Rounding::truncate); },
        [d](Int128 x) { return x / d; });
  }
}

TEST(Comparison, GreaterAndEqualsHoldBothWays) {
  const Interval few{-4, 4};
  expect_exactly2(few, greater, [](Int128 x, Int128 y) { return Int128{x > y}; });
  expect_exactly2(few, equals, [](Int128 x, Int128 y) { return Int128{x == y}; });
  expect_exactly2(few, max_of, [](Int128 x, Int128 y) { return x > y ? x : y; });
  expect_exactly2(few, min_of, [](Int128 x, Int128 y) { return x < y ? x : y; });
}

TEST(SignLike, ReluAbsSign) {
  for (const Interval bounds : {signed_values, positive_values, negative_values}) {
    expect_exactly(bounds, relu, [](Int128 x) { return x > 0 ? x : 0; });
    expect_exactly(bounds, absolute, [](Int128 x) { return x < 0 ? -x : x; });
    expect_exactly(bounds, sign, [](Int128 x) { return Int128{x > 0} - Int128{x < 0}; });
  }
}

TEST(Select, TakesOneOfTwoAndOnlyForBooleans) {
  const Record record = record_of(small_args(), {{1}}, {-2, 3}, [](Writer& w, std::span<const Tensor> in) {
    return select(w, in[0], w.constant({1}, {7}), w.constant({1}, {-5}));
  });
  for (Int128 g = -2; g <= 3; ++g) {
    const std::set<Values> accepted = Enumeration(record, {{g}}).accepted();
    if (g == 0 || g == 1) {
      EXPECT_EQ(accepted, (std::set<Values>{{g == 1 ? 7 : -5}}));
    } else {
      EXPECT_TRUE(accepted.empty());
      Evaluation evaluation(record, {{g}});
      EXPECT_THROW(evaluation.run(), Error);
    }
  }
}

TEST(Reciprocal, RoundsHalfAwayAndHasOneValueAtZero) {
  for (const Int128 c : {1, 6, 12, 16, 31}) {
    for (const Interval bounds : {Interval{-12, 12}, Interval{0, 12}, Interval{1, 12}}) {
      expect_exactly(
          bounds, [c](Writer& w, Tensor x) { return reciprocal(w, x, c, 17); },
          [c](Int128 x) { return x == 0  ? 17
                                 : x > 0 ? half_away(c, x)
                                         : -half_away(c, -x); });
    }
  }
}

TEST(Reciprocal, RefusesZeroWhereItsValueCannotBeProved) {
  const Record record = record_of(small_args(), {{1}}, {-9, 9}, [](Writer& w, std::span<const Tensor> in) {
    return reciprocal(w, in[0], 16, Int128{1} << 59);
  });
  EXPECT_TRUE(Enumeration(record, {{0}}).accepted().empty());
  Evaluation evaluation(record, {{0}});
  EXPECT_THROW(evaluation.run(), Error);
  EXPECT_EQ(Enumeration(record, {{-3}}).accepted(), (std::set<Values>{{-5}}));
}

TEST(Root, IsTheNearestInteger) {
  for (const Interval bounds : {Interval{0, 60}, Interval{1, 60}}) {
    expect_exactly(bounds, root,
                   [](Int128 v) { return static_cast<Int128>(std::lround(std::sqrt(double(std::int64_t(v))))); });
  }
}

TEST(Root, RefusesNegativeValues) {
  const Record record =
      record_of(small_args(), {{1}}, {-9, 9}, [](Writer& w, std::span<const Tensor> in) { return root(w, in[0]); });
  EXPECT_TRUE(Enumeration(record, {{-1}}).accepted().empty());
}

TEST(Root, OfHugeValuesIsFoundAtOnce) {
  RunArgs args;
  args.decomp_base = 1 << 20;
  args.decomp_legs = 5;
  const Record record = record_of(args, {{1}}, {0, Int128{1} << 90},
                                  [](Writer& w, std::span<const Tensor> in) { return root(w, in[0]); });
  const Int128 largest = (Int128{1} << 126) - 1 + (Int128{1} << 126);  // 2^127 - 1
  for (const Int128 v : {largest, largest - 1, Int128{1} << 126, (Int128{1} << 100) + 1, Int128{-1}}) {
    Evaluation evaluation(record, {{v}}, {false, true});
    evaluation.run();
    const Int128 q = evaluation.outputs()[0][0];
    if (v <= 0) {
      EXPECT_EQ(q, 0);
    } else {  // q² - q < v <= q² + q
      EXPECT_LT(Uint128(q) * Uint128(q) - Uint128(q), Uint128(v));
      EXPECT_GE(Uint128(q) * Uint128(q) + Uint128(q), Uint128(v));
    }
  }
}

/// A model of one parameter that was `honest` when the claims were made, and of no input, run with another parameter.
void expect_of_any_parameter(Int128 honest, const std::function<Tensor(Writer&, Tensor)>& body,
                             const std::function<Int128(Int128)>& want) {
  Recorder w(small_args());
  w.output(body(w, w.param({1}, std::make_shared<const Values>(Values{honest}), false)));
  Record record = w.finish();
  for (Int128 p = -20; p <= 20; ++p) {
    record.params[0].second = std::make_shared<const Values>(Values{p});
    std::set<Values> accepted = Enumeration(record, {}).accepted();
    if (p < -7 || p > 7) accepted.insert({want(p)});  // of more digits than the honest one: may be refused
    EXPECT_EQ(accepted, (std::set<Values>{{want(p)}})) << "parameter " << to_string(p);
  }
}

// A prover may put any values in the place of parameters that are not fixed: the claims must not take for granted what
// happens to hold of the honest ones.
TEST(Parameters, NothingIsTakenForGranted) {
  for (const Int128 honest : {5, -5}) {
    expect_of_any_parameter(honest, relu, [](Int128 p) { return std::max<Int128>(p, 0); });
    expect_of_any_parameter(honest, absolute, [](Int128 p) { return p < 0 ? -p : p; });
    expect_of_any_parameter(honest, sign, [](Int128 p) { return Int128{(p > 0) - (p < 0)}; });
    expect_of_any_parameter(
        honest, [](Writer& w, Tensor p) { return divide(w, p, 3, Rounding::half_away); },
        [](Int128 p) { return half_away(p, 3); });
    expect_of_any_parameter(
        honest, [](Writer& w, Tensor p) { return divide(w, p, 4, Rounding::floor); },
        [](Int128 p) { return floor_div(p, 4); });
    expect_of_any_parameter(
        honest, [](Writer& w, Tensor p) { return max_of(w, p, w.constant({1}, {-9})); },
        [](Int128 p) { return std::max<Int128>(p, -9); });
    expect_of_any_parameter(
        honest, [](Writer& w, Tensor p) { return greater(w, p, w.constant({1}, {-9})); },
        [](Int128 p) { return Int128{p > -9}; });
    expect_of_any_parameter(
        honest, [](Writer& w, Tensor p) { return reciprocal(w, p, 16, 7); },
        [](Int128 p) { return p == 0  ? Int128{7}
                              : p < 0 ? -half_away(16, -p)
                                      : half_away(16, p); });
    expect_of_any_parameter(
        honest, [](Writer& w, Tensor p) { return relu(w, w.mul(p, p)); }, [](Int128 p) { return p * p; });
  }
}

TEST(Parameters, BoundsTellOnlyTheNumberOfDigits) {
  const auto bounds = [](Int128 value, bool fixed) {
    Recorder w(small_args());
    const Tensor p = w.param({1}, std::make_shared<const Values>(Values{value}), fixed);
    EXPECT_EQ(w.is_proven(p), fixed);
    EXPECT_FALSE(!fixed && (w.nonnegative(p) || w.nonpositive(p)));
    return w.expected(p);
  };
  EXPECT_EQ(bounds(3, true), (Interval{3, 3}));
  for (const Int128 value : {0, 1, -7}) EXPECT_EQ(bounds(value, false), (Interval{-7, 7}));
  for (const Int128 value : {8, -63}) EXPECT_EQ(bounds(value, false), (Interval{-63, 63}));
}

// An operator that asks for bounds where there are none gets them claimed, and with that any tensor made of these.
TEST(Parameters, BoundsThatAreAskedForAreClaimed) {
  for (const bool parameter : {false, true}) {
    Recorder w(small_args());
    const Tensor x =
        parameter ? w.param({1}, std::make_shared<const Values>(Values{5}), false) : w.input({1}, {0, 7}, false);
    const Interval bounds = w.interval(x);
    EXPECT_TRUE(inside({-7, 7}, bounds));
    EXPECT_EQ(w.interval(x), bounds);
    w.output(w.scale(x, 2));
    Record record = w.finish();
    EXPECT_EQ(std::count_if(record.claims.begin(), record.claims.end(),
                            [](const Claim& claim) { return claim.kind == Kind::range; }),
              1);
    for (const Int128 value : {bounds.lo - 1, bounds.lo, bounds.hi, bounds.hi + 1}) {
      const std::vector<Values> inputs(parameter ? 0 : 1, Values{value});
      if (parameter) record.params[0].second = std::make_shared<const Values>(Values{value});
      const bool within = value >= bounds.lo && value <= bounds.hi;
      EXPECT_EQ(Enumeration(record, inputs).accepted().size(), within ? 1U : 0U);
    }
  }
}

/// Divisors beyond the decomposition limit are refused, and the remainder's bounds hold up to it.
TEST(Divide, RemaindersStayWithinTheirBoundsAtTheLimit) {
  Recorder w(small_args());
  const Tensor x = w.input({1}, {0, 200}, true), y = w.input({1}, {0, 200}, true);
  const Division result = truncated_division(w, x, y);
  const Interval remainders = w.interval(result.remainder), quotients = w.interval(result.quotient);
  w.output(result.remainder);
  w.output(result.quotient);
  const Record record = w.finish();
  const Int128 limit = decomposition_limit(small_args());
  std::size_t accepted = 0;
  for (const Int128 a : {Int128{0}, limit - 1, limit, limit + 1, Int128{200}}) {
    for (const Int128 b : {Int128{1}, limit - 1, limit, limit + 1, limit + 2, Int128{200}}) {
      Evaluation evaluation(record, {{a}, {b}}, {false, true});
      evaluation.run();
      const bool holds = std::all_of(record.claims.begin(), record.claims.end(), [&](const Claim& claim) {
        return claim_holds(record, claim, evaluation.trace(), nullptr);
      });
      if (!holds) continue;
      ++accepted;
      EXPECT_TRUE(inside({a % b, a % b}, remainders)) << to_string(a) << " / " << to_string(b);
      EXPECT_TRUE(inside({a / b, a / b}, quotients));
      EXPECT_TRUE(check_trace(record, evaluation.trace()).empty());
    }
  }
  EXPECT_GT(accepted, 10U);
}

TEST(Inputs, OneThatIsNotCheckedIsNotTrusted) {
  Recorder w(small_args());
  w.output(relu(w, w.input({1}, {0, 20}, false)));
  const Record record = w.finish();
  for (Int128 x = -20; x <= 20; ++x) {
    EXPECT_EQ(Enumeration(record, {{x}}).accepted(), (std::set<Values>{{std::max<Int128>(x, 0)}}));
  }
}

/// Lines of three elements within [-2, 2], all of them.
void for_each_line(const std::function<void(const Values&)>& visit) {
  for (Int128 a = -2; a <= 2; ++a) {
    for (Int128 b = -2; b <= 2; ++b) {
      for (Int128 c = -2; c <= 2; ++c) visit({a, b, c});
    }
  }
}

TEST(Maximum, AlongALine) {
  const auto largest = [](Writer& w, std::span<const Tensor> in) { return maximum(w, in[0], 0); };
  const auto smallest = [](Writer& w, std::span<const Tensor> in) { return minimum(w, in[0], 0); };
  const Record max = record_of(small_args(), {{3}}, {-2, 2}, largest);
  const Record min = record_of(small_args(), {{3}}, {-2, 2}, smallest);
  for_each_line([&](const Values& x) {
    EXPECT_EQ(Enumeration(max, {x}).accepted(), (std::set<Values>{{*std::max_element(x.begin(), x.end())}}));
    EXPECT_EQ(Enumeration(min, {x}).accepted(), (std::set<Values>{{*std::min_element(x.begin(), x.end())}}));
  });
}

TEST(Argmax, FirstOrLastOnTies) {
  for (const bool last : {false, true}) {
    const Record record = record_of(small_args(), {{3}}, {-2, 2}, [last](Writer& w, std::span<const Tensor> in) {
      return argmax(w, in[0], 0, last);
    });
    for_each_line([&](const Values& x) {
      const auto best = last ? x.rend() - std::max_element(x.rbegin(), x.rend()) - 1
                             : std::max_element(x.begin(), x.end()) - x.begin();
      EXPECT_EQ(Enumeration(record, {x}).accepted(), (std::set<Values>{{static_cast<Int128>(best)}}));
    });
  }
}

TEST(Argmax, AlongAMiddleAxis) {
  const Record record = record_of(small_args(), {{2, 3, 2}}, {-9, 9},
                                  [](Writer& w, std::span<const Tensor> in) { return argmax(w, in[0], 1); });
  Evaluation evaluation(record, {{1, 5, 2, 5, 3, 4, 7, 0, 7, 0, 6, 9}}, {true, true});
  evaluation.run();
  EXPECT_EQ(evaluation.outputs()[0], (Values{2, 0, 0, 2}));
  EXPECT_TRUE(check_trace(record, evaluation.trace()).empty());
  for (const Forgery& forgery : forge(record, evaluation.trace(), 20)) EXPECT_FALSE(forgery.changes_outputs);
}

TEST(OneHot, OnlyAtTheIndexAndOnlyWithinTheAxis) {
  const Record record = record_of(small_args(), {{1}}, {-2, 5},
                                  [](Writer& w, std::span<const Tensor> in) { return one_hot(w, in[0], 3); });
  for (Int128 i = -2; i <= 5; ++i) {
    const std::set<Values> accepted = Enumeration(record, {{i}}).accepted();
    if (i >= 0 && i < 3) {
      EXPECT_EQ(accepted, (std::set<Values>{{i == 0, i == 1, i == 2}}));
    } else {
      EXPECT_TRUE(accepted.empty());
    }
  }
}

}  // namespace
}  // namespace ezkl::claims
