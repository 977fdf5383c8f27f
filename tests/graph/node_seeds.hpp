#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <utility>
#include <vector>

#include "model/node_def.hpp"

/// Valid nodes of every ONNX operator, and ways to break them.
namespace ezkl::testing {

/// A model of one node named "broken", whose inputs are in0, in1, ...: initializers or inputs of the model.
struct Seed {
  ModelDef model;
  std::vector<std::pair<std::string, AttributeDef::Type>> other_attributes;  ///< what the node could have besides
};

/// Those of tests/data/nodes/*seeds.json, and made ones of the operators with subgraphs.
std::vector<Seed> node_seeds();

/// A node of tests/data/nodes as a model: inputs with data are initializers.
ModelDef node_model(const nlohmann::json& json);
FloatTensor tensor_of(const nlohmann::json& json);

/// What was done to a model, and the model.
using Mutation = std::pair<std::string, ModelDef>;

/// Inputs dropped, added, swapped, of another type, rank, extent, content or origin; attributes dropped, added, of
/// another type, length or value; outputs more and fewer; other opsets.
std::vector<Mutation> mutations(const Seed& seed);

}  // namespace ezkl::testing
