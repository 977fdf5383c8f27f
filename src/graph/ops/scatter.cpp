// ScatterElements {axis, reduction}, ScatterND {reduction}: data with some places overwritten, or combined, by updates.
// Operands: data, indices, updates, or data, updates when the indices are an attribute.
//
// Known indices are data movement, in as many rounds as one place is named. Computed ones are proven by a permutation:
// the rows (update, index) together with the rows (data, place) of the places left alone are the rows (result, place),
// which also refuses duplicate indices; ONNX leaves their result undefined. With a reduction, each update meets the
// indicator of its index, and duplicates meet each other.
#include <algorithm>

#include "base/int128.hpp"
#include "ezkl/error.hpp"
#include "graph/claims/compound.hpp"
#include "graph/claims/interval.hpp"
#include "graph/ops/elementwise.hpp"
#include "graph/ops/families.hpp"
#include "graph/ops/index_values.hpp"
#include "graph/ops/placement.hpp"
#include "tensor/quantize.hpp"

namespace ezkl::ops {

namespace {

using claims::Tensor;
using claims::Values;
using claims::Writer;

std::size_t updates_at(const OpContext& ctx) { return has_index_attribute(ctx) ? 1 : 2; }

const Shape& updates_shape(const OpContext& ctx) { return ctx.shapes[updates_at(ctx)]; }

constexpr AttributeRule reduction_attribute = attribute::text("reduction", "none add mul max min").optional();

std::string reduction_of(const OpContext& ctx) { return ctx.op.has("reduction") ? ctx.op.text("reduction") : "none"; }

Shape elements_shape(const OpContext& ctx) {
  const Shape& data = ctx.shapes[0];
  const std::size_t axis = axis_of(ctx, "axis", data.size());
  check_index_operand(ctx, 2);
  const Shape indices = index_shape(ctx);
  require(ctx, indices.size() == data.size(), "indices and data differ in rank");
  require(ctx, updates_shape(ctx) == indices,
          "updates " + to_string(updates_shape(ctx)) + " and indices " + to_string(indices) + " differ in shape");
  for (std::size_t a = 0; a < data.size(); ++a) {
    require(ctx, a == axis || indices[a] <= data[a],
            "indices " + to_string(indices) + " exceed data " + to_string(data) + " on axis " + std::to_string(a));
  }
  return data;
}

/// The extents that an index tuple of ScatterND leads into, and the number of elements behind it.
struct TupleSplit {
  Shape indexed;
  std::size_t tuples = 1, tail = 1;
};

TupleSplit nd_split(const OpContext& ctx) {
  const Shape& data = ctx.shapes[0];
  check_index_operand(ctx, 2);
  const Shape indices = index_shape(ctx);
  require(ctx, !indices.empty() && indices.back() >= 1 && indices.back() <= data.size(),
          "index tuples do not fit data of shape " + to_string(data));
  const auto length = std::ptrdiff_t(indices.back());
  TupleSplit split;
  split.indexed.assign(data.begin(), data.begin() + length);
  Shape expected(indices.begin(), indices.end() - 1);
  split.tuples = volume(expected);
  const Shape tail(data.begin() + length, data.end());
  split.tail = volume(tail);
  expected.insert(expected.end(), tail.begin(), tail.end());
  require(ctx, updates_shape(ctx) == expected,
          "updates " + to_string(updates_shape(ctx)) + " should have shape " + to_string(expected));
  return split;
}

Shape nd_shape(const OpContext& ctx) {
  nd_split(ctx);
  return ctx.shapes[0];
}

/// The data element that each element of the updates goes to.
using Targets = std::vector<std::int64_t>;

Targets elements_targets(const OpContext& ctx, const std::vector<std::int64_t>& indices) {
  elements_shape(ctx);
  const std::size_t axis = axis_of(ctx, "axis", ctx.shapes[0].size());
  const std::vector<std::size_t> steps = strides(ctx.shapes[0]);
  Targets targets;
  charge(ctx, volume(index_shape(ctx)));
  for_each_index(index_shape(ctx), [&](std::span<const std::size_t> index) {
    const std::size_t at = position(ctx, indices[targets.size()], ctx.shapes[0][axis]);
    targets.push_back(std::int64_t(flat(index, steps) + (at - index[axis]) * steps[axis]));
  });
  return targets;
}

Targets nd_targets(const OpContext& ctx, const std::vector<std::int64_t>& indices) {
  const TupleSplit split = nd_split(ctx);
  const std::vector<std::size_t> steps = strides(split.indexed);
  const std::size_t length = split.indexed.size();
  Targets targets;
  charge(ctx, volume({split.tuples, split.tail}));
  for (std::size_t tuple = 0; tuple < split.tuples; ++tuple) {
    std::size_t at = 0;
    for (std::size_t j = 0; j < length; ++j) {
      at += position(ctx, indices[tuple * length + j], split.indexed[j]) * steps[j];
    }
    for (std::size_t i = 0; i < split.tail; ++i) targets.push_back(std::int64_t(at * split.tail + i));
  }
  return targets;
}

// ---- Known indices

double combine(const std::string& reduction, double old, double update) {
  if (reduction == "add") return old + update;
  if (reduction == "mul") return old * update;
  if (reduction == "max") return std::max(old, update);
  return reduction == "min" ? std::min(old, update) : update;
}

FloatTensor reference(const OpContext& ctx, std::span<const FloatTensor> in, const Targets& targets) {
  const std::string reduction = reduction_of(ctx);
  FloatTensor out = in[0];
  const std::vector<double>& updates = in[updates_at(ctx)].data;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    double& place = out.data[std::size_t(targets[i])];
    place = round_to(out.type, combine(reduction, place, updates[i]));
  }
  return out;
}

Tensor combine(Writer& w, const OpContext& ctx, const std::string& reduction, Tensor old, Tensor update) {
  if (reduction == "add") return w.add(old, update);
  if (reduction == "max") return claims::max_of(w, old, update);
  if (reduction == "min") return claims::min_of(w, old, update);
  const int scale = ctx.scales[updates_at(ctx)];
  const Tensor product = w.mul(old, update);
  return scale == 0 ? product : claims::divide(w, product, power_of_two(ctx, scale), claims::Rounding::half_away);
}

/// The k-th naming of a place belongs to round k, so that within a round all places differ.
std::vector<std::vector<std::size_t>> rounds_of(const Targets& targets, std::size_t places) {
  std::vector<std::size_t> named(places, 0);
  std::vector<std::vector<std::size_t>> rounds;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const std::size_t round = named[std::size_t(targets[i])]++;
    if (round == rounds.size()) rounds.emplace_back();
    rounds[round].push_back(i);
  }
  return rounds;
}

