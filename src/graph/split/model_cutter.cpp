#include "graph/split/model_cutter.hpp"

#include <algorithm>
#include <new>

#include "base/ensure.hpp"
#include "ezkl/error.hpp"
#include "graph/frontend/converter.hpp"
#include "model/reads.hpp"

namespace ezkl {
namespace {

bool has_name(const NodeDef& node, const std::string& name) {
  const auto& outputs = node.outputs;
  return node.name == name || std::find(outputs.begin(), outputs.end(), name) != outputs.end();
}

ValueDef value_def(const std::string& name, const Node& tensor) {
  ValueDef out;
  out.name = name;
  out.type = tensor.type;
  for (const std::size_t extent : tensor.shape) out.shape.push_back({static_cast<std::int64_t>(extent), ""});
  return out;
}

}  // namespace

ModelCutter::ModelCutter(const ModelDef& model, const RunArgs& args) try : model_(model) {
  std::map<std::string, Value> names;
  const Graph graph = Converter(model, args).convert_model(&names);
  for (const auto& [name, value] : names) {
    if (value < graph.nodes.size()) tensors_[name] = graph.nodes[value];
  }
  find_live_nodes();
  find_spans();
} catch (const std::bad_alloc&) {
  throw Error(Fault::out_of_memory, "the model's tensors do not fit into memory");
}

bool ModelCutter::is_constant(const std::string& name) const {
  const auto found = tensors_.find(name);
  return found != tensors_.end() && found->second.op.kind == "Constant";
}

std::set<std::string> ModelCutter::reads_of(const NodeDef& node) const {
  std::set<std::string> names, out;
  collect_reads(node, names);
  for (const std::string& name : names) {
    if (tensors_.count(name) != 0) out.insert(name);
  }
  return out;
}

void ModelCutter::find_live_nodes() {
  std::set<std::string> needed;
  for (const ValueDef& output : model_.graph.outputs) needed.insert(output.name);
  const auto& nodes = model_.graph.nodes;
  for (std::size_t i = nodes.size(); i-- > 0;) {
    const bool live = std::any_of(nodes[i].outputs.begin(), nodes[i].outputs.end(), [&](const std::string& name) {
      return needed.count(name) != 0 && !is_constant(name);
    });
    if (!live) continue;
    order_.push_back(i);
    needed.merge(reads_of(nodes[i]));
  }
  std::reverse(order_.begin(), order_.end());
}

void ModelCutter::find_spans() {
  spans_.clear();
  std::map<std::string, std::size_t> last_read;
  for (std::size_t i = 0; i < size(); ++i) {
    for (const std::string& name : reads_of(node(i))) last_read[name] = i;
  }
  for (const ValueDef& output : model_.graph.outputs) last_read[output.name] = size();
  const auto add = [&](const std::string& name, std::size_t made) {
    const auto found = last_read.find(name);
    if (found == last_read.end() || is_constant(name) || tensors_.count(name) == 0) return;
    spans_.push_back({name, {made, found->second}});
  };
  for (const ValueDef& input : model_.graph.inputs) {
    if (model_.graph.initializers.count(input.name) == 0) add(input.name, 0);
  }
  for (std::size_t i = 0; i < size(); ++i) {
    for (const std::string& name : node(i).outputs) add(name, i + 1);
  }
}

std::vector<std::size_t> ModelCutter::cut_behind(const std::vector<std::string>& names) {
  std::map<std::string, std::size_t> maker;
  for (std::size_t i = 0; i < size(); ++i) {
    for (const std::string& name : node(i).outputs) maker[name] = i;
  }
  std::vector<std::size_t> stage(size(), names.size());
  for (std::size_t cut = 0; cut < names.size(); ++cut) {
    std::vector<bool> wanted(size(), false);
    bool found = false, fresh = false;
    for (std::size_t i = size(); i-- > 0;) {
      const bool named = has_name(node(i), names[cut]);
      found = found || named;
      if (!wanted[i] && !named) continue;
      fresh = fresh || stage[i] == names.size();
      stage[i] = std::min(stage[i], cut);
      for (const std::string& name : reads_of(node(i))) {
        const auto source = maker.find(name);
        if (source != maker.end()) wanted[source->second] = true;
      }
    }
    if (!found) {
      throw Error(Fault::usage, "no node or tensor '" + names[cut] +
                                    "' that depends on the inputs and that the outputs need: no place for a cut");
    }
    if (!fresh) {
      throw Error(Fault::usage, "the cut behind '" + names[cut] +
                                    "' leaves a part without a node: the cuts before it hold all that it needs");
    }
  }
  if (std::find(stage.begin(), stage.end(), names.size()) == stage.end()) {
    throw Error(Fault::usage, "the cut behind '" + names.back() + "' leaves nothing for the last part");
  }
  std::vector<std::size_t> places(names.size());
  std::vector<std::size_t> reordered;
  for (std::size_t part = 0; part <= names.size(); ++part) {
    for (std::size_t i = 0; i < stage.size(); ++i) {
      if (stage[i] == part) reordered.push_back(order_[i]);
    }
    if (part < names.size()) places[part] = reordered.size();
  }
  order_ = std::move(reordered);
  find_spans();
  return places;
}

std::vector<std::string> ModelCutter::crossing(std::size_t place) const {
  EZKL_ENSURE(place <= size(), "a cut lies within the model");
  std::vector<std::string> out;
  if (place == size()) {
    for (const ValueDef& output : model_.graph.outputs) out.push_back(output.name);
    return out;
  }
  if (place == 0) {
    for (const ValueDef& input : model_.graph.inputs) {
      if (model_.graph.initializers.count(input.name) == 0) out.push_back(input.name);
    }
    return out;
  }
  for (const auto& [name, span] : spans_) {
    if (span.made <= place && place <= span.read) out.push_back(name);
  }
  return out;
}

std::vector<std::size_t> ModelCutter::crossing_volumes() const {
  std::vector<std::size_t> out;
  for (std::size_t place = 0; place <= size(); ++place) {
    std::size_t& sum = out.emplace_back(0);
    for (const std::string& name : crossing(place)) sum += volume(tensors_.at(name).shape);
  }
  return out;
}

ModelDef ModelCutter::part(std::size_t begin, std::size_t end) const {
  EZKL_ENSURE(begin < end && end <= size(), "a part has nodes");
  ModelDef out;
  out.opsets = model_.opsets;
  out.functions = model_.functions;
  out.budget = model_.budget;
  out.graph.name = model_.graph.name;
  std::set<std::string> read, made;
  for (std::size_t i = begin; i < end; ++i) {
    out.graph.nodes.push_back(node(i));
    read.merge(reads_of(node(i)));
    made.insert(node(i).outputs.begin(), node(i).outputs.end());
  }
  for (const std::string& name : crossing(begin)) out.graph.inputs.push_back(value_def(name, tensors_.at(name)));
  for (const std::string& name : crossing(end)) {
    out.graph.outputs.push_back(value_def(name, tensors_.at(name)));
    read.insert(name);
  }
  for (const std::string& name : read) {
    if (!is_constant(name) || made.count(name) != 0) continue;
    const Node& tensor = tensors_.at(name);
    out.graph.initializers[name] = FloatTensor{tensor.type, tensor.shape, tensor.constant->floats};
  }
  return out;
}

}  // namespace ezkl
