// The whole protocol against the executable specification: the same plan, the same messages, the same bytes.
#include <gtest/gtest.h>

#include <map>

#include "../sumcheck/forging.hpp"
#include "ezkl/error.hpp"
#include "graph/claims/checker.hpp"
#include "known_record.hpp"

namespace ezkl {
namespace {

using relations::TensorKind;
using sumcheck::ClearReader;
using sumcheck::ClearWriter;
using testing::KnownProof;

class KnownProofs : public ::testing::TestWithParam<const char*> {
 protected:
  KnownProof known{GetParam()};

  std::vector<std::uint8_t> prove() const {
    ClearWriter writer;
    relations::prove(writer, known.plan, known.key, known.srs, known.instances, known.witness());
    return writer.proof();
  }
  /// Refused, by a check or as no proof at all.
  bool refused(std::span<const std::uint8_t> proof, const relations::VerifyingKey& key,
               std::span<const Fr> instances) const {
    try {
      return relations::verify(proof, known.plan, key, instances).has_value();
    } catch (const Error& e) {
      return e.fault() == Fault::format;
    }
  }
  bool refused(std::span<const std::uint8_t> proof) const { return refused(proof, known.key, known.instances); }
};

TEST_P(KnownProofs, PlanIsTheReferences) {
  const auto& expected = known.json["plan"];
  const relations::Plan& plan = known.plan;
  EXPECT_EQ(plan.tensors.size(), expected["tensors"].get<std::size_t>());
  EXPECT_EQ(plan.committed, expected["committed"].get<std::vector<std::uint32_t>>());
  EXPECT_EQ(plan.keyed, expected["keyed"].get<std::vector<std::uint32_t>>());
  EXPECT_EQ(plan.contractions, expected["contractions"].get<std::vector<std::uint32_t>>());
  std::vector<std::uint32_t> materialised, inlined;
  for (std::uint32_t id = 0; id < plan.tensors.size(); ++id) {
    if (plan.tensors[id].materialised) materialised.push_back(id);
    if (plan.tensors[id].kind == TensorKind::known) inlined.push_back(id);
  }
  EXPECT_EQ(materialised, expected["materialised"].get<std::vector<std::uint32_t>>());
  EXPECT_EQ(inlined, expected["inline"].get<std::vector<std::uint32_t>>());
  EXPECT_EQ(plan.constraints.size(), expected["constraints"].get<std::size_t>());
  EXPECT_EQ(plan.squares.size(), expected["squares"].get<std::size_t>());
  EXPECT_EQ(plan.lookups.size(), expected["lookups"].get<std::size_t>());
  EXPECT_EQ(plan.trees.size(), expected["levels"].size());
}

TEST_P(KnownProofs, KeyAndProofAreTheReferences) {
  std::map<std::uint32_t, std::vector<G1Affine>> rows;
  for (const auto& row : known.json["key_rows"]) rows[row[0].get<std::uint32_t>()].push_back(testing::point(row[2]));
  ASSERT_EQ(rows.size(), known.plan.keyed.size());
  for (std::size_t k = 0; k < known.plan.keyed.size(); ++k) EXPECT_EQ(known.key.rows[k], rows[known.plan.keyed[k]]);

  ClearWriter writer;
  writer.keep_manifest();
  relations::prove(writer, known.plan, known.key, known.srs, known.instances, known.witness());
  EXPECT_EQ(writer.manifest(), testing::lines(known.json["manifest"]));
  EXPECT_EQ(writer.proof(), testing::bytes(known.json["proof"]));
  EXPECT_EQ(known.check(writer.proof()), std::nullopt);
}

TEST_P(KnownProofs, OtherStatementsAndKeysAreRefused) {
  const std::vector<std::uint8_t> proof = testing::bytes(known.json["proof"]);
  ASSERT_FALSE(refused(proof));
  for (std::size_t i = 0; i < known.instances.size(); ++i) {
    for (const Fr& step : {Fr::one(), -Fr::one()}) {
      std::vector<Fr> other = known.instances;
      other[i] += step;
      EXPECT_TRUE(refused(proof, known.key, other)) << i;
    }
  }
  std::vector<Fr> longer = known.instances, shorter = known.instances;
  longer.push_back(Fr::zero());
  shorter.pop_back();
  EXPECT_TRUE(refused(proof, known.key, longer));
  EXPECT_TRUE(refused(proof, known.key, shorter));
  relations::VerifyingKey key = known.key;
  key.digest += Fr::one();
  EXPECT_TRUE(refused(proof, key, known.instances));
  for (std::size_t k = 0; k < key.rows.size(); ++k) {
    key = known.key;
    key.rows[k][0] = (G1(key.rows[k][0]) + G1::generator()).to_affine();
    EXPECT_TRUE(refused(proof, key, known.instances)) << k;
  }
  key = known.key;
  key.bases = srs_from_secret(4, Fr::from_u64(5)).verifier();
  EXPECT_TRUE(refused(proof, key, known.instances));
}

TEST_P(KnownProofs, EveryWordCounts) {
  const std::vector<std::uint8_t> proof = testing::bytes(known.json["proof"]);
  for (std::size_t at = 0; at < proof.size(); at += 32) {
    std::vector<std::uint8_t> bad = proof;
    bad[at + 31] ^= 1;
    EXPECT_TRUE(refused(bad)) << at;
  }
  std::vector<std::uint8_t> longer = proof;
  longer.resize(proof.size() + 32);
  EXPECT_TRUE(refused(longer));
  for (const std::size_t length :
       {std::size_t{0}, std::size_t{1}, proof.size() / 2, proof.size() - 32, proof.size() - 1}) {
    EXPECT_TRUE(refused(std::span(proof).first(length))) << length;
  }
}

/// A prover that says something else in one place and computes the rest to fit.
TEST_P(KnownProofs, EveryBentMessageIsRefused) {
  std::map<std::string, std::size_t> messages;
  for (const std::string& line : testing::lines(known.json["manifest"])) {
    const std::size_t first = line.find(' '), last = line.rfind(' ');
    if (line.starts_with("scalars "))
      messages[line.substr(first + 1, last - first - 1)] = std::stoul(line.substr(last + 1));
    if (line.starts_with("point ")) messages[line.substr(first + 1)] = 1;
  }
  ASSERT_GT(messages.size(), 20u);
  for (const auto& [name, count] : messages) {
    for (std::size_t item = 0; item < count; ++item) {
      testing::ForgingWriter writer(name, item);
      relations::prove(writer, known.plan, known.key, known.srs, known.instances, known.witness());
      ASSERT_TRUE(writer.happened()) << name;
      EXPECT_TRUE(refused(writer.proof())) << name << " " << item;
    }
  }
}

/// A prover that changes one element of what it commits to, and proves the rest as if nothing were.
TEST_P(KnownProofs, EveryForgedElementIsRefused) {
  const std::vector<std::uint8_t> honest = prove();
  for (const std::uint32_t tensor : known.plan.committed) {
    const std::size_t n = known.plan.tensors[tensor].cube.elements();
    for (std::size_t element = 0; element < n; ++element) {
      relations::Witness witness = known.witness();
      // What is derived from a tensor of the record is the trace's; of the plan's own, made from it.
      std::vector<Fr> values;
      std::visit(
          [&](const auto& v) {
            for (const auto& x : v) {
              if constexpr (std::is_same_v<std::decay_t<decltype(x)>, Fr>) {
                values.push_back(x);
              } else {
                values.push_back(Fr::from_i64(x));
              }
            }
          },
          witness.elements(tensor));
      const bool inverse =
          known.plan.recipes[tensor].kind == relations::Recipe::Kind::inverse && values[element].is_zero();
      values[element] += Fr::one();
      witness.replace(tensor, values);
      testing::ForgingWriter writer("nothing", 0);
      relations::prove(writer, known.plan, known.key, known.srs, known.instances, witness);
      ASSERT_NE(writer.proof(), honest);
      if (inverse) continue;  // free where the argument is 0, where nothing depends on it
      EXPECT_TRUE(refused(writer.proof())) << tensor << " " << element;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Reference, KnownProofs,
                         ::testing::Values("mlp.json", "conv.json", "grouped.json", "mixed.json", "trees.json",
                                           "shapes.json"),
                         [](const auto& given) {
                           const std::string name = given.param;
                           return name.substr(0, name.find('.'));
                         });

}  // namespace
}  // namespace ezkl
