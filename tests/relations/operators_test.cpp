// Every operator: the same record and the same integers as the PLONK path, proved and verified; no other output.
#include <gtest/gtest.h>

#include "../circuit/operator_circuits.hpp"
#include "graph/claims/checker.hpp"
#include "proof_bench.hpp"

namespace ezkl {
namespace {

using test::all_cases;
using testing::ProofBench;

std::int64_t one_as(std::int64_t) { return 1; }
Fr one_as(const Fr&) { return Fr::one(); }

class SumcheckOperators : public ::testing::TestWithParam<std::size_t> {
 protected:
  const test::OperatorCase& case_ = all_cases()[GetParam()];
  const claims::Record record_ = test::record_of(case_, test::args_of(case_));
  const ProofBench bench_{record_, case_.inputs};
};

TEST_P(SumcheckOperators, ProvesItsOutputAndNoOther) {
  const std::vector<std::uint8_t> proof = bench_.prove();
  EXPECT_EQ(bench_.check(proof, bench_.instances()), std::nullopt);
  // The statement is what evaluation gives, which is what the PLONK path shows.
  std::vector<Fr> outputs;
  for (const claims::Tensor t : record_.outputs) {
    for (const Int128 value : *bench_.trace()[t.id]) outputs.push_back(Fr::from_i128(value));
  }
  EXPECT_EQ(bench_.instances(), outputs);

  for (std::size_t element = 0; element < outputs.size(); ++element) {
    std::vector<Fr> other = bench_.instances();
    other[element] += Fr::one();
    EXPECT_NE(bench_.check(proof, other), std::nullopt);
    if (element % 4 != 0) continue;
    EXPECT_NE(bench_.check(bench_.insist(bench_.witness(), other), other), std::nullopt);
  }
}

/// Inputs and hints changed where the claims say that this is no way to the output, the rest computed anew, and the
/// statement that comes of it: refused.
TEST_P(SumcheckOperators, RefusesOtherHints) {
  std::vector<claims::Tensor> hints;
  for (std::uint32_t id = 0; id < record_.tensors.size(); ++id) {
    const claims::TensorInfo& info = record_.tensors[id];
    const bool chosen = info.origin == claims::Origin::hint || info.origin == claims::Origin::input;
    if (info.used && chosen) hints.push_back({id});
  }
  for (std::size_t k = 0; k < hints.size(); ++k) {
    const std::size_t n = volume(record_.tensors[hints[k].id].shape);
    for (const Int128 step : {Int128{1}, Int128{-1}}) {
      claims::Trace trace = bench_.trace();
      auto changed = std::make_shared<claims::Values>(*trace[hints[k].id]);
      (*changed)[k % n] += step;
      trace[hints[k].id] = changed;
      if (!claims::recompute_derived(record_, trace)) continue;
      if (claims::check_trace(record_, trace, 1).empty()) continue;  // a freedom that the claims leave
      const relations::Witness witness = bench_.witness(trace);
      const std::vector<Fr> shown = bench_.shown_by(witness);
      EXPECT_NE(bench_.check(bench_.insist(witness, shown), shown), std::nullopt) << "hint " << hints[k].id;
    }
  }
}

/// One element of each tensor that is committed to, inputs aside, becomes another: limbs, inverses, counts, products,
/// what was looked up. Where that is a freedom, as the inverse of 0 is one, it shows nothing else.
TEST_P(SumcheckOperators, RefusesOtherElements) {
  std::size_t taken = 0;
  for (const std::uint32_t id : bench_.plan().committed) {
    if (id < record_.tensors.size() && record_.tensors[id].origin == claims::Origin::input) continue;
    relations::Witness witness = bench_.witness();
    relations::Witness::Elements elements = witness.elements(id);
    std::visit([&](auto& values) { values[id % values.size()] += one_as(values[0]); }, elements);
    witness.replace(id, std::move(elements));
    const std::vector<Fr> shown = bench_.shown_by(witness);
    if (bench_.check(bench_.insist(witness, shown), shown) != std::nullopt) continue;
    EXPECT_EQ(shown, bench_.instances()) << "tensor " << id;
    ++taken;
  }
  EXPECT_LE(taken, 1u);
}

INSTANTIATE_TEST_SUITE_P(All, SumcheckOperators, ::testing::Range<std::size_t>(0, all_cases().size()),
                         [](const auto& given) { return all_cases()[given.param].name; });

}  // namespace
}  // namespace ezkl
