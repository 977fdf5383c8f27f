// Pad {pads, value, mode} and Trilu {k, upper}: a tensor with places filled in from elsewhere.
#include <algorithm>

#include "graph/ops/families.hpp"
#include "graph/ops/placement.hpp"

namespace ezkl::ops {

namespace {

using claims::Tensor;
using claims::Writer;

struct Pads {
  std::vector<std::int64_t> begin;
  Shape shape;
};

/// `pads` lists what to add before each axis, then what to add after; negative numbers crop.
Pads pads_of(const OpContext& ctx) {
  const Shape& from = ctx.shapes[0];
  const std::vector<std::int64_t>& pads = ctx.op.integers("pads");
  require(ctx, pads.size() == 2 * from.size(),
          "pads has " + std::to_string(pads.size()) + " entries, a tensor of rank " + std::to_string(from.size()) +
              " needs " + std::to_string(2 * from.size()));
  Pads result;
  for (std::size_t a = 0; a < from.size(); ++a) {
    const std::int64_t before = pads[a];
    const std::int64_t after = pads[a + from.size()];
    const std::int64_t limit = std::int64_t(1) << 40;
    require(ctx, before > -limit && before < limit && after > -limit && after < limit, "pads are out of bounds");
    const std::int64_t extent = before + std::int64_t(from[a]) + after;
    require(ctx, extent >= 0, "pads remove more than axis " + std::to_string(a) + " has");
    result.begin.push_back(before);
    result.shape.push_back(std::size_t(extent));
  }
  return result;
}

Shape pad_shape(const OpContext& ctx) { return pads_of(ctx).shape; }

bool pads_with_constant(const OpContext& ctx) { return !ctx.op.has("mode") || ctx.op.text("mode") == "constant"; }

Window pad_window(const OpContext& ctx) {
  const Pads pads = pads_of(ctx);
  Window window{pads.shape, pads.shape, {}, ctx.op.real("value", 0)};
  for (std::size_t a = 0; a < pads.begin.size(); ++a) {
    window.axes.push_back({-pads.begin[a], {{std::uint32_t(a), 1}}});
  }
  return window;
}

std::int64_t positive_remainder(std::int64_t a, std::int64_t b) { return (a % b + b) % b; }

/// Where on an axis of `extent` elements position `at`, maybe outside of it, is taken from.
std::int64_t folded(const OpContext& ctx, std::int64_t at, std::int64_t extent) {
  const std::string& mode = ctx.op.text("mode");
  require(ctx, extent > 0, "cannot continue an axis without elements");
  if (mode == "edge") return at < 0 ? 0 : at >= extent ? extent - 1 : at;
  if (mode == "wrap") return positive_remainder(at, extent);
  require(ctx, mode == "reflect", "unknown mode '" + mode + "'");
  if (extent == 1) return 0;
  const std::int64_t there = positive_remainder(at, 2 * (extent - 1));
  return there < extent ? there : 2 * (extent - 1) - there;
}

Placement pad_placement(const OpContext& ctx) {
  const Pads pads = pads_of(ctx);
  const Shape& from = ctx.shapes[0];
  const std::vector<std::size_t> steps = strides(from);
  // What negative pads crop is gone before the rest is continued, as in onnxruntime. The published package continues
  // the whole.
  std::vector<std::int64_t> first(from.size(), 0), extent(from.begin(), from.end());
  for (std::size_t a = 0; a < from.size() && ctx.semantics == Semantics::onnx; ++a) {
    const std::int64_t after = std::int64_t(pads.shape[a]) - std::int64_t(from[a]) - pads.begin[a];
    first[a] = std::max<std::int64_t>(0, -pads.begin[a]);
    extent[a] = std::max<std::int64_t>(0, extent[a] - first[a] + std::min<std::int64_t>(0, after));
  }
  Placement placement{pads.shape, {}};
  charge(ctx, volume(placement.shape));
  for_each_index(pads.shape, [&](std::span<const std::size_t> index) {
    std::int64_t source = 0;
    for (std::size_t a = 0; a < index.size(); ++a) {
      const std::int64_t at = std::int64_t(index[a]) - pads.begin[a] - first[a];
      source += (first[a] + folded(ctx, at, extent[a])) * std::int64_t(steps[a]);
    }
    placement.map.push_back(source);
  });
  return placement;
}

FloatTensor pad_reference(const OpContext& ctx, std::span<const FloatTensor> in) {
  return pads_with_constant(ctx) ? look(pad_window(ctx), in[0]) : place(pad_placement(ctx), in);
}

Tensor pad_emit(Writer& w, const OpContext& ctx, std::span<const Tensor> in) {
  if (pads_with_constant(ctx)) return look(w, pad_window(ctx), in[0], ctx.scales[0]);
  return place(w, pad_placement(ctx), in, ctx.scales[0]);
}

constexpr AttributeRule pad_attributes[] = {attribute::integers("pads"), attribute::real("value").optional(),
                                            attribute::text("mode", "constant reflect edge wrap").optional()};
constexpr AttributeRule trilu_attributes[] = {attribute::integer("k").optional(),
                                              attribute::integer("upper").optional()};

Shape trilu_shape(const OpContext& ctx) {
  require(ctx, ctx.shapes[0].size() >= 2, "needs a tensor of rank 2 or more");
  return ctx.shapes[0];
}

/// ONNX zeroes by row and column of the last two axes. The published package returns matrices as they are and takes
/// the extents of axes 1 and 2 as the numbers of rows and columns, whatever the rank.
Placement trilu_placement(const OpContext& ctx) {
  const Shape shape = trilu_shape(ctx);
  const std::int64_t k = ctx.op.integer("k", 0);
  const bool upper = ctx.op.integer("upper", 1) != 0;
  const bool published = ctx.semantics == Semantics::published;
  const std::size_t rank = shape.size();
  const bool untouched = published && rank == 2;
  const std::size_t rows = published && !untouched ? shape[1] : shape[rank - 2];
  const std::size_t columns = published && !untouched ? shape[2] : shape[rank - 1];
  Placement placement{shape, {}};
  charge(ctx, volume(shape));
  std::int64_t position = 0;
  for_each_index(shape, [&](std::span<const std::size_t> index) {
    const std::size_t row = index[rank - 2];
    const std::size_t column = index[rank - 1];
    // Written so that no k overflows.
    const std::int64_t offset = std::int64_t(column) - std::int64_t(row);
    const bool cut = upper ? offset < k : offset > k;
    placement.map.push_back(cut && !untouched && row < rows && column < columns ? -1 : position);
    ++position;
  });
  return placement;
}

FloatTensor trilu_reference(const OpContext& ctx, std::span<const FloatTensor> in) {
  return place(trilu_placement(ctx), in);
}

Tensor trilu_emit(Writer& w, const OpContext& ctx, std::span<const Tensor> in) {
  return place(w, trilu_placement(ctx), in, ctx.scales[0]);
}

}  // namespace

std::span<const OpEntry> padding_ops() {
  static const OpEntry entries[] = {
      {"Pad", {1, 1, pad_attributes}, pad_shape, scale_of_first, no_positions, pad_reference, pad_emit},
      {"Trilu", {1, 1, trilu_attributes}, trilu_shape, scale_of_first, no_positions, trilu_reference, trilu_emit},
  };
  return entries;
}

}  // namespace ezkl::ops
