#include "commit/rows.hpp"

#include <gtest/gtest.h>

#include <set>

#include "../fault_of.hpp"
#include "../random_elements.hpp"
#include "../sumcheck/known_answers.hpp"
#include "commit/row_opening.hpp"
#include "curve/msm.hpp"
#include "field/random.hpp"
#include "poly/multilinear.hpp"

namespace ezkl {
namespace {

using testing::fault_of;
using testing::Json;
using testing::random_elements;

std::vector<Fr> as_felts(std::span<const std::int64_t> values) {
  std::vector<Fr> out;
  for (const std::int64_t v : values) out.push_back(Fr::from_i64(v));
  return out;
}

/// The whole cube of a tensor, zero outside its shape.
std::vector<Fr> cube_table(const Cube& cube, std::span<const Fr> values) {
  std::vector<Fr> out(cube.cells());
  for (std::uint64_t i = 0; i < values.size(); ++i) out[cube.cell(i)] = values[i];
  return out;
}

TEST(Rows, KnownAnswers) {
  const Json answers = testing::known_answers("engine.json");
  const unsigned c = answers["row_bits"].get<unsigned>();
  const Srs srs = srs_from_secret(c + 1, testing::felt(answers["tau"]));
  for (const Json& known : answers["rows"]) {
    const auto values = known["values"].get<std::vector<std::int64_t>>();
    const RowShape shape(Cube(known["shape"].get<std::vector<std::size_t>>()), c);
    const std::vector<Fr> wide = as_felts(values), point = testing::felts(known["point"]);
    ASSERT_EQ(shape.rows(), known["rows"].size());
    EXPECT_EQ(shape.column_part(point), testing::felts(known["column_point"]));
    for (const RowTensor& tensor :
         {RowTensor{shape, std::span<const std::int64_t>(values)}, RowTensor{shape, std::span<const Fr>(wide)}}) {
      const auto rows = commit_rows(srs.g(), std::span(&tensor, 1));
      for (std::size_t k = 0; k < shape.rows(); ++k) {
        EXPECT_EQ(shape.number(k), known["rows"][k][0].get<std::uint64_t>());
        EXPECT_EQ(rows[0][k], testing::point(known["rows"][k][1]));
      }
      std::vector<Fr> folded(shape.columns());
      add_combined_rows(folded, Fr::one(), tensor, point);
      EXPECT_EQ(folded, testing::felts(known["folded"]));
    }
  }
}

TEST(Rows, ExistWhereAnElementLies) {
  Random random = Random::from_seed(1);
  const Srs srs = srs_from_secret(4, random_fr(random));
  for (const std::vector<std::size_t>& extents :
       {std::vector<std::size_t>{5, 3, 2}, {3, 5}, {1, 7, 3}, {9, 1}, {2, 2, 2, 2}, {33}, {5, 5, 5}, {}}) {
    for (unsigned c = 1; c <= 4; ++c) {
      const Cube cube(extents);
      const RowShape shape(cube, c);
      std::set<std::uint64_t> expected;
      for (std::uint64_t i = 0; i < cube.elements(); ++i) expected.insert(cube.cell(i) >> c);
      std::set<std::uint64_t> found;
      for (std::uint64_t k = 0; k < shape.rows(); ++k) found.insert(shape.number(k));
      EXPECT_EQ(found, expected);
      EXPECT_EQ(shape.rows(), expected.size());

      // commitments and combinations against the whole cube
      std::vector<std::int64_t> values(cube.elements());
      for (std::size_t i = 0; i < values.size(); ++i) values[i] = std::int64_t(i * i % 23) - 11;
      values[0] = INT64_MIN;
      const RowTensor tensor{shape, std::span<const std::int64_t>(values)};
      std::vector<Fr> table = cube_table(cube, as_felts(values));
      table.resize(std::max(table.size(), shape.columns()));
      const auto rows = commit_rows(srs.g(), std::span(&tensor, 1));
      for (std::size_t k = 0; k < shape.rows(); ++k) {
        const std::span<const Fr> row(&table[shape.number(k) << c], shape.columns());
        EXPECT_EQ(rows[0][k], msm(srs.g().first(row.size()), row).to_affine());
      }
      const std::vector<Fr> point = random_elements(cube.bits(), random);
      const Fr factor = random_fr(random);
      std::vector<Fr> combined(shape.columns());
      add_combined_rows(combined, factor, tensor, point);
      EXPECT_EQ(multilinear::evaluate(combined, shape.column_part(point)),
                factor * multilinear::evaluate(cube_table(cube, as_felts(values)), point));
      // and the combination of the commitments is the commitment to the combination
      EXPECT_EQ(msm(rows[0], shape.weights(point, factor)).to_affine(),
                msm(srs.g().first(combined.size()), combined).to_affine());
    }
  }
}

TEST(Rows, SizesOfFilesAreCheckedFirst) {
  EXPECT_EQ(fault_of([] { RowShape(Cube(std::vector<std::size_t>{4}), 0); }), Fault::range);
  EXPECT_EQ(fault_of([] { RowShape(Cube(std::vector<std::size_t>{4}), 21); }), Fault::range);
  EXPECT_EQ(fault_of([] { RowShape(Cube(std::vector<std::size_t>{4}), ~0u); }), Fault::range);
  // counts of the largest cubes without a list of their rows
  EXPECT_EQ(RowShape(Cube(std::vector<std::size_t>{(std::size_t{1} << 31) - 1, 5}), 1).rows(),
            ((std::uint64_t{1} << 31) - 1) * 3);
  const std::vector<std::int64_t> few(3);
  const std::vector<G1Affine> bases(8);
  const RowTensor tensor{RowShape(Cube(std::vector<std::size_t>{4}), 3), std::span<const std::int64_t>(few)};
  EXPECT_EQ(fault_of([&] { commit_rows(bases, std::span(&tensor, 1)); }), Fault::internal);
}

class RowOpening : public ::testing::Test {
 protected:
  static constexpr unsigned c = 4;
  Random random = Random::from_seed(7);
  Fr secret = random_fr(random);
  Srs srs = srs_from_secret(c + 2, secret);
  std::vector<Fr> point = random_elements(c, random);

