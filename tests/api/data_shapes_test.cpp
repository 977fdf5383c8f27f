// What data say of the shapes that a model leaves open.
#include "api/data_shapes.hpp"

#include <gtest/gtest.h>

#include <algorithm>

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

}  // namespace
}  // namespace ezkl
