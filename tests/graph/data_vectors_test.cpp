// Nodes of the published package's quantized graphs (shared/vectors/ops/*/graph.json: every node with its parameters
// and integers) against our operators of the same meaning. Skipped where the folder is absent.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "op_harness.hpp"

namespace ezkl::testing_ops {
namespace {

using Json = nlohmann::json;

/// Integers beyond 64 bits do not occur in these nodes.
claims::Values integers_of(const Json& json) {
  claims::Values values;
  for (const Json& value : json) values.push_back(value.get<std::int64_t>());
  return values;
}

void absorb_index(OpSpec& op, const Json& o) {
  if (!o.contains("idx") || o["idx"].is_null()) return;
  op.attributes["indices"] = o["idx"]["data"].get<Ints>();
  op.attributes["indices_shape"] = o["idx"]["dims"].get<Ints>();
}

OpSpec move_axis(const Json& o, std::size_t rank) {
  const auto source = o["source"].get<std::size_t>();
  Ints perm;
  for (std::size_t a = 0; a < rank; ++a) {
    if (a != source) perm.push_back(std::int64_t(a));
  }
  perm.insert(perm.begin() + o["destination"].get<std::ptrdiff_t>(), std::int64_t(source));
  return {"Transpose", {{"perm", perm}}};
}

OpSpec downsample(const Json& o, const Shape& from) {
  const auto axis = o["axis"].get<std::int64_t>();
  const auto stride = o["stride"].get<std::int64_t>();
  const auto modulo = o["modulo"].get<std::int64_t>();
  const auto extent = std::int64_t(from[std::size_t(axis)]);
  const std::int64_t start = stride > 0 ? modulo : extent - 1 - modulo;
  return {"Slice",
          {{"axes", Ints{axis}},
           {"starts", Ints{start}},
           {"ends", Ints{stride > 0 ? extent : -1}},
           {"steps", Ints{stride}}}};
}

/// The operator of ours that does what a published one does, if it is one of the data families.
std::optional<OpSpec> ours(const Json& o, const std::vector<Operand>& operands, const Shape& out) {
  const std::string name = o["op"];
  const Shape& from = operands[0].shape;
  const Ints out_shape(out.begin(), out.end());
  if (name == "Identity") return OpSpec{"Identity", {}};
  if (name == "MultiBroadcastTo") return OpSpec{name, {{"shape", out_shape}}};
  if (name == "Reshape" || name == "Flatten") return OpSpec{"Reshape", {{"shape", out_shape}}};
  if (name == "MoveAxis") return move_axis(o, from.size());
  if (name == "Downsample") return downsample(o, from);
  if (name == "Concat") return OpSpec{name, {{"axis", o["axis"].get<std::int64_t>()}}};
  if (name == "Resize") return OpSpec{name, {{"scales", o["scale_factor"].get<Ints>()}}};
  if (name == "Slice") {
    return OpSpec{name,
                  {{"axes", Ints{o["axis"].get<std::int64_t>()}},
                   {"starts", Ints{o["start"].get<std::int64_t>()}},
                   {"ends", Ints{o["end"].get<std::int64_t>()}}}};
  }
  if (name == "Pad") {
    Ints pads(2 * from.size());
    for (std::size_t a = 0; a < from.size(); ++a) {
      pads[a] = o["pads"][a][0];
      pads[a + from.size()] = o["pads"][a][1];
    }
    return OpSpec{name, {{"pads", pads}}};
  }
  if (name == "Trilu") {
    return OpSpec{name, {{"k", o["k"].get<std::int64_t>()}, {"upper", std::int64_t(o["upper"].get<bool>())}}};
  }
  if (name == "Gather" || name == "GatherElements" || name == "ScatterElements") {
    OpSpec op{name, {{"axis", o["dim"].get<std::int64_t>()}}};
    absorb_index(op, o);
    return op;
  }
  if (name == "GatherND" || name == "ScatterND") {
    OpSpec op{name, {}};
    if (name == "GatherND") op.attributes["batch_dims"] = o["batch_dims"].get<std::int64_t>();
    absorb_index(op, o);
    return op;
  }
  if (name == "ReduceArgMax" || name == "ReduceArgMin") return OpSpec{name, {{"axis", o["dim"].get<std::int64_t>()}}};
  if (name == "TopK") {
    return OpSpec{name,
                  {{"k", o["k"].get<std::int64_t>()},
                   {"axis", o["dim"].get<std::int64_t>()},
                   {"largest", std::int64_t(o["largest"].get<bool>())}}};
  }
  if (name == "OneHot") {
    return OpSpec{name, {{"depth", o["num_classes"].get<std::int64_t>()}, {"axis", o["dim"].get<std::int64_t>()}}};
  }
  return std::nullopt;
}

class PublishedGraph {
 public:
  explicit PublishedGraph(const Json& graph) {
    for (const Json& node : graph["nodes"]) {
      if (node.contains("op")) nodes_.emplace(node["idx"].get<std::size_t>(), &node);
    }
  }

