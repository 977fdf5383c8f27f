#include <gtest/gtest.h>

#include "../relations/known_record.hpp"
#include "artifact/envelope.hpp"
#include "artifact/sumcheck_key_file.hpp"
#include "commit/rows.hpp"
#include "ezkl/error.hpp"

namespace ezkl {
namespace {

using relations::Plan;
using relations::PlanTensor;
using relations::Table;
using relations::TensorKind;
using relations::Tree;

constexpr std::string_view kind = "EZKL-CPP sumcheck verifying key, format ";

class SumcheckKeyFile : public ::testing::TestWithParam<const char*> {
 protected:
  testing::KnownProof known{GetParam()};
  SumcheckKey key{settings_digest(GraphSettings{}), known.plan, known.key};
  std::vector<std::uint8_t> payload = sumcheck_key_payload(key);

  /// Whether a proof is none, or not of the right form. Other errors are not for verifiers to have.
  bool refuses(std::span<const std::uint8_t> proof, const SumcheckKey& read) const {
    try {
      return relations::verify(proof, read.plan, read.key, known.instances) != std::nullopt;
    } catch (const Error& e) {
      EXPECT_EQ(e.fault(), Fault::format) << e.what();
      return true;
    }
  }

  static bool refused(std::span<const std::uint8_t> bytes) {
    try {
      parse_sumcheck_key(bytes, "vk.key");
      return false;
    } catch (const Error& e) {
      EXPECT_EQ(e.fault(), Fault::format) << e.what();
      EXPECT_TRUE(std::string(e.what()).starts_with("vk.key")) << e.what();
      return true;
    }
  }
};

TEST_P(SumcheckKeyFile, IsWhatWasWritten) {
  const SumcheckKey read = parse_sumcheck_key(sumcheck_key_bytes(key), "vk.key");
  EXPECT_EQ(read.settings, key.settings);
  EXPECT_EQ(read.key.rows, key.key.rows);
  EXPECT_EQ(read.plan.committed, key.plan.committed);
  EXPECT_EQ(sumcheck_key_payload(read), payload);
  EXPECT_EQ(read.key.digest, sumcheck_key_digest(payload));

  // A prover that has the plan from the record, and a verifier that has it from the file.
  key.key.digest = read.key.digest;
  sumcheck::ClearWriter writer;
  relations::prove(writer, known.plan, key.key, known.srs, known.instances, known.witness());
  EXPECT_EQ(relations::verify(writer.proof(), read.plan, read.key, known.instances), std::nullopt);
  std::vector<Fr> other = known.instances;
  other[0] += Fr::one();
  EXPECT_NE(relations::verify(writer.proof(), read.plan, read.key, other), std::nullopt);
}

TEST_P(SumcheckKeyFile, EveryFieldIsInTheDigest) {
  const Fr digest = sumcheck_key_digest(payload);
  const auto differs = [&](auto change) {
    SumcheckKey other = key;
    change(other);
    EXPECT_NE(sumcheck_key_digest(sumcheck_key_payload(other)), digest);
  };
  GraphSettings settings;
  settings.model_output_scales = {8};
  differs([&](SumcheckKey& k) { k.settings = settings_digest(settings); });
  settings = {};
  settings.timestamp = 5;
  EXPECT_EQ(settings_digest(settings), key.settings) << "when they were made does not count";
  differs([](SumcheckKey& k) { ++k.plan.options.row_bits; });
  differs([](SumcheckKey& k) { ++k.plan.options.limb_bits; });
  differs([](SumcheckKey& k) { ++k.plan.options.tree_bits; });
  differs([](SumcheckKey& k) { k.key.bases.g = -k.key.bases.g; });
  differs([](SumcheckKey& k) { k.key.bases.g2 = k.key.bases.s_g2; });
  differs([](SumcheckKey& k) { k.key.bases.s_g2 = k.key.bases.g2; });
  for (std::size_t i = 0; i < key.key.rows.size(); ++i) {
    differs([&](SumcheckKey& k) { k.key.rows[i].back() = -k.key.rows[i].back(); });
  }
  const Plan& plan = key.plan;
  differs([](SumcheckKey& k) { k.plan.instances.pop_back(); });
  for (std::size_t i = 0; i < plan.constraints.size(); ++i) {
    const auto changed = [&](auto change) { differs([&](SumcheckKey& k) { change(k.plan.constraints[i]); }); };
    changed([](auto& c) { c.expression.constant += Fr::one(); });
    changed([](auto& c) { c.expression.terms[0].coefficient += Fr::one(); });
    changed([](auto& c) { ++c.expression.terms[0].tensor; });
    changed([](auto& c) { c.expression.terms.pop_back(); });
    changed([](auto& c) { ++c.shaped_as; });
    changed([](auto& c) { c.of = c.of ? *c.of + 1 : 0; });
  }
  for (std::size_t i = 0; i < plan.squares.size(); ++i) {
    differs([&](SumcheckKey& k) { ++k.plan.squares[i].tensor; });
    differs([&](SumcheckKey& k) { ++k.plan.squares[i].lo; });
  }
  for (std::size_t i = 0; i < plan.tables.size(); ++i) {
    const auto changed = [&](auto change) { differs([&](SumcheckKey& k) { change(k.plan.tables[i]); }); };
    changed([](Table& t) { ++t.rows; });
    changed([](Table& t) { ++t.first; });
    changed([](Table& t) { t.function = t.function ? std::nullopt : std::optional(claims::TableId{"exp", {}}); });
    if (!plan.tables[i].function) continue;
    changed([](Table& t) { t.function->name += "2"; });
    changed([](Table& t) { t.function->parameters["scale"] += 1; });
    changed([](Table& t) { ++t.values; });
  }
  for (std::size_t i = 0; i < plan.lookups.size(); ++i) {
    const auto changed = [&](auto change) { differs([&](SumcheckKey& k) { change(k.plan.lookups[i]); }); };
    changed([](auto& l) { ++l.table; });
    changed([](auto& l) { ++l.shaped_as; });
    changed([](auto& l) { l.columns.back().constant += Fr::one(); });
    changed([](auto& l) { l.columns.pop_back(); });
  }
  for (std::size_t i = 0; i < plan.gathers.size(); ++i) {
    const auto changed = [&](auto change) { differs([&](SumcheckKey& k) { change(k.plan.gathers[i]); }); };
    changed([](auto& g) { ++g.data; });
    changed([](auto& g) { ++g.index; });
    changed([](auto& g) { ++g.out; });
  }
  for (std::size_t i = 0; i < plan.permutes.size(); ++i) {
    differs([&](SumcheckKey& k) { ++k.plan.permutes[i].ys[0]; });
    differs([&](SumcheckKey& k) { ++k.plan.permutes[i].xs[0]; });
  }
  for (std::size_t i = 0; i < plan.trees.size(); ++i) {
    const auto changed = [&](auto change) { differs([&](SumcheckKey& k) { change(k.plan.trees[i]); }); };
    changed([](Tree& t) { t.lookups.push_back(0); });
    changed([](Tree& t) { t.gathers.push_back(0); });
    changed([](Tree& t) { t.permutes.push_back(0); });
    changed([](Tree& t) { t.tables.emplace_back(0, 0); });
    changed([](Tree& t) { t.gather_counts.push_back(0); });
  }
  differs([](SumcheckKey& k) { k.plan.trees.emplace_back(); });
  for (std::size_t id = 0; id < plan.tensors.size(); ++id) {
    const auto changed = [&](auto change) { differs([&](SumcheckKey& k) { change(k.plan.tensors[id]); }); };
    const PlanTensor& tensor = plan.tensors[id];
    changed([](PlanTensor& t) {
      if (!t.axes.empty()) t.loops.insert(t.loops.begin() + std::ptrdiff_t(t.shape.size()), 1);
      t.shape.push_back(1);
    });
    changed([](PlanTensor& t) { t.materialised = !t.materialised; });
    if (!tensor.is_anchor()) {
      const bool summed = tensor.kind == TensorKind::linear;
      if (summed && !tensor.linear.terms.empty()) changed([](PlanTensor& t) { ++t.linear.terms[0].tensor; });
      if (summed) changed([](PlanTensor& t) { t.linear.constant += Fr::one(); });
      if (!summed) changed([](PlanTensor& t) { ++t.sources.back(); });
    }
    for (std::size_t of = 0; of < tensor.axes.size(); ++of) {
      changed([](PlanTensor& t) { t.loops.push_back(2); });
      for (std::size_t axis = 0; axis < tensor.axes[of].size(); ++axis) {
        const auto bent = [&](auto change) { changed([&](PlanTensor& t) { change(t.axes[of][axis]); }); };
        bent([](claims::AxisMap& map) { ++map.base; });
        if (tensor.axes[of][axis].strides.empty()) continue;
        bent([](claims::AxisMap& map) { ++map.strides[0].first; });
        bent([](claims::AxisMap& map) { ++map.strides[0].second; });
      }
    }
    if (tensor.kind == TensorKind::view) changed([](PlanTensor& t) { ++t.outside; });
    const auto other_values = [](PlanTensor& t) {
      auto values = std::make_shared<claims::Values>(*t.values);
      values->push_back(12345);
      t.values = values;
    };
    if (tensor.kind == TensorKind::known || tensor.kind == TensorKind::remap) changed(other_values);
    if (tensor.kind != TensorKind::remap) continue;
    changed([](PlanTensor& t) {
      auto map = std::make_shared<std::vector<std::int64_t>>(*t.map);
      ++map->back();
      t.map = map;
    });
  }
}

/// A wrong byte is found, or makes another key: the proof is none of it, and looking at one breaks nothing even where
/// the transcript begins as that of the proof did.
TEST_P(SumcheckKeyFile, AWrongByteMakesNoKeyOrAnother) {
  key.key.digest = sumcheck_key_digest(payload);
  sumcheck::ClearWriter writer;
  relations::prove(writer, known.plan, key.key, known.srs, known.instances, known.witness());
  std::size_t taken = 0;
  for (std::size_t at = 0; at < payload.size(); ++at) {
    for (const std::uint8_t change : {0x01, 0x02, 0x80}) {
      if (at % 3 != 0 && change != 0x02) continue;
      std::vector<std::uint8_t> bad = payload;
      bad[at] ^= change;
      const std::vector<std::uint8_t> bytes = seal(kind, 1, bad);
      if (refused(bytes)) continue;
      ++taken;
      SumcheckKey read = parse_sumcheck_key(bytes, "vk.key");
      EXPECT_TRUE(refuses(writer.proof(), read)) << at;
      read.key.digest = key.key.digest;
      refuses(writer.proof(), read);
    }
  }
  EXPECT_GT(taken, 0u);
}

TEST_P(SumcheckKeyFile, ProvingKeysAreWhatWasWritten) {
  SumcheckProvingKey made{{1, 2, 3}, {4, 5}, key};
  const std::vector<std::uint8_t> bytes = sumcheck_proving_key_bytes(made);
  const SumcheckProvingKey read = parse_sumcheck_proving_key(bytes, "pk.key");
  EXPECT_EQ(read.model, made.model);
  EXPECT_EQ(read.fixed, made.fixed);
  EXPECT_EQ(sumcheck_key_payload(read.key), payload);
  EXPECT_EQ(read.key.key.digest, sumcheck_key_digest(payload));
  EXPECT_TRUE(is_sumcheck_proving_key(bytes));
  EXPECT_FALSE(is_sumcheck_key(bytes));
  EXPECT_TRUE(refused(bytes)) << "no verifying key";
  const auto pk_refused = [](std::span<const std::uint8_t> other) {
    try {
      parse_sumcheck_proving_key(other, "pk.key");
      return false;
    } catch (const Error& e) {
      EXPECT_EQ(e.fault(), Fault::format) << e.what();
      return true;
    }
  };
  EXPECT_TRUE(pk_refused(sumcheck_key_bytes(key)));
  EXPECT_TRUE(pk_refused({}));
  for (std::size_t length = 0; length < bytes.size(); length += 1 + bytes.size() / 97) {
    EXPECT_TRUE(pk_refused(std::span(bytes).first(length))) << length;
  }
  std::vector<std::uint8_t> inner(16 + 16 + payload.size() - 1);
  EXPECT_TRUE(pk_refused(seal("EZKL-CPP sumcheck proving key, format ", 1, inner)));
}

TEST_P(SumcheckKeyFile, OtherFilesAreRefused) {
  const std::vector<std::uint8_t> bytes = sumcheck_key_bytes(key);
  for (std::size_t length = 0; length < payload.size(); length += 1 + payload.size() / 97) {
    EXPECT_TRUE(refused(seal(kind, 1, std::span(payload).first(length)))) << length;
  }
  std::vector<std::uint8_t> longer = payload;
  longer.push_back(0);
  EXPECT_TRUE(refused(seal(kind, 1, longer)));
  EXPECT_TRUE(refused(seal(kind, 2, payload)));
  EXPECT_TRUE(refused(seal("EZKL-CPP compiled model, format ", 1, payload)));
  EXPECT_TRUE(refused(std::span(bytes).first(bytes.size() - 1)));
}

INSTANTIATE_TEST_SUITE_P(Reference, SumcheckKeyFile,
                         ::testing::Values("mlp.json", "conv.json", "grouped.json", "mixed.json", "trees.json",
                                           "shapes.json"),
                         [](const auto& given) {
                           const std::string name = given.param;
                           return name.substr(0, name.find('.'));
                         });

}  // namespace
}  // namespace ezkl
