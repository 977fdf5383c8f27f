#include "artifact/graph_bytes.hpp"

#include <bit>

#include "artifact/float_bytes.hpp"
#include "artifact/list_bytes.hpp"
#include "base/int128.hpp"

namespace ezkl {
namespace {

enum class Tag : std::uint8_t { integer, real, text, integers, reals };

void write_attribute(ByteWriter& writer, const Attribute& attribute) {
  writer.u8(std::uint8_t(attribute.index()));
  if (const auto* i = std::get_if<std::int64_t>(&attribute)) {
    write_signed(writer, *i);
  } else if (const auto* r = std::get_if<double>(&attribute)) {
    write_real(writer, *r);
  } else if (const auto* t = std::get_if<std::string>(&attribute)) {
    write_text(writer, *t);
  } else if (const auto* is = std::get_if<std::vector<std::int64_t>>(&attribute)) {
    write_list(writer, *is, [&](std::int64_t v) { write_signed(writer, v); });
  } else {
    write_list(writer, std::get<std::vector<double>>(attribute), [&](double v) { write_real(writer, v); });
  }
}

Attribute read_attribute(ByteReader& reader) {
  const auto integer = [&] { return std::int64_t(read_signed(reader)); };
  switch (Tag(reader.u8())) {
    case Tag::integer:
      return integer();
    case Tag::real:
      return read_real(reader);
    case Tag::text:
      return read_text_field(reader);
    case Tag::integers:
      return read_list<std::int64_t>(reader, 1, integer);
    case Tag::reals:
      return read_list<double>(reader, 8, [&] { return read_real(reader); });
  }
  damaged(reader, "an attribute of unknown type");
}

/// Bytes that hold `value` in two's complement: 1, 2, 4, 8 or 16.
std::uint8_t width_of(Int128 value) {
  for (const std::uint8_t width : {1, 2, 4, 8}) {
    const Int128 limit = Int128(1) << (8 * width - 1);
    if (value >= -limit && value < limit) return width;
  }
  return 16;
}

void write_integers(ByteWriter& writer, const std::vector<Int128>& values) {
  std::uint8_t width = 1;
  for (const Int128 v : values) width = std::max(width, width_of(v));
  write_varint(writer, values.size());
  writer.u8(width);
  for (const Int128 v : values) {
    const Uint128 bits = Uint128(v);
    for (unsigned i = 0; i < width; ++i) writer.u8(std::uint8_t(bits >> (8 * i)));
  }
}

std::vector<Int128> read_integers(ByteReader& reader) {
  const std::size_t count = read_count(reader);
  const std::uint8_t width = reader.u8();
  if (!std::has_single_bit(width) || width > 16) damaged(reader, "integers of " + std::to_string(width) + " bytes");
  if (count > reader.remaining() / width) damaged(reader, "more integers than the file holds");
  const auto bytes = reader.bytes(count * width);
  std::vector<Int128> out(count);
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint8_t* p = bytes.data() + i * width;
    Uint128 bits = p[width - 1] & 128 ? ~Uint128(0) : Uint128(0);
    for (unsigned j = width; j-- > 0;) bits = bits << 8 | p[j];
    out[i] = Int128(bits);
  }
  return out;
}

void write_node(ByteWriter& writer, const Node& node) {
  write_text(writer, node.name);
  write_text(writer, node.op.kind);
  write_table(writer, node.op.attributes, [&](const Attribute& value) { write_attribute(writer, value); });
  write_list(writer, node.inputs, [&](std::uint32_t i) { write_varint(writer, i); });
  write_list(writer, node.shape, [&](std::size_t d) { write_varint(writer, d); });
  writer.u8(std::uint8_t(node.type));
  write_signed(writer, node.scale);
  write_list(writer, node.input_multipliers, [&](Int128 m) { write_signed(writer, m); });
  write_signed(writer, node.rebase_divisor);
  writer.u8(node.constant ? 1 : 0);
  if (node.constant) {
    write_floats(writer, node.constant->floats);
    write_integers(writer, node.constant->integers);
  }
}

/// What the node means is for check_graph to say.
Node read_node(ByteReader& reader) {
  Node node;
  node.name = read_text_field(reader);
  node.op.kind = read_text_field(reader);
  const std::size_t attributes = read_count(reader, 3);
  for (std::size_t i = 0; i < attributes; ++i) {
    std::string name = read_text_field(reader);
    node.op.attributes.emplace(std::move(name), read_attribute(reader));
  }
  node.inputs = read_list<std::uint32_t>(reader, 1, [&] {
    const std::uint64_t input = read_varint(reader);
    if (input > UINT32_MAX) damaged(reader, "node '" + node.name + "' reads a node that is not there");
    return std::uint32_t(input);
  });
  node.shape = read_list<std::size_t>(reader, 1, [&] { return std::size_t(read_varint(reader)); });
  const std::uint8_t type = reader.u8();
  if (type > std::uint8_t(DType::f64)) damaged(reader, "node '" + node.name + "' has an unknown element type");
  node.type = DType(type);
  const Int128 scale = read_signed(reader);
  if (scale < INT32_MIN || scale > INT32_MAX) damaged(reader, "node '" + node.name + "' has an impossible scale");
  node.scale = int(scale);
  node.input_multipliers = read_list<Int128>(reader, 1, [&] { return read_signed(reader); });
  node.rebase_divisor = read_signed(reader);
  if (reader.u8() != 0) {
    node.constant = std::make_shared<ConstantData>();
    node.constant->floats = read_floats(reader);
    node.constant->integers = read_integers(reader);
  }
  return node;
}

}  // namespace

void write_graph(ByteWriter& writer, const Graph& graph) {
  write_list(writer, graph.nodes, [&](const Node& node) { write_node(writer, node); });
  for (const auto* list : {&graph.inputs, &graph.outputs}) {
    write_list(writer, *list, [&](std::uint32_t i) { write_varint(writer, i); });
  }
  for (const auto* list : {&graph.input_names, &graph.output_names}) {
    write_list(writer, *list, [&](const std::string& name) { write_text(writer, name); });
  }
  writer.u8(std::uint8_t(graph.semantics));
}

Graph read_graph(ByteReader& reader) {
  Graph graph;
  const std::size_t count = read_count(reader, 8);
  graph.nodes.reserve(count);
  for (std::size_t i = 0; i < count; ++i) graph.nodes.push_back(read_node(reader));
  for (auto* list : {&graph.inputs, &graph.outputs}) {
    *list = read_list<std::uint32_t>(reader, 1, [&] {
      const std::uint64_t node = read_varint(reader);
      if (node > UINT32_MAX) damaged(reader, "an input or output of the model names a node that is not there");
      return std::uint32_t(node);
    });
  }
  for (auto* list : {&graph.input_names, &graph.output_names}) {
    *list = read_list<std::string>(reader, 1, [&] { return read_text_field(reader); });
  }
  const std::uint8_t semantics = reader.u8();
  if (semantics > std::uint8_t(Semantics::published)) damaged(reader, "unknown semantics");
  graph.semantics = Semantics(semantics);
  return graph;
}

}  // namespace ezkl
