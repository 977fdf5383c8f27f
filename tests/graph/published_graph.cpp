#include "published_graph.hpp"

#include <cmath>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "base/int128.hpp"

namespace ezkl {
namespace {

using Json = nlohmann::json;
using Ints = std::vector<std::int64_t>;

std::vector<Int128> integers_of(const Json& json) {
  std::vector<Int128> values;
  for (const Json& value : json) {
    if (value.is_number_integer()) {
      values.push_back(value.is_number_unsigned() ? static_cast<Int128>(value.get<std::uint64_t>())
                                                  : static_cast<Int128>(value.get<std::int64_t>()));
    } else {
      // Beyond 64 bits the reader falls back to a double, which is exact for the powers of two that occur.
      values.push_back(static_cast<Int128>(value.get<double>()));
    }
  }
  return values;
}

/// [[b0, e0], [b1, e1]] as b0 b1 e0 e1.
Ints pads_of(const Json& json) {
  Ints begins, ends;
  for (const Json& pair : json) {
    begins.push_back(pair[0]);
    ends.push_back(pair[1]);
  }
  begins.insert(begins.end(), ends.begin(), ends.end());
  return begins;
}

int log2_of(const Json& factor) { return static_cast<int>(std::lround(std::log2(factor.get<double>()))); }

OpSpec movement(const Json& o, const std::string& name, const Shape& from, const Shape& out) {
  const Ints out_shape(out.begin(), out.end());
  if (name == "MultiBroadcastTo") return {name, {{"shape", out_shape}}};
  if (name == "Reshape" || name == "Flatten") return {"Reshape", {{"shape", out_shape}}};
  if (name == "MoveAxis") {
    const auto source = o["source"].get<std::size_t>();
    Ints perm;
    for (std::size_t a = 0; a < from.size(); ++a) {
      if (a != source) perm.push_back(static_cast<std::int64_t>(a));
    }
    perm.insert(perm.begin() + o["destination"].get<std::ptrdiff_t>(), static_cast<std::int64_t>(source));
    return {"Transpose", {{"perm", perm}}};
  }
  if (name == "Downsample") {
    const std::int64_t axis = o["axis"], step = o["stride"], modulo = o["modulo"];
    const auto extent = static_cast<std::int64_t>(from[static_cast<std::size_t>(axis)]);
    const std::int64_t start = step > 0 ? modulo : extent - 1 - modulo;
    return {
        "Slice",
        {{"axes", Ints{axis}}, {"starts", Ints{start}}, {"ends", Ints{step > 0 ? extent : -1}}, {"steps", Ints{step}}}};
  }
  if (name == "Slice") {
    return {name,
            {{"axes", Ints{o["axis"].get<std::int64_t>()}},
             {"starts", Ints{o["start"].get<std::int64_t>()}},
             {"ends", Ints{o["end"].get<std::int64_t>()}}}};
  }
  if (name == "Concat") return {name, {{"axis", o["axis"].get<std::int64_t>()}}};
  if (name == "Resize") return {name, {{"scales", o["scale_factor"].get<Ints>()}}};
  if (name == "Pad") return {name, {{"pads", pads_of(o["pads"])}}};
  return {name, {{"k", o["k"].get<std::int64_t>()}, {"upper", std::int64_t{o["upper"].get<bool>()}}}};
}

OpSpec indexing(const Json& o, const std::string& name) {
  OpSpec op{name, {}};
  if (o.contains("dim")) op.attributes["axis"] = o["dim"].get<std::int64_t>();
  if (o.contains("batch_dims")) op.attributes["batch_dims"] = o["batch_dims"].get<std::int64_t>();
  if (o.contains("num_classes")) op.attributes["depth"] = o["num_classes"].get<std::int64_t>();
  if (o.contains("k")) op.attributes["k"] = o["k"].get<std::int64_t>();
  if (o.contains("largest")) op.attributes["largest"] = std::int64_t{o["largest"].get<bool>()};
  if (o.contains("idx") && !o["idx"].is_null()) {
    op.attributes["indices"] = o["idx"]["data"].get<Ints>();
    op.attributes["indices_shape"] = o["idx"]["dims"].get<Ints>();
  }
  return op;
}

OpSpec window(const Json& o, const std::string& name) {
  OpSpec op{name, {{"pads", pads_of(o["padding"])}, {"strides", o["stride"].get<Ints>()}}};
  if (o.contains("kernel")) op.attributes["kernel"] = o["kernel"].get<Ints>();
  if (o.contains("group")) op.attributes["group"] = o["group"].get<std::int64_t>();
  if (o.contains("normalized")) op.attributes["normalized"] = std::int64_t{o["normalized"].get<bool>()};
  if (o.contains("output_padding")) op.attributes["output_padding"] = o["output_padding"].get<Ints>();
  return op;
}

/// The operator of ours for a published one, without what wraps it.
OpSpec ours(const Json& o, const Shape& from, const Shape& out, int shift) {
  const std::string name = o["op"];
  static const char* const movements[] = {"MultiBroadcastTo", "Reshape", "Flatten", "MoveAxis", "Downsample", "Slice",
                                          "Concat",           "Resize",  "Pad",     "Trilu"};
  static const char* const indexings[] = {"Gather",       "GatherElements", "GatherND", "ScatterElements", "ScatterND",
                                          "ReduceArgMax", "ReduceArgMin",   "TopK",     "OneHot"};
  for (const char* kind : movements) {
    if (name == kind) return movement(o, name, from, out);
  }
  for (const char* kind : indexings) {
    if (name == kind) return indexing(o, name);
  }
  if (name == "Conv" || name == "DeConv" || name == "SumPool" || name == "MaxPool") return window(o, name);
  if (name == "Identity") return {name, {{"shift", std::int64_t{shift}}}};
  if (name == "Einsum") return {name, {{"equation", o["equation"].get<std::string>()}}};
  if (name == "LeakyReLU") return {name, {{"slope", o["slope"].get<double>()}}};
  if (name == "Div") return {name, {{"denom", o["denom"].get<double>()}}};
  if (name == "Exp") return {name, {{"base", o["base"].get<double>()}}};
  if (name == "Pow" && o["kind"] == "Nonlinear") return {"TablePow", {{"a", o["a"].get<double>()}}};
  if (name == "Pow") return {name, {{"exponent", o["exp"].get<std::int64_t>()}}};
  OpSpec op{name, {}};
  if (o.contains("axes")) op.attributes["axes"] = o["axes"].get<Ints>();
  return op;
}

/// Exchanges the two channel axes of a transposed convolution's kernel: the published graph holds [M, C, ...], our
/// operator takes ONNX's [C, M, ...].
void exchange_channels(Node& kernel) {
  const std::size_t m = kernel.shape[0], c = kernel.shape[1], taps = volume(kernel.shape) / (m * c);
  const std::vector<Int128> old = kernel.constant->integers;
  for (std::size_t i = 0; i < old.size(); ++i) {
    const std::size_t from = i / taps / c, to = i / taps % c;
    kernel.constant->integers[(to * m + from) * taps + i % taps] = old[i];
  }
  std::swap(kernel.shape[0], kernel.shape[1]);
}

DType type_of(const std::string& name) {
  return name == "Bool" ? DType::boolean : name == "Int" || name == "TDim" ? DType::i64 : DType::f32;
}

RunArgs args_of(const Json& json) {
  RunArgs args;
  args.input_scale = json["input_scale"];
  args.param_scale = json["param_scale"];
  args.lookup_range = {json["lookup_range"][0].get<std::int64_t>(), json["lookup_range"][1].get<std::int64_t>()};
  args.logrows = json["logrows"];
  args.decomp_base = json["decomp_base"];
  args.decomp_legs = json["decomp_legs"];
  args.bounded_log_lookup = json["bounded_log_lookup"];
  if (json.contains("epsilon") && !json["epsilon"].is_null()) args.epsilon = json["epsilon"].get<double>();
  args.param_visibility.kind = Visibility::Kind::fixed;
  args.semantics = Semantics::published;
  return args;
}

/// Fills in one node; `index_of` maps published numbers to ours.
void read_node(const Json& json, const std::map<std::size_t, std::uint32_t>& index_of, const Graph& graph, Node& node) {
  const Json* o = &json["op"];
  node.name = std::to_string(json["idx"].get<std::size_t>());
  node.shape = json["out_dims"].get<Shape>();
  node.scale = json["out_scale"];
  if ((*o)["kind"] == "Input") {
    node.op.kind = "Input";
    node.type = type_of((*o)["type"]);
    return;
  }
  if ((*o)["kind"] == "Constant") {
    node.op.kind = "Constant";
    node.constant = std::make_shared<ConstantData>();
    node.constant->integers = integers_of((*o)["values"]);
    return;
  }
  for (const Json& edge : json["inputs"]) node.inputs.push_back(index_of.at(edge[0].get<std::size_t>()));
  node.input_multipliers.assign(node.inputs.size(), 1);
  if ((*o)["kind"] == "RebaseScale") {
    node.rebase_divisor = static_cast<Int128>((*o)["multiplier"].get<double>());
    o = &(*o)["inner"];
  }
  int first_scale = graph.nodes[node.inputs[0]].scale;
  if ((*o)["kind"] == "Rescaled") {
    for (const Json& pair : (*o)["scale"]) {
      node.input_multipliers[pair[0].get<std::size_t>()] = pair[1].get<std::int64_t>();
    }
    first_scale += log2_of((*o)["scale"][0][1]);
    o = &(*o)["inner"];
  }
  node.op = ours(*o, graph.nodes[node.inputs[0]].shape, node.shape, node.scale - first_scale);
}

}  // namespace

bool read_published_case(const std::filesystem::path& folder, PublishedCase& result) {
  std::ifstream graph_file(folder / "graph.json"), settings_file(folder / "settings.json");
  if (!graph_file || !settings_file || !std::filesystem::exists(folder / "witness.json")) return false;
  const Json graph = Json::parse(graph_file), settings = Json::parse(settings_file);
  result.args = args_of(settings["run_args"]);
  result.graph.semantics = Semantics::published;
  std::map<std::size_t, std::uint32_t> index_of;
  for (const Json& json : graph["nodes"]) {
    if (!json.contains("op")) return false;
    index_of[json["idx"]] = static_cast<std::uint32_t>(result.graph.nodes.size());
    Node node;
    read_node(json, index_of, result.graph, node);
    if (node.op.kind == "DeConv") exchange_channels(result.graph.nodes[node.inputs[1]]);
    result.graph.nodes.push_back(std::move(node));
    result.values.push_back(json.contains("values") ? integers_of(json["values"]) : std::vector<Int128>());
  }
  for (const Json& index : graph["inputs"]) {
    result.graph.inputs.push_back(index_of.at(index));
    result.inputs.push_back(result.values[result.graph.inputs.back()]);
  }
  return true;
}

}  // namespace ezkl
