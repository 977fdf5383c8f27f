// Pictures of graphs: boxes do not overlap, edges go down, text cannot break out.
#include "graph/drawing/drawing.hpp"

#include <gtest/gtest.h>

#include "graph/drawing/boxes.hpp"
#include "graph/drawing/layout.hpp"

namespace ezkl {
namespace {

/// Input 0 and a constant feed a chain; node 4 also takes the input past it.
Graph skip_graph() {
  Graph g;
  const auto add = [&](const std::string& kind, const std::string& name, std::vector<std::uint32_t> inputs) {
    Node n;
    n.name = name;
    n.op.kind = kind;
    n.inputs = std::move(inputs);
    n.shape = {1, 3};
    g.nodes.push_back(n);
  };
  add("Input", "x", {});
  add("Constant", "weights", {});
  add("Mult", "first", {0, 1});
  add("Relu", "<second> & \"more\"", {2});
  add("Add", "sum", {3, 0});
  g.inputs = {0};
  g.outputs = {4};
  return g;
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

TEST(Drawing, ConstantsStandInTheBoxesThatUseThem) {
  const GraphBoxes drawn = boxes_of(skip_graph());
  ASSERT_EQ(drawn.boxes.size(), 4u);
  EXPECT_TRUE(drawn.boxes[0].is_input);
  EXPECT_TRUE(drawn.boxes[3].is_output);
  EXPECT_EQ(drawn.boxes[1].lines.back(), "constant float32[1, 3], scale 0");
  EXPECT_EQ(drawn.boxes[3].lines.back(), "output 0");
  EXPECT_EQ(drawn.edges.size(), 4u);
}

TEST(Drawing, AnOutputMayBeAConstant) {
  Graph g = skip_graph();
  g.outputs.push_back(1);
  EXPECT_EQ(boxes_of(g).boxes.size(), 5u);
}

TEST(Drawing, TextIsEscaped) {
  const std::string svg = graph_svg(skip_graph());
  EXPECT_EQ(svg.find("<second>"), std::string::npos);
  EXPECT_NE(svg.find("&lt;second&gt; &amp; &quot;more&quot;"), std::string::npos);
  EXPECT_EQ(count(svg, "<g "), 4u);
  EXPECT_EQ(count(svg, "</g>"), 4u);
  EXPECT_EQ(count(svg, "<path class=\"e\""), 4u);
  const std::string dot = graph_dot(skip_graph());
  EXPECT_NE(dot.find("<second> & \\\"more\\\""), std::string::npos) << dot;
  EXPECT_EQ(count(dot, " -> "), 4u);
}

TEST(Layout, BoxesKeepApartAndEdgesGoDown) {
  std::vector<DrawnBox> boxes;
  std::vector<DrawnEdge> edges;
  for (std::uint32_t i = 0; i < 60; ++i) {
    boxes.push_back({40.0 + 7 * (i % 5), 30.0 + i % 3});
    if (i > 0) edges.push_back({i / 3, i});
    if (i > 20) edges.push_back({i - 20, i});
  }
  const Layout layout = layered_layout(boxes, edges);
  ASSERT_EQ(layout.boxes.size(), boxes.size());
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    EXPECT_GE(layout.boxes[i].x, 0);
    EXPECT_LE(layout.boxes[i].x + boxes[i].width, layout.width);
    EXPECT_LE(layout.boxes[i].y + boxes[i].height, layout.height);
    for (std::size_t j = 0; j < i; ++j) {
      const bool beside = layout.boxes[i].x >= layout.boxes[j].x + boxes[j].width ||
                          layout.boxes[j].x >= layout.boxes[i].x + boxes[i].width;
      const bool above = layout.boxes[i].y >= layout.boxes[j].y + boxes[j].height ||
                         layout.boxes[j].y >= layout.boxes[i].y + boxes[i].height;
      EXPECT_TRUE(beside || above) << i << " " << j;
    }
  }
  for (std::size_t e = 0; e < edges.size(); ++e) {
    const auto& way = layout.edges[e];
    ASSERT_GE(way.size(), 2u);
    EXPECT_EQ(way.size() % 2, 0u);
    EXPECT_EQ(way.front().y, layout.boxes[edges[e].from].y + boxes[edges[e].from].height);
    EXPECT_EQ(way.back().y, layout.boxes[edges[e].to].y);
    for (std::size_t k = 1; k < way.size(); ++k) EXPECT_GE(way[k].y, way[k - 1].y);
  }
}

TEST(Layout, NothingToDraw) { EXPECT_GT(layered_layout({}, {}).height, 0); }

}  // namespace
}  // namespace ezkl
