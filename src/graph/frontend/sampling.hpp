#pragma once

#include "graph/frontend/converter.hpp"

/// Images read at computed places, between their pixels.
namespace ezkl {

/// What an image is beyond its borders.
enum class Outside : std::uint8_t { zeros, border, reflection };
enum class Interpolation : std::uint8_t { nearest, linear, cubic };

struct SamplingRule {
  Interpolation interpolation = Interpolation::linear;
  Outside outside = Outside::zeros;
  bool reflect_at_pixels = false;  ///< reflection about the outermost pixels' centres, else about their outer edges
};

/// One pixel along one axis that a place reads, and how much of it. Both broadcast to [batch, places…].
struct Neighbour {
  Value position;               ///< integers in 0 .. extent-1
  std::optional<Value> weight;  ///< none means 1
};

/// The neighbours along an axis of `extent` pixels for places in pixels (pixel k has its centre at k).
std::vector<Neighbour> neighbours(Converter& c, Value at, std::size_t extent, const SamplingRule& rule);

/// The weighted pixels of `image` [batch, channels, spatial…] for every choice of one neighbour an axis, each
/// [batch, channels, volume of places].
std::vector<Value> weighted_pixels(Converter& c, Value image, const std::vector<std::vector<Neighbour>>& axes,
                                   const Shape& places);

/// The sum of weighted_pixels.
Value interpolated(Converter& c, Value image, const std::vector<std::vector<Neighbour>>& axes, const Shape& places);

}  // namespace ezkl
