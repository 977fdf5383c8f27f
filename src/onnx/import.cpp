#include "onnx/import.hpp"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/message.h>
#include <onnx/onnx_pb.h>

#include <limits>
#include <memory>
#include <set>
#include <utility>

#include "base/files.hpp"
#include "base/text.hpp"
#include "ezkl/error.hpp"
#include "onnx/import_tensor.hpp"

namespace ezkl {
namespace {

/// Exporters write paths of modules, of some hundred characters. Messages and pages repeat names.
constexpr std::size_t longest_name = 4096;

const std::string& checked_name(const std::string& name) {
  if (name.size() <= longest_name) return name;
  throw Error(Fault::range, "the name '" + shown_name(name) + "' has " + std::to_string(name.size()) +
                                " bytes: names have at most " + std::to_string(longest_name));
}

/// The names of a graph's or function's values. A name that means two values means another model to each reader.
class ValueNames {
 public:
  void add(const std::string& name, const char* what) {
    if (name.empty() || names_.insert(name).second) return;
    throw Error(Fault::format, std::string(what) + " '" + name +
                                   "' has the name of another value of its graph; each value has a name of its own");
  }

 private:
  std::set<std::string> names_;
};

class Importer {
 public:
  explicit Importer(TensorSource& source) : source_(source) {}

  ModelDef model(const onnx::ModelProto& proto) {
    ModelDef result;
    for (const auto& function : proto.functions()) checked_name(function.name());
    result.opsets = opsets(proto.opset_import());
    result.graph = graph(proto.graph(), true);
    std::set<std::pair<std::string, std::string>> functions;
    for (const auto& function : proto.functions()) {
      FunctionDef made = function_def(function);
      if (!functions.insert({made.domain, made.name}).second) {
        throw Error(Fault::format, "there are two functions '" + made.name + "' of the domain '" + made.domain +
                                       "': which of them a node calls is not said");
      }
      result.functions.push_back(std::move(made));
    }
    result.budget = source_.budget;
    return result;
  }

 private:
  template <class List>
  static std::map<std::string, std::int64_t> opsets(const List& imports) {
    std::map<std::string, std::int64_t> result;
    for (const auto& entry : imports) {
      // "ai.onnx" is another spelling of the default domain.
      const std::string domain = entry.domain() == "ai.onnx" ? "" : entry.domain();
      const auto [known, first] = result.try_emplace(domain, entry.version());
      if (first || known->second == entry.version()) continue;
      throw Error(Fault::format, "the operator set of the domain '" + entry.domain() + "' is given twice, as version " +
                                     std::to_string(known->second) + " and " + std::to_string(entry.version()));
    }
    return result;
  }

  GraphDef graph(const onnx::GraphProto& proto, bool top_level) {
    GraphDef result;
    result.name = checked_name(proto.name());
    for (const auto& tensor : proto.initializer()) {
      checked_name(tensor.name());
      result.initializers[tensor.name()] =
          in_context("initializer '" + tensor.name() + "'", [&] { return import_tensor(tensor, source_); });
    }
    for (const auto& tensor : proto.sparse_initializer()) {
      const std::string& name = checked_name(tensor.values().name());
      result.initializers[name] =
          in_context("initializer '" + name + "'", [&] { return import_sparse_tensor(tensor, source_); });
    }
    for (const auto& input : proto.input()) result.inputs.push_back(value(input, top_level));
    for (const auto& output : proto.output()) result.outputs.push_back(value(output, false));
    for (const auto& entry : proto.node()) result.nodes.push_back(node(entry));
    check_names(proto);
    return result;
  }

  /// An initializer may have an input's name: it is that input's value, as files of before IR version 4 give it.
  static void check_names(const onnx::GraphProto& proto) {
    ValueNames inputs, names;
    std::set<std::string> given;
    for (const auto& tensor : proto.initializer()) {
      names.add(tensor.name(), "the initializer");
      given.insert(tensor.name());
    }
    for (const auto& tensor : proto.sparse_initializer()) {
      names.add(tensor.values().name(), "the initializer");
      given.insert(tensor.values().name());
    }
    for (const auto& input : proto.input()) {
      inputs.add(input.name(), "the input");
      if (given.count(input.name()) == 0) names.add(input.name(), "the input");
    }
    check_outputs(proto.node(), names);
  }

  template <class Nodes>
  static void check_outputs(const Nodes& nodes, ValueNames& names) {
    for (const auto& node : nodes) {
      for (const std::string& output : node.output()) names.add(output, "a node's output");
    }
  }

