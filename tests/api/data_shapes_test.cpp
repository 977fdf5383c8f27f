// What data say of the shapes that a model leaves open.
#include "api/data_shapes.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "ezkl/error.hpp"

namespace ezkl {
namespace {

using Variables = std::vector<std::pair<std::string, std::size_t>>;

/// A model whose one input x has these dimensions: -1 for one without a name or size, -2 for one called "n_tokens".
ModelDef model_of(const std::vector<std::int64_t>& extents) {
  ModelDef model;
  model.graph.inputs = {{"x", DType::f32, {}}};
  for (const std::int64_t extent : extents) {
    model.graph.inputs[0].shape.push_back({std::max<std::int64_t>(extent, -1), extent == -2 ? "n_tokens" : ""});
  }
  return model;
}

/// What is added to the usual variables.
Variables added(const std::vector<std::int64_t>& extents, const std::string& data, Variables given = {}) {
  RunArgs args;
  args.variables.insert(args.variables.end(), given.begin(), given.end());
  SettingsChoice choice;
  choice.data = data;
  const Variables all = with_data_shapes(model_of(extents), args, choice).variables;
  return {all.begin() + static_cast<std::ptrdiff_t>(args.variables.size()), all.end()};
}

TEST(DataShapes, ComeFromNestedLists) {
  EXPECT_EQ(added({-1, -1}, R"({"input_data":[[[0.1,-0.2,0.3]]]})"), (Variables{{"x.1", 3}}));
  EXPECT_EQ(added({1, -2, -2}, R"({"input_data":[[[[1,2,3],[4,5,6]]]]})"), (Variables{{"x.1", 2}, {"x.2", 3}}));
}

TEST(DataShapes, ComeFromTheNumberOfElementsWhereOneAxisIsOpen) {
  EXPECT_EQ(added({-1, 2, -2}, R"({"input_data":[[1,2,3,4,5,6]]})"), (Variables{{"x.2", 3}}));
  EXPECT_EQ(added({1, -1, -1}, R"({"input_data":[[1,2,3,4,5,6]]})"), Variables());
  EXPECT_EQ(added({4, -1}, R"({"input_data":[[1,2,3,4,5,6]]})"), Variables());
}

TEST(DataShapes, WhatIsGivenComesFirst) {
  EXPECT_EQ(added({-1, -2}, R"({"input_data":[[[1,2,3]]]})", {{"n_tokens", 1}}), Variables());
  EXPECT_EQ(added({-1, -1}, R"({"input_data":[[[1,2,3]]]})", {{"x.1", 1}}), Variables());
  EXPECT_EQ(added({-1, -1}, "{", {}), Variables());
}

// "x=8" for [-1, 4] meant eight samples of four, where its user may have meant eight features.
TEST(DataShapes, AShapeThatIsGivenHasAllAxes) {
  const auto refusal = [](const std::vector<std::int64_t>& extents, const Variables& sizes) {
    RunArgs args;
    args.variables.insert(args.variables.end(), sizes.begin(), sizes.end());
    SettingsChoice choice;
    choice.given.input_shapes = {{"x", sizes.size()}};
    try {
      with_data_shapes(model_of(extents), args, choice);
      return std::string();
    } catch (const Error& e) {
      EXPECT_EQ(e.fault(), Fault::usage);
      return std::string(e.what());
    }
  };
  EXPECT_EQ(refusal({-1, 4}, {{"x.0", 8}}),
            "input 'x' has 2 axes, its shape was given with 1 size; give all of them: input_shape 'x=8,4'");
  EXPECT_EQ(refusal({1, -1, -1}, {{"x.0", 8}}),
            "input 'x' has 3 axes, its shape was given with 1 size; give all of them: input_shape 'x=1,5,5'");
  EXPECT_EQ(refusal({4}, {{"x.0", 4}, {"x.1", 1}}),
            "input 'x' has 1 axis, its shape was given with 2 sizes; give all of them: input_shape 'x=4'");
  EXPECT_EQ(refusal({-1, 4}, {{"x.0", 8}, {"x.1", 4}}), "");
}

}  // namespace
}  // namespace ezkl
