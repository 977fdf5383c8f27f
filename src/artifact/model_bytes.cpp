#include "artifact/model_bytes.hpp"

#include <cstring>
#include <unordered_map>

#include "artifact/float_bytes.hpp"
#include "artifact/list_bytes.hpp"

namespace ezkl {
namespace {

constexpr std::size_t max_depth = 64;
/// Constants of fewer elements are not worth a reference.
constexpr std::size_t least_shared = 16;

/// Bits, so that NaN and -0 are told apart, too.
bool same_bits(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0);
}

class Writer {
 public:
  Writer(ByteWriter& out, const Graph& graph) : out_(out), graph_(graph) {
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
      const auto& constant = graph.nodes[i].constant;
      if (constant && constant->floats.size() >= least_shared) constants_.emplace(key(constant->floats), i);
    }
  }

  void model(const ModelDef& model) {
    opsets(model.opsets);
    graph(model.graph);
    write_list(out_, model.functions, [&](const FunctionDef& f) { function(f); });
  }

 private:
  static std::size_t key(const std::vector<double>& values) {
    std::size_t hash = values.size();
    for (const double v : values) hash = hash * 1099511628211u ^ std::hash<double>()(v);
    return hash;
  }

  void texts(const std::vector<std::string>& list) {
    write_list(out_, list, [&](const std::string& s) { write_text(out_, s); });
  }

  void opsets(const std::map<std::string, std::int64_t>& list) {
    write_table(out_, list, [&](std::int64_t version) { write_signed(out_, version); });
  }

  void tensor(const FloatTensor& t) {
    out_.u8(std::uint8_t(t.type));
    write_list(out_, t.shape, [&](std::size_t extent) { write_varint(out_, extent); });
    if (t.data.size() >= least_shared) {
      const auto [begin, end] = constants_.equal_range(key(t.data));
      for (auto it = begin; it != end; ++it) {
        if (!same_bits(t.data, graph_.nodes[it->second].constant->floats)) continue;
        write_varint(out_, it->second + 1);
        return;
      }
    }
    write_varint(out_, 0);
    write_floats(out_, t.data);
  }

  void attribute(const AttributeDef& a) {
    out_.u8(std::uint8_t(a.type));
    write_text(out_, a.reference);
    write_signed(out_, a.i);
    write_real(out_, a.f);
    write_text(out_, a.s);
    write_list(out_, a.ints, [&](std::int64_t v) { write_signed(out_, v); });
    write_floats(out_, a.floats);
    texts(a.strings);
    write_list(out_, a.tensors, [&](const FloatTensor& t) { tensor(t); });
    write_list(out_, a.graphs, [&](const auto& g) { graph(*g); });
  }

  void attributes(const std::map<std::string, AttributeDef>& list) {
    write_table(out_, list, [&](const AttributeDef& a) { attribute(a); });
  }

  void node(const NodeDef& n) {
    write_text(out_, n.name);
    write_text(out_, n.op_type);
    write_text(out_, n.domain);
    texts(n.inputs);
    texts(n.outputs);
    attributes(n.attributes);
  }

  void value(const ValueDef& v) {
    write_text(out_, v.name);
    out_.u8(std::uint8_t(v.type));
    write_list(out_, v.shape, [&](const DimensionDef& d) {
      write_signed(out_, d.value);
      write_text(out_, d.name);
    });
  }

  void graph(const GraphDef& g) {
    write_text(out_, g.name);
    write_list(out_, g.nodes, [&](const NodeDef& n) { node(n); });
    write_list(out_, g.inputs, [&](const ValueDef& v) { value(v); });
    write_list(out_, g.outputs, [&](const ValueDef& v) { value(v); });
    write_table(out_, g.initializers, [&](const FloatTensor& t) { tensor(t); });
  }

  void function(const FunctionDef& f) {
    write_text(out_, f.name);
    write_text(out_, f.domain);
    write_signed(out_, f.since_version);
    texts(f.inputs);
    texts(f.outputs);
    texts(f.attributes);
    attributes(f.defaults);
    write_list(out_, f.nodes, [&](const NodeDef& n) { node(n); });
    opsets(f.opsets);
  }

  ByteWriter& out_;
  const Graph& graph_;
  std::unordered_multimap<std::size_t, std::size_t> constants_;
};

class Reader {
 public:
  Reader(ByteReader& in, const Graph& graph) : in_(in), graph_(graph) {}

