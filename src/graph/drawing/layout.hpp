#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace ezkl {

struct DrawnPoint {
  double x = 0, y = 0;
};

struct DrawnBox {
  double width = 0, height = 0;
};

/// From one box to another of a higher index.
struct DrawnEdge {
  std::uint32_t from = 0, to = 0;
};

struct Layout {
  double width = 0, height = 0;
  std::vector<DrawnPoint> boxes;               ///< upper left corners
  std::vector<std::vector<DrawnPoint>> edges;  ///< from the lower border of one box to the upper border of the other
};

/// Places boxes in layers from top to bottom, every edge going down, with few crossings and short ways. An edge that
/// passes layers by gets its own room in them; edges of one source share it. Lengths are in pixels.
Layout layered_layout(std::span<const DrawnBox> boxes, std::span<const DrawnEdge> edges);

}  // namespace ezkl
