#include "sumcheck/batch.hpp"

#include <gtest/gtest.h>

#include "../random_elements.hpp"
#include "field/random.hpp"
#include "forging.hpp"
#include "known_answers.hpp"
#include "poly/multilinear.hpp"

namespace ezkl {
namespace {

using sumcheck::Batch;
using sumcheck::ClearReader;
using sumcheck::ClearWriter;
using sumcheck::Reduced;
using sumcheck::Scalar;
using testing::random_elements;

std::vector<Fr> last(const std::vector<Fr>& point, std::size_t n) {
  return {point.end() - std::ptrdiff_t(n), point.end()};
}

/// One item by the definition.
Fr sum_of(const Batch& batch, const Batch::Item& item) {
  const std::vector<Fr> eq = item.point == Batch::none
                                 ? std::vector<Fr>(std::size_t{1} << item.bits, Fr::one())
                                 : multilinear::eq_table(last(batch.points[item.point], item.bits));
  Fr sum;
  for (std::size_t x = 0; x < eq.size(); ++x) {
    Fr inner;
    for (const auto& [a, b] : item.products)
      inner += batch.tables[a][x] * (b == Batch::none ? Fr::one() : batch.tables[b][x]);
    sum += eq[x] * inner;
  }
  return item.coefficient * sum;
}

Fr sum_of(const Batch& batch) {
  Fr out;
  for (const Batch::Item& item : batch.items) out += sum_of(batch, item);
  return out;
}

/// The batch's polynomial at a point, late items scaled as a verifier scales them.
Fr value_at(const Batch& batch, const std::vector<Fr>& point) {
  const Fr half = Fr::from_u64(2).inverse();
  Fr out;
  for (const Batch::Item& item : batch.items) {
    const std::vector<Fr> own = last(point, item.bits);
    Fr inner;
    for (const auto& [a, b] : item.products) {
      inner += multilinear::evaluate(batch.tables[a], own) *
               (b == Batch::none ? Fr::one() : multilinear::evaluate(batch.tables[b], own));
    }
    if (item.point != Batch::none) inner *= multilinear::eq(last(batch.points[item.point], item.bits), own);
    out += item.coefficient * half.pow(point.size() - item.bits) * inner;
  }
  return out;
}

TEST(Sumcheck, KnownAnswers) {
  const auto answers = testing::known_answers("engine.json");
  for (const auto& known : answers["sumchecks"]) {
    const unsigned rounds = known["rounds"].get<unsigned>(), degree = known["degree"].get<unsigned>();
    Batch batch;
    for (const auto& item : known["items"]) {
      Batch::Item out{testing::felt(item["coefficient"]), item["bits"].get<unsigned>(), Batch::none, {}};
      if (item.contains("point")) {
        out.point = batch.points.size();
        batch.points.push_back(testing::felts(item["point"]));
      }
      const std::size_t a = batch.add_table(testing::felts(item["tables"][0]));
      out.products.push_back(
          {a, item["tables"].size() == 2 ? batch.add_table(testing::felts(item["tables"][1])) : Batch::none});
      batch.items.push_back(std::move(out));
    }
    const Scalar claim = testing::felt(known["claim"]);
    const Fr seven[] = {Fr::from_u64(7)};
    ClearWriter writer;
    writer.absorb("seven", seven);
    writer.keep_manifest();
    const Reduced reduced = sumcheck::reduce(writer, "check", claim, rounds, degree, &batch);
    EXPECT_EQ(writer.proof(), testing::bytes(known["proof"]));
    EXPECT_EQ(reduced.claim.value(), testing::felt(known["final"]));
    EXPECT_EQ(reduced.point, testing::felts(known["point"]));
    EXPECT_EQ(writer.manifest(), testing::lines(known["manifest"]));
    ClearReader reader(writer.proof());
    reader.absorb("seven", seven);
    const Reduced read = sumcheck::reduce(reader, "check", claim, rounds, degree, nullptr);
    EXPECT_EQ(read.claim.value(), reduced.claim.value());
    EXPECT_EQ(read.point, reduced.point);
  }
}

Batch mixed_batch(unsigned rounds, bool with_points, Random& random) {
  Batch batch;
  batch.points = {random_elements(rounds + 2, random), random_elements(rounds + 1, random)};
  batch.points[1].back() = Fr::zero();  // the coordinate that has no inverse
  for (unsigned bits = 0; bits <= rounds; ++bits) {
    const std::size_t n = std::size_t{1} << bits;
    const std::size_t a = batch.add_table(random_elements(n, random)), b = batch.add_table(random_elements(n, random)),
                      c = batch.add_table(random_elements(n, random));
    batch.items.push_back({random_fr(random), bits, Batch::none, {{a, b}}});
    batch.items.push_back({random_fr(random), bits, Batch::none, {{c, Batch::none}}});
    if (!with_points) continue;
    batch.items.push_back({random_fr(random), bits, 0, {{a, b}, {b, c}}});
    batch.items.push_back({random_fr(random), bits, 1, {{c, c}}});
    batch.items.push_back({random_fr(random), bits, 0, {{a, Batch::none}}});
    batch.items.push_back({random_fr(random), bits, 1, {{a, Batch::none}, {b, b}}});
  }
  return batch;
}

TEST(Sumcheck, ReducesASumToAValue) {
  Random random = Random::from_seed(1);
  for (unsigned rounds = 0; rounds <= 6; ++rounds) {
    for (const unsigned degree : {2u, 3u}) {
      const Batch batch = mixed_batch(rounds, degree == 3, random);
      Batch used = batch;
      ClearWriter writer;
      const Reduced reduced = sumcheck::reduce(writer, "s", sum_of(batch), rounds, degree, &used);
      EXPECT_EQ(reduced.claim.value(), value_at(batch, reduced.point)) << rounds;
      for (std::size_t k = 0; k < batch.tables.size(); ++k) {
        ASSERT_EQ(used.tables[k].size(), 1u);
        const auto bits = unsigned(std::bit_width(batch.tables[k].size()) - 1);
        EXPECT_EQ(used.tables[k][0], multilinear::evaluate(batch.tables[k], last(reduced.point, bits)));
      }
    }
  }
}

TEST(Sumcheck, LargeTablesInParts) {
  Random random = Random::from_seed(2);
  Batch batch;
  constexpr unsigned rounds = 13;
  batch.points = {random_elements(rounds, random)};
  const std::size_t n = std::size_t{1} << rounds;
  const std::size_t a = batch.add_table(random_elements(n, random)), b = batch.add_table(random_elements(n, random));
  batch.items.push_back({random_fr(random), rounds, 0, {{a, b}, {b, b}}});
  Batch used = batch;
  ClearWriter writer;
  const Reduced reduced = sumcheck::reduce(writer, "s", sum_of(batch), rounds, 3, &used);
  EXPECT_EQ(reduced.claim.value(), value_at(batch, reduced.point));
}

/// Whatever claim a prover starts from, true or not, and whichever message it bends: the end value is that of the batch
/// only for the honest one.
TEST(Sumcheck, WrongSumsAndMessagesEndInWrongValues) {
  Random random = Random::from_seed(3);
  constexpr unsigned rounds = 4;
  const Batch batch = mixed_batch(rounds, true, random);
  const Fr sum = sum_of(batch);
  const auto believed = [&](std::span<const std::uint8_t> proof, const Fr& claim) {
    ClearReader reader(proof);
    const Reduced reduced = sumcheck::reduce(reader, "s", claim, rounds, 3, nullptr);
    reader.finish();
    return reduced.claim.value() == value_at(batch, reduced.point);
  };
  Batch used = batch;
  ClearWriter honest;
  sumcheck::reduce(honest, "s", sum, rounds, 3, &used);
  EXPECT_TRUE(believed(honest.proof(), sum));
  EXPECT_FALSE(believed(honest.proof(), sum + Fr::one()));
  for (unsigned round = 1; round <= rounds; ++round) {
    for (std::size_t item = 0; item < 3; ++item) {
      testing::ForgingWriter writer("s.r" + std::to_string(round), item);
      used = batch;
      sumcheck::reduce(writer, "s", sum, rounds, 3, &used);
      ASSERT_TRUE(writer.happened());
      EXPECT_FALSE(believed(writer.proof(), sum)) << round << " " << item;
    }
  }
  Batch other = batch;
  other.tables[5][0] += Fr::one();
  const Fr wrong = sum_of(other);
  ClearWriter writer;
  sumcheck::reduce(writer, "s", wrong, rounds, 3, &other);
  EXPECT_FALSE(believed(writer.proof(), wrong));
}

}  // namespace
}  // namespace ezkl
