// Nothing that holds of honest values only may decide what a proof says: every operator on operands whose bounds
// nothing proves (inputs with waived checks, parameters that are not fixed), with values beyond those the claims were
// made for, is refused or gives what the same operator gives under a decomposition wide enough for all of them.
#include <gtest/gtest.h>

#include "base/int128.hpp"
#include "cell_forgery.hpp"
#include "graph/claims/checker.hpp"
#include "operator_circuits.hpp"

namespace ezkl {
namespace {

using namespace test;
using claims::Tensor;
using claims::Trace;

/// Where factors are rounded to the digits that the bounds leave room for, the last unit may be another.
Int128 tolerance(const OperatorCase& c) { return c.op.kind == "ScaleBy" || c.op.kind == "Standardize" ? 1 : 0; }

RunArgs narrow_args(const OperatorCase& c) {
  RunArgs args = args_of(c);
  args.param_visibility.kind = Visibility::Kind::private_;
  return args;
}
Int128 narrow_bound(const OperatorCase& c) { return claims::decomposition_limit(narrow_args(c)); }

/// What an operator gives on any operands, whatever ranges say of them; nothing where it has no value at all.
std::optional<Values> truth(const OperatorCase& c, const std::vector<Values>& operands) {
  RunArgs args = narrow_args(c);
  args.decomp_legs = 18;
  try {
    const claims::Record record =
        record_of(c, args, std::vector<Entry>(operands.size(), Entry::checked), Int128{1} << 60);
    claims::Evaluation evaluation(record, operands, {false, true});
    evaluation.run();
    return evaluation.outputs()[0];
  } catch (const Error& e) {
    EXPECT_NE(e.fault(), Fault::internal) << e.what();
    return std::nullopt;
  }
}

bool close(const Values& a, const Values& b, Int128 by) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] - b[i] > by || b[i] - a[i] > by) return false;
  }
  return true;
}

/// Operands with one element, or all of them, replaced by numbers around and beyond the narrow bound.
std::vector<std::vector<Values>> attacks(const OperatorCase& c, std::size_t operand) {
  const Int128 limit = narrow_bound(c);
  std::vector<std::vector<Values>> out;
  const std::size_t last = c.inputs[operand].size() - 1;
  for (const Int128 value : {limit, limit + 1, Int128{1} << 17, Int128{1} << 24}) {
    for (const Int128 sign : {1, -1}) {
      for (const std::size_t element : {std::size_t{0}, last, last + 1}) {
        std::vector<Values> operands = c.inputs;
        if (element <= last) {
          operands[operand][element] = sign * value;
        } else {
          for (Int128& x : operands[operand]) x = sign * value;
        }
        out.push_back(std::move(operands));
      }
    }
  }
  // Values within the bound that the honest ones do not have: other signs, no booleans, no indices.
  for (const Int128 value : {-1, 0, 1, 2, 300}) {
    std::vector<Values> operands = c.inputs;
    for (Int128& x : operands[operand]) x = value;
    out.push_back(std::move(operands));
  }
  return out;
}

/// The record with `operands` in the place of its parameters; returns those that are inputs.
std::vector<Values> given(claims::Record& record, const std::vector<Entry>& entries,
                          const std::vector<Values>& operands) {
  std::vector<Values> inputs;
  std::size_t parameter = 0;
  for (std::size_t k = 0; k < operands.size(); ++k) {
    if (entries[k] == Entry::parameter) {
      record.params[parameter++].second = std::make_shared<const Values>(operands[k]);
    } else {
      inputs.push_back(operands[k]);
    }
  }
  return inputs;
}

/// Every operand unproven in the same way, and each of them alone.
std::vector<std::vector<Entry>> entries_of(const OperatorCase& c) {
  const std::size_t count = c.shapes.size();
  std::vector<std::vector<Entry>> out;
  for (const Entry entry : {Entry::waived, Entry::parameter}) {
    out.emplace_back(count, entry);
    for (std::size_t k = 0; count > 1 && k < count; ++k) {
      out.emplace_back(count, Entry::checked);
      out.back()[k] = entry;
    }
  }
  return out;
}

std::string names(const std::vector<Entry>& entries) {
  std::string out;
  for (const Entry entry : entries) {
    out += entry == Entry::checked ? " checked" : entry == Entry::waived ? " waived" : " parameter";
  }
  return out;
}

class UnprovenBounds : public ::testing::TestWithParam<std::size_t> {
 protected:
  const OperatorCase& case_ = all_cases()[GetParam()];
};

