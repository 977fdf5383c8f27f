// A proof belongs to its statement: the key to the last fixed cell, the instances column by column, and an evaluation
// for every column, also for two with the same content.
#include <gtest/gtest.h>

#include <algorithm>

#include "commit/srs.hpp"
#include "plonk/keys.hpp"
#include "plonk/mock.hpp"
#include "plonk/proof_shape.hpp"
#include "plonk/prover.hpp"
#include "plonk/verifier.hpp"

namespace ezkl::plonk {
namespace {

constexpr unsigned k = 5;
constexpr std::size_t n = std::size_t{1} << k;

/// Two instance columns, copied from two advice cells. Two fixed columns of equal content, of which the second is only
/// ever multiplied by an advice column of zeros, so that no equation notices its value.
class TwoOfEach final : public AdviceSource {
 public:
  TwoOfEach() {
    value = cs.advice_column();
    nothing = cs.advice_column(0, true);
    const Column one = cs.fixed_column(), two = cs.fixed_column();
    first = cs.instance_column();
    second = cs.instance_column();
    for (const Column& column : {value, first, second}) cs.enable_equality(column);
    const Expression v = cs.query(value), f = cs.query(one);
    cs.gate("content", {f * (f - v), cs.query(nothing) * cs.query(two)});
    fixed.assign(2, ColumnValues(n));
    for (auto& column : fixed) {
      column.set(0, std::int64_t{5});
      column.set(1, std::int64_t{6});
    }
  }

  Assembly assembly() const {
    CopyConstraints copies(cs.permutation.size(), n);
    copies.copy(0, 0, 1, 0);
    copies.copy(0, 1, 2, 0);
    return {fixed, {}, copies.take()};
  }

  void fill(unsigned, std::span<const Fr>, std::span<ColumnValues> columns) override {
    columns[value.index].set(0, std::int64_t{5});
    columns[value.index].set(1, std::int64_t{6});
  }

  ConstraintSystem cs;
  std::vector<ColumnValues> fixed;
  Column value, nothing, first, second;
  const std::vector<std::vector<Fr>> instances{{Fr::from_u64(5)}, {Fr::from_u64(6)}};
};

class StatementBinding : public ::testing::Test {
 protected:
  StatementBinding() : srs_(srs_from_secret(k, Fr::from_u64(0x1234567890abcdef))) {
    key_ = keygen(circuit_.cs, k, circuit_.assembly(), srs_, true);
    Random random = Random::from_seed(1);
    proof_ = create_proof(srs_, key_, circuit_, circuit_.instances, random);
  }
  bool accepts(const VerifyingKey& vk, const std::vector<std::vector<Fr>>& instances,
               const std::vector<std::uint8_t>& proof) const {
    return verify_proof(srs_.verifier(), vk, {1, 1}, instances, proof).accepted;
  }

  TwoOfEach circuit_;
  Srs srs_;
  ProvingKey key_;
  std::vector<std::uint8_t> proof_;
};

TEST_F(StatementBinding, InstancesStayInTheirColumns) {
  const auto& shown = circuit_.instances;
  ASSERT_TRUE(accepts(key_.vk, shown, proof_));
  EXPECT_FALSE(accepts(key_.vk, {shown[1], shown[0]}, proof_));
  EXPECT_FALSE(accepts(key_.vk, {{shown[0][0], shown[1][0]}, {}}, proof_));
  EXPECT_FALSE(accepts(key_.vk, {shown[0], {shown[1][0], Fr::one()}}, proof_));
  EXPECT_FALSE(accepts(key_.vk, {shown[0]}, proof_));
}

TEST_F(StatementBinding, TheStatementSaysHowManyInstancesThereAre) {
  // Nothing reads the second row: by the equations alone both proofs hold.
  for (const std::vector<Fr>& column : {std::vector<Fr>{circuit_.instances[0][0], Fr::from_u64(9)},
                                        std::vector<Fr>{circuit_.instances[0][0], Fr::zero()}}) {
    const std::vector<std::vector<Fr>> more{column, circuit_.instances[1]};
    Random random = Random::from_seed(2);
    const auto proof = create_proof(srs_, key_, circuit_, more, random);
    EXPECT_TRUE(verify_proof(srs_.verifier(), key_.vk, {2, 1}, more, proof).accepted);
    const Verdict verdict = verify_proof(srs_.verifier(), key_.vk, {1, 1}, more, proof);
    EXPECT_FALSE(verdict.accepted);
    EXPECT_NE(verdict.reason.find("2 given, 1 expected"), std::string::npos) << verdict.reason;
  }
  EXPECT_FALSE(verify_proof(srs_.verifier(), key_.vk, {2, 1}, circuit_.instances, proof_).accepted);
  EXPECT_FALSE(verify_proof(srs_.verifier(), key_.vk, {1}, circuit_.instances, proof_).accepted);
  EXPECT_FALSE(verify_proof(srs_.verifier(), key_.vk, {1, 1, 0}, circuit_.instances, proof_).accepted);
}

TEST_F(StatementBinding, AKeyThatDiffersInOneFixedCellIsAnother) {
  for (const std::size_t row : {std::size_t{7}, n - 1}) {
    TwoOfEach other;
    other.fixed[1].set(row, std::int64_t{1});
    std::vector<ColumnValues> witness(2, ColumnValues(n));
    other.fill(0, {}, witness);
    ASSERT_TRUE(mock_check(other.cs, k, other.assembly(), witness, other.instances, {}, {}).empty())
        << "the same witness holds in the other circuit";
    const ProvingKey key = keygen(other.cs, k, other.assembly(), srs_, true);
    EXPECT_NE(key.vk.transcript_repr, key_.vk.transcript_repr);
    EXPECT_FALSE(accepts(key.vk, circuit_.instances, proof_));
  }
}

TEST_F(StatementBinding, EqualColumnsHaveAnEvaluationEachAndBothCount) {
  EXPECT_EQ(key_.vk.fixed_commitments[0], key_.vk.fixed_commitments[1]);
  const ProofShape shape(key_.vk.system, k);
  const std::size_t from = shape.proof_size - 64 * 2 - 32 * shape.evaluations.size();  // two points of SHPLONK follow
  for (const std::uint32_t column : {0u, 1u}) {
    const std::size_t at = from + 32 * shape.evaluation_index({PolynomialId::Kind::fixed, column}, 0);
    const auto word = [&](std::size_t where) { return std::vector<std::uint8_t>(&proof_[where], &proof_[where] + 32); };
    EXPECT_EQ(word(at), word(from + 32 * shape.evaluation_index({PolynomialId::Kind::fixed, 1 - column}, 0)));
    std::vector<std::uint8_t> forged = proof_;
    forged[at + 31] ^= 1;
    const Verdict verdict = verify_proof(srs_.verifier(), key_.vk, {1, 1}, circuit_.instances, forged);
    EXPECT_FALSE(verdict.accepted) << "fixed column " << column;
    // What no equation notices is left to the opening argument.
    if (column == 1) {
      EXPECT_NE(verdict.reason.find("opening equation"), std::string::npos) << verdict.reason;
    }
  }
}

}  // namespace
}  // namespace ezkl::plonk
