#include "graph/frontend/converter.hpp"

#include <algorithm>
#include <cctype>
#include <set>
#include <stdexcept>

#include "base/log.hpp"
#include "base/session_state.hpp"
#include "ezkl/error.hpp"
#include "graph/frontend/function_bodies.hpp"
#include "graph/frontend/quantized.hpp"
#include "graph/input_variables.hpp"
#include "model/reads.hpp"

namespace ezkl {
namespace {

/// Stands for the outputs of a node that could not be converted.
constexpr Value failed = ~Value{0};
/// Functions that call each other and subgraphs in subgraphs; far beyond what models do, far below the stack.
constexpr std::size_t max_depth = 64;

std::vector<std::string> names_of(const std::vector<ValueDef>& values) {
  std::vector<std::string> names;
  for (const ValueDef& value : values) names.push_back(value.name);
  return names;
}

/// How much a list of nodes holds, subgraphs included: nodes and their names, and numbers.
struct Weight {
  std::uint64_t nodes = 0, numbers = 0;
};

void weigh(const std::vector<NodeDef>& nodes, Weight& weight) {
  weight.nodes += nodes.size();
  for (const NodeDef& node : nodes) {
    weight.nodes += (node.inputs.size() + node.outputs.size()) / 8;
    for (const auto& [name, attribute] : node.attributes) {
      weight.numbers += attribute.ints.size() + attribute.floats.size() + attribute.strings.size();
      for (const FloatTensor& tensor : attribute.tensors) weight.numbers += tensor.data.size();
      for (const auto& graph : attribute.graphs) {
        for (const auto& [key, tensor] : graph->initializers) weight.numbers += tensor.data.size();
        weight.nodes += (graph->inputs.size() + graph->outputs.size()) / 8;
        weigh(graph->nodes, weight);
      }
    }
  }
}

Weight weigh(const std::vector<NodeDef>& nodes) {
  Weight weight;
  weigh(nodes, weight);
  return weight;
}

/// A function body's node with the attributes that stand for the caller's filled in.
NodeDef bind_attributes(NodeDef node, const FunctionDef& function, const NodeDef& call) {
  for (auto it = node.attributes.begin(); it != node.attributes.end();) {
    AttributeDef& attribute = it->second;
    for (auto& graph : attribute.graphs) {
      auto bound = std::make_shared<GraphDef>(*graph);
      for (NodeDef& inner : bound->nodes) inner = bind_attributes(inner, function, call);
      graph = bound;
    }
    if (attribute.reference.empty()) {
      ++it;
      continue;
    }
    const auto given = call.attributes.find(attribute.reference);
    const auto standard = function.defaults.find(attribute.reference);
    if (given == call.attributes.end() && standard == function.defaults.end()) {
      it = node.attributes.erase(it);
      continue;
    }
    attribute = given != call.attributes.end() ? given->second : standard->second;
    ++it;
  }
  return node;
}

}  // namespace

Converter::Converter(const ModelDef& model, const RunArgs& args, Diagnosis* diagnosis)
    : Builder(args, model.budget), model_(model), opsets_(&model.opsets), diagnosis_(diagnosis) {}

Converter::Entered::Entered(Converter& converter, Scope& scope, const std::map<std::string, std::int64_t>* opsets)
    : converter_(converter), scope_(converter.scope_), opsets_(converter.opsets_), name_(converter.name()) {
  if (++converter.depth_ > max_depth) {
    --converter.depth_;
    throw Error(Fault::format, "functions or subgraphs are nested without end");
  }
  converter.scope_ = &scope;
  if (opsets != nullptr) converter.opsets_ = opsets;
}

Converter::Entered::~Entered() {
  converter_.scope_ = scope_;
  converter_.opsets_ = opsets_;
  converter_.set_name(name_);
  --converter_.depth_;
}

Value Converter::lookup(const std::string& name) const {
  for (const Scope* scope = scope_; scope != nullptr; scope = scope->outer) {
    const auto found = scope->values.find(name);
    if (found != scope->values.end()) return found->second;
  }
  throw Error(Fault::format, "nothing before it computes '" + name + "'");
}

std::int64_t Converter::opset_of(const std::string& domain) const {
  const auto found = opsets_->find(domain);
  return found != opsets_->end() ? found->second : 1;
}

std::size_t Converter::resolve_dimension(const ValueDef& input, std::size_t axis) const {
  const DimensionDef& dimension = input.shape[axis];
  if (const auto extent = input_extent(args(), input.name, axis, dimension)) return *extent;
  const std::string where = "input '" + input.name + "': axis " + std::to_string(axis);
  if (dimension.name.empty() && axis > 0 && onnx_semantics()) {
    throw Error(Fault::format, where + " is a dimension without a name or size",
                {{"input_shape", "say the input's shape with {} '" + shape_example(args(), input) + "'"},
                 {"data", "or give {} that tells it, a nested list or a numpy array"}});
  }
  const std::string name = dimension.name.empty() ? std::string(batch_size) : dimension.name;
  throw Error(Fault::usage, where + " has the undetermined size '" + name + "'",
              {{"variables", "give it one with {} '" + name + "->1'"}});
}

void Converter::convert_inputs() {
  check_input_variables(model_.graph.inputs, args());
  for (const ValueDef& value : model_.graph.inputs) {
    if (model_.graph.initializers.count(value.name) != 0) continue;
    Shape shape;
    for (std::size_t axis = 0; axis < value.shape.size(); ++axis) {
      shape.push_back(resolve_dimension(value, axis));
    }
    if (const auto fixed = find_variable(args(), constant_variable(value.name))) {
      set_name(value.name);
      scope_->values[value.name] = constant(value.type, shape, static_cast<double>(*fixed));
      continue;
    }
    scope_->values[value.name] =
        in_context("input '" + value.name + "'", [&] { return input(value.name, value.type, shape); });
  }
}

void Converter::convert_initializers(const GraphDef& graph) {
  for (const auto& [name, tensor] : graph.initializers) {
    set_name(name);
    scope_->values[name] = in_context("initializer '" + name + "'", [&, &t = tensor] { return constant(t); });
  }
}

Graph Converter::convert_model(std::map<std::string, Value>* names) {
  for (const auto& [domain, version] : model_.opsets) {
    if (domain.empty() && version > 23) {
      log_warn("the model uses opset " + std::to_string(version) + "; operators are known up to opset 23");
    }
  }
  Scope top;
  scope_ = &top;
  convert_inputs();
  convert_initializers(model_.graph);
  const std::vector<std::string> outputs = names_of(model_.graph.outputs);
  convert_nodes(model_.graph.nodes, outputs);
  if (!unsupported_.empty()) {
    std::string message = std::to_string(unsupported_.size()) + (unsupported_.size() == 1 ? " node is" : " nodes are") +
                          " not supported:";
    for (const std::string& line : unsupported_) message += "\n  " + line;
    throw Error(Fault::unsupported, message, unsupported_hints_);
  }
  if (diagnosis_ != nullptr && !diagnosis_->problems.empty()) throw diagnosis_->problems.front();
  for (const std::string& name : outputs) {
    const Value v = in_context("output '" + name + "'", [&] {
      const Value shown = lookup(name);
      // A tensor may be an output under its name more than once, and is there each time.
      charge(ModelBudget::Kind::copy, volume(shape(shown)));
      return shown;
    });
    add_output(v, name);
  }
  scope_ = nullptr;
  if (names != nullptr) *names = std::move(top.values);
  return take(names != nullptr);
}

void Converter::convert_nodes(const std::vector<NodeDef>& nodes, const std::vector<std::string>& wanted) {
  // Loops, branches and calls look through all nodes again and again, also through those that nothing needs.
  charge(ModelBudget::Kind::node, weigh(nodes).nodes);
  std::set<std::string> needed(wanted.begin(), wanted.end());
  std::vector<bool> used(nodes.size(), false);
  for (std::size_t i = nodes.size(); i-- > 0;) {
    const auto& outputs = nodes[i].outputs;
    used[i] = std::any_of(outputs.begin(), outputs.end(), [&](const std::string& o) { return needed.count(o) != 0; });
    if (used[i]) collect_reads(nodes[i], needed);
  }
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (!used[i]) continue;
    check_stop();
    convert_node(nodes[i]);
  }
}