Tensor scatter_known(Writer& w, const OpContext& ctx, Tensor data, Tensor updates, const Targets& targets) {
  const std::string reduction = reduction_of(ctx);
  const std::size_t places = volume(ctx.shapes[0]);
  const std::vector<std::vector<std::size_t>> rounds = rounds_of(targets, places);
  // Each round is a movement of the whole tensor.
  constexpr std::size_t most = std::size_t{1} << 27;
  if (!rounds.empty() && rounds.size() > std::max(most / std::max<std::size_t>(places, 1), std::size_t{1})) {
    refuse(ctx, Fault::unsupported,
           "one of " + std::to_string(places) + " places is named " + std::to_string(rounds.size()) +
               " times; add the updates up before they are scattered");
  }
  for (const std::vector<std::size_t>& round : rounds) {
    charge(ctx, places);
    Placement old{{round.size()}, {}};
    Placement fresh{{round.size()}, {}};
    Placement merged{ctx.shapes[0], {}};
    for (std::size_t place = 0; place < places; ++place) merged.map.push_back(std::int64_t(place));
    for (std::size_t i = 0; i < round.size(); ++i) {
      old.map.push_back(targets[round[i]]);
      fresh.map.push_back(std::int64_t(round[i]));
      merged.map[std::size_t(targets[round[i]])] = std::int64_t(places + i);
    }
    Tensor update = place(w, fresh, std::span(&updates, 1), 0);
    if (reduction != "none") {
      update = combine(w, ctx, reduction, place(w, old, std::span(&data, 1), 0), update);
    }
    const Tensor parts[] = {data, update};
    data = place(w, merged, parts, 0);
  }
  return data;
}

// ---- Computed indices, on lines: data [lines, length], indices and updates [lines, count]

/// Each index of a line once, as a mark on its place.
/// errors: Fault::range for an index outside the line and for one that occurs twice.
std::vector<bool> named_places(std::span<const Int128> indices, std::size_t length) {
  std::vector<bool> named(length, false);
  for (Int128 index : indices) {
    if (index < 0 || index >= Int128(length)) {
      throw Error(Fault::range, "index " + to_string(index) + " is outside [0, " + std::to_string(length) + ")");
    }
    if (named[std::size_t(index)]) {
      throw Error(Fault::range, "index " + to_string(index) + " occurs twice, the result would be undefined");
    }
    named[std::size_t(index)] = true;
  }
  return named;
}

/// [lines, a] next to [lines, b].
Tensor beside(Writer& w, Tensor left, Tensor right) {
  const Shape a = w.shape(left);
  const Shape b = w.shape(right);
  std::vector<std::int64_t> map;
  for (std::size_t line = 0; line < a[0]; ++line) {
    for (std::size_t i = 0; i < a[1]; ++i) map.push_back(std::int64_t(line * a[1] + i));
    for (std::size_t i = 0; i < b[1]; ++i) map.push_back(std::int64_t(a[0] * a[1] + line * b[1] + i));
  }
  const Tensor parts[] = {left, right};
  return w.remap({a[0], a[1] + b[1]}, parts, std::move(map), {});
}

