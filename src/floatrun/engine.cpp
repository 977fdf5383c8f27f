#include "floatrun/engine.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>

#include "base/session_state.hpp"
#include "ezkl/error.hpp"
#include "floatrun/call.hpp"
#include "floatrun/kernels.hpp"
#include "model/reads.hpp"

namespace ezkl::floatrun {
namespace {

/// Functions that call each other and subgraphs in subgraphs; far beyond what models do, far below the stack.
constexpr std::size_t max_depth = 64;
/// What looking at a node costs beside its elements, in elements.
constexpr std::uint64_t node_work = 2048;

std::vector<std::string> names_of(const std::vector<ValueDef>& values) {
  std::vector<std::string> names;
  for (const ValueDef& value : values) names.push_back(value.name);
  return names;
}

}  // namespace

/// Makes a scope (and opsets and a frame, if there) the innermost for as long as it lives.
class Engine::Entered {
 public:
  Entered(Engine& engine, Scope& scope)
      : engine_(engine), scope_(engine.scope_), opsets_(engine.opsets_), frame_(engine.frame_) {
    if (engine.depth_ >= max_depth) throw Error(Fault::format, "functions or subgraphs are nested without end");
    ++engine.depth_;
    engine.scope_ = &scope;
  }
  ~Entered() {
    engine_.scope_ = scope_;
    engine_.opsets_ = opsets_;
    engine_.frame_ = frame_;
    --engine_.depth_;
  }
  Entered(const Entered&) = delete;
  Entered& operator=(const Entered&) = delete;

 private:
  Engine& engine_;
  Scope* scope_;
  const std::map<std::string, Int>* opsets_;
  const Frame* frame_;
};

Engine::Engine(const ModelDef& model, const Budget& budget, const Observer& observer)
    : model_(model), budget_(budget), observer_(observer), opsets_(&model.opsets) {
  // Of several by one name the first is meant.
  for (const FunctionDef& f : model.functions) functions_.try_emplace({f.domain, f.name}, &f);
}

void Engine::spend(std::uint64_t work) {
  if (work > budget_.work - std::min(spent_, budget_.work)) {
    throw Error(Fault::range, "the float model takes more than " + std::to_string(budget_.work) +
                                  " steps, the most that is spent on it");
  }
  spent_ += work;
}

Tensor Engine::make(DType type, const Shape& shape) {
  const std::size_t count = volume(shape);
  if (shape.size() > 64) throw Error(Fault::range, "a tensor of " + std::to_string(shape.size()) + " axes");
  if (count > budget_.elements - std::min(*alive_, budget_.elements)) {
    throw Error(Fault::range, "a tensor " + to_string(shape) + " beside " + std::to_string(*alive_) +
                                  " elements: more than " + std::to_string(budget_.elements) + " at a time");
  }
  spend(count);
  Tensor out;
  out.type = type;
  out.shape = shape;
  if (out.real()) {
    out.reals().resize(count);
  } else {
    out.ints().resize(count);
  }
  return out;
}

TensorPtr Engine::keep(Tensor&& tensor) {
  const std::size_t count = tensor.size();
  *alive_ += count;
  auto alive = alive_;
  return {new Tensor(std::move(tensor)), [alive, count](const Tensor* t) {
            *alive -= count;
            delete t;
          }};
}

TensorPtr Engine::lookup(const std::string& name) {
  for (Scope* scope = scope_; scope != nullptr; scope = scope->outer) {
    const auto found = scope->values.find(name);
    if (found != scope->values.end()) return found->second;
    if (scope->initializers == nullptr) continue;
    const auto stored = scope->initializers->find(name);
    if (stored == scope->initializers->end()) continue;
    spend(stored->second.data.size());
    return scope->values[name] = keep(from_stored(stored->second));
  }
  throw Error(Fault::format, "nothing before it computes '" + name + "'");
}

Int Engine::opset_of(const std::string& domain) const {
  const auto found = opsets_->find(domain);
  return found != opsets_->end() ? found->second : 1;
}

std::vector<TensorPtr> Engine::run_model(const NamedTensors& inputs) {
  Scope top;
  top.initializers = &model_.graph.initializers;
  for (const ValueDef& input : model_.graph.inputs) {
    const auto given = inputs.find(input.name);
    if (given != inputs.end()) {
      top.values[input.name] = given->second;
    } else if (model_.graph.initializers.count(input.name) == 0) {
      throw Error(Fault::format, "the input '" + input.name + "' is missing");
    }
  }
  const std::vector<std::string> outputs = names_of(model_.graph.outputs);
  const Entered entered(*this, top);
  run_nodes(model_.graph.nodes, outputs, true);
  std::vector<TensorPtr> results;
  for (const std::string& name : outputs) {
    results.push_back(in_context("output '" + name + "'", [&] { return lookup(name); }));
  }
  return results;
}

std::vector<TensorPtr> Engine::run_subgraph(const GraphDef& body, std::span<const TensorPtr> inputs) {
  if (body.inputs.size() != inputs.size()) {
    throw Error(Fault::format, "a subgraph has " + std::to_string(body.inputs.size()) + " inputs and is given " +
                                   std::to_string(inputs.size()));
  }
  Scope inner;
  inner.initializers = &body.initializers;
  inner.outer = scope_;
  for (std::size_t i = 0; i < inputs.size(); ++i) inner.values[body.inputs[i].name] = inputs[i];
  const Entered entered(*this, inner);
  const std::vector<std::string> outputs = names_of(body.outputs);
  run_nodes(body.nodes, outputs, false);
  std::vector<TensorPtr> results;
  for (const std::string& name : outputs) results.push_back(lookup(name));
  return results;
}

void Engine::run_nodes(const std::vector<NodeDef>& nodes, const std::vector<std::string>& wanted, bool top) {
  std::set<std::string> needed(wanted.begin(), wanted.end());
  std::vector<bool> used(nodes.size(), false);
  // Names that no later node reads, by the node after which they may go.
  std::vector<std::vector<std::string>> last(nodes.size());
  for (std::size_t i = nodes.size(); i-- > 0;) {
    const auto& outputs = nodes[i].outputs;
    used[i] = std::any_of(outputs.begin(), outputs.end(), [&](const auto& o) { return needed.count(o) != 0; });
    if (!used[i]) continue;
    std::set<std::string> reads;
    collect_reads(nodes[i], reads);
    for (const std::string& name : reads) {
      if (needed.insert(name).second) last[i].push_back(name);
    }
  }
  spend(node_work * nodes.size());
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (!used[i]) continue;
    check_stop();
    const NodeDef& node = nodes[i];
    const std::vector<TensorPtr> results = run_node(node);
    for (std::size_t k = 0; k < node.outputs.size() && k < results.size(); ++k) {
      if (node.outputs[k].empty() || results[k] == nullptr) continue;
      scope_->values[node.outputs[k]] = results[k];
      if (top && observer_) observer_(node, node.outputs[k], *results[k]);
    }
    for (const std::string& name : last[i]) scope_->values.erase(name);
    for (const std::string& name : node.outputs) {
      if (needed.count(name) == 0) scope_->values.erase(name);
    }
  }
}

