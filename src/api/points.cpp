#include "artifact/felt_text.hpp"
#include "base/border.hpp"
#include "base/hex.hpp"
#include "ezkl/reports.hpp"

namespace ezkl {

std::vector<PointCoordinates> point_coordinates(const std::vector<std::string>& points) try {
  std::vector<PointCoordinates> out;
  for (const std::string& text : points) {
    const G1Affine point = parse_point(text);
    out.push_back({hex_text(point.x.to_bytes_le()), hex_text(point.y.to_bytes_le())});
  }
  return out;
} catch (...) {
  rethrow_as_error();
}

}  // namespace ezkl
