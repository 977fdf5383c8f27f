#include "graph/passes/chains.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <set>

#include "ezkl/error.hpp"
#include "graph/execute.hpp"
#include "graph/ops/chain.hpp"
#include "graph/passes/rewriter.hpp"
#include "graph/passes/tensor_scales.hpp"

namespace ezkl {
namespace {

constexpr const char* word = "chain";
constexpr const char* prefix = "chain ";

/// Tables of so many keys for each element that is looked up cost more than what they stand for.
constexpr double most_keys_per_element = 64;

/// The tensor `end` as a function of the tensor `key`.
struct Chain {
  std::uint32_t key = 0, end = 0;
  OpSpec op;
};

/// The element a constant has everywhere, if it is finite.
std::optional<double> uniform(const Node& node) {
  if (node.op.kind != "Constant" || node.constant->floats.empty()) return std::nullopt;
  const std::vector<double>& values = node.constant->floats;
  const bool equal = std::all_of(values.begin(), values.end(), [&](double v) { return v == values.front(); });
  return equal && std::isfinite(values.front()) ? std::optional(values.front()) : std::nullopt;
}

/// The node as a step of a chain, its operands left open.
std::optional<ops::ChainStep> step_of(const Node& node) {
  const auto rules = ops::chain_rules();
  const auto found = std::find_if(rules.begin(), rules.end(), [&](const ops::ChainRule& rule) {
    return rule.operands > 0 && rule.kind == node.op.kind && rule.operands == node.inputs.size();
  });
  if (found == rules.end() || !(is_float(node.type) || node.type == DType::boolean)) return std::nullopt;
  ops::ChainStep step{static_cast<std::size_t>(found - rules.begin()), {}, 0};
  if (node.op.attributes.empty()) return found->parameter.empty() || found->whole ? std::optional(step) : std::nullopt;
  const auto& [name, value] = *node.op.attributes.begin();
  if (node.op.attributes.size() != 1 || name != found->parameter) return std::nullopt;
  if (const auto* real = std::get_if<double>(&value)) step.number = *real;
  if (const auto* integer = std::get_if<std::int64_t>(&value)) step.number = static_cast<double>(*integer);
  return std::isfinite(step.number) ? std::optional(step) : std::nullopt;
}

/// Operators that cost next to nothing, so that a table in their place is no gain.
bool is_free(const std::string& kind) {
  return kind == "Add" || kind == "Sub" || kind == "Neg" || kind == "Not" || kind == "Identity";
}

class Finder {
 public:
  explicit Finder(const Graph& graph) : graph_(graph), keys_(graph.nodes.size()) {
    for (std::uint32_t i = 0; i < graph.nodes.size(); ++i) keys_[i] = key_of(i);
  }

  std::vector<Chain> chains() const {
    std::vector<bool> ends(graph_.nodes.size());
    for (const std::uint32_t output : graph_.outputs) ends[output] = true;
    for (std::uint32_t i = 0; i < graph_.nodes.size(); ++i) {
      for (const std::uint32_t input : graph_.nodes[i].inputs) ends[input] = ends[input] || keys_[i] != keys_[input];
    }
    std::vector<Chain> out;
    for (std::uint32_t i = 0; i < graph_.nodes.size(); ++i) {
      if (!ends[i] || keys_[i] == i || !is_float(graph_.nodes[i].type)) continue;
      if (auto found = chain(i)) out.push_back(*std::move(found));
    }
    return out;
  }

 private:
  /// The tensor that node i is a function of, element by element: itself where it is one of several, or of none.
  std::uint32_t key_of(std::uint32_t i) const {
    const Node& node = graph_.nodes[i];
    if (!step_of(node)) return i;
    std::optional<std::uint32_t> key;
    for (const std::uint32_t input : node.inputs) {
      if (uniform(graph_.nodes[input])) continue;
      if (key && *key != keys_[input]) return i;
      key = keys_[input];
    }
    if (!key || graph_.nodes[*key].op.kind == "Constant") return i;
    const Node& source = graph_.nodes[*key];
    return is_float(source.type) && source.shape == node.shape ? *key : i;
  }

  std::optional<Chain> chain(std::uint32_t end) const {
    const std::uint32_t key = keys_[end];
    std::set<std::uint32_t> members{end};
    for (std::vector<std::uint32_t> open{end}; !open.empty();) {
      const Node& node = graph_.nodes[open.back()];
      open.pop_back();
      for (const std::uint32_t input : node.inputs) {
        if (input != key && members.insert(input).second) open.push_back(input);
      }
      if (members.size() > ops::most_chain_steps) return std::nullopt;
    }
    std::map<std::uint32_t, std::uint32_t> numbers{{key, 0}};
    std::vector<ops::ChainStep> steps;
    std::size_t costly = 0;
    for (const std::uint32_t i : members) {
      const Node& node = graph_.nodes[i];
      ops::ChainStep step;
      if (node.op.kind == "Constant") {
        step.number = *uniform(node);
      } else {
        step = *step_of(node);
        for (std::size_t k = 0; k < node.inputs.size(); ++k) step.operands[k] = numbers.at(node.inputs[k]);
        costly += is_free(node.op.kind) ? 0 : 1;
      }
      steps.push_back(step);
      numbers[i] = static_cast<std::uint32_t>(steps.size());
    }
    if (costly < 2) return std::nullopt;
    return Chain{key, end, ops::chain_op(steps)};
  }

