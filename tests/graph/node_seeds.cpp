#include "node_seeds.hpp"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "model_text.hpp"

namespace ezkl::testing {
namespace {

using Json = nlohmann::json;
using Type = AttributeDef::Type;

DType type_of(const std::string& wanted) {
  for (int i = 0; i <= int(DType::f64); ++i) {
    if (name(DType(i)) == wanted) return DType(i);
  }
  throw std::runtime_error("no element type " + wanted);
}

Type kind_of(const std::string& kind) {
  static const std::map<std::string, Type> kinds{
      {"integer", Type::integer}, {"real", Type::real},   {"text", Type::text},    {"integers", Type::integers},
      {"reals", Type::reals},     {"texts", Type::texts}, {"tensor", Type::tensor}};
  return kinds.at(kind);
}

AttributeDef attribute_of(const std::string& kind, const Json& value) {
  AttributeDef a;
  a.type = kind_of(kind);
  if (a.type == Type::integer) a.i = value;
  if (a.type == Type::real) a.f = value;
  if (a.type == Type::text) a.s = value;
  if (a.type == Type::integers) a.ints = value.get<std::vector<std::int64_t>>();
  if (a.type == Type::reals) a.floats = value.get<std::vector<double>>();
  if (a.type == Type::texts) a.strings = value.get<std::vector<std::string>>();
  if (a.type == Type::tensor) a.tensors = {tensor_of(value)};
  return a;
}

ValueDef described(const std::string& name, DType type, const Shape& shape) {
  return value(name, {shape.begin(), shape.end()}, type);
}

}  // namespace

FloatTensor tensor_of(const Json& json) {
  FloatTensor out{type_of(json.at("type")), json.at("shape").get<Shape>(), {}};
  if (json.contains("data")) out.data = json.at("data").get<std::vector<double>>();
  return out;
}

ModelDef node_model(const Json& json) {
  ModelDef out;
  GraphDef& graph = out.graph;
  out.opsets[""] = 22;
  out.opsets[json.at("domain")] = json.at("opset");
  NodeDef node;
  node.name = "broken";
  node.op_type = json.at("op");
  node.domain = json.at("domain");
  for (const Json& input : json.at("inputs")) {
    const std::string name = "in" + std::to_string(node.inputs.size());
    node.inputs.push_back(input.is_null() ? "" : name);
    if (input.is_null()) continue;
    FloatTensor tensor = tensor_of(input);
    if (input.contains("data")) {
      graph.initializers[name] = std::move(tensor);
    } else {
      graph.inputs.push_back(described(name, tensor.type, tensor.shape));
    }
  }
  for (const Json& output : json.at("outputs")) {
    const bool wanted = !output.is_boolean() || output.get<bool>();
    node.outputs.push_back(wanted ? "out" + std::to_string(node.outputs.size()) : "");
    if (wanted) graph.outputs.push_back(value(node.outputs.back(), {}));
  }
  for (const auto& [name, attribute] : json.at("attributes").items()) {
    node.attributes[name] = attribute_of(attribute.begin().key(), attribute.begin().value());
  }
  graph.nodes = {std::move(node)};
  return out;
}

namespace {

Seed seed_of(const Json& json) {
  Seed out{node_model(json), {}};
  for (const auto& [name, kind] : json.at("others").items()) out.other_attributes.emplace_back(name, kind_of(kind));
  return out;
}

GraphDef body(std::vector<ValueDef> inputs, std::vector<NodeDef> nodes, const std::vector<std::string>& outputs) {
  GraphDef out;
  out.inputs = std::move(inputs);
  out.nodes = std::move(nodes);
  for (const std::string& name : outputs) out.outputs.push_back(value(name, {}));
  return out;
}

Seed made(std::vector<ValueDef> inputs, NodeDef node, std::map<std::string, FloatTensor> initializers) {
  node.name = "broken";
  node.outputs = {"y"};
  return {model(std::move(inputs), {std::move(node)}, std::move(initializers)), {}};
}

std::vector<Seed> with_subgraphs() {
  const FloatTensor yes{DType::boolean, {}, {1}}, rounds{DType::i64, {}, {3}};
  const auto branch = [](const char* op) { return subgraph(body({}, {node(op, {"in1"}, {"r"})}, {"r"})); };
  const GraphDef loop =
      body({value("i", {}, DType::i64), value("go", {}, DType::boolean), value("x", {2})},
           {node("Identity", {"go"}, {"go_on"}), node("Add", {"x", "x"}, {"next"})}, {"go_on", "next"});
  const GraphDef scan =
      body({value("x", {2}), value("row", {2})},
           {node("Add", {"x", "row"}, {"next"}), node("Identity", {"next"}, {"shown"})}, {"next", "shown"});
  return {
      made({value("in1", {2})},
           node("If", {"in0"}, {"y"}, {{"then_branch", branch("Relu")}, {"else_branch", branch("Neg")}}),
           {{"in0", yes}}),
      made({value("in2", {2})}, node("Loop", {"in0", "in1", "in2"}, {"y"}, {{"body", subgraph(loop)}}),
           {{"in0", rounds}, {"in1", yes}}),
      made({value("in0", {2}), value("in1", {3, 2})},
           node("Scan", {"in0", "in1"}, {"y"}, {{"body", subgraph(scan)}, {"num_scan_inputs", integer(1)}}), {}),
  };
}

const std::vector<std::int64_t> odd_integers{-1, 0, 1, 7, std::int64_t{1} << 40, INT64_MIN, INT64_MAX};
const std::vector<double> odd_reals{-1, 0, 0.5, 1e300, __builtin_nan(""), __builtin_inf()};

/// An attribute of each type with little in it.
std::vector<AttributeDef> of_every_type() {
  std::vector<AttributeDef> out{integer(0), real(0), text(""), integers({}), integers({1}), subgraph({})};
  for (const Type type : {Type::tensor, Type::graph, Type::reals, Type::texts, Type::tensors, Type::graphs}) {
    out.emplace_back();
    out.back().type = type;
  }
  out.emplace_back();
  out.back().type = Type::tensor;
  out.back().tensors = {{DType::f32, {}, {1}}};
  return out;
}

template <class T>
std::vector<std::vector<T>> odd_lists(const std::vector<T>& had, const std::vector<T>& odd) {
  std::vector<std::vector<T>> out{{}};
  if (!had.empty()) out.emplace_back(had.begin(), had.end() - 1);
  out.push_back(had);
  out.back().push_back(had.empty() ? odd.front() : had.back());
  for (const T& value : odd) {
    out.emplace_back(had.size(), value);
    if (had.empty()) continue;
    out.push_back(had);
    out.back().front() = value;
    out.push_back(had);
    out.back().back() = value;
  }
  return out;
}

/// The attribute with other values of its own type.
std::vector<AttributeDef> with_other_values(const AttributeDef& had) {
  std::vector<AttributeDef> out;
  const auto add = [&](auto member, const auto& values) {
    for (const auto& value : values) {
      out.push_back(had);
      out.back().*member = value;
    }
  };
  if (had.type == Type::integer) add(&AttributeDef::i, odd_integers);
  if (had.type == Type::real) add(&AttributeDef::f, odd_reals);
  if (had.type == Type::text) add(&AttributeDef::s, std::vector<std::string>{"", "nonsense"});
  if (had.type == Type::integers) add(&AttributeDef::ints, odd_lists(had.ints, odd_integers));
  if (had.type == Type::reals) add(&AttributeDef::floats, odd_lists(had.floats, odd_reals));
  if (had.type == Type::texts) add(&AttributeDef::strings, odd_lists<std::string>(had.strings, {"", "nonsense"}));
  if (had.type == Type::tensor && !had.tensors.empty()) {
    for (const FloatTensor& other :
         {FloatTensor{DType::f32, {0}, {}}, FloatTensor{DType::i64, {2, 2}, {1, 2, 3, -4}}}) {
      out.push_back(had);
      out.back().tensors = {other};
    }
  }
  return out;
}

/// Collects changed copies of a seed's model.
class Mutator {
 public:
  explicit Mutator(const Seed& seed) : seed_(seed) {}

