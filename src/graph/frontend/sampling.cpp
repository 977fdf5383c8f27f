#include "graph/frontend/sampling.hpp"

namespace ezkl {
namespace {

Value clamp(Converter& c, Value x, double high) { return c.min(c.max(x, c.scalar_like(x, 0)), c.scalar_like(x, high)); }

/// Whole positions mirrored into the image as often as it takes.
Value reflected(Converter& c, Value position, std::size_t extent, bool at_pixels) {
  const double period = 2 * static_cast<double>(at_pixels ? extent - 1 : extent);
  if (period == 0) return c.mul(position, 0.0);
  const Value turned = c.binary("Mod", position, c.scalar_like(position, period));
  const Value back = c.sub(c.scalar_like(position, at_pixels ? period : period - 1), turned);
  return c.min(turned, back);
}

/// A neighbour at any whole position: one outside is moved inside, with weight 0 where the image is zero there.
Neighbour inside(Converter& c, Value position, std::optional<Value> weight, std::size_t extent,
                 const SamplingRule& rule, DType type) {
  const double last = static_cast<double>(extent) - 1;
  if (rule.outside == Outside::reflection) return {reflected(c, position, extent, rule.reflect_at_pixels), weight};
  if (rule.outside == Outside::border) return {clamp(c, position, last), weight};
  const Value from = c.compare("GreaterEqual", position, c.scalar_like(position, 0));
  const Value to = c.compare("LessEqual", position, c.scalar_like(position, last));
  const Value valid = c.cast(c.logical("And", from, to), type);
  return {clamp(c, position, last), weight ? c.mul(*weight, valid) : valid};
}

/// Keys' cubic convolution with a = -0.75: weights of the pixels at -1, 0, 1 and 2 for a place t past pixel 0.
std::vector<Value> cubic_weights(Converter& c, Value t) {
  constexpr double a = -0.75;
  const Value square = c.square(t);
  const Value cube = c.mul(square, t);
  const auto combine = [&](double third, double second, double first) {
    const Value high = c.add(c.mul(cube, third), c.mul(square, second));
    return first == 0 ? high : c.add(high, c.mul(t, first));
  };
  return {combine(a, -2 * a, a), c.add(combine(a + 2, -a - 3, 0), 1.0), combine(-a - 2, 2 * a + 3, -a),
          combine(-a, a, 0)};
}

}  // namespace

std::vector<Neighbour> neighbours(Converter& c, Value at, std::size_t extent, const SamplingRule& rule) {
  const DType type = c.type(at);
  if (rule.interpolation == Interpolation::nearest) {
    return {inside(c, c.cast(c.unary("RoundHalfToEven", at), DType::i64), std::nullopt, extent, rule, type)};
  }
  const Value below = c.unary("Floor", at);
  const Value fraction = c.sub(at, below);
  const Value first = c.cast(below, DType::i64);
  std::vector<Value> weights{c.sub(c.scalar_like(fraction, 1), fraction), fraction};
  double offset = 0;
  if (rule.interpolation == Interpolation::cubic) {
    weights = cubic_weights(c, fraction);
    offset = -1;
  }
  std::vector<Neighbour> result;
  for (const Value weight : weights) {
    result.push_back(inside(c, offset == 0 ? first : c.add(first, offset), weight, extent, rule, type));
    ++offset;
  }
  return result;
}

std::vector<Value> weighted_pixels(Converter& c, Value image, const std::vector<std::vector<Neighbour>>& axes,
                                   const Shape& places) {
  const Shape shape = c.shape(image);
  const Shape spatial(shape.begin() + 2, shape.end());
  const std::vector<std::size_t> steps = strides(spatial);
  const Value flat = c.reshape(image, {shape[0], shape[1], volume(spatial)});
  Shape wide{shape[0]};
  wide.insert(wide.end(), places.begin(), places.end());
  const std::size_t count = volume(places);
  const auto for_channels = [&](Value v) { return c.reshape(c.expand(v, wide), {shape[0], 1, count}); };
  std::size_t corners = 1;
  for (const auto& axis : axes) corners *= axis.size();
  std::vector<Value> pixels;
  for (std::size_t corner = 0; corner < corners; ++corner) {
    std::optional<Value> index, weight;
    std::size_t rest = corner;
    for (std::size_t i = 0; i < axes.size(); ++i) {
      const Neighbour& chosen = axes[i][rest % axes[i].size()];
      rest /= axes[i].size();
      const Value part = c.mul(chosen.position, static_cast<double>(steps[i]));
      index = index ? c.add(*index, part) : part;
      if (chosen.weight) weight = weight ? c.mul(*weight, *chosen.weight) : *chosen.weight;
    }
    const Value everywhere = c.expand(for_channels(*index), {shape[0], shape[1], count});
    const Value read = c.apply("GatherElements", {{"axis", std::int64_t{2}}}, {flat, everywhere});
    pixels.push_back(weight ? c.mul(read, for_channels(*weight)) : read);
  }
  return pixels;
}

Value interpolated(Converter& c, Value image, const std::vector<std::vector<Neighbour>>& axes, const Shape& places) {
  const std::vector<Value> pixels = weighted_pixels(c, image, axes, places);
  Value total = pixels.front();
  for (std::size_t i = 1; i < pixels.size(); ++i) total = c.add(total, pixels[i]);
  return total;
}

}  // namespace ezkl