  /// Compares every node of the data families; counts them by operator.
  void compare(const std::string& name, std::map<std::string, int>& counts) const {
    for (const auto& [index, node] : nodes_) {
      const Json* o = &(*node)["op"];
      if (!node->contains("values") || !o->contains("kind") || (*o)["kind"] == "Constant") continue;
      std::vector<std::int64_t> multipliers;
      if ((*o)["kind"] == "Rescaled") {
        for (const Json& scale : (*o)["scale"]) multipliers.push_back(scale[1].get<std::int64_t>());
        o = &(*o)["inner"];
      }
      if ((*o)["kind"] != "Linear" && (*o)["kind"] != "Hybrid") continue;
      compare_node(name, *node, *o, multipliers, counts);
    }
  }

 private:
  std::optional<Operand> operand(const Json& edge) const {
    const auto found = nodes_.find(edge[0].get<std::size_t>());
    if (found == nodes_.end()) return std::nullopt;
    const Json& node = *found->second;
    Operand result{node["out_dims"].get<Shape>(), {}};
    if (node["op"].contains("q")) {
      result.values = integers_of(node["op"]["q"]["data"]);
    } else if (node.contains("values")) {
      result.values = integers_of(node["values"]);
    } else {
      return std::nullopt;
    }
    return result;
  }

  void compare_node(const std::string& name, const Json& node, const Json& o, const std::vector<std::int64_t>& factors,
                    std::map<std::string, int>& counts) const {
    std::vector<Operand> operands;
    for (const Json& edge : node["inputs"]) {
      const std::optional<Operand> found = operand(edge);
      if (!found) return;
      operands.push_back(*found);
    }
    for (std::size_t k = 0; k < factors.size() && k < operands.size(); ++k) {
      for (Int128& value : operands[k].values) value *= factors[k];
    }
    if (operands.empty()) return;
    const Shape out = node["out_dims"].get<Shape>();
    const std::optional<OpSpec> op = ours(o, operands, out);
    if (!op) return;
    RunArgs args;
    args.semantics = Semantics::published;
    const Outcome outcome = run(*op, operands, args, (Int128(1) << 28) - 1);
    EXPECT_EQ(volume(outcome.shape), volume(out)) << name << ", node " << node["idx"];
    EXPECT_EQ(outcome.values, integers_of(node["values"])) << name << ", node " << node["idx"];
    ++counts[o["op"]];
  }

  std::map<std::size_t, const Json*> nodes_;
};

TEST(PublishedVectors, DataOperatorsGiveTheSameIntegers) {
  const std::filesystem::path folder = std::filesystem::path(EZKL_SHARED) / "vectors" / "ops";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no " << folder;
  std::map<std::string, int> counts;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream file(entry.path() / "graph.json");
    if (!file) continue;
    const Json graph = Json::parse(file);
    PublishedGraph(graph).compare(entry.path().filename().string(), counts);
  }
  for (const std::string kind : {"Identity", "MultiBroadcastTo", "Reshape", "MoveAxis", "Downsample", "Concat",
                                 "Resize", "Slice", "Pad", "Trilu", "Gather", "GatherElements", "GatherND",
                                 "ScatterElements", "ScatterND", "ReduceArgMax", "ReduceArgMin", "TopK", "OneHot"}) {
    EXPECT_GT(counts[kind], 0) << kind;
  }
}

}  // namespace
}  // namespace ezkl::testing_ops