  std::vector<Mutation> all() {
    for (std::size_t i = 0; i < seed_.model.graph.nodes[0].inputs.size(); ++i) change_input(i);
    change_input_list();
    change_attributes();
    change_outputs();
    return std::move(out_);
  }

 private:
  ModelDef& add(const std::string& what) { return out_.emplace_back(what, seed_.model).second; }
  static NodeDef& node_of(ModelDef& model) { return model.graph.nodes[0]; }

  /// Where an input's type and shape stand: an initializer or an input of the model.
  static void reshape(ModelDef& model, const std::string& name, const Shape& shape) {
    const auto constant = model.graph.initializers.find(name);
    if (constant != model.graph.initializers.end()) {
      constant->second.shape = shape;
      constant->second.data.resize(volume(shape), 1);
      return;
    }
    for (ValueDef& input : model.graph.inputs) {
      if (input.name == name) input = described(name, input.type, shape);
    }
  }
  static void retype(ModelDef& model, const std::string& name, DType type) {
    const auto constant = model.graph.initializers.find(name);
    if (constant != model.graph.initializers.end()) constant->second.type = type;
    for (ValueDef& input : model.graph.inputs) input.type = input.name == name ? type : input.type;
  }
  FloatTensor tensor(const std::string& name) const {
    const auto constant = seed_.model.graph.initializers.find(name);
    if (constant != seed_.model.graph.initializers.end()) return constant->second;
    FloatTensor out;
    for (const ValueDef& input : seed_.model.graph.inputs) {
      if (input.name != name) continue;
      out.type = input.type;
      for (const DimensionDef& d : input.shape) out.shape.push_back(std::size_t(d.value));
    }
    return out;
  }

