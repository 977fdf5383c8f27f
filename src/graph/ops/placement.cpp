#include "graph/ops/placement.hpp"

#include <numeric>

#include "base/ensure.hpp"
#include "ezkl/error.hpp"
#include "tensor/quantize.hpp"

namespace ezkl::ops {

namespace {

/// The source element of every index of a window, or -1 outside.
std::vector<std::int64_t> sources_of(const Window& window, const Shape& input) {
  EZKL_ENSURE(window.axes.size() == input.size(), "a window has one map for each axis of its source");
  const std::vector<std::size_t> steps = strides(input);
  std::vector<std::int64_t> sources;
  sources.reserve(volume(window.loops));
  for_each_index(window.loops, [&](std::span<const std::size_t> index) {
    std::int64_t source = 0;
    for (std::size_t a = 0; a < input.size() && source >= 0; ++a) {
      std::int64_t at = window.axes[a].base;
      for (const auto& [loop, stride] : window.axes[a].strides) at += stride * std::int64_t(index[loop]);
      const bool inside = at >= 0 && at < std::int64_t(input[a]);
      source = inside ? source + at * std::int64_t(steps[a]) : -1;
    }
    sources.push_back(source);
  });
  return sources;
}

/// The axes of a tensor of `rank` with `axis` moved to the end.
std::vector<std::size_t> axis_last(std::size_t rank, std::size_t axis) {
  std::vector<std::size_t> order;
  for (std::size_t a = 0; a < rank; ++a) {
    if (a != axis) order.push_back(a);
  }
  order.push_back(axis);
  return order;
}

}  // namespace

FloatTensor place(const Placement& placement, std::span<const FloatTensor> inputs) {
  std::vector<double> all;
  for (const FloatTensor& input : inputs) all.insert(all.end(), input.data.begin(), input.data.end());
  FloatTensor out{inputs[0].type, placement.shape, {}};
  out.data.reserve(placement.map.size());
  for (std::int64_t from : placement.map) {
    out.data.push_back(from >= 0 ? all[std::size_t(from)] : placement.values[std::size_t(-1 - from)]);
  }
  return out;
}

claims::Tensor place(claims::Writer& w, const Placement& placement, std::span<const claims::Tensor> inputs, int scale) {
  claims::Values constants;
  for (double value : placement.values) constants.push_back(quantize(value, scale));
  return w.remap(placement.shape, inputs, placement.map, std::move(constants));
}

FloatTensor look(const Window& window, const FloatTensor& input) {
  FloatTensor out{input.type, window.shape, {}};
  const std::vector<std::int64_t> sources = sources_of(window, input.shape);
  out.data.reserve(sources.size());
  for (std::int64_t from : sources) out.data.push_back(from >= 0 ? input.data[std::size_t(from)] : window.outside);
  return out;
}

claims::Tensor look(claims::Writer& w, const Window& window, claims::Tensor input, int scale) {
  const claims::View view{input, window.loops, window.axes, quantize(window.outside, scale)};
  const claims::Tensor seen = w.view(view);
  return window.shape == window.loops ? seen : w.reshape(seen, window.shape);
}

void for_each_index(const Shape& shape, const std::function<void(std::span<const std::size_t>)>& visit) {
  const std::size_t count = volume(shape);
  std::vector<std::size_t> index(shape.size(), 0);
  for (std::size_t i = 0; i < count; ++i) {
    visit(index);
    for (std::size_t a = shape.size(); a-- > 0;) {
      if (++index[a] < shape[a]) break;
      index[a] = 0;
    }
  }
}

std::size_t flat(std::span<const std::size_t> index, const std::vector<std::size_t>& steps) {
  return std::inner_product(index.begin(), index.end(), steps.begin(), std::size_t(0));
}

void refuse(const OpContext& ctx, Fault fault, const std::string& message) {
  throw Error(fault, ctx.op.kind + ": " + message);
}

void require(const OpContext& ctx, bool condition, const std::string& message) {
  if (!condition) refuse(ctx, Fault::format, message);
}

void charge(const OpContext& ctx, std::size_t entries) {
  if (ctx.budget != nullptr) ctx.budget->charge(ModelBudget::Kind::make, entries);
}

std::size_t axis_of(const OpContext& ctx, const std::string& name, std::size_t rank) {
  const std::int64_t axis = ctx.op.integer(name);
  require(ctx, axis >= 0 && axis < std::int64_t(rank),
          name + " " + std::to_string(axis) + " is not an axis of a tensor of rank " + std::to_string(rank));
  return std::size_t(axis);
}

claims::Tensor lines_of(claims::Writer& w, claims::Tensor t, std::size_t axis) {
  const Shape shape = w.shape(t);
  const std::size_t length = shape[axis];
  const std::size_t lines = length == 0 ? 0 : volume(shape) / length;
  if (axis + 1 != shape.size()) t = w.transpose(t, axis_last(shape.size(), axis));
  return w.reshape(t, {lines, length});
}

claims::Tensor from_lines(claims::Writer& w, claims::Tensor lines, const Shape& shape, std::size_t axis) {
  const std::vector<std::size_t> order = axis_last(shape.size(), axis);
  Shape moved(shape.size());
  std::vector<std::size_t> back(shape.size());
  for (std::size_t a = 0; a < shape.size(); ++a) {
    moved[a] = shape[order[a]];
    back[order[a]] = a;
  }
  const claims::Tensor whole = w.reshape(lines, moved);
  return axis + 1 == shape.size() ? whole : w.transpose(whole, back);
}

std::vector<std::size_t> no_positions(const OpContext&) { return {}; }

std::vector<std::size_t> all_positions(const OpContext& ctx) {
  std::vector<std::size_t> positions(ctx.shapes.size());
  std::iota(positions.begin(), positions.end(), std::size_t(0));
  return positions;
}

int scale_of_first(const OpContext& ctx) { return ctx.scales[0]; }

int scale_zero(const OpContext&) { return 0; }

}  // namespace ezkl::ops