  const Graph& graph_;
  std::vector<std::uint32_t> keys_;
};

bool can_have_chains(const RunArgs& args) {
  return args.semantics == Semantics::onnx && args.param_visibility.kind == Visibility::Kind::fixed;
}

/// The reach of a table of keys that go to `largest` in the samples; nothing where none would do.
std::optional<std::int64_t> reach_of(double largest, double margin) {
  // Rounding in front of the table may move a key by a few steps of its scale.
  const double reach = std::ceil(margin * largest / ops::chain_reach_unit) + 1;
  if (!(reach >= 1 && reach <= static_cast<double>(ops::most_chain_reach))) return std::nullopt;
  return static_cast<std::int64_t>(reach);
}

/// Whether a table of this length is worth trying, and has a value for every key.
bool is_worth_trying(const OpSpec& op, std::size_t elements, const RunArgs& args) {
  const int scale = std::max(args.input_scale, args.param_scale);
  const double keys = 2 * static_cast<double>(op.integer("reach")) * std::ldexp(ops::chain_reach_unit, scale);
  if (keys > most_keys_per_element * static_cast<double>(elements)) return false;
  const Int128 last = ops::last_chain_key(op, scale);
  claims::Values list;
  for (Int128 key = -last; key <= last; ++key) list.push_back(key);
  return ops::chain_entries(op, list, scale, scale).has_value();
}

}  // namespace

bool has_chains(const RunArgs& args) {
  return std::any_of(args.variables.begin(), args.variables.end(),
                     [](const auto& variable) { return variable.first.rfind(prefix, 0) == 0; });
}

Graph tabulate_chains(Graph graph, const RunArgs& args) {
  if (!has_chains(args) || !can_have_chains(args)) return graph;
  std::map<std::string_view, std::size_t> reaches;
  for (const auto& [name, reach] : args.variables) {
    if (name.rfind(prefix, 0) != 0) continue;
    if (reach < 1 || reach > static_cast<std::size_t>(ops::most_chain_reach)) {
      throw Error(Fault::format,
                  "the variable '" + name + "' is " + std::to_string(reach) + "; the reach of a table is 1 to 2^30");
    }
    reaches[name] = reach;
  }
  const std::vector<std::string> names = node_variables(graph, word);
  for (Chain& chain : Finder(graph).chains()) {
    const auto found = reaches.find(names[chain.end]);
    if (found == reaches.end()) continue;
    Node& node = graph.nodes[chain.end];
    node.op = std::move(chain.op);
    node.op.attributes["reach"] = static_cast<std::int64_t>(found->second);
    node.inputs = {chain.key};
  }
  return remove_dead_nodes(std::move(graph));
}

std::vector<std::pair<std::string, std::size_t>> chain_variables(const Graph& graph, const RunArgs& args,
                                                                 std::span<const std::vector<FloatTensor>> samples,
                                                                 double margin) {
  if (!can_have_chains(args)) return {};
  std::vector<Chain> chains = Finder(graph).chains();
  std::map<std::uint32_t, double> largest;
  for (const Chain& chain : chains) largest[chain.key] = 0;
  if (chains.empty()) return {};
  for (const std::vector<FloatTensor>& sample : samples) {
    execute(graph, sample, args, [&](std::uint32_t i, const FloatTensor& value) {
      const auto found = largest.find(i);
      if (found == largest.end()) return;
      for (const double x : value.data) {
        // What is no number has no table.
        const double size = std::isnan(x) ? std::numeric_limits<double>::infinity() : std::fabs(x);
        found->second = std::max(found->second, size);
      }
    });
  }
  std::vector<std::pair<std::string, std::size_t>> out;
  const std::vector<std::string> names = node_variables(graph, word);
  for (Chain& chain : chains) {
    const auto reach = reach_of(largest[chain.key], margin);
    if (!reach) continue;
    chain.op.attributes["reach"] = *reach;
    if (!is_worth_trying(chain.op, volume(graph.nodes[chain.end].shape), args)) continue;
    out.emplace_back(names[chain.end], static_cast<std::size_t>(*reach));
  }
  return out;
}

}  // namespace ezkl
