#include "graph/claims/recorder.hpp"

#include <gtest/gtest.h>

#include "base/int128.hpp"
#include "ezkl/error.hpp"
#include "graph/claims/checker.hpp"
#include "graph/claims/compound.hpp"
#include "graph/claims/interval.hpp"
#include "tensor/table_function.hpp"

namespace ezkl::claims {
namespace {

/// The fault and message that `body` throws.
template <class Body>
std::pair<Fault, std::string> thrown(Body body) {
  try {
    body();
  } catch (const Error& e) {
    return {e.fault(), e.what()};
  }
  return {Fault::usage, "nothing thrown"};
}

Values pass_on(const Values& x) { return x; }
HintFunction copy_hint() {
  return [](std::span<const Values* const> in) { return std::vector<Values>{pass_on(*in[0])}; };
}

TEST(Recorder, RefusesHintsThatNothingBoundsOrPins) {
  Recorder unbounded((RunArgs()));
  const Tensor x = unbounded.input({2}, {-5, 5}, true);
  unbounded.hint({2}, {x}, copy_hint());
  EXPECT_EQ(thrown([&] { unbounded.finish(); }).first, Fault::internal);

  Recorder unpinned((RunArgs()));
  const Tensor y = unpinned.input({2}, {-5, 5}, true);
  unpinned.range(unpinned.hint({2}, {y}, copy_hint()), {-5, 5});
  EXPECT_EQ(thrown([&] { unpinned.finish(); }).first, Fault::internal);

  Recorder early((RunArgs()));
  const Tensor z = early.input({2}, {-5, 5}, true);
  const Tensor h = early.hint({2}, {z}, copy_hint());
  EXPECT_EQ(thrown([&] { early.add(h, z); }).first, Fault::internal);
}

TEST(Recorder, DropsWhatReachesNoOutput) {
  Recorder w((RunArgs()));
  const Tensor x = w.input({2}, {-5, 5}, true), twice = w.scale(x, 2), unused = w.mul(twice, x);
  w.output(twice);
  const Record record = w.finish();
  EXPECT_TRUE(record.tensors[twice.id].used);
  EXPECT_FALSE(record.tensors[unused.id].used);
  for (const Claim& claim : record.claims) EXPECT_NE(claim.kind, Kind::contract);
}

TEST(Recorder, NamesTheNodeWhereBoundsLeave126Bits) {
  Recorder w((RunArgs()));
  const Int128 large = Int128{1} << 126;
  const Tensor x = w.input({2}, {-large, large}, true);
  w.enter_node("the wide sum");
  const auto [fault, message] = thrown([&] { w.add(x, x); });
  EXPECT_EQ(fault, Fault::range);
  EXPECT_NE(message.find("the wide sum"), std::string::npos) << message;
}

TEST(Recorder, NarrowsOperandsWhoseProductWouldNotFit) {
  Recorder w((RunArgs()));
  const Int128 large = Int128{1} << 70;
  const Tensor x = w.input({2}, {-large, large}, true), y = w.input({2}, {-large, large}, true);
  const Tensor product = w.mul(x, y);
  EXPECT_LE(magnitude(w.interval(product)), Int128{1} << 120);
  EXPECT_LT(magnitude(w.interval(x)), large);
  w.output(product);
  const Record record = w.finish();
  const Int128 fits = Int128{1} << 50;
  Evaluation evaluation(record, {{fits, -fits}, {fits, 3}});
  evaluation.run();
  EXPECT_EQ(evaluation.outputs()[0], (Values{fits * fits, -3 * fits}));
  Evaluation outside(record, {{large - 1, 0}, {1, 0}});
  EXPECT_EQ(thrown([&] { outside.run(); }).first, Fault::range);
}

TEST(Recorder, RangeThatIsProvenCostsNoClaim) {
  Recorder w((RunArgs()));
  const Tensor x = w.input({2}, {-5, 5}, true), sum = w.add(x, x);
  w.range(sum, {-10, 10});
  w.range(sum, {-20, 9});
  EXPECT_EQ(w.interval(sum), (Interval{-10, 9}));
  EXPECT_EQ(thrown([&] { w.range(sum, {10, 12}); }).first, Fault::range);
  w.output(sum);
  const Record record = w.finish();
  std::size_t ranges = 0;
  for (const Claim& claim : record.claims) ranges += claim.kind == Kind::range;
  EXPECT_EQ(ranges, 2U);  // the input's and the one that narrows
}

TEST(Recorder, FoldsWhatTheVerifierKnows) {
  Recorder w((RunArgs()));
  const Tensor a = w.constant({3}, {1, 2, 3}), b = w.constant({3}, {4, 5, 6});
  const Tensor dot = w.sum(w.mul(a, b), std::vector<std::size_t>{0});
  ASSERT_TRUE(w.is_fixed(dot));
  EXPECT_EQ(w.fixed_values(dot), (Values{32}));
  EXPECT_EQ(w.fixed_values(w.sub(b, a)), (Values{3, 3, 3}));
  EXPECT_EQ(w.fixed_values(w.is_zero(w.scale(a, 1, -2))), (Values{0, 1, 0}));
}

TEST(Recorder, TableEntriesBoundTheResult) {
  RunArgs args;
  args.lookup_range = {-1000, 1000};
  Recorder w(args);
  const Tensor x = w.input({1}, {-100, 0}, true);
  EXPECT_EQ(w.interval(w.table(x, {"Exp", {{"scale", 128.0F}, {"base", 2.7182817F}}})), (Interval{59, 128}));
  // Entries that saturate are kept out by a range of the result.
  const Tensor wide = w.input({1}, {-100000, 100000}, true);
  const Tensor y = w.table(wide, {"Exp", {{"scale", 1.0F}, {"base", 2.7182817F}}});
  EXPECT_LE(magnitude(w.interval(y)), Int128{1} << 28);
}

TEST(Recorder, BoundsOfTablesCoverTheirWholeLastColumn) {
  RunArgs args;
  args.lookup_range = {-300, 300};
  for (const std::string name : {"Sigmoid", "Tanh", "Erf", "HardSwish", "Ln", "Sin", "Cos", "ATan", "ASin", "ACos",
                                 "ASinh", "ACosh", "ATanh", "Sinh", "Cosh"}) {
    Recorder w(args);
    const TableId id{name, {{"scale", 16.0F}}};
    const Tensor x = w.input({1}, {1, 600}, true);
    const Interval bounds = w.interval(w.table(x, id));
    for (Int128 key = 1; key <= 600; ++key) {
      const Int128 entry = table_value(id.name, id.parameters, key);
      // Saturated entries are refused by a range of the result.
      if (entry > Int128{1} << 62 || entry < -(Int128{1} << 62)) continue;
      EXPECT_TRUE(entry >= bounds.lo && entry <= bounds.hi) << name << " of " << to_string(key);
    }
  }
}

TEST(Evaluation, NamesNodeElementValueAndOption) {
  RunArgs args;
  Recorder w(args);
  w.enter_node("image");
  const Tensor x = w.input({2, 2}, {-decomposition_limit(args), decomposition_limit(args)}, true);
  w.enter_node("gate");
  w.output(w.table(x, {"Sigmoid", {{"scale", 128.0F}}}));
  const Record record = w.finish();
  const auto outside = thrown([&] {
    Evaluation evaluation(record, {{0, 0, Int128{1} << 28, 0}});
    evaluation.run();
  });
  EXPECT_EQ(outside.first, Fault::range);
  EXPECT_EQ(outside.second.rfind(
                "node 'image': element 2 ([1, 0] of [2, 2]) is 268435456, outside [-268435455, 268435455]", 0),
            0U)
      << outside.second;
  EXPECT_NE(outside.second.find("decomp_legs"), std::string::npos);
  const auto key = thrown([&] {
    Evaluation evaluation(record, {{0, 40000, 0, 0}});
    evaluation.run();
  });
  EXPECT_NE(key.second.find("node 'gate'"), std::string::npos) << key.second;
  EXPECT_NE(key.second.find("lookup_range"), std::string::npos) << key.second;
  EXPECT_EQ(thrown([&] { Evaluation evaluation(record, {{0, 1}}); }).first, Fault::format);

  // Calibration looks past ranges and wants to know the extremes.
  Evaluation calibration(record, {{0, 40000, -7, Int128{1} << 29}}, {false, false});
  calibration.run();
  EXPECT_EQ(calibration.extremes().keys, (Interval{-7, Int128{1} << 29}));
}

TEST(Evaluation, DropsTensorsAfterTheirLastClaim) {
  Recorder w((RunArgs()));
  const Tensor x = w.input({4}, {-100, 100}, true), a = w.scale(x, 3), b = w.scale(a, 5);
  w.output(b);
  const Record record = w.finish();
  Evaluation evaluation(record, {{1, 2, 3, 4}});
  bool seen = false;
  evaluation.run([&](std::size_t, const Claim& claim) {
    if (claim.kind == Kind::linear && claim.out[0] == b) {
      seen = true;
      EXPECT_EQ(evaluation.values(a), (Values{3, 6, 9, 12}));
    }
  });
  EXPECT_TRUE(seen);
  EXPECT_FALSE(evaluation.alive(a));
  EXPECT_EQ(evaluation.outputs()[0], (Values{15, 30, 45, 60}));
}

TEST(Checker, FindsEachTamperedTensor) {
  RunArgs args;
  Recorder w(args);
  const Tensor x = w.input({3}, {-1000, 1000}, true);
  w.output(divide(w, relu(w, x), 7, Rounding::half_away));
  const Record record = w.finish();
  Evaluation evaluation(record, {{-20, 25, 700}}, {true, true});
  evaluation.run();
  ASSERT_TRUE(check_trace(record, evaluation.trace()).empty());
  for (std::uint32_t id = 0; id < record.tensors.size(); ++id) {
    Trace trace = evaluation.trace();
    auto changed = std::make_shared<Values>(*trace[id]);
    (*changed)[1] += 1;
    trace[id] = changed;
    const auto violations = check_trace(record, trace);
    EXPECT_FALSE(violations.empty()) << "tensor " << id;
  }
}

/// A deliberately loose claim: the forger must find that q is not pinned down.
TEST(Forger, FindsAFreedomThatReachesTheOutput) {
  Recorder w((RunArgs()));
  const Tensor x = w.input({2}, {0, 1000}, true);
  const Tensor q = w.hint({2}, {x}, [](std::span<const Values* const> in) {
    return std::vector<Values>{{(*in[0])[0] / 10, (*in[0])[1] / 10}};
  });
  w.range(q, {0, 1000});
  const Term rest[] = {{1, x}, {-10, q}};
  w.range(w.linear(rest, 0), {0, 15});
  w.output(q);
  const Record record = w.finish();
  Evaluation evaluation(record, {{55, 63}}, {true, true});
  evaluation.run();
  const std::vector<Forgery> found = forge(record, evaluation.trace(), 2);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_TRUE(found[0].changes_outputs);
  EXPECT_EQ(found[0].to, found[0].from - 1);
}

TEST(Intervals, HoldValuesOfAnyWidth) {
  constexpr Int128 wide = Int128{1} << 63;
  const auto is = [](const Values& values, Int128 lo, Int128 hi) { return hull_of(values) == Interval{lo, hi}; };
  EXPECT_TRUE(is({3}, 3, 3));
  EXPECT_TRUE(is({3, -7, 5}, -7, 5));
  EXPECT_TRUE(is({wide - 1, -wide}, -wide, wide - 1));
  EXPECT_TRUE(is({0, wide}, 0, wide));
  EXPECT_TRUE(is({1, -wide - 1, 2}, -wide - 1, 2));
  EXPECT_TRUE(is({wide * 2, 1}, 1, wide * 2));  // whose low half is 0
  EXPECT_EQ(thrown([] { hull_of({0, (Int128{1} << 126) + 1}); }).first, Fault::range);
}

}  // namespace
}  // namespace ezkl::claims