  void change_input(std::size_t i) {
    const std::string at = "input " + std::to_string(i), name = seed_.model.graph.nodes[0].inputs[i];
    node_of(add(at + " left out")).inputs[i].clear();
    node_of(add(at + " and those behind it gone")).inputs.resize(i);
    node_of(add(at + " unknown")).inputs[i] = "nowhere";
    if (name.empty()) return;
    const FloatTensor had = tensor(name);
    for (const DType type : {DType::boolean, DType::u8, DType::i64, DType::f32}) {
      if (type != had.type) retype(add(at + " of type " + std::string(ezkl::name(type))), name, type);
    }
    const Shape& shape = had.shape;
    std::vector<Shape> shapes{{}, {1}, {0}, {2, 3}, {1, 2, 3, 4, 5, 6}};
    shapes.push_back(shape);
    shapes.back().insert(shapes.back().begin(), 1);
    shapes.push_back(shape);
    shapes.back().push_back(2);
    for (std::size_t axis = 0; axis < shape.size(); ++axis) {
      for (const std::size_t extent : {std::size_t{0}, shape[axis] + 1}) {
        shapes.push_back(shape);
        shapes.back()[axis] = extent;
      }
      shapes.push_back(shape);
      shapes.back().erase(shapes.back().begin() + std::ptrdiff_t(axis));
    }
    for (const Shape& other : shapes) {
      if (other != shape) reshape(add(at + " of shape " + to_string(other)), name, other);
    }
    if (had.data.empty()) {
      make_constant(at, name, had);
    } else {
      make_computed(at, name, had);
    }
  }

