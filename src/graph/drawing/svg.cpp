#include <algorithm>

#include "base/text.hpp"
#include "graph/drawing/boxes.hpp"
#include "graph/drawing/drawing.hpp"
#include "graph/printer.hpp"

namespace ezkl {
namespace {

constexpr double title_height = 22, line_height = 16, padding = 8, character_width = 6.6;

const char* const style =
    "<style>text{font:12px sans-serif;fill:#222}.k{font-weight:bold;fill:#fff}.b{fill:#f7f8fa;stroke:#4a6785}"
    ".t{fill:#4a6785}.i .b{stroke:#3d7a4e}.i .t{fill:#3d7a4e}.o .b{stroke:#b4571a}.o .t{fill:#b4571a}"
    ".e{fill:none;stroke:#8a94a0;stroke-width:1.3}</style>\n"
    "<defs><marker id=\"a\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" "
    "orient=\"90\">"
    "<path d=\"M0 0L8 4L0 8z\" fill=\"#8a94a0\"/></marker></defs>\n";

std::string number(double v) { return short_number(v, 7); }
std::string at(const DrawnPoint& p) { return number(p.x) + " " + number(p.y); }

DrawnBox size_of(const NodeBox& box) {
  std::size_t longest = character_count(box.title) + 2;
  for (const std::string& line : box.lines) longest = std::max(longest, character_count(line));
  return {std::max(90.0, character_width * static_cast<double>(longest) + 2 * padding),
          title_height + line_height * static_cast<double>(box.lines.size()) + padding};
}

/// Straight through the passages of layers, curved between them.
std::string edge_text(const std::vector<DrawnPoint>& way) {
  std::string path = "M" + at(way[0]);
  for (std::size_t k = 0; k + 1 < way.size(); k += 2) {
    const double middle = (way[k].y + way[k + 1].y) / 2;
    path += "C" + at({way[k].x, middle}) + " " + at({way[k + 1].x, middle}) + " " + at(way[k + 1]);
    if (k + 2 < way.size()) path += "L" + at(way[k + 2]);
  }
  return "<path class=\"e\" d=\"" + path + "\" marker-end=\"url(#a)\"/>\n";
}

std::string box_text(const Graph& graph, const NodeBox& box, const DrawnPoint& corner, const DrawnBox& size) {
  const std::string place = "x=\"" + number(corner.x) + "\" y=\"" + number(corner.y) + "\" width=\"" +
                            number(size.width) + "\" rx=\"4\" height=\"";
  std::string out = "<g class=\"" +
                    std::string(box.is_input    ? "i"
                                : box.is_output ? "o"
                                                : "n") +
                    "\"><title>" + markup_escaped(node_text(graph, box.node)) + "</title><rect class=\"b\" " + place +
                    number(size.height) + "\"/><rect class=\"t\" " + place + number(title_height) + "\"/>";
  const auto line = [&](double y, const char* attributes, const std::string& text) {
    out += "<text " + std::string(attributes) + "x=\"" + number(corner.x + padding) + "\" y=\"" + number(corner.y + y) +
           "\">" + markup_escaped(text) + "</text>";
  };
  line(title_height - 6, "class=\"k\" ", box.title);
  for (std::size_t i = 0; i < box.lines.size(); ++i) {
    line(title_height + line_height * static_cast<double>(i + 1), "", box.lines[i]);
  }
  return out + "</g>\n";
}

}  // namespace

std::string graph_svg(const Graph& graph) {
  const GraphBoxes drawn = boxes_of(graph);
  std::vector<DrawnBox> sizes;
  for (const NodeBox& box : drawn.boxes) sizes.push_back(size_of(box));
  const Layout layout = layered_layout(sizes, drawn.edges);
  const std::string width = number(layout.width), height = number(layout.height);
  std::string out = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + width + "\" height=\"" + height +
                    "\" viewBox=\"0 0 " + width + " " + height + "\">\n" + style +
                    "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n";
  for (const auto& way : layout.edges) out += edge_text(way);
  for (std::size_t i = 0; i < drawn.boxes.size(); ++i) {
    out += box_text(graph, drawn.boxes[i], layout.boxes[i], sizes[i]);
  }
  return out + "</svg>\n";
}

}  // namespace ezkl
