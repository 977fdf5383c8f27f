#include "graph/drawing/boxes.hpp"

#include <algorithm>
#include <optional>

#include "base/text.hpp"

namespace ezkl {
namespace {

constexpr std::size_t most_characters = 44;
constexpr std::size_t most_constants = 4;

std::string tensor_text(const Node& node) {
  return std::string(name(node.type)) + to_string(node.shape) + ", scale " + std::to_string(node.scale);
}

void add_constants(const Graph& graph, const Node& node, std::vector<std::string>& lines) {
  std::size_t constants = 0;
  for (const std::uint32_t source : node.inputs) {
    const Node& from = graph.nodes[source];
    if (from.op.kind == "Constant" && ++constants <= most_constants) lines.push_back("constant " + tensor_text(from));
  }
  if (constants > most_constants) lines.push_back("… " + std::to_string(constants) + " constants in all");
}

}  // namespace

GraphBoxes boxes_of(const Graph& graph) {
  GraphBoxes out;
  std::vector<std::optional<std::uint32_t>> place(graph.nodes.size());
  for (std::uint32_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    const bool is_output = std::find(graph.outputs.begin(), graph.outputs.end(), i) != graph.outputs.end();
    if (node.op.kind == "Constant" && !is_output) continue;
    place[i] = static_cast<std::uint32_t>(out.boxes.size());
    NodeBox box{i, node.op.kind, {node.name, tensor_text(node)}, node.op.kind == "Input", is_output};
    add_constants(graph, node, box.lines);
    for (std::size_t k = 0; k < graph.outputs.size(); ++k) {
      if (graph.outputs[k] == i) box.lines.push_back("output " + std::to_string(k));
    }
    for (std::string& line : box.lines) line = elided(line, most_characters);
    out.boxes.push_back(std::move(box));

    std::vector<std::uint32_t> sources = node.inputs;
    std::sort(sources.begin(), sources.end());
    sources.erase(std::unique(sources.begin(), sources.end()), sources.end());
    for (const std::uint32_t source : sources) {
      if (place[source]) out.edges.push_back({*place[source], *place[i]});
    }
  }
  return out;
}

}  // namespace ezkl
