#include "onnx/export.hpp"

#include <onnx/onnx_pb.h>

#include <limits>

#include "ezkl/error.hpp"
#include "onnx/export_tensor.hpp"

namespace ezkl {
namespace {

using Protos = onnx::AttributeProto;

void export_graph(const GraphDef& graph, bool top_level, onnx::GraphProto& out);

Protos::AttributeType attribute_type(AttributeDef::Type type) {
  switch (type) {
    case AttributeDef::Type::integer:
      return Protos::INT;
    case AttributeDef::Type::real:
      return Protos::FLOAT;
    case AttributeDef::Type::text:
      return Protos::STRING;
    case AttributeDef::Type::tensor:
      return Protos::TENSOR;
    case AttributeDef::Type::graph:
      return Protos::GRAPH;
    case AttributeDef::Type::integers:
      return Protos::INTS;
    case AttributeDef::Type::reals:
      return Protos::FLOATS;
    case AttributeDef::Type::texts:
      return Protos::STRINGS;
    case AttributeDef::Type::tensors:
      return Protos::TENSORS;
    case AttributeDef::Type::graphs:
      break;
  }
  return Protos::GRAPHS;
}

void export_attribute(const std::string& name, const AttributeDef& attribute, onnx::AttributeProto& out) {
  out.set_name(name);
  out.set_type(attribute_type(attribute.type));
  if (!attribute.reference.empty()) {
    out.set_ref_attr_name(attribute.reference);
    return;
  }
  switch (attribute.type) {
    case AttributeDef::Type::integer:
      return out.set_i(attribute.i);
    case AttributeDef::Type::real:
      return out.set_f(static_cast<float>(attribute.f));
    case AttributeDef::Type::text:
      return out.set_s(attribute.s);
    case AttributeDef::Type::tensor:
      for (const FloatTensor& tensor : attribute.tensors) *out.mutable_t() = export_tensor("", tensor);
      return;
    case AttributeDef::Type::graph:
      for (const auto& graph : attribute.graphs) export_graph(*graph, false, *out.mutable_g());
      return;
    case AttributeDef::Type::integers:
      for (const std::int64_t i : attribute.ints) out.add_ints(i);
      return;
    case AttributeDef::Type::reals:
      for (const double f : attribute.floats) out.add_floats(static_cast<float>(f));
      return;
    case AttributeDef::Type::texts:
      for (const std::string& s : attribute.strings) out.add_strings(s);
      return;
    case AttributeDef::Type::tensors:
      for (const FloatTensor& tensor : attribute.tensors) *out.add_tensors() = export_tensor("", tensor);
      return;
    case AttributeDef::Type::graphs:
      for (const auto& graph : attribute.graphs) export_graph(*graph, false, *out.add_graphs());
      return;
  }
}

void export_node(const NodeDef& node, onnx::NodeProto& out) {
  out.set_name(node.name);
  out.set_op_type(node.op_type);
  out.set_domain(node.domain);
  for (const std::string& name : node.inputs) out.add_input(name);
  for (const std::string& name : node.outputs) out.add_output(name);
  for (const auto& [name, attribute] : node.attributes) export_attribute(name, attribute, *out.add_attribute());
}

/// Types of subgraph inputs and outputs follow from the nodes and are not known here.
void export_value(const ValueDef& value, bool with_type, onnx::ValueInfoProto& out) {
  out.set_name(value.name);
  if (!with_type) return;
  auto* type = out.mutable_type()->mutable_tensor_type();
  type->set_elem_type(export_type(value.type));
  auto* shape = type->mutable_shape();
  for (const DimensionDef& dimension : value.shape) {
    auto* extent = shape->add_dim();
    if (dimension.value >= 0) {
      extent->set_dim_value(dimension.value);
    } else if (!dimension.name.empty()) {
      extent->set_dim_param(dimension.name);
    }
  }
}

void export_graph(const GraphDef& graph, bool top_level, onnx::GraphProto& out) {
  out.set_name(graph.name.empty() ? "graph" : graph.name);
  for (const auto& [name, tensor] : graph.initializers) *out.add_initializer() = export_tensor(name, tensor);
  for (const ValueDef& value : graph.inputs) export_value(value, top_level, *out.add_input());
  for (const ValueDef& value : graph.outputs) export_value(value, top_level, *out.add_output());
  for (const NodeDef& node : graph.nodes) export_node(node, *out.add_node());
}

template <class List>
void export_opsets(const std::map<std::string, std::int64_t>& opsets, List* out) {
  for (const auto& [domain, version] : opsets) {
    auto* entry = out->Add();
    entry->set_domain(domain);
    entry->set_version(version);
  }
}

/// The IR version that came with an opset; readers refuse files of an IR version too old for it.
std::int64_t ir_version(const ModelDef& model) {
  const auto found = model.opsets.find("");
  const std::int64_t opset = found != model.opsets.end() ? found->second : 1;
  return opset <= 18 ? 8 : opset <= 20 ? 9 : opset <= 22 ? 10 : 11;
}

}  // namespace

std::vector<std::uint8_t> onnx_bytes(const ModelDef& model) {
  onnx::ModelProto proto;
  proto.set_ir_version(ir_version(model));
  proto.set_producer_name("ezkl");
  export_opsets(model.opsets, proto.mutable_opset_import());
  export_graph(model.graph, true, *proto.mutable_graph());
  for (const FunctionDef& function : model.functions) {
    auto* out = proto.add_functions();
    out->set_name(function.name);
    out->set_domain(function.domain);
    for (const std::string& name : function.inputs) out->add_input(name);
    for (const std::string& name : function.outputs) out->add_output(name);
    for (const std::string& name : function.attributes) out->add_attribute(name);
    export_opsets(function.opsets, out->mutable_opset_import());
    for (const NodeDef& node : function.nodes) export_node(node, *out->add_node());
  }
  const std::size_t size = proto.ByteSizeLong();
  if (size > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
    throw Error(Fault::range, "a model of " + std::to_string(size) + " bytes: an ONNX file holds at most 2 GiB");
  }
  std::vector<std::uint8_t> bytes(size);
  if (!proto.SerializeToArray(bytes.data(), static_cast<int>(size))) {
    throw Error(Fault::internal, "the model could not be written as protobuf");
  }
  return bytes;
}

}  // namespace ezkl