  void make_constant(const std::string& at, const std::string& name, const FloatTensor& had) {
    for (const double value : {0., 1., -1.}) {
      ModelDef& m = add(at + " constant " + std::to_string(value));
      std::erase_if(m.graph.inputs, [&](const ValueDef& input) { return input.name == name; });
      m.graph.initializers[name] = {had.type, had.shape, std::vector<double>(volume(had.shape), value)};
    }
  }
  void make_computed(const std::string& at, const std::string& name, const FloatTensor& had) {
    ModelDef& m = add(at + " computed");
    m.graph.initializers.erase(name);
    m.graph.inputs.push_back(described(name, had.type, had.shape));
    for (const double odd : {-1., 0., 1., 0x1p62, -0x1p63, 1e300, __builtin_nan(""), __builtin_inf()}) {
      const double value = round_to(had.type, odd);
      std::vector<double>& all = add(at + " all " + std::to_string(value)).graph.initializers[name].data;
      std::fill(all.begin(), all.end(), value);
      std::vector<double>& last = add(at + " ends with " + std::to_string(value)).graph.initializers[name].data;
      last.back() = value;
    }
  }

  void change_input_list() {
    const auto& had = seed_.model.graph.nodes[0].inputs;
    const std::string some = had.empty() || had[0].empty() ? "in0" : had[0];
    node_of(add("one input more")).inputs.push_back(some);
    node_of(add("twelve inputs more")).inputs.resize(had.size() + 12, some);
    node_of(add("twelve inputs more, left out")).inputs.resize(had.size() + 12);
    NodeDef& reversed = node_of(add("inputs reversed"));
    std::reverse(reversed.inputs.begin(), reversed.inputs.end());
    NodeDef& same = node_of(add("one input for all"));
    for (std::string& name : same.inputs) name = some;
    for (const std::int64_t opset : {1, 6, 9, 11, 13, 17, 30}) {
      add("opset " + std::to_string(opset)).opsets = {{"", opset}, {"ai.onnx.ml", opset}};
    }
  }

  void change_attributes() {
    const auto set = [&](const std::string& name, const AttributeDef& value, const std::string& what) {
      node_of(add("attribute " + name + " " + what)).attributes[name] = value;
    };
    for (const auto& [name, had] : seed_.model.graph.nodes[0].attributes) {
      node_of(add("attribute " + name + " gone")).attributes.erase(name);
      int n = 0;
      for (const AttributeDef& other : with_other_values(had)) set(name, other, "value " + std::to_string(n++));
      for (const AttributeDef& other : of_every_type()) set(name, other, "type " + std::to_string(n++));
    }
    for (const auto& [name, type] : seed_.other_attributes) {
      AttributeDef plain;
      plain.type = type;
      plain.ints = {1, 1};
      plain.floats = {1, 1};
      plain.strings = {"a", "b"};
      plain.tensors = {{DType::i64, {2}, {1, 2}}};
      set(name, plain, "added");
      int n = 0;
      for (const AttributeDef& other : with_other_values(plain))
        set(name, other, "added, value " + std::to_string(n++));
      for (const AttributeDef& other : of_every_type()) set(name, other, "added, type " + std::to_string(n++));
    }
  }

  void change_outputs() {
    ModelDef& more = add("outputs more");
    for (const char* name : {"more1", "more2", "more3"}) {
      node_of(more).outputs.push_back(name);
      more.graph.outputs.push_back(value(name, {}));
    }
    if (seed_.model.graph.nodes[0].outputs[0].empty()) return;
    ModelDef& fewer = add("one output");
    node_of(fewer).outputs.resize(1);
    fewer.graph.outputs = {value(node_of(fewer).outputs[0], {})};
  }

  const Seed& seed_;
  std::vector<Mutation> out_;
};

}  // namespace

std::vector<Seed> node_seeds() {
  std::vector<Seed> out = with_subgraphs();
  for (const char* path : {EZKL_TEST_DATA "/nodes/seeds.json", EZKL_TEST_DATA "/nodes/microsoft_seeds.json"}) {
    std::ifstream file(path);
    for (const Json& json : Json::parse(file)) out.push_back(seed_of(json));
  }
  return out;
}

std::vector<Mutation> mutations(const Seed& seed) { return Mutator(seed).all(); }

}  // namespace ezkl::testing
