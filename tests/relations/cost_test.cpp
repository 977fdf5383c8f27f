#include "relations/cost.hpp"

#include <gtest/gtest.h>

#include "known_record.hpp"

namespace ezkl {
namespace {

/// The worked example of docs/spec/sumcheck.md 4.3: 50 leaves, 11 rows, parameters of 6, 3, 6 and 2 elements.
TEST(ProverCost, CountsTheWorkedExample) {
  const testing::KnownProof known("mlp.json");
  const relations::ProverCost cost = relations::prover_cost(known.plan);
  EXPECT_EQ(cost.leaves, 64u);
  EXPECT_EQ(cost.rows, 11u);
  EXPECT_EQ(cost.keyed, 17u);
  EXPECT_EQ(cost.table_rows, 8u + 4 + 2);
  EXPECT_GT(cost.committed, 0u);
  EXPECT_GT(cost.seconds(), 0);
}

TEST(ProverCost, ChoosesTheCheapestLimbsAndKeepsWhatIsGiven) {
  const testing::KnownProof known("conv.json");
  const claims::Record& record = known.known.record;
  const relations::PlanOptions chosen = relations::choose_options(record, {}, {});
  EXPECT_GE(chosen.row_bits, 8u);
  EXPECT_LE(chosen.row_bits, 14u);
  const auto seconds = [&](unsigned limb_bits) {
    relations::PlanOptions options;
    options.limb_bits = limb_bits;
    return relations::prover_cost(relations::make_plan(record, options)).seconds();
  };
  for (unsigned bits = 8; bits <= 16; bits += 2) EXPECT_LE(seconds(chosen.limb_bits), seconds(bits)) << bits;
  const relations::PlanOptions given = relations::choose_options(record, {5, 6, 7}, {false, false});
  EXPECT_EQ(given.row_bits, 5u);
  EXPECT_EQ(given.limb_bits, 6u);
  EXPECT_EQ(given.tree_bits, 7u);
}

}  // namespace
}  // namespace ezkl