bool Converter::depends_on_failure(const NodeDef& node) const {
  std::set<std::string> reads;
  collect_reads(node, reads);
  for (const std::string& name : reads) {
    for (const Scope* scope = scope_; scope != nullptr; scope = scope->outer) {
      const auto found = scope->values.find(name);
      if (found == scope->values.end()) continue;
      if (found->second == failed) return true;
      break;
    }
  }
  return false;
}

void Converter::convert_node(const NodeDef& node) {
  std::vector<Value> results;
  bool converted = false;
  if (!depends_on_failure(node)) {
    set_name(node.name);
    try {
      results = dispatch(node);
      converted = true;
    } catch (const Error& e) {
      note_failure(node, e);
    }
  }
  for (std::size_t i = 0; i < node.outputs.size(); ++i) {
    if (node.outputs[i].empty()) continue;
    if (i < results.size()) {
      scope_->values[node.outputs[i]] = results[i];
    } else if (!converted) {
      scope_->values[node.outputs[i]] = stand_in(node.outputs[i]);
    }
  }
}

void Converter::note_failure(const NodeDef& node, const Error& error) {
  const std::string what = error.said();
  const bool placed = what.rfind("node '", 0) == 0;
  const bool endless = error.fault() == Fault::limit || error.fault() == Fault::out_of_memory;
  const bool ours = error.fault() == Fault::internal || error.fault() == Fault::cancelled;
  if (diagnosis_ != nullptr && !endless && !ours) {
    diagnosis_->problems.push_back(placed ? error : error.within("node '" + node.name + "' (" + node.op_type + ")"));
    return;
  }
  if (error.fault() != Fault::unsupported) throw error;
  unsupported_.push_back(placed ? what : "node '" + node.name + "' (" + node.op_type + "): " + what);
  for (const Hint& hint : error.hints()) {
    const auto same = [&](const Hint& other) { return other.parameter == hint.parameter; };
    if (std::none_of(unsupported_hints_.begin(), unsupported_hints_.end(), same)) unsupported_hints_.push_back(hint);
  }
}

