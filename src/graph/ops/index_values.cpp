#include "graph/ops/index_values.hpp"

#include "base/checked_int.hpp"
#include "base/int128.hpp"
#include "ezkl/error.hpp"
#include "graph/ops/placement.hpp"

namespace ezkl::ops {

using claims::Tensor;
using claims::Values;
using claims::Writer;

bool has_index_attribute(const OpContext& ctx) { return ctx.op.has("indices"); }

void check_index_operand(const OpContext& ctx, std::size_t others) {
  require(ctx, ctx.shapes.size() == others + (has_index_attribute(ctx) ? 0 : 1),
          "has " + std::to_string(ctx.shapes.size()) + " operands " +
              (has_index_attribute(ctx) ? "besides known indices" : "in which indices are none"));
}

Shape index_shape(const OpContext& ctx) {
  if (!has_index_attribute(ctx)) return ctx.shapes[1];
  Shape shape;
  for (std::int64_t extent : ctx.op.integers("indices_shape")) {
    require(ctx, extent >= 0, "indices_shape holds the negative extent " + std::to_string(extent));
    shape.push_back(std::size_t(extent));
  }
  require(ctx, volume(shape) == ctx.op.integers("indices").size(), "indices and indices_shape disagree");
  return shape;
}

std::vector<std::int64_t> raw_indices(const OpContext& ctx, std::span<const FloatTensor> in) {
  if (has_index_attribute(ctx)) return ctx.op.integers("indices");
  std::vector<std::int64_t> indices;
  for (double value : in[1].data) indices.push_back(saturated_integer(value));
  return indices;
}

std::optional<std::vector<std::int64_t>> fixed_indices(Writer& w, const OpContext& ctx, std::span<const Tensor> in) {
  if (has_index_attribute(ctx)) return ctx.op.integers("indices");
  if (!w.is_fixed(in[1])) return std::nullopt;
  std::vector<std::int64_t> indices;
  for (Int128 value : w.fixed_values(in[1])) {
    require(ctx, value >= INT64_MIN && value <= INT64_MAX, "index " + to_string(value) + " is out of bounds");
    indices.push_back(std::int64_t(value));
  }
  return indices;
}

std::size_t position(const OpContext& ctx, std::int64_t index, std::size_t extent) {
  std::int64_t at = index;
  if (at < 0) {
    const bool counts_back = ctx.semantics == Semantics::onnx || (at == -1 && ctx.op.kind == "Gather");
    at = counts_back ? at + std::int64_t(extent) : 0;
  }
  require(ctx, at >= 0 && at < std::int64_t(extent),
          "index " + std::to_string(index) + " is outside an axis of " + std::to_string(extent) + " elements");
  return std::size_t(at);
}

Tensor computed_positions(Writer& w, const OpContext& ctx, Tensor indices, std::size_t extent) {
  if (ctx.scales[1] != 0) {
    refuse(ctx, Fault::unsupported,
           "the indices have scale " + std::to_string(ctx.scales[1]) + ", only integers (scale 0) can be indices");
  }
  if (ctx.semantics != Semantics::onnx || w.nonnegative(indices)) return indices;
  const Tensor negative = w.hint(w.shape(indices), {indices}, [](std::span<const Values* const> in) {
    Values flags;
    for (Int128 index : *in[0]) flags.push_back(index < 0 ? 1 : 0);
    return std::vector<Values>{flags};
  });
  w.range(negative, {0, 1});
  const claims::Term terms[] = {{1, indices}, {Int128(extent), negative}};
  return w.linear(terms, 0);
}

Tensor linear_positions(Writer& w, const OpContext& ctx, Tensor indices, const Shape& extents) {
  const std::size_t rank = extents.size();
  const std::size_t tuples = volume(w.shape(indices)) / rank;
  const Tensor rows = w.reshape(indices, {tuples, rank});
  const std::vector<std::size_t> steps = strides(extents);
  std::vector<claims::Term> terms;
  for (std::size_t j = 0; j < rank; ++j) {
    const Tensor column = w.view({rows, {tuples}, {{0, {{0, 1}}}, {std::int64_t(j), {}}}});
    const Tensor at = computed_positions(w, ctx, column, extents[j]);
    if (j > 0) {
      w.range(at, {0, Int128(extents[j]) - 1});
    } else {
      w.interval(at);  // an integer, so that its multiple of the step tells it
    }
    terms.push_back({Int128(steps[j]), at});
  }
  return rank == 1 ? terms[0].tensor : w.linear(terms, 0);
}

}  // namespace ezkl::ops
