// Pools over windows and over whole images.
#include <algorithm>

#include "graph/frontend/families.hpp"
#include "graph/frontend/window_geometry.hpp"

namespace ezkl {
namespace {

WindowGeometry pool_geometry(Converter& c, const OnnxNode& n) {
  return window_geometry(n, c.shape(n.input(0)), n.integers("kernel_shape"));
}

Integers pads_with_ceil(const WindowGeometry& g) {
  Integers pads = g.pads;
  for (std::size_t i = 0; i < g.rank(); ++i) pads[i + g.rank()] += g.ceil_pads[i];
  return pads;
}

Attributes pool_attributes(const WindowGeometry& g) {
  return {{"kernel", g.kernel}, {"strides", g.strides}, {"pads", pads_with_ceil(g)}, {"dilations", g.dilations}};
}

/// For each output of a pool, the flat place in its image that holds the maximum: by one-hot products over the window.
Value max_pool_indices(Converter& c, const OnnxNode& n, const WindowGeometry& g);

std::vector<Value> convert_max_pool(Converter& c, const OnnxNode& n) {
  const WindowGeometry g = pool_geometry(c, n);
  std::vector<Value> results{c.apply("MaxPool", pool_attributes(g), {n.input(0)})};
  if (n.wants_output(1)) results.push_back(max_pool_indices(c, n, g));
  return results;
}

/// Windows as lines: shape [N, C, windows…, kernel size]; places outside are `outside`. `places` holds for each window
/// element its flat index in the whole tensor, -1 outside.
Value unfold(Converter& c, Value x, const WindowGeometry& g, double outside, Integers& places) {
  const Shape& shape = c.shape(x);
  Shape to(shape.begin(), shape.begin() + 2);
  std::size_t size = 1;
  for (std::size_t i = 0; i < g.rank(); ++i) {
    to.push_back(static_cast<std::size_t>(window_count(g, shape, i)));
    size *= static_cast<std::size_t>(g.kernel[i]);
  }
  to.push_back(size);
  places.assign(c.charged_volume(to), -1);
  const std::vector<std::size_t> steps = strides(shape);
  const std::vector<std::size_t> to_steps = strides(to);
  for (std::size_t flat = 0; flat < places.size(); ++flat) {
    std::size_t source = flat / to_steps[0] * steps[0] + flat / to_steps[1] % to[1] * steps[1];
    std::size_t inside_window = flat % size;
    bool inside = true;
    for (std::size_t i = g.rank(); i-- > 0;) {
      const auto k = static_cast<std::int64_t>(inside_window % static_cast<std::size_t>(g.kernel[i]));
      inside_window /= static_cast<std::size_t>(g.kernel[i]);
      const auto window = static_cast<std::int64_t>(flat / to_steps[i + 2] % to[i + 2]);
      const std::int64_t at = window * g.strides[i] - g.pads[i] + k * g.dilations[i];
      inside = inside && at >= 0 && at < static_cast<std::int64_t>(shape[i + 2]);
      if (inside) source += static_cast<std::size_t>(at) * steps[i + 2];
    }
    if (inside) places[flat] = static_cast<std::int64_t>(source);
  }
  return c.remap(x, to, places, {outside});
}

Value max_pool_indices(Converter& c, const OnnxNode& n, const WindowGeometry& g) {
  const Value x = n.input(0);
  const Shape image = c.shape(x);
  Integers places;
  // No element of the tensor is below this one, and a window always holds one, so the padding never wins.
  const Value lowest = c.reduce("ReduceMin", x, iota(c.rank(x)), true);
  WindowGeometry padded = g;
  padded.pads = pads_with_ceil(g);
  const Value zero_padded = unfold(c, x, padded, 0, places);
  const Shape windows = c.shape(zero_padded);
  c.charged_volume(windows);
  c.charged_volume(windows);
  FloatTensor outside{DType::boolean, windows, {}};
  FloatTensor numbers{DType::i64, windows, {}};
  const std::vector<std::size_t> steps = strides(image);
  const bool column_major = n.integer("storage_order", 0) != 0;
  for (const std::int64_t place : places) {
    outside.data.push_back(place < 0 ? 1 : 0);
    auto flat = static_cast<std::size_t>(std::max<std::int64_t>(place, 0));
    if (column_major) {
      const std::size_t h = image[2], w = c.rank(x) > 3 ? image[3] : 1;
      const std::size_t inside = flat % (h * w);
      flat = flat - inside + inside % w * h + inside / w;
    }
    numbers.data.push_back(static_cast<double>(flat));
  }
  const std::size_t last = windows.size() - 1;
  const Value lines = c.where(c.constant(outside),
                              c.sub(c.reshape(lowest, Shape(windows.size(), 1)), c.scalar_like(x, 1)), zero_padded);
  const auto axis = static_cast<std::int64_t>(last);
  const Value index = c.apply("ReduceArgMax", {{"axis", axis}, {"select_last", std::int64_t{0}}}, {lines}, DType::i64);
  const Value hot = c.apply("OneHot", {{"depth", static_cast<std::int64_t>(windows[last])}, {"axis", axis}},
                            {c.squeeze(index, {axis})}, DType::i64);
  return c.reduce("Sum", c.mul(hot, c.constant(numbers)), {axis}, false);
}

std::vector<Value> convert_average_pool(Converter& c, const OnnxNode& n) {
  const WindowGeometry g = pool_geometry(c, n);
  Attributes attributes = pool_attributes(g);
  const bool include_pad = n.integer("count_include_pad", 0) != 0;
  const bool has_ceil = std::any_of(g.ceil_pads.begin(), g.ceil_pads.end(), [](std::int64_t p) { return p != 0; });
  const bool has_pads = std::any_of(g.pads.begin(), g.pads.end(), [](std::int64_t p) { return p != 0; });
  if (!c.onnx_semantics() || (!has_ceil && (include_pad || !has_pads))) {
    attributes["normalized"] = std::int64_t{1};
    attributes["count_include_pad"] = std::int64_t{1};
    return {c.apply("SumPool", attributes, {n.input(0)})};
  }
  // Windows of unequal counts: the sum times a constant 1/count per window.
  attributes["normalized"] = std::int64_t{0};
  const Value x = n.input(0);
  const Value total = c.apply("SumPool", attributes, {x});
  const Shape& shape = c.shape(x);
  FloatTensor factors{c.type(x), Shape(c.shape(total)), {}};
  factors.shape[0] = factors.shape[1] = 1;
  const std::vector<std::size_t> steps = strides(factors.shape);
  const std::size_t windows = c.charged_volume(factors.shape);
  for (std::size_t flat = 0; flat < windows; ++flat) {
    double count = 1;
    for (std::size_t i = 0; i < g.rank(); ++i) {
      const auto window = static_cast<std::int64_t>(flat / steps[i + 2] % factors.shape[i + 2]);
      const auto extent = static_cast<std::int64_t>(shape[i + 2]);
      const std::int64_t start = window * g.strides[i] - g.pads[i];
      const std::int64_t low = include_pad ? -g.pads[i] : 0;
      const std::int64_t high = include_pad ? extent + g.pads[i + g.rank()] : extent;
      // Taps that lie before a place.
      const auto before = [&](std::int64_t place) {
        const std::int64_t distance = place - start;
        return distance <= 0 ? 0 : std::min((distance + g.dilations[i] - 1) / g.dilations[i], g.kernel[i]);
      };
      count *= static_cast<double>(before(high) - before(low));
    }
    factors.data.push_back(round_to(factors.type, 1 / std::max(count, 1.0)));
  }
  return {c.mul(total, c.constant(std::move(factors)))};
}

/// (Σ |x|^p)^(1/p) over sums that `sum` makes.
template <class Sum>
Value lp_norm(Converter& c, const OnnxNode& n, Value x, std::int64_t p, Sum sum) {
  if (p == 1) return sum(c.unary("Abs", x));
  if (p == 2) return c.unary("Sqrt", sum(c.square(x)));
  if (p < 1 || p > 16) n.unsupported("p is " + std::to_string(p) + "; use 1 to 16");
  const Value powers = c.apply("Pow", {{"exponent", p}}, {p % 2 == 0 ? x : c.unary("Abs", x)});
  return c.apply("TablePow", {{"a", static_cast<double>(1.0f / static_cast<float>(p))}}, {sum(powers)});
}

std::vector<Value> convert_lp_pool(Converter& c, const OnnxNode& n) {
  const WindowGeometry g = pool_geometry(c, n);
  Attributes attributes = pool_attributes(g);
  attributes["normalized"] = std::int64_t{0};
  return {lp_norm(c, n, n.input(0), n.integer("p", 2), [&](Value v) { return c.apply("SumPool", attributes, {v}); })};
}

Integers spatial_axes(Converter& c, const OnnxNode& n) {
  const std::size_t rank = c.rank(n.input(0));
  if (rank < 3) n.fail(Fault::format, "the input " + to_string(c.shape(n.input(0))) + " has no spatial axes");
  Integers axes = iota(rank);
  axes.erase(axes.begin(), axes.begin() + 2);
  return axes;
}

std::vector<Value> convert_global_max_pool(Converter& c, const OnnxNode& n) {
  return {c.reduce("ReduceMax", n.input(0), spatial_axes(c, n), true)};
}

std::vector<Value> convert_global_average_pool(Converter& c, const OnnxNode& n) {
  return {c.mean(n.input(0), spatial_axes(c, n), true)};
}

std::vector<Value> convert_global_lp_pool(Converter& c, const OnnxNode& n) {
  const Integers axes = spatial_axes(c, n);
  return {lp_norm(c, n, n.input(0), n.integer("p", 2), [&](Value v) { return c.reduce("Sum", v, axes, true); })};
}

constexpr ConverterEntry entries[] = {
    {"", "AveragePool", convert_average_pool},
    {"", "GlobalAveragePool", convert_global_average_pool},
    {"", "GlobalLpPool", convert_global_lp_pool},
    {"", "GlobalMaxPool", convert_global_max_pool},
    {"", "LpPool", convert_lp_pool},
    {"", "MaxPool", convert_max_pool},
};

}  // namespace

std::span<const ConverterEntry> pool_converters() { return entries; }

}  // namespace ezkl
