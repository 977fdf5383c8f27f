// GridSample: an image read at computed places.
#include "graph/frontend/families.hpp"

namespace ezkl {
namespace {

/// One axis of the places that an output element reads: whole positions within the image and their weights.
struct Neighbour {
  Value position;               ///< integers in 0 .. extent-1
  std::optional<Value> weight;  ///< none means 1
};

Value clamp(Converter& c, Value x, double high) { return c.min(c.max(x, c.scalar_like(x, 0)), c.scalar_like(x, high)); }

/// Positions outside the image read as zero: their weight is 0, and they are moved inside.
Neighbour inside(Converter& c, Value position, std::optional<Value> weight, double extent, bool zeros, DType type) {
  if (!zeros) return {clamp(c, position, extent - 1), weight};
  const Value from = c.compare("GreaterEqual", position, c.scalar_like(position, 0));
  const Value to = c.compare("Less", position, c.scalar_like(position, extent));
  const Value valid = c.cast(c.logical("And", from, to), type);
  return {clamp(c, position, extent - 1), weight ? c.mul(*weight, valid) : valid};
}

/// The neighbours along one axis of normalized coordinates [batch, places].
std::vector<Neighbour> neighbours(Converter& c, const OnnxNode& n, Value coordinate, double extent) {
  const bool align = n.integer("align_corners", 0) != 0;
  const std::string padding = n.text("padding_mode", "zeros");
  if (padding != "zeros" && padding != "border") n.unsupported("padding_mode " + padding + "; use zeros or border");
  const double slope = (align ? extent - 1 : extent) / 2;
  Value at = c.add(c.mul(coordinate, slope), slope - (align ? 0 : 0.5));
  if (padding == "border") at = clamp(c, at, extent - 1);
  const bool zeros = padding == "zeros";
  const DType type = c.type(coordinate);
  const std::string mode = n.text("mode", n.opset() < 20 ? "bilinear" : "linear");
  if (mode == "nearest") {
    return {inside(c, c.cast(c.unary("RoundHalfToEven", at), DType::i64), std::nullopt, extent, zeros, type)};
  }
  if (mode != "linear" && mode != "bilinear") n.unsupported("mode " + mode + "; use linear or nearest");
  const Value below = c.unary("Floor", at);
  const Value fraction = c.sub(at, below);
  const Value first = c.cast(below, DType::i64);
  const Value rest = c.sub(c.scalar_like(fraction, 1), fraction);
  return {inside(c, first, rest, extent, zeros, type), inside(c, c.add(first, 1.0), fraction, extent, zeros, type)};
}

std::vector<Value> convert_grid_sample(Converter& c, const OnnxNode& n) {
  const Value x = n.input(0);
  const Value grid = n.input(1);
  const Shape image = c.shape(x);
  const Shape places = c.shape(grid);
  const std::size_t rank = image.size() < 3 ? 0 : image.size() - 2;
  if (rank == 0 || rank > 3 || places.size() != image.size() || places.back() != rank || places[0] != image[0]) {
    n.fail(Fault::format, "a grid " + to_string(places) + " does not go with an image " + to_string(image));
  }
  const std::size_t batch = image[0], channels = image[1];
  const std::size_t count = volume(Shape(places.begin() + 1, places.end() - 1));
  const std::size_t pixels = volume(Shape(image.begin() + 2, image.end()));
  const Value coordinates = c.reshape(grid, {batch, count, rank});
  const std::vector<std::size_t> steps = strides(Shape(image.begin() + 2, image.end()));
  std::vector<std::vector<Neighbour>> axes;
  for (std::size_t i = 0; i < rank; ++i) {
    // The grid names the innermost axis first.
    const Value one = c.squeeze(c.slice(coordinates, 2, static_cast<std::int64_t>(rank - 1 - i), 1), {2});
    axes.push_back(neighbours(c, n, one, static_cast<double>(image[i + 2])));
  }
  const Value flat = c.reshape(x, {batch, channels, pixels});
  std::size_t corners = 1;
  for (const auto& axis : axes) corners *= axis.size();
  std::optional<Value> total;
  for (std::size_t corner = 0; corner < corners; ++corner) {
    std::optional<Value> index, weight;
    std::size_t rest = corner;
    for (std::size_t i = 0; i < rank; ++i) {
      const Neighbour& chosen = axes[i][rest % axes[i].size()];
      rest /= axes[i].size();
      const Value part = c.mul(chosen.position, static_cast<double>(steps[i]));
      index = index ? c.add(*index, part) : part;
      if (chosen.weight) weight = weight ? c.mul(*weight, *chosen.weight) : *chosen.weight;
    }
    const Value everywhere = c.expand(c.unsqueeze(*index, {1}), {batch, channels, count});
    Value read = c.apply("GatherElements", {{"axis", std::int64_t{2}}}, {flat, everywhere});
    if (weight) read = c.mul(read, c.unsqueeze(*weight, {1}));
    total = total ? c.add(*total, read) : read;
  }
  Shape result{batch, channels};
  result.insert(result.end(), places.begin() + 1, places.end() - 1);
  return {c.reshape(*total, result)};
}

constexpr ConverterEntry entries[] = {{"", "GridSample", convert_grid_sample}};

}  // namespace

std::span<const ConverterEntry> grid_sample_converters() { return entries; }

}  // namespace ezkl
