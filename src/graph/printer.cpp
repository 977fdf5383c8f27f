#include "graph/printer.hpp"

#include "base/int128.hpp"
#include "base/text.hpp"

namespace ezkl {
namespace {

std::string number(double value) { return short_number(value, 9); }

struct AttributeText {
  std::string operator()(std::int64_t value) const { return std::to_string(value); }
  std::string operator()(double value) const { return number(value); }
  std::string operator()(const std::string& value) const { return '"' + value + '"'; }
  std::string operator()(const std::vector<std::int64_t>& values) const {
    return list(values, [](std::int64_t v) { return std::to_string(v); });
  }
  std::string operator()(const std::vector<double>& values) const { return list(values, number); }

 private:
  /// At most twelve elements; a remap of a whole tensor would fill pages.
  template <class T, class Text>
  static std::string list(const std::vector<T>& values, Text text) {
    constexpr std::size_t shown = 12;
    std::string result = "[";
    for (std::size_t i = 0; i < values.size() && i < shown; ++i) result += (i ? ", " : "") + text(values[i]);
    if (values.size() > shown) result += ", … " + std::to_string(values.size()) + " in all";
    return result + "]";
  }
};

std::string input_text(const Node& node, std::size_t position) {
  std::string text = std::to_string(node.inputs[position]);
  if (position < node.input_multipliers.size() && node.input_multipliers[position] != 1) {
    text += "*" + to_string(node.input_multipliers[position]);
  }
  return text;
}

}  // namespace

std::string to_string(const OpSpec& op) {
  std::string text = op.kind;
  if (op.attributes.empty()) return text;
  text += "{";
  const char* separator = "";
  for (const auto& [name, value] : op.attributes) {
    text += separator + name + "=" + std::visit(AttributeText{}, value);
    separator = ", ";
  }
  return text + "}";
}

std::string node_text(const Graph& graph, std::size_t i) {
  const Node& node = graph.nodes[i];
  std::string text = std::to_string(i) + "  " + to_string(node.op) + "(";
  for (std::size_t k = 0; k < node.inputs.size(); ++k) text += (k ? ", " : "") + input_text(node, k);
  text += ") -> " + std::string(name(node.type)) + to_string(node.shape) + " scale " + std::to_string(node.scale);
  if (node.rebase_divisor != 1) text += " rebased by " + to_string(node.rebase_divisor);
  return text + "  '" + node.name + "'";
}

std::string to_string(const Graph& graph) {
  std::string text;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) text += node_text(graph, i) + "\n";
  text += "outputs";
  for (const std::uint32_t output : graph.outputs) text += " " + std::to_string(output);
  return text + "\n";
}

}  // namespace ezkl