Value Converter::stand_in(const std::string& name) {
  // Inside functions and subgraphs, names are those of one call or iteration.
  if (diagnosis_ == nullptr || scope_->outer != nullptr) return failed;
  const auto known = diagnosis_->known.find(name);
  return known == diagnosis_->known.end() ? failed : input(name, known->second.first, known->second.second);
}

std::vector<Value> Converter::dispatch(const NodeDef& node) {
  const std::int64_t opset = opset_of(node.domain);
  const OnnxNode view(*this, node, opset);
  const auto named = [&](const auto& convert) {
    try {
      return convert();
    } catch (const Error& e) {
      if (e.said().rfind("node '", 0) == 0 || e.fault() == Fault::internal) throw;
      throw e.within(view.place());
    } catch (const std::out_of_range&) {
      view.fail(Fault::format, "an input has too few axes or elements");
    }
  };
  // Few models have any, and none has many: a file with many nodes and many functions pays for looking through them.
  charge(ModelBudget::Kind::fill, model_.functions.size());
  for (const FunctionDef& function : model_.functions) {
    if (function.name == node.op_type && function.domain == node.domain) {
      return named([&] { return inline_function(function, node); });
    }
  }
  if (const ConverterEntry* entry = find_converter(node.domain, node.op_type)) {
    return named([&] { return entry->convert(*this, view); });
  }
  if (const FunctionDef* function = find_function(node, opset)) {
    return named([&] {
      // Its definition divides by a scale that the data decide; what that gives for constants is exact.
      if (node.op_type == "DynamicQuantizeLinear" && onnx_semantics() && !view.has_constant(0)) {
        return convert_dynamic_quantize(*this, view);
      }
      return inline_function(*function, node);
    });
  }
  if (node.domain == "com.microsoft") {
    view.unsupported(
        "onnxruntime's optimizers and quantizers write this operator of their own (com.microsoft); it is not here: "
        "export the model without that step, or optimized less");
  }
  view.unsupported(
      "there is no such operator here; rewrite the model with other operators or export it for another opset");
}