  ModelDef model() {
    ModelDef out;
    out.opsets = opsets();
    out.graph = graph();
    out.functions = list<FunctionDef>([&] { return function(); });
    return out;
  }

 private:
  template <class T, class Read>
  std::vector<T> list(Read read) {
    return read_list<T>(in_, 1, read);
  }

  std::vector<std::string> texts() {
    return list<std::string>([&] { return read_text_field(in_); });
  }

  std::int64_t integer() { return std::int64_t(read_signed(in_)); }

  std::map<std::string, std::int64_t> opsets() {
    return read_table<std::int64_t>(in_, 2, [&] { return integer(); });
  }

  DType type() {
    const std::uint8_t number = in_.u8();
    if (number > std::uint8_t(DType::f64)) damaged(in_, "an unknown element type");
    return DType(number);
  }

  FloatTensor tensor() {
    FloatTensor out;
    out.type = type();
    out.shape = list<std::size_t>([&] { return std::size_t(read_varint(in_)); });
    const std::uint64_t shared = read_varint(in_);
    if (shared == 0) {
      out.data = read_floats(in_);
    } else {
      if (shared > graph_.nodes.size() || !graph_.nodes[shared - 1].constant) {
        damaged(in_, "a tensor names no constant");
      }
      out.data = graph_.nodes[shared - 1].constant->floats;
      // A byte must not stand for megabytes again and again.
      copied_ += out.data.size();
      if (copied_ > (std::size_t{1} << 31)) damaged(in_, "more shared elements than a model has");
    }
    if (volume(out.shape) != out.data.size()) damaged(in_, "a tensor does not hold as many elements as its shape says");
    return out;
  }

  AttributeDef attribute() {
    AttributeDef out;
    const std::uint8_t number = in_.u8();
    if (number > std::uint8_t(AttributeDef::Type::graphs)) damaged(in_, "an attribute of unknown type");
    out.type = AttributeDef::Type(number);
    out.reference = read_text_field(in_);
    out.i = integer();
    out.f = read_real(in_);
    out.s = read_text_field(in_);
    out.ints = list<std::int64_t>([&] { return integer(); });
    out.floats = read_floats(in_);
    out.strings = texts();
    out.tensors = list<FloatTensor>([&] { return tensor(); });
    out.graphs = list<std::shared_ptr<GraphDef>>([&] { return std::make_shared<GraphDef>(graph()); });
    return out;
  }

  std::map<std::string, AttributeDef> attributes() {
    return read_table<AttributeDef>(in_, 2, [&] { return attribute(); });
  }

  NodeDef node() {
    NodeDef out;
    out.name = read_text_field(in_);
    out.op_type = read_text_field(in_);
    out.domain = read_text_field(in_);
    out.inputs = texts();
    out.outputs = texts();
    out.attributes = attributes();
    return out;
  }

  ValueDef value() {
    ValueDef out;
    out.name = read_text_field(in_);
    out.type = type();
    out.shape = list<DimensionDef>([&] {
      DimensionDef d;
      d.value = integer();
      d.name = read_text_field(in_);
      return d;
    });
    return out;
  }

  GraphDef graph() {
    if (++depth_ > max_depth) damaged(in_, "subgraphs are nested without end");
    GraphDef out;
    out.name = read_text_field(in_);
    out.nodes = list<NodeDef>([&] { return node(); });
    out.inputs = list<ValueDef>([&] { return value(); });
    out.outputs = list<ValueDef>([&] { return value(); });
    out.initializers = read_table<FloatTensor>(in_, 4, [&] { return tensor(); });
    --depth_;
    return out;
  }

  FunctionDef function() {
    FunctionDef out;
    out.name = read_text_field(in_);
    out.domain = read_text_field(in_);
    out.since_version = integer();
    out.inputs = texts();
    out.outputs = texts();
    out.attributes = texts();
    out.defaults = attributes();
    out.nodes = list<NodeDef>([&] { return node(); });
    out.opsets = opsets();
    return out;
  }

  ByteReader& in_;
  const Graph& graph_;
  std::size_t depth_ = 0, copied_ = 0;
};

}  // namespace

void write_model(ByteWriter& writer, const ModelDef& model, const Graph& graph) { Writer(writer, graph).model(model); }

ModelDef read_model(ByteReader& reader, const Graph& graph) { return Reader(reader, graph).model(); }

}  // namespace ezkl