TEST_P(UnprovenBounds, ClaimsAcceptNothingButTheTruth) {
  const RunArgs args = narrow_args(case_);
  for (const std::vector<Entry>& entries : entries_of(case_)) {
    SCOPED_TRACE(names(entries));
    claims::Record record = record_of(case_, args, entries, narrow_bound(case_));
    for (std::size_t operand = 0; operand < entries.size(); ++operand) {
      if (entries[operand] == Entry::checked) continue;
      // What stands in a masked place is only compared: no number there is right or wrong.
      if (case_.op.kind == "Masked" && operand == 1) continue;
      for (const std::vector<Values>& operands : attacks(case_, operand)) {
        Trace trace;
        Values output;
        try {
          claims::Evaluation evaluation(record, given(record, entries, operands), {false, true});
          evaluation.run();
          trace = evaluation.trace();
          output = evaluation.outputs()[0];
        } catch (const Error& e) {
          ASSERT_EQ(e.fault(), Fault::range) << e.what();
          continue;
        }
        const bool holds = std::all_of(record.claims.begin(), record.claims.end(), [&](const claims::Claim& claim) {
          return claims::claim_holds(record, claim, trace, nullptr);
        });
        const std::optional<Values> right = truth(case_, operands);
        const bool same = right && close(output, *right, tolerance(case_));
        const std::string what = "operand " + std::to_string(operand) + " from " + to_string(operands[operand][0]);
        if (holds) {
          EXPECT_TRUE(same) << what;
          const auto violations = claims::check_trace(record, trace);
          EXPECT_TRUE(violations.empty()) << what << ": accepted, but " << violations[0].message;
        }
        // Other hints must not make another output acceptable either.
        for (const claims::Forgery& forgery : claims::forge(record, trace, 1)) {
          EXPECT_TRUE(same && !forgery.changes_outputs) << what << ", hint " << forgery.hint.id;
        }
      }
    }
  }
}

TEST_P(UnprovenBounds, CircuitsAcceptNothingButTheTruth) {
  const RunArgs args = narrow_args(case_);
  for (const Entry entry : {Entry::waived, Entry::parameter}) {
    const std::vector<Entry> entries(case_.shapes.size(), entry);
    SCOPED_TRACE(names(entries));
    Bench bench(record_of(case_, args, entries, narrow_bound(case_)),
                own_settings(record_of(case_, args, entries, narrow_bound(case_)), args, true));
    for (std::size_t operand = 0; operand < entries.size(); ++operand) {
      const auto all = attacks(case_, operand);
      for (const std::size_t at : {std::size_t{0}, std::size_t{4}, std::size_t{12}, all.size() - 5, all.size() - 1}) {
        const std::vector<Values>& operands = all[at];
        CircuitWitness::Options loose;
        loose.check = false;
        try {
          const std::vector<Values> inputs = given(bench.record, entries, operands);
          CircuitWitness witness(bench.record, bench.settings, bench.circuit, inputs, loose);
          if (!bench.mock(witness, witness.columns()).empty()) continue;
          const std::optional<Values> right = truth(case_, operands);
          EXPECT_TRUE(right && close(witness.outputs()[0], *right, tolerance(case_)))
              << "operand " << operand << " from " << to_string(operands[operand][0]);
        } catch (const Error& e) {
          EXPECT_NE(e.fault(), Fault::internal) << e.what();
        }
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Every, UnprovenBounds, ::testing::Range<std::size_t>(0, all_cases().size()),
                         [](const auto& test) { return all_cases()[test.param].name; });

/// The attack that was found: a threshold past the bound that nothing proves.
TEST(UnprovenBounds, ATreeIsNotPrunedByThem) {
  const auto& all = all_cases();
  const auto tree = std::find_if(all.begin(), all.end(), [](const OperatorCase& c) { return c.name == "tree"; });
  const Values beyond{7, 70001, -20, 70001};
  EXPECT_NE(truth(*tree, {beyond}), truth(*tree, {{7, 70000, -20, 70000}}));
  for (const Entry entry : {Entry::waived, Entry::parameter}) {
    const std::vector<Entry> entries{entry};
    claims::Record record = record_of(*tree, narrow_args(*tree), entries, narrow_bound(*tree));
    try {
      claims::Evaluation evaluation(record, given(record, entries, {beyond}));
      evaluation.run();
      FAIL() << "accepted";
    } catch (const Error& e) {
      EXPECT_EQ(e.fault(), Fault::range) << e.what();
    }
  }
}

/// The first index of a tuple needs no range but must be an integer: a third, times the step 3, is the position 1.
TEST(UnprovenBounds, AnIndexIsAnInteger) {
  RunArgs args = small_args(2);
  args.input_visibility.kind = Visibility::Kind::public_;
  const OperatorCase gather{"gather_nd",      {"GatherND", {{"batch_dims", std::int64_t{0}}}},
                            DType::i64,       Semantics::onnx,
                            {{2, 3}, {1, 2}}, {{5, -7, 2, 9, 9, -1}, {0, 1}}};
  const claims::Record record = record_of(gather, args, {Entry::checked, Entry::waived});
  const Bench bench(record, own_settings(record, args, true));
  CircuitWitness witness(bench.record, bench.settings, bench.circuit, gather.inputs);
  CellForgery cells(bench, witness);
  ASSERT_EQ(text(cells.mock()), "");
  const Fr third = Fr::from_u64(3).inverse();
  for (std::size_t i = 0; i < 6; ++i) cells.pin(cells.shown(i));
  cells.set(cells.shown(6), third);
  cells.set(cells.shown(7), Fr::zero());
  cells.follow();
  EXPECT_FALSE(cells.mock().empty());
}

}  // namespace
}  // namespace ezkl