const FunctionDef* Converter::find_function(const NodeDef& node, std::int64_t opset) const {
  const FunctionDef* best = nullptr;
  for (const FunctionDef& function : onnx_function_bodies()) {
    const bool fits =
        function.name == node.op_type && function.domain == node.domain && function.since_version <= opset;
    if (fits && (best == nullptr || function.since_version > best->since_version)) best = &function;
  }
  return best;
}

std::vector<Value> Converter::inline_function(const FunctionDef& function, const NodeDef& call) {
  const Weight weight = weigh(function.nodes);
  charge(ModelBudget::Kind::node, 1 + weight.nodes);
  charge(ModelBudget::Kind::copy, weight.numbers);
  Scope inner;
  std::set<std::string> left_out;
  for (std::size_t i = 0; i < function.inputs.size(); ++i) {
    if (i < call.inputs.size() && !call.inputs[i].empty()) {
      inner.values[function.inputs[i]] = lookup(call.inputs[i]);
    } else {
      left_out.insert(function.inputs[i]);
    }
  }
  std::vector<NodeDef> nodes;
  for (const NodeDef& node : function.nodes) {
    NodeDef bound = bind_attributes(node, function, call);
    bound.name = call.name;
    for (std::string& input : bound.inputs) {
      // An input that the caller leaves out is left out inside, too.
      if (left_out.count(input) != 0 && inner.values.count(input) == 0) input.clear();
    }
    nodes.push_back(std::move(bound));
  }
  std::vector<std::string> wanted;
  for (std::size_t i = 0; i < function.outputs.size() && i < call.outputs.size(); ++i) {
    if (!call.outputs[i].empty()) wanted.push_back(function.outputs[i]);
  }
  const Entered entered(*this, inner, function.opsets.empty() ? nullptr : &function.opsets);
  convert_nodes(nodes, wanted);
  std::vector<Value> results;
  for (std::size_t i = 0; i < function.outputs.size() && i < call.outputs.size(); ++i) {
    results.push_back(call.outputs[i].empty() ? failed : lookup(function.outputs[i]));
  }
  return results;
}

std::vector<Value> Converter::convert_subgraph(const GraphDef& body, std::span<const Value> inputs) {
  if (body.inputs.size() != inputs.size()) {
    throw Error(Fault::format, "a subgraph has " + std::to_string(body.inputs.size()) + " inputs and is given " +
                                   std::to_string(inputs.size()));
  }
  charge(ModelBudget::Kind::node, 1);
  Scope inner;
  inner.outer = scope_;
  for (std::size_t i = 0; i < inputs.size(); ++i) inner.values[body.inputs[i].name] = inputs[i];
  const Entered entered(*this, inner, nullptr);
  convert_initializers(body);
  const std::vector<std::string> outputs = names_of(body.outputs);
  convert_nodes(body.nodes, outputs);
  std::vector<Value> results;
  for (const std::string& output : outputs) {
    results.push_back(lookup(output));
    if (results.back() == failed) throw Error(Fault::unsupported, "its subgraph has nodes that are not supported");
  }
  return results;
}

}  // namespace ezkl