  /// Types of subgraph inputs and of outputs follow from the nodes, so only a model input must say what it is.
  static ValueDef value(const onnx::ValueInfoProto& proto, bool must_be_tensor) {
    ValueDef result;
    result.name = checked_name(proto.name());
    if (!proto.type().has_tensor_type()) {
      if (!must_be_tensor) return result;
      throw Error(Fault::unsupported,
                  "input '" + proto.name() + "' is not a tensor; export the model with tensor inputs");
    }
    const auto& type = proto.type().tensor_type();
    if (must_be_tensor) {
      result.type = in_context("input '" + proto.name() + "'", [&] { return import_type(type.elem_type()); });
      if (!type.has_shape()) {
        throw Error(Fault::format, "input '" + proto.name() + "' has no shape; export the model with input shapes");
      }
    }
    for (const auto& dim : type.shape().dim()) {
      DimensionDef dimension;
      if (dim.has_dim_value() && dim.dim_value() >= 0) dimension.value = dim.dim_value();
      if (dim.has_dim_param()) dimension.name = checked_name(dim.dim_param());
      result.shape.push_back(std::move(dimension));
    }
    return result;
  }

  NodeDef node(const onnx::NodeProto& proto) {
    NodeDef result;
    result.op_type = checked_name(proto.op_type());
    result.domain = checked_name(proto.domain()) == "ai.onnx" ? "" : proto.domain();
    for (const std::string& input : proto.input()) checked_name(input);
    for (const std::string& output : proto.output()) checked_name(output);
    for (const auto& attribute : proto.attribute()) checked_name(attribute.name());
    result.inputs.assign(proto.input().begin(), proto.input().end());
    result.outputs.assign(proto.output().begin(), proto.output().end());
    result.name = checked_name(proto.name());
    for (const std::string& output : result.outputs) {
      if (result.name.empty()) result.name = output;
    }
    for (const auto& entry : proto.attribute()) {
      in_context("node '" + result.name + "': attribute '" + entry.name() + "'", [&] {
        if (!result.attributes.emplace(entry.name(), attribute(entry)).second) {
          throw Error(Fault::format, "is given twice");
        }
      });
    }
    return result;
  }

  /// Files of old exporters leave the type out; the field that is filled says it.
  static onnx::AttributeProto::AttributeType type_of(const onnx::AttributeProto& proto) {
    using onnx::AttributeProto;
    if (proto.type() != AttributeProto::UNDEFINED) return proto.type();
    if (proto.has_i()) return AttributeProto::INT;
    if (proto.has_f()) return AttributeProto::FLOAT;
    if (proto.has_s()) return AttributeProto::STRING;
    if (proto.has_t()) return AttributeProto::TENSOR;
    if (proto.has_g()) return AttributeProto::GRAPH;
    if (proto.floats_size() > 0) return AttributeProto::FLOATS;
    if (proto.strings_size() > 0) return AttributeProto::STRINGS;
    if (proto.tensors_size() > 0) return AttributeProto::TENSORS;
    if (proto.graphs_size() > 0) return AttributeProto::GRAPHS;
    return AttributeProto::INTS;
  }

  AttributeDef attribute(const onnx::AttributeProto& proto) {
    using onnx::AttributeProto;
    AttributeDef result;
    result.reference = proto.ref_attr_name();
    switch (type_of(proto)) {
      case AttributeProto::INT:
        result.type = AttributeDef::Type::integer;
        result.i = proto.i();
        break;
      case AttributeProto::FLOAT:
        result.type = AttributeDef::Type::real;
        result.f = static_cast<double>(proto.f());
        break;
      case AttributeProto::STRING:
        result.type = AttributeDef::Type::text;
        result.s = proto.s();
        break;
      case AttributeProto::TENSOR:
        result.type = AttributeDef::Type::tensor;
        if (result.reference.empty()) result.tensors.push_back(import_tensor(proto.t(), source_));
        break;
      case AttributeProto::SPARSE_TENSOR:
        result.type = AttributeDef::Type::tensor;
        if (result.reference.empty()) result.tensors.push_back(import_sparse_tensor(proto.sparse_tensor(), source_));
        break;
      case AttributeProto::GRAPH:
        result.type = AttributeDef::Type::graph;
        if (result.reference.empty()) result.graphs.push_back(std::make_shared<GraphDef>(graph(proto.g(), false)));
        break;
      case AttributeProto::INTS:
        result.type = AttributeDef::Type::integers;
        result.ints.assign(proto.ints().begin(), proto.ints().end());
        break;
      case AttributeProto::FLOATS:
        result.type = AttributeDef::Type::reals;
        result.floats.assign(proto.floats().begin(), proto.floats().end());
        break;
      case AttributeProto::STRINGS:
        result.type = AttributeDef::Type::texts;
        result.strings.assign(proto.strings().begin(), proto.strings().end());
        break;
      case AttributeProto::TENSORS:
        result.type = AttributeDef::Type::tensors;
        for (const auto& tensor : proto.tensors()) result.tensors.push_back(import_tensor(tensor, source_));
        break;
      case AttributeProto::GRAPHS:
        result.type = AttributeDef::Type::graphs;
        for (const auto& g : proto.graphs()) result.graphs.push_back(std::make_shared<GraphDef>(graph(g, false)));
        break;
      default:
        throw Error(Fault::unsupported, "attributes of type " + std::to_string(proto.type()) + " are not supported");
    }
    return result;
  }

