// Every attribute that ONNX's schemas give an operator (tests/data/nodes/seeds.json has them) is read: with another
// value the graph is another one, or the model is refused. A flag that nobody reads is a wrong number.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "ezkl/error.hpp"
#include "graph/build_graph.hpp"
#include "graph/printer.hpp"
#include "node_seeds.hpp"

namespace ezkl {
namespace {

using Type = AttributeDef::Type;

/// Attributes that change no number, and why.
const std::map<std::string, std::string>& without_effect() {
  static const std::map<std::string, std::string> all = {
      {"Attention.qk_matmul_output_mode", "needs other inputs, outputs or attributes than the seed has"},
      {"Attention.right_window_size", "needs other inputs, outputs or attributes than the seed has"},
      {"Attention.softmax_precision", "the precision of floats, which a circuit has not"},
      {"AveragePool.ceil_mode", "needs other inputs, outputs or attributes than the seed has"},
      {"BatchNormalization.momentum", "of training, which is refused"},
      {"Cast.saturate", "of floats of 8 bits, which are refused"},
      {"CastLike.saturate", "of floats of 8 bits, which are refused"},
      {"Constant.value_float", "a second value beside the one that the node has"},
      {"Constant.value_floats", "a second value beside the one that the node has"},
      {"Constant.value_int", "a second value beside the one that the node has"},
      {"Constant.value_ints", "a second value beside the one that the node has"},
      {"Constant.value_string", "a second value beside the one that the node has"},
      {"Constant.value_strings", "a second value beside the one that the node has"},
      {"DequantizeLinear.output_dtype", "the precision of floats, which a circuit has not"},
      {"Dropout.seed", "of training, which is refused"},
      {"FlexAttention.softmax_precision", "the precision of floats, which a circuit has not"},
      {"GRU.activation_alpha", "needs other inputs, outputs or attributes than the seed has"},
      {"GRU.activation_beta", "needs other inputs, outputs or attributes than the seed has"},
      {"GRU.linear_before_reset", "needs other inputs, outputs or attributes than the seed has"},
      {"GroupNormalization.stash_type", "the precision of floats, which a circuit has not"},
      {"Imputer.imputed_value_int64s", "needs other inputs, outputs or attributes than the seed has"},
      {"Imputer.replaced_value_int64", "needs other inputs, outputs or attributes than the seed has"},
      {"IsInf.detect_negative", "computed numbers are finite"},
      {"IsInf.detect_positive", "computed numbers are finite"},
      {"LSTM.activation_alpha", "needs other inputs, outputs or attributes than the seed has"},
      {"LSTM.activation_beta", "needs other inputs, outputs or attributes than the seed has"},
      {"LSTM.input_forget", "needs other inputs, outputs or attributes than the seed has"},
      {"LabelEncoder.default_int64", "needs other inputs, outputs or attributes than the seed has"},
      {"LabelEncoder.default_string", "a second value beside the one that the node has"},
      {"LabelEncoder.keys_floats", "a second value beside the one that the node has"},
      {"LabelEncoder.keys_strings", "a second value beside the one that the node has"},
      {"LabelEncoder.values_strings", "a second value beside the one that the node has"},
      {"LayerNormalization.stash_type", "the precision of floats, which a circuit has not"},
      {"LinearAttention.chunk_size", "says how to compute, or is there for people"},
      {"LinearClassifier.classlabels_strings", "a second value beside the one that the node has"},
      {"LinearClassifier.multi_class", "says how to compute, or is there for people"},
      {"LinearRegressor.targets", "follows from the weights or the shapes"},
      {"LpPool.ceil_mode", "needs other inputs, outputs or attributes than the seed has"},
      {"MaxPool.ceil_mode", "needs other inputs, outputs or attributes than the seed has"},
      {"MaxPool.storage_order", "needs other inputs, outputs or attributes than the seed has"},
      {"MelWeightMatrix.output_datatype", "the precision of floats, which a circuit has not"},
      {"OneHotEncoder.zeros", "whether unknown categories are zeros or an error; here zeros"},
      {"QuantizeLinear.output_dtype", "the zero point's type counts"},
      {"QuantizeLinear.precision", "the precision of floats, which a circuit has not"},
      {"QuantizeLinear.saturate", "of floats of 8 bits, which are refused"},
      {"RMSNormalization.stash_type", "the precision of floats, which a circuit has not"},
      {"RNN.activation_alpha", "needs other inputs, outputs or attributes than the seed has"},
      {"RNN.activation_beta", "needs other inputs, outputs or attributes than the seed has"},
      {"Range.stash_type", "the precision of floats, which a circuit has not"},
      {"ReduceL1.noop_with_empty_axes", "needs other inputs, outputs or attributes than the seed has"},
      {"ReduceL2.noop_with_empty_axes", "needs other inputs, outputs or attributes than the seed has"},
      {"ReduceLogSum.noop_with_empty_axes", "needs other inputs, outputs or attributes than the seed has"},
      {"ReduceLogSumExp.noop_with_empty_axes", "needs other inputs, outputs or attributes than the seed has"},
      {"ReduceMax.noop_with_empty_axes", "needs other inputs, outputs or attributes than the seed has"},
      {"ReduceMean.noop_with_empty_axes", "needs other inputs, outputs or attributes than the seed has"},
      {"ReduceMin.noop_with_empty_axes", "needs other inputs, outputs or attributes than the seed has"},
      {"ReduceProd.noop_with_empty_axes", "needs other inputs, outputs or attributes than the seed has"},
      {"ReduceSum.noop_with_empty_axes", "needs other inputs, outputs or attributes than the seed has"},
      {"ReduceSumSquare.noop_with_empty_axes", "needs other inputs, outputs or attributes than the seed has"},
      {"Reshape.allowzero", "needs other inputs, outputs or attributes than the seed has"},
      {"Resize.cubic_coeff_a", "needs other inputs, outputs or attributes than the seed has"},
      {"Resize.exclude_outside", "needs other inputs, outputs or attributes than the seed has"},
      {"Resize.keep_aspect_ratio_policy", "needs other inputs, outputs or attributes than the seed has"},
      {"Resize.nearest_mode", "needs other inputs, outputs or attributes than the seed has"},
      {"RotaryEmbedding.num_heads", "needs other inputs, outputs or attributes than the seed has"},
      {"SVMClassifier.classlabels_strings", "a second value beside the one that the node has"},
      {"SVMClassifier.prob_b", "needs other inputs, outputs or attributes than the seed has"},
      {"TopK.sorted", "without it any order is right, so the sorted one is"},
      {"TreeEnsemble.membership_values", "needs other inputs, outputs or attributes than the seed has"},
      {"TreeEnsemble.nodes_hitrates", "says how to compute, or is there for people"},
      {"TreeEnsemble.nodes_missing_value_tracks_true", "computed numbers are finite"},
      {"TreeEnsembleClassifier.classlabels_strings", "a second value beside the one that the node has"},
      {"TreeEnsembleClassifier.nodes_hitrates", "says how to compute, or is there for people"},
      {"TreeEnsembleClassifier.nodes_hitrates_as_tensor", "says how to compute, or is there for people"},
      {"TreeEnsembleClassifier.nodes_missing_value_tracks_true", "computed numbers are finite"},
      {"TreeEnsembleRegressor.nodes_hitrates", "says how to compute, or is there for people"},
      {"TreeEnsembleRegressor.nodes_hitrates_as_tensor", "says how to compute, or is there for people"},
      {"TreeEnsembleRegressor.nodes_missing_value_tracks_true", "computed numbers are finite"},
      {"ZipMap.classlabels_int64s", "says how to compute, or is there for people"},
      {"ZipMap.classlabels_strings", "says how to compute, or is there for people"},
  };
  return all;
}

/// All that a graph computes, or why there is none.
std::string meaning(const ModelDef& model) {
  try {
    RunArgs args;
    args.input_scale = args.param_scale = 10;
    const Graph graph = build_graph(model, args);
    std::string text = to_string(graph);
    for (const Node& node : graph.nodes) {
      for (const auto& [name, attribute] : node.op.attributes) {
        const auto* reals = std::get_if<std::vector<double>>(&attribute);
        for (std::size_t i = 0; reals != nullptr && i < reals->size(); ++i) text += " " + std::to_string((*reals)[i]);
      }
      if (node.constant == nullptr) continue;
      for (const double v : node.constant->floats) text += " " + std::to_string(v);
    }
    return text;
  } catch (const Error& e) {
    return std::string("refused: ") + e.what();
  }
}

/// Values that no operator has as its default all at once.
std::vector<AttributeDef> other_values(Type type, const AttributeDef* given) {
  std::vector<AttributeDef> values;
  AttributeDef a;
  a.type = type;
  switch (type) {
    case Type::integer:
      for (const std::int64_t v : {0, 1, 2, 3, -1, 7}) {
        a.i = v;
        values.push_back(a);
      }
      break;
    case Type::real:
      for (const double v : {0.25, -0.5, 3.0}) {
        a.f = v;
        values.push_back(a);
      }
      break;
    case Type::text:
      a.s = "a word that means nothing";
      values.push_back(a);
      break;
    case Type::integers:
      for (const std::size_t size : {std::size_t{1}, std::size_t{2}, given != nullptr ? given->ints.size() : 3}) {
        a.ints.assign(size, 2);
        values.push_back(a);
        a.ints.assign(size, 1);
        values.push_back(a);
      }
      break;
    case Type::reals:
      a.floats.assign(given != nullptr ? given->floats.size() : 3, 0.375);
      values.push_back(a);
      break;
    case Type::texts:
      a.strings.assign(given != nullptr ? given->strings.size() : 1, "word");
      values.push_back(a);
      break;
    case Type::tensor:
      a.tensors = {FloatTensor{DType::f32, {1}, {0.375}}};
      values.push_back(a);
      break;
    default:
      break;
  }
  return values;
}

TEST(Attributes, AreAllRead) {
  std::set<std::string> unused;
  for (const auto& [name, why] : without_effect()) unused.insert(name);
  std::size_t walked = 0;
  for (const testing::Seed& seed : testing::node_seeds()) {
    const NodeDef& node = seed.model.graph.nodes.front();
    const std::string plain = meaning(seed.model);
    std::vector<std::pair<std::string, Type>> attributes = seed.other_attributes;
    for (const auto& [name, attribute] : node.attributes) attributes.emplace_back(name, attribute.type);
    for (const auto& [name, type] : attributes) {
      if (type == Type::graph) continue;
      const auto given = node.attributes.find(name);
      bool read = false;
      for (AttributeDef& value : other_values(type, given == node.attributes.end() ? nullptr : &given->second)) {
        ModelDef changed = seed.model;
        changed.graph.nodes.front().attributes[name] = std::move(value);
        read = read || meaning(changed) != plain;
      }
      const std::string known = node.op_type + "." + name;
      ++walked;
      if (without_effect().count(known) != 0) {
        EXPECT_FALSE(read) << known << " is listed as without effect";
        unused.erase(known);
      } else {
        EXPECT_TRUE(read) << known << " is read by nobody";
      }
    }
  }
  EXPECT_GT(walked, 200u);
  for (const std::string& name : unused) ADD_FAILURE() << name << " is listed and does not exist";
}

}  // namespace
}  // namespace ezkl