std::vector<TensorPtr> Engine::run_node(const NodeDef& node) {
  const auto where = [&] { return "node '" + node.name + "' (" + node.op_type + ")"; };
  try {
    const auto own = functions_.find({node.domain, node.op_type});
    if (own != functions_.end()) return run_function(*own->second, node);
    const KernelEntry* entry = find_kernel(node.domain, node.op_type);
    if (entry == nullptr) {
      throw Error(Fault::unsupported,
                  "the float run has no operator " + (node.domain.empty() ? "" : node.domain + ".") + node.op_type);
    }
    std::vector<TensorPtr> inputs;
    for (const std::string& name : node.inputs) inputs.push_back(name.empty() ? nullptr : lookup(name));
    Call call(*this, node, opset_of(node.domain), std::move(inputs), frame_);
    std::vector<TensorPtr> results;
    if (entry->run_shared != nullptr) return entry->run_shared(call);
    Outputs outputs = entry->run(call);
    for (Tensor& tensor : outputs.list) {
      settle(tensor);
      results.push_back(keep(std::move(tensor)));
    }
    return results;
  } catch (const Error& e) {
    const std::string what = e.what();
    throw Error(e.fault(), what.rfind("node '", 0) == 0 ? what : where() + ": " + what);
  } catch (const std::out_of_range&) {
    throw Error(Fault::format, where() + ": an input or an attribute has too few axes or elements");
  }
}

std::vector<TensorPtr> Engine::run_function(const FunctionDef& function, const NodeDef& call) {
  Scope inner;
  for (std::size_t i = 0; i < function.inputs.size(); ++i) {
    const bool given = i < call.inputs.size() && !call.inputs[i].empty();
    inner.values[function.inputs[i]] = given ? lookup(call.inputs[i]) : nullptr;
  }
  std::vector<std::string> wanted;
  for (std::size_t i = 0; i < function.outputs.size() && i < call.outputs.size(); ++i) {
    if (!call.outputs[i].empty()) wanted.push_back(function.outputs[i]);
  }
  const Frame frame{&call, &function, frame_};
  const Entered entered(*this, inner);
  frame_ = &frame;
  if (!function.opsets.empty()) opsets_ = &function.opsets;
  run_nodes(function.nodes, wanted, false);
  std::vector<TensorPtr> results;
  for (std::size_t i = 0; i < function.outputs.size() && i < call.outputs.size(); ++i) {
    results.push_back(call.outputs[i].empty() ? nullptr : lookup(function.outputs[i]));
  }
  return results;
}

std::vector<TensorPtr> run(const ModelDef& model, const NamedTensors& inputs, const Budget& budget,
                           const Observer& observer) {
  return Engine(model, budget, observer).run_model(inputs);
}

bool has_kernel(const std::string& domain, const std::string& op_type) {
  return find_kernel(domain, op_type) != nullptr;
}

}  // namespace ezkl::floatrun