  FunctionDef function_def(const onnx::FunctionProto& proto) {
    FunctionDef result;
    result.name = proto.name();
    result.domain = proto.domain() == "ai.onnx" ? "" : proto.domain();
    result.inputs.assign(proto.input().begin(), proto.input().end());
    result.outputs.assign(proto.output().begin(), proto.output().end());
    result.attributes.assign(proto.attribute().begin(), proto.attribute().end());
    result.opsets = opsets(proto.opset_import());
    for (const auto& entry : proto.node()) result.nodes.push_back(node(entry));
    ValueNames names;
    for (const std::string& input : result.inputs) names.add(input, "the input");
    check_outputs(proto.node(), names);
    // ONNX leaves it to each runtime which of the two a node means.
    if (result.domain.empty()) {
      throw Error(Fault::format,
                  "the function '" + result.name +
                      "' is in the domain of ONNX's own operators: whether nodes of that name call it or "
                      "the operator is not said; give it another domain");
    }
    return result;
  }

  TensorSource& source_;
};

std::unique_ptr<onnx::ModelProto> parse(std::span<const std::uint8_t> bytes) {
  if (bytes.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
    throw Error(Fault::format, "larger than 2 GiB, protobuf's limit; store the weights as external data");
  }
  google::protobuf::io::ArrayInputStream stream(bytes.data(), static_cast<int>(bytes.size()));
  google::protobuf::io::CodedInputStream coded(&stream);
  auto proto = std::make_unique<onnx::ModelProto>();
  if (!proto->ParseFromCodedStream(&coded) || !coded.ConsumedEntireMessage()) {
    throw Error(Fault::format, "not an ONNX model (the protobuf encoding is broken)");
  }
  if (!proto->has_graph() || proto->graph().output_size() == 0) {
    throw Error(Fault::format, "not an ONNX model: it has no graph with outputs");
  }
  return proto;
}

/// Tensors stand in graphs, attributes, functions and sparse tensors: all messages are looked through.
void add_external_files(const google::protobuf::Message& message, std::set<std::string>& into) {
  if (const auto* tensor = dynamic_cast<const onnx::TensorProto*>(&message)) {
    if (tensor->data_location() != onnx::TensorProto::EXTERNAL) return;
    for (const auto& entry : tensor->external_data()) {
      if (entry.key() == "location") into.insert(entry.value());
    }
    return;
  }
  const google::protobuf::Reflection* const reflection = message.GetReflection();
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  for (const auto* field : fields) {
    if (field->cpp_type() != google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE) continue;
    if (!field->is_repeated()) {
      add_external_files(reflection->GetMessage(message, field), into);
      continue;
    }
    for (int i = 0; i < reflection->FieldSize(message, field); ++i) {
      add_external_files(reflection->GetRepeatedMessage(message, field, i), into);
    }
  }
}

}  // namespace

ModelDef read_onnx(const std::filesystem::path& path, std::uint64_t max_model_size, const FileListener& listener) {
  std::vector<std::uint8_t> bytes = read_regular_file(path);
  if (listener) listener(path.filename().string())(bytes);
  return in_context(path.string(), [&] {
    const auto proto = parse(bytes);
    TensorSource source{path.parent_path(), ModelBudget(max_model_size), {}};
    source.budget.allow_file(bytes.size());
    bytes = {};
    ModelDef model = Importer(source).model(*proto);
    if (!listener) return model;
    std::set<std::string> external;
    add_external_files(*proto, external);
    for (const std::string& location : external) {
      const InputFile& file = source.file(location);
      file.read_pieces(listener(location));
      file.check_unchanged();  // since the tensors were read from it
    }
    return model;
  });
}

std::vector<std::string> external_files(const std::filesystem::path& path) {
  const std::vector<std::uint8_t> bytes = read_regular_file(path);
  return in_context(path.string(), [&] {
    std::set<std::string> found;
    add_external_files(*parse(bytes), found);
    for (const std::string& location : found) external_path(location, path.parent_path());
    return std::vector<std::string>(found.begin(), found.end());
  });
}

}  // namespace ezkl