Tensor overwrite_lines(Writer& w, const OpContext& ctx, Tensor data, Tensor indices, Tensor updates) {
  const std::size_t lines = w.shape(data)[0];
  const std::size_t length = w.shape(data)[1];
  const std::size_t count = w.shape(indices)[1];
  require(ctx, count <= length,
          std::to_string(count) + " updates of " + std::to_string(length) +
              " places: some index must occur twice, which is not defined");
  Tensor rows = updates;
  Tensor places = indices;
  if (count < length) {
    const Tensor rest = w.hint({lines, length - count}, {indices}, [=](std::span<const Values* const> in) {
      Values values;
      for (std::size_t line = 0; line < lines; ++line) {
        const auto named = named_places(std::span(*in[0]).subspan(line * count, count), length);
        for (std::size_t place = 0; place < length; ++place) {
          if (!named[place]) values.push_back(Int128(place));
        }
      }
      return std::vector<Values>{values};
    });
    const Tensor kept = w.gather(data, rest);
    rows = beside(w, updates, kept);
    places = beside(w, indices, rest);
  }
  const Tensor result = w.hint({lines, length}, {rows, places}, [=](std::span<const Values* const> in) {
    Values values(lines * length, 0);
    for (std::size_t line = 0; line < lines; ++line) {
      const std::span<const Int128> at = std::span(*in[1]).subspan(line * length, length);
      named_places(at, length);
      for (std::size_t i = 0; i < length; ++i) {
        values[line * length + std::size_t(at[i])] = (*in[0])[line * length + i];
      }
    }
    return std::vector<Values>{values};
  });
  Values order;
  for (std::size_t i = 0; i < lines * length; ++i) order.push_back(Int128(i % length));
  const Tensor ys[] = {result, w.constant({lines, length}, std::move(order))};
  const Tensor xs[] = {rows, places};
  w.permute(ys, xs);
  return result;
}

/// Every update at its place and `elsewhere` (broadcast to [lines, length, 1]) at all others: [lines, length, count].
Tensor spread(Writer& w, Tensor indices, Tensor updates, std::size_t length, Tensor elsewhere) {
  const std::size_t lines = w.shape(indices)[0];
  const std::size_t count = w.shape(indices)[1];
  const Tensor hot = claims::one_hot(w, indices, length);  // [lines, count, length]
  const Shape loops{lines, length, count};
  const Tensor change = w.sub(w.broadcast(w.reshape(updates, {lines, 1, count}), loops), elsewhere);
  const claims::View factors[] = {{hot, loops, {{0, {{0, 1}}}, {0, {{2, 1}}}, {0, {{1, 1}}}}, 0}, w.identity(change)};
  const Tensor spread = w.add(w.contract(loops, {}, factors), elsewhere);
  if (!w.is_proven(updates) || !w.is_proven(elsewhere)) return spread;
  // One or the other, because the indicator is 0 or 1.
  w.deduce(spread, claims::hull(w.interval(updates), w.interval(elsewhere)), {updates, elsewhere});
  return spread;
}

Tensor number(Writer& w, Int128 value) { return w.constant({1, 1, 1}, {value}); }

Tensor add_lines(Writer& w, Tensor data, Tensor indices, Tensor updates) {
  const Shape shape = w.shape(data);
  const std::size_t axes[] = {2};
  return w.add(data, w.reshape(w.sum(spread(w, indices, updates, shape[1], number(w, 0)), axes), shape));
}

Tensor extreme_lines(Writer& w, Tensor data, Tensor indices, Tensor updates, bool largest) {
  const Shape shape = w.shape(data);
  const Tensor candidates = spread(w, indices, updates, shape[1], w.reshape(data, {shape[0], shape[1], 1}));
  const Tensor best = w.reshape(largest ? claims::maximum(w, candidates, 2) : claims::minimum(w, candidates, 2), shape);
  return largest ? claims::max_of(w, data, best) : claims::min_of(w, data, best);
}

Tensor multiply_lines(Writer& w, const OpContext& ctx, Tensor data, Tensor indices, Tensor updates) {
  const Shape shape = w.shape(data);
  const Tensor factors = spread(w, indices, updates, shape[1], number(w, power_of_two(ctx, ctx.scales[2])));
  for (std::size_t k = 0; k < w.shape(indices)[1]; ++k) {
    const Tensor factor = w.view({factors, shape, {{0, {{0, 1}}}, {0, {{1, 1}}}, {std::int64_t(k), {}}}, 0});
    data = combine(w, ctx, "mul", data, factor);
  }
  return data;
}

