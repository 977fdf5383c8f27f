// CumSum {axis, exclusive, reverse}: running sums along one axis.
#include "graph/ops/families.hpp"
#include "graph/ops/placement.hpp"

namespace ezkl::ops {

namespace {

using claims::Tensor;
using claims::Writer;

constexpr AttributeRule attributes[] = {attribute::integer("axis", 0), attribute::integer("exclusive").optional(),
                                        attribute::integer("reverse").optional()};

struct Running {
  std::size_t axis, length;
  bool exclusive, reverse;

  /// The element that step `i` adds.
  std::size_t element(std::size_t i) const { return reverse ? length - 1 - i : i; }
};

Running running_of(const OpContext& ctx) {
  const std::size_t axis = axis_of(ctx, "axis", ctx.shapes[0].size());
  return {axis, ctx.shapes[0][axis], ctx.op.integer("exclusive", 0) != 0, ctx.op.integer("reverse", 0) != 0};
}

Shape shape(const OpContext& ctx) {
  running_of(ctx);
  return ctx.shapes[0];
}

FloatTensor reference(const OpContext& ctx, std::span<const FloatTensor> in) {
  const Running running = running_of(ctx);
  FloatTensor out = in[0];
  if (out.data.empty()) return out;
  const std::size_t step = strides(out.shape)[running.axis];
  for (std::size_t line = 0; line < out.data.size() / running.length; ++line) {
    const std::size_t start = line / step * step * running.length + line % step;
    double sum = 0;
    for (std::size_t i = 0; i < running.length; ++i) {
      const std::size_t at = start + running.element(i) * step;
      const double before = sum;
      sum = round_to(out.type, sum + in[0].data[at]);
      out.data[at] = running.exclusive ? before : sum;
    }
  }
  return out;
}

/// One addition an element: sum_i = sum_{i-1} + x_i, all lines at once.
Tensor emit(Writer& w, const OpContext& ctx, std::span<const Tensor> in) {
  const Running running = running_of(ctx);
  if (volume(ctx.shapes[0]) == 0) return in[0];
  charge(ctx, volume(ctx.shapes[0]));
  const Tensor lines = lines_of(w, in[0], running.axis);
  const std::size_t count = w.shape(lines)[0];
  const auto column = [&](std::size_t i) {
    return w.view({lines, {count}, {{0, {{0, 1}}}, {std::int64_t(running.element(i)), {}}}, 0});
  };
  std::vector<Tensor> sums;
  if (running.exclusive) sums.push_back(w.constant({count}, claims::Values(count, 0)));
  sums.push_back(column(0));
  for (std::size_t i = 1; sums.size() < running.length; ++i) sums.push_back(w.add(sums.back(), column(i)));
  sums.resize(running.length);
  std::vector<std::int64_t> map(count * running.length);
  for (std::size_t i = 0; i < running.length; ++i) {
    for (std::size_t line = 0; line < count; ++line) {
      map[line * running.length + running.element(i)] = std::int64_t(i * count + line);
    }
  }
  return from_lines(w, w.remap({count, running.length}, sums, std::move(map), {}), ctx.shapes[0], running.axis);
}

}  // namespace

std::span<const OpEntry> scan_ops() {
  static const OpEntry entries[] = {
      {"CumSum", {1, 1, attributes}, shape, scale_of_first, no_positions, reference, emit}};
  return entries;
}

}  // namespace ezkl::ops
