#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ezkl/error.hpp"
#include "graph/frontend/builder.hpp"
#include "graph/frontend/diagnosis.hpp"
#include "model/node_def.hpp"

namespace ezkl {

class Converter;

/// One ONNX node as its converter sees it: inputs as values of the graph, attributes with defaults. Every error names
/// the node, its operator and its opset.
class OnnxNode {
 public:
  OnnxNode(Converter& converter, const NodeDef& def, std::int64_t opset)
      : converter_(converter), def_(def), opset_(opset) {}

  const NodeDef& def() const { return def_; }
  /// Version of the operator's domain that the model imports.
  std::int64_t opset() const { return opset_; }

  std::size_t input_count() const { return def_.inputs.size(); }
  bool has_input(std::size_t i) const { return i < def_.inputs.size() && !def_.inputs[i].empty(); }
  /// errors: Fault::format when the input is left out.
  Value input(std::size_t i) const;
  std::optional<Value> optional_input(std::size_t i) const;
  /// All inputs, none of which may be left out.
  std::vector<Value> inputs() const;
  /// All inputs. errors: Fault::format when there are not `count` of them.
  std::vector<Value> inputs(std::size_t count) const;
  bool has_constant(std::size_t i) const;
  /// errors: Fault::unsupported when the input is computed.
  FloatTensor constant(std::size_t i) const;
  Integers constant_integers(std::size_t i) const;
  bool wants_output(std::size_t i) const { return i < def_.outputs.size() && !def_.outputs[i].empty(); }

  bool has(const std::string& attribute) const { return def_.attributes.count(attribute) != 0; }
  /// Attributes; errors: Fault::format when one is of another type, or missing without a default.
  std::int64_t integer(const std::string& attribute) const;
  std::int64_t integer(const std::string& attribute, std::int64_t otherwise) const;
  double real(const std::string& attribute, double otherwise) const;
  std::string text(const std::string& attribute, const std::string& otherwise) const;
  Integers integers(const std::string& attribute, const Integers& otherwise = {}) const;
  std::vector<double> reals(const std::string& attribute) const;
  std::vector<std::string> texts(const std::string& attribute) const;
  const FloatTensor& tensor(const std::string& attribute) const;
  const GraphDef& graph(const std::string& attribute) const;

  /// An axis in -rank .. rank-1 as one in 0 .. rank-1. errors: Fault::format outside.
  std::size_t axis(std::int64_t axis, std::size_t rank) const;
  Integers axes(const Integers& axes, std::size_t rank) const;

  /// "node 'name' (operator, opset)"
  std::string place() const;
  [[noreturn]] void fail(Fault fault, const std::string& why, std::vector<Hint> hints = {}) const;
  /// As Fault::unsupported. All unsupported nodes of a model are reported together.
  [[noreturn]] void unsupported(const std::string& why, std::vector<Hint> hints = {}) const {
    fail(Fault::unsupported, why, std::move(hints));
  }

 private:
  const AttributeDef* find(const std::string& attribute, AttributeDef::Type type) const;

  Converter& converter_;
  const NodeDef& def_;
  std::int64_t opset_;
};

/// Makes the graph nodes of one ONNX node and returns its outputs in order; outputs at the end may be left out of the
/// list when nothing can ask for them.
using ConvertFunction = std::vector<Value> (*)(Converter&, const OnnxNode&);

/// One line of the converter table.
struct ConverterEntry {
  std::string_view domain, op_type;
  ConvertFunction convert = nullptr;
};

/// Turns an ONNX model into a graph of float operators: names become nodes, dimensions numbers, control flow is
/// resolved.
class Converter : public Builder {
 public:
  /// With a `diagnosis`, which must outlive this, nodes that cannot be converted are put down there instead of thrown.
  Converter(const ModelDef& model, const RunArgs& args, Diagnosis* diagnosis = nullptr);

  /// Converts the whole model; `names`, if there, gets what every name of the top level stands for.
  /// errors: Fault::unsupported naming every node that cannot be converted, and what is missing; Fault::format for a
  /// model that contradicts itself; Fault::usage for a dimension without a value.
  Graph convert_model(std::map<std::string, Value>* names = nullptr);

  /// Converts a subgraph with the given values for its inputs and returns its outputs. Names of the surrounding
  /// graphs are visible in it.
  std::vector<Value> convert_subgraph(const GraphDef& body, std::span<const Value> inputs);

  /// The value of a name. errors: Fault::format when nothing defines it.
  Value lookup(const std::string& name) const;

 private:
  struct Scope {
    std::map<std::string, Value> values;
    const Scope* outer = nullptr;
  };

  /// Makes `scope` (and `opsets`, unless null) the innermost one for as long as it lives.
  class Entered {
   public:
    Entered(Converter& converter, Scope& scope, const std::map<std::string, std::int64_t>* opsets);
    ~Entered();
    Entered(const Entered&) = delete;
    Entered& operator=(const Entered&) = delete;

   private:
    Converter& converter_;
    Scope* scope_;
    const std::map<std::string, std::int64_t>* opsets_;
    std::string name_;
  };

  void convert_inputs();
  std::size_t resolve_dimension(const ValueDef& input, std::size_t axis) const;
  void convert_initializers(const GraphDef& graph);
  void convert_nodes(const std::vector<NodeDef>& nodes, const std::vector<std::string>& wanted);
  void convert_node(const NodeDef& node);
  void note_failure(const NodeDef& node, const Error& error);
  /// What stands for an output of a node that was not converted.
  Value stand_in(const std::string& name);
  std::vector<Value> dispatch(const NodeDef& node);
  std::vector<Value> inline_function(const FunctionDef& function, const NodeDef& call);
  const FunctionDef* find_function(const NodeDef& node, std::int64_t opset) const;
  bool depends_on_failure(const NodeDef& node) const;
  std::int64_t opset_of(const std::string& domain) const;

  const ModelDef& model_;
  Scope* scope_ = nullptr;
  const std::map<std::string, std::int64_t>* opsets_ = nullptr;
  std::vector<std::string> unsupported_;
  std::vector<Hint> unsupported_hints_;
  Diagnosis* diagnosis_;
  std::size_t depth_ = 0;
};

/// The converter of an operator, null when there is none.
const ConverterEntry* find_converter(std::string_view domain, std::string_view op_type);
/// Every converter, by domain and operator.
std::vector<const ConverterEntry*> all_converters();

}  // namespace ezkl