Tensor scatter_lines(Writer& w, const OpContext& ctx, Tensor data, Tensor indices, Tensor updates) {
  const std::string reduction = reduction_of(ctx);
  if (reduction == "add") return add_lines(w, data, indices, updates);
  if (reduction == "mul") return multiply_lines(w, ctx, data, indices, updates);
  if (reduction == "none") return overwrite_lines(w, ctx, data, indices, updates);
  return extreme_lines(w, data, indices, updates, reduction == "max");
}

Tensor elements_computed(Writer& w, const OpContext& ctx, std::span<const Tensor> in) {
  const Shape data = elements_shape(ctx);
  const std::size_t axis = axis_of(ctx, "axis", data.size());
  Shape box = index_shape(ctx);
  box[axis] = data[axis];
  Window seen{box, box, {}};
  for (std::size_t a = 0; a < box.size(); ++a) seen.axes.push_back({0, {{std::uint32_t(a), 1}}});
  const Tensor source = box == data ? in[0] : look(w, seen, in[0], 0);
  const Tensor places = lines_of(w, computed_positions(w, ctx, in[1], data[axis]), axis);
  const Tensor updates = lines_of(w, in[2], axis), base = lines_of(w, source, axis);
  const Tensor lines = scatter_lines(w, ctx, base, places, updates);
  const Tensor changed = from_lines(w, lines, box, axis);
  if (box == data) return changed;
  charge(ctx, volume(data));
  Placement merged{data, {}};
  const std::vector<std::size_t> steps = strides(box);
  for_each_index(data, [&](std::span<const std::size_t> index) {
    const bool inside = std::equal(index.begin(), index.end(), box.begin(), std::less<>());
    const std::size_t here = merged.map.size();
    merged.map.push_back(std::int64_t(inside ? flat(index, steps) : volume(box) + here));
  });
  const Tensor parts[] = {changed, in[0]};
  return place(w, merged, parts, 0);
}

Tensor nd_computed(Writer& w, const OpContext& ctx, std::span<const Tensor> in) {
  const TupleSplit split = nd_split(ctx);
  const std::size_t length = volume(split.indexed);
  const Tensor data = lines_of(w, w.reshape(in[0], {length, split.tail}), 0);
  const Tensor updates = lines_of(w, w.reshape(in[2], {split.tuples, split.tail}), 0);
  const Tensor places = w.reshape(linear_positions(w, ctx, in[1], split.indexed), {1, split.tuples});
  const Tensor lines = scatter_lines(w, ctx, data, w.broadcast(places, {split.tail, split.tuples}), updates);
  return w.reshape(from_lines(w, lines, {length, split.tail}, 0), ctx.shapes[0]);
}

/// Data and updates meet in one tensor. The published package leaves their scales apart when the indices are known.
std::vector<std::size_t> homogeneous(const OpContext& ctx) {
  const bool untouched = has_index_attribute(ctx) && ctx.semantics == Semantics::published;
  return untouched ? std::vector<std::size_t>{} : std::vector<std::size_t>{0, updates_at(ctx)};
}

using Known = Targets (*)(const OpContext&, const std::vector<std::int64_t>&);
using Computed = Tensor (*)(Writer&, const OpContext&, std::span<const Tensor>);

constexpr AttributeRule elements_attributes[] = {attribute::integer("axis", 0), reduction_attribute, indices_attribute,
                                                 indices_shape_attribute};
constexpr AttributeRule nd_attributes[] = {reduction_attribute, indices_attribute, indices_shape_attribute};

template <Known known, Computed computed>
constexpr OpEntry entry(std::string_view kind, std::span<const AttributeRule> attributes,
                        Shape (*shape)(const OpContext&)) {
  return {kind,
          {2, 3, attributes},
          shape,
          scale_of_first,
          homogeneous,
          [](const OpContext& ctx, std::span<const FloatTensor> in) {
            return reference(ctx, in, known(ctx, raw_indices(ctx, in)));
          },
          [](Writer& w, const OpContext& ctx, std::span<const Tensor> in) {
            if (const auto indices = fixed_indices(w, ctx, in)) {
              return scatter_known(w, ctx, in[0], in[updates_at(ctx)], known(ctx, *indices));
            }
            require(ctx, volume(ctx.shapes[0]) > 0 && volume(ctx.shapes[1]) > 0,
                    "computed indices need data and indices with elements");
            return computed(w, ctx, in);
          }};
}

}  // namespace

std::span<const OpEntry> scatter_ops() {
  static const OpEntry entries[] = {
      entry<elements_targets, elements_computed>("ScatterElements", elements_attributes, elements_shape),
      entry<nd_targets, nd_computed>("ScatterND", nd_attributes, nd_shape),
  };
  return entries;
}

}  // namespace ezkl::ops
