#include "graph/drawing/boxes.hpp"
#include "graph/drawing/drawing.hpp"

namespace ezkl {
namespace {

std::string quoted(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return out;
}

}  // namespace

std::string graph_dot(const Graph& graph) {
  const GraphBoxes drawn = boxes_of(graph);
  std::string out = "digraph model {\n  node [shape=box, fontname=\"sans-serif\", fontsize=11];\n";
  for (const NodeBox& box : drawn.boxes) {
    out += "  n" + std::to_string(box.node) + " [label=\"" + quoted(box.title);
    for (const std::string& line : box.lines) out += "\\n" + quoted(line);
    out += "\"";
    if (box.is_input || box.is_output) out += box.is_input ? ", color=darkgreen" : ", color=sienna";
    out += "];\n";
  }
  for (const DrawnEdge& e : drawn.edges) {
    out += "  n" + std::to_string(drawn.boxes[e.from].node) + " -> n" + std::to_string(drawn.boxes[e.to].node) + ";\n";
  }
  return out + "}\n";
}

}  // namespace ezkl
