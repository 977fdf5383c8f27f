// Convolutions.
#include <algorithm>

#include "base/checked_int.hpp"
#include "graph/frontend/families.hpp"
#include "graph/frontend/window_geometry.hpp"

namespace ezkl {
namespace {

Integers kernel_of(const Shape& weights) { return {weights.begin() + 2, weights.end()}; }

void check_operands(Converter& c, const OnnxNode& n) {
  if (c.rank(n.input(0)) < 3 || c.rank(n.input(1)) != c.rank(n.input(0))) {
    n.fail(Fault::format, "an input " + to_string(c.shape(n.input(0))) + " does not go with weights " +
                              to_string(c.shape(n.input(1))));
  }
}

std::vector<Value> convert_conv(Converter& c, const OnnxNode& n) {
  check_operands(c, n);
  const Value x = n.input(0);
  const Value w = n.input(1);
  const WindowGeometry g = window_geometry(n, c.shape(x), kernel_of(c.shape(w)));
  std::vector<Value> inputs{x, w};
  if (n.has_input(2)) inputs.push_back(n.input(2));
  return {c.apply(
      "Conv", {{"strides", g.strides}, {"pads", g.pads}, {"dilations", g.dilations}, {"group", n.integer("group", 1)}},
      std::move(inputs))};
}

/// Weights with zeros between their elements stand for a dilated kernel.
Value dilate_kernel(Converter& c, Value w, const Integers& dilations) {
  if (std::all_of(dilations.begin(), dilations.end(), [](std::int64_t d) { return d == 1; })) return w;
  const Shape from = c.shape(w);
  Shape to = from;
  for (std::size_t i = 2; i < to.size(); ++i) to[i] = (from[i] - 1) * static_cast<std::size_t>(dilations[i - 2]) + 1;
  Integers map(c.charged_volume(to), -1);
  const std::vector<std::size_t> from_steps = strides(from);
  const std::vector<std::size_t> to_steps = strides(to);
  for (std::size_t flat = 0; flat < volume(from); ++flat) {
    std::size_t target = 0;
    for (std::size_t a = 0; a < from.size(); ++a) {
      const std::size_t index = flat / from_steps[a] % from[a];
      target += index * to_steps[a] * (a < 2 ? 1 : static_cast<std::size_t>(dilations[a - 2]));
    }
    map[target] = static_cast<std::int64_t>(flat);
  }
  return c.remap(w, to, std::move(map));
}

std::vector<Value> convert_conv_transpose(Converter& c, const OnnxNode& n) {
  check_operands(c, n);
  const Value x = n.input(0);
  const Shape shape = c.shape(x);
  const std::size_t rank = shape.size() - 2;
  constexpr std::int64_t most = 1 << 20;
  const auto list = [&](const std::string& attribute, std::size_t count, std::int64_t otherwise) {
    const Integers values = n.integers(attribute, Integers(count, otherwise));
    const bool sane = std::all_of(values.begin(), values.end(), [](std::int64_t v) { return v >= 0 && v < most; });
    if (values.size() != count || !sane) n.fail(Fault::format, "attribute '" + attribute + "' is malformed");
    return values;
  };
  const Integers step = list("strides", rank, 1);
  Integers pads = list("pads", 2 * rank, 0);
  Integers output_padding = list("output_padding", rank, 0);
  const Value w = dilate_kernel(c, n.input(1), list("dilations", rank, 1));
  const Integers kernel = kernel_of(c.shape(w));
  check_kernel_shape(n, kernel_of(c.shape(n.input(1))));
  const std::string mode = n.text("auto_pad", "NOTSET");
  if (mode != "NOTSET" && mode != "VALID" && mode != "SAME_UPPER" && mode != "SAME_LOWER") {
    n.fail(Fault::format, "auto_pad is '" + mode + "'");
  }
  if (n.has("output_shape") || mode == "SAME_UPPER" || mode == "SAME_LOWER") {
    Integers wanted = n.integers("output_shape");
    if (wanted.size() == rank + 2) wanted.erase(wanted.begin(), wanted.begin() + 2);
    for (std::size_t i = 0; i < rank; ++i) {
      const auto extent = static_cast<std::int64_t>(shape[i + 2]);
      const std::int64_t target = wanted.size() == rank ? wanted[i] : extent * step[i];
      const std::int64_t total = (CheckedInt(step[i]) * (extent - 1) + output_padding[i] + kernel[i] - target).value();
      if (total < -most) n.fail(Fault::format, "output_shape holds " + std::to_string(target));
      // A negative total asks for more rows than the kernel reaches: they are output padding.
      if (total < 0) output_padding[i] -= total;
      const std::int64_t cut = std::max<std::int64_t>(0, total);
      pads[i] = mode == "SAME_UPPER" ? cut / 2 : cut - cut / 2;
      pads[i + rank] = cut - pads[i];
    }
  }
  std::vector<Value> inputs{x, w};
  if (n.has_input(2)) inputs.push_back(n.input(2));
  return {c.apply("DeConv",
                  {{"strides", step},
                   {"pads", pads},
                   {"dilations", Integers(rank, 1)},
                   {"group", n.integer("group", 1)},
                   {"output_padding", output_padding}},
                  std::move(inputs))};
}

constexpr ConverterEntry entries[] = {
    {"", "Conv", convert_conv},
    {"", "ConvTranspose", convert_conv_transpose},
};

}  // namespace

std::span<const ConverterEntry> conv_converters() { return entries; }

}  // namespace ezkl
