#include "statement/statement.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <functional>

#include "ezkl/error.hpp"
#include "statement/meaning.hpp"

namespace ezkl {
namespace {

using Kind = Visibility::Kind;

const std::vector<Visibility> values{
    {Kind::private_, {}},           {Kind::public_, {}},         {Kind::fixed, {}},     {Kind::hashed_public, {}},
    {Kind::hashed_private, {1, 0}}, {Kind::hashed_private, {1}}, {Kind::polycommit, {}}};

/// Of parameters there is one message: the list of a private hash is 0.
Visibility of_params(Visibility v) {
  if (v.kind == Kind::hashed_private) v.outlets = {0};
  return v;
}

const Shape input_shapes[] = {{1, 4}, {2, 3}}, output_shapes[] = {{5}, {1, 2, 2}};

/// Settings of a model of two inputs and two outputs, with parameters.
StatementFacts facts_of(const Visibility& inputs, const Visibility& params, const Visibility& outputs) {
  StatementFacts out;
  out.inputs = inputs;
  out.params = params;
  out.outputs = outputs;
  out.input_scales = {7, 0};
  out.output_scales = {14, -2};
  if (inputs.kind == Kind::public_) out.public_shapes.insert(out.public_shapes.end(), {{1, 4}, {2, 3}});
  if (outputs.kind == Kind::public_) out.public_shapes.insert(out.public_shapes.end(), {{5}, {1, 2, 2}});
  out.hashes = (inputs.is_hashed() ? 2 : 0) + (params.is_hashed() ? 1 : 0) + (outputs.is_hashed() ? 2 : 0);
  if (inputs.kind == Kind::polycommit) out.committed.insert(out.committed.end(), {4, 6});
  if (params.kind == Kind::polycommit) out.committed.push_back(51);
  if (outputs.kind == Kind::polycommit) out.committed.insert(out.committed.end(), {5, 4});
  return out;
}

/// One character of every tensor that an instance stands for: letters are hashes, digits values.
std::string column_of(const Statement& statement) {
  std::string out;
  for (const ShownInstances& shown : statement.instances) {
    const char* letters = shown.manner == Manner::hash ? "ABPQYZ" : "01!!89";
    EXPECT_EQ(out.size(), shown.first);
    out += std::string(shown.count, letters[2 * static_cast<std::size_t>(shown.group) + shown.tensor]);
  }
  return out;
}

/// The rule in other words: four stretches, each there when its visibility asks for it.
std::string expected_column(const Visibility& inputs, const Visibility& params, const Visibility& outputs) {
  const auto hashes = [](const Visibility& v, const std::string& letters) -> std::string {
    if (v.kind == Kind::hashed_public) return letters;
    std::string out;
    if (v.kind == Kind::hashed_private) {
      for (const std::size_t i : v.outlets) out += letters.substr(i, 1);
    }
    return out;
  };
  return hashes(inputs, "AB") + hashes(params, "P") + (inputs.kind == Kind::public_ ? "0000111111" : "") +
         hashes(outputs, "YZ") + (outputs.kind == Kind::public_ ? "888889999" : "");
}

void for_each_mixture(const std::function<void(const Visibility&, const Visibility&, const Visibility&)>& f) {
  for (const Visibility& inputs : values) {
    for (const Visibility& params : values) {
      if (params.kind == Kind::public_) continue;
      for (const Visibility& outputs : values) f(inputs, of_params(params), outputs);
    }
  }
}

TEST(Statement, EveryMixtureOfVisibilitiesHasItsOrder) {
  for_each_mixture([](const Visibility& inputs, const Visibility& params, const Visibility& outputs) {
    SCOPED_TRACE(visibility_text(inputs) + " " + visibility_text(params) + " " + visibility_text(outputs));
    const StatementFacts facts = facts_of(inputs, params, outputs);
    const Statement statement = describe_statement(facts);
    const std::string column = expected_column(inputs, params, outputs);
    EXPECT_EQ(column_of(statement), column);
    EXPECT_EQ(statement.num_instances, column.size());
    EXPECT_EQ(statement.num_hashes,
              std::size_t(std::count_if(column.begin(), column.end(), [](char c) { return c >= 'A'; })));
    EXPECT_EQ(statement.counted_hashes, facts.hashes);
    EXPECT_FALSE(instance_count_refusal(statement, column.size()));
    EXPECT_TRUE(instance_count_refusal(statement, column.size() + 1));
    if (!column.empty()) {
      EXPECT_TRUE(instance_count_refusal(statement, column.size() - 1));
    }

    std::vector<std::size_t> committed;
    std::size_t last = 0;
    for (const ShownCommitments& shown : statement.commitments) {
      committed.push_back(shown.elements);
      EXPECT_GE(static_cast<std::size_t>(shown.group), last);
      last = static_cast<std::size_t>(shown.group);
    }
    EXPECT_EQ(committed, facts.committed);
  });
}

TEST(Statement, ValuesHaveTheirShapesAndScales) {
  const Statement statement = describe_statement(facts_of(values[1], values[3], values[1]));
  const auto inputs = instances_of(statement, TensorGroup::inputs, Manner::values);
  const auto outputs = instances_of(statement, TensorGroup::outputs, Manner::values);
  ASSERT_EQ(inputs.size(), 2u);
  ASSERT_EQ(outputs.size(), 2u);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(inputs[i].shape, input_shapes[i]);
    EXPECT_EQ(outputs[i].shape, output_shapes[i]);
  }
  EXPECT_EQ(inputs[0].scale, 7);
  EXPECT_EQ(outputs[1].scale, -2);
  EXPECT_EQ(inputs[0].first, 1u);
  EXPECT_EQ(instances_of(statement, TensorGroup::params, Manner::hash).size(), 1u);
  EXPECT_TRUE(instances_of(statement, TensorGroup::inputs, Manner::hash).empty());
}

TEST(Statement, AModelWithoutParametersShowsNothingOfThem) {
  for (const Kind kind : {Kind::hashed_public, Kind::polycommit}) {
    StatementFacts facts = facts_of({Kind::public_, {}}, {kind, {}}, {Kind::public_, {}});
    facts.hashes = 0;
    facts.committed.clear();
    const Statement statement = describe_statement(facts);
    EXPECT_EQ(statement.num_instances, 19u);
    EXPECT_TRUE(statement.commitments.empty());
  }
}

/// Whatever a mixture counts, one that differs in what it counts contradicts it: settings that claim another visibility
/// than they were made with are refused wherever the counts tell.
TEST(Statement, CountsThatContradictTheVisibilitiesAreRefused) {
  const auto refused = [](const StatementFacts& facts) {
    try {
      describe_statement(facts);
    } catch (const Error& e) {
      EXPECT_EQ(e.fault(), Fault::format) << e.what();
      return true;
    }
    return false;
  };
  for_each_mixture([&](const Visibility& inputs, const Visibility& params, const Visibility& outputs) {
    SCOPED_TRACE(visibility_text(inputs) + " " + visibility_text(params) + " " + visibility_text(outputs));
    const StatementFacts honest = facts_of(inputs, params, outputs);
    EXPECT_FALSE(refused(honest));
    StatementFacts facts = honest;
    facts.hashes += 1;
    EXPECT_TRUE(refused(facts));
    facts = honest;
    facts.committed.push_back(3);
    EXPECT_TRUE(refused(facts));
    facts = honest;
    facts.public_shapes.push_back({1});
    EXPECT_TRUE(refused(facts));
    if (!honest.public_shapes.empty()) {
      facts = honest;
      facts.public_shapes.pop_back();
      EXPECT_TRUE(refused(facts));
    }
    for (const Visibility& claimed : values) {
      facts = honest;
      facts.inputs = claimed;
      const StatementFacts own = facts_of(claimed, params, outputs);
      const bool tells = own.hashes != honest.hashes || own.committed.size() != honest.committed.size() ||
                         own.public_shapes.size() != honest.public_shapes.size();
      // parameters may be none: then their message makes up for one of two inputs at most
      if (tells) {
        EXPECT_TRUE(refused(facts)) << "claimed: " << visibility_text(claimed);
      }
    }
  });
}

TEST(Statement, HostileFactsAreRefused) {
  const auto refused = [](StatementFacts facts) {
    try {
      describe_statement(facts);
    } catch (const Error& e) {
      return e.fault() == Fault::format;
    }
    return false;
  };
  StatementFacts facts = facts_of({Kind::public_, {}}, {Kind::fixed, {}}, {Kind::public_, {}});
  facts.public_shapes[0] = {std::size_t{1} << 40, std::size_t{1} << 40};
  EXPECT_TRUE(refused(facts));
  facts.public_shapes[0] = {std::size_t{1} << 33};
  EXPECT_TRUE(refused(facts));
  facts = facts_of({Kind::hashed_private, {2}}, {Kind::fixed, {}}, {Kind::public_, {}});
  EXPECT_TRUE(refused(facts)) << "there is no input 2";
  facts.inputs.outlets = {0, 0};
  EXPECT_TRUE(refused(facts));
  facts.inputs.outlets.clear();
  EXPECT_TRUE(refused(facts));
  EXPECT_TRUE(refused(facts_of({Kind::public_, {}}, {Kind::public_, {}}, {Kind::public_, {}})));
  facts = facts_of({Kind::hashed_public, {}}, {Kind::fixed, {}}, {Kind::public_, {}});
  facts.hashes = SIZE_MAX;
  EXPECT_TRUE(refused(facts));
}

TEST(Meaning, SaysOfEveryVisibilityWhatItBinds) {
  const auto says = [](TensorGroup group, const Visibility& v, const char* part) {
    return meaning_of(group, v).find(part) != std::string::npos;
  };
  EXPECT_TRUE(says(TensorGroup::params, {Kind::private_, {}}, "only that SOME parameters exist"));
  EXPECT_TRUE(says(TensorGroup::inputs, {Kind::private_, {}}, "only that SOME inputs exist"));
  EXPECT_TRUE(says(TensorGroup::params, {Kind::fixed, {}}, "part of the verifying key"));
  EXPECT_TRUE(says(TensorGroup::inputs, {Kind::hashed_private, {0}}, "keys of this program bind them to what the model computes with"));
  EXPECT_TRUE(says(TensorGroup::outputs, {Kind::hashed_private, {0}}, "keys of the published package do not"));
  for (const TensorGroup group : {TensorGroup::inputs, TensorGroup::outputs}) {
    EXPECT_TRUE(says(group, {Kind::public_, {}}, "shown"));
    EXPECT_TRUE(says(group, {Kind::hashed_public, {}}, "bound by the hashes"));
    EXPECT_TRUE(says(group, {Kind::polycommit, {}}, "bound by the commitments"));
  }
  EXPECT_EQ(visibility_text({Kind::hashed_private, {2, 0}}), "hashed/private/2,0");
}

TEST(Meaning, OfPrivateParametersOfTreesIsNotThatTheyAreHidden) {
  const Visibility hidden{Kind::private_, {}};
  const auto says = [&](std::optional<bool> trees, const char* part) {
    return meaning_of(TensorGroup::params, hidden, trees).find(part) != std::string::npos;
  };
  EXPECT_TRUE(says(true, "trees are part of the verifying key"));
  EXPECT_TRUE(says(true, "whoever guesses a tree can tell"));
  EXPECT_TRUE(says(std::nullopt, "trees, if it has any"));
  EXPECT_FALSE(says(false, "tree"));
  EXPECT_EQ(meaning_of(TensorGroup::params, {Kind::fixed, {}}, true),
            meaning_of(TensorGroup::params, {Kind::fixed, {}}));
}

}  // namespace
}  // namespace ezkl