  std::vector<std::uint8_t> prove(std::vector<Fr> row) {
    EvmTranscriptWriter writer;
    open_row(srs, std::move(row), point, writer);
    return writer.proof;
  }
  std::optional<std::string> check(std::span<const std::uint8_t> proof, const G1Affine& commitment, const Fr& value) {
    EvmTranscriptReader reader(proof);
    return check_row(srs.verifier(), {{commitment}, {Fr::one()}}, point, value, reader);
  }
};

TEST_F(RowOpening, KnownAnswers) {
  const Json answers = testing::known_answers("engine.json");
  const unsigned bits = answers["row_bits"].get<unsigned>();
  for (const unsigned more : {1u, 3u}) {  // a larger setup changes nothing
    const Srs known_srs = srs_from_secret(bits + more, testing::felt(answers["tau"]));
    for (const Json& known : answers["openings"]) {
      const std::vector<Fr> row = testing::felts(known["coefficients"]), at = testing::felts(known["point"]);
      EvmTranscriptWriter writer;
      writer.common_scalar(Fr::from_u64(11));
      open_row(known_srs, row, at, writer);
      EXPECT_EQ(writer.proof, testing::bytes(known["proof"]));
      EvmTranscriptReader reader(writer.proof);
      reader.common_scalar(Fr::from_u64(11));
      const ClaimedRow claimed{{msm(known_srs.g().first(row.size()), row).to_affine()}, {Fr::one()}};
      EXPECT_EQ(check_row(known_srs.verifier(), claimed, at, testing::felt(known["value"]), reader), std::nullopt);
      EXPECT_EQ(reader.remaining(), 0u);
    }
  }
}

TEST_F(RowOpening, EveryItemAndTheValueCount) {
  const std::vector<Fr> row = random_elements(1u << c, random);
  const G1Affine commitment = msm(srs.g().first(row.size()), row).to_affine();
  const Fr value = multilinear::evaluate(row, point);
  const std::vector<std::uint8_t> proof = prove(row);
  ASSERT_EQ(check(proof, commitment, value), std::nullopt);
  EXPECT_NE(check(proof, commitment, value + Fr::one()), std::nullopt);
  EXPECT_NE(check(proof, (G1(commitment) + G1::generator()).to_affine(), value), std::nullopt);
  // c - 1 folds, 3c values, two points: each another one of its kind
  const std::size_t folds = c - 1, scalars = 3 * c;
  for (std::size_t i = 0; i < folds + scalars + 2; ++i) {
    std::vector<std::uint8_t> bad = proof;
    const bool scalar = i >= folds && i < folds + scalars;
    const std::size_t at = scalar      ? 64 * folds + 32 * (i - folds)
                           : i < folds ? 64 * i
                                       : 64 * folds + 32 * scalars + 64 * (i - folds - scalars);
    if (scalar) {
      const auto word = Fr::from_bytes_be(std::span<const std::uint8_t, 32>(&bad[at], 32));
      const auto changed = (*word + Fr::one()).to_bytes_be();
      std::copy(changed.begin(), changed.end(), bad.begin() + std::ptrdiff_t(at));
    } else {
      const auto x = Fq::from_u64(1).to_bytes_be(), y = Fq::from_u64(2).to_bytes_be();
      std::copy(x.begin(), x.end(), bad.begin() + std::ptrdiff_t(at));
      std::copy(y.begin(), y.end(), bad.begin() + std::ptrdiff_t(at) + 32);
    }
    ASSERT_NE(bad, proof);
    EXPECT_NE(check(bad, commitment, value), std::nullopt) << i;
  }
  std::vector<std::uint8_t> short_proof(proof.begin(), proof.end() - 1);
  EXPECT_EQ(fault_of([&] { check(short_proof, commitment, value); }), Fault::format);
  std::vector<std::uint8_t> off_curve = proof;
  off_curve[40] ^= 1;
  EXPECT_EQ(fault_of([&] { check(off_curve, commitment, value); }), Fault::format);
}

/// A prover that committed to more than 2^c coefficients and opens the value of another row, or folds all it has.
TEST_F(RowOpening, CoefficientsBeyondARowMoveNoValue) {
  std::vector<Fr> row = random_elements(1u << c, random);
  const Fr value = multilinear::evaluate(row, point);
  for (const std::size_t beyond : {std::size_t{1} << c, (std::size_t{1} << c) + 3, std::size_t{2} << c}) {
    const G1 commitment = msm(srs.g().first(row.size()), row) + G1(srs.g()[beyond]).mul(Fr::from_u64(5));
    EXPECT_NE(check(prove(row), commitment.to_affine(), value), std::nullopt) << beyond;
    EXPECT_NE(check(prove(row), commitment.to_affine(), value + Fr::one()), std::nullopt) << beyond;
  }
}

TEST_F(RowOpening, ZeroRowsAreLegal) {
  const std::vector<Fr> row(1u << c);
  EXPECT_EQ(check(prove(row), G1Affine::identity(), Fr::zero()), std::nullopt);
  EXPECT_NE(check(prove(row), G1Affine::identity(), Fr::one()), std::nullopt);
}

TEST_F(RowOpening, PowersOfASetup) {
  EXPECT_TRUE(powers_follow(srs.g(), srs.verifier(), random));
  EXPECT_TRUE(powers_follow(srs.g().first(1), srs.verifier(), random));
  for (const std::size_t wrong : {std::size_t{0}, std::size_t{1}, std::size_t{17}, srs.g().size() - 1}) {
    std::vector<G1Affine> g(srs.g().begin(), srs.g().end());
    g[wrong] = (G1(g[wrong]) + G1::generator()).to_affine();
    EXPECT_FALSE(powers_follow(g, srs.verifier(), random)) << wrong;
  }
  const std::vector<G1Affine> nothing(8, G1Affine::identity());
  SrsVerifier empty = srs.verifier();
  empty.g = G1Affine::identity();
  EXPECT_FALSE(powers_follow(nothing, empty, random));
}

}  // namespace
}  // namespace ezkl
