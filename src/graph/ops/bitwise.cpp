// BitwiseAnd, BitwiseOr, BitwiseXor {}, BitwiseNot {bits, signed}, BitShift {direction, bits, signed}: integers as
// bits.
//
// Two's complement extends a number to any width without changing what the operators say of it, so each uses as many
// bits as the proven bounds of its operands need. Only And needs bits: x | y = x + y - (x & y), x ^ y = x + y - 2(x &
// y).
#include <algorithm>

#include "ezkl/error.hpp"
#include "graph/claims/compound.hpp"
#include "graph/ops/families.hpp"
#include "graph/ops/placement.hpp"

namespace ezkl::ops {

namespace {

using claims::Interval;
using claims::Tensor;
using claims::Values;
using claims::Writer;

constexpr std::size_t most_bits = 64;

constexpr AttributeRule bits_rule = attribute::integer("bits", 1, most_bits);
/// And, Or and Xor are the same for every width.
constexpr AttributeRule mix_attributes[] = {bits_rule.optional(), attribute::integer("signed").optional()};
constexpr AttributeRule not_attributes[] = {bits_rule, attribute::integer("signed")};
constexpr AttributeRule shift_attributes[] = {attribute::text("direction", "left right"), bits_rule,
                                              attribute::integer("signed").optional()};

Shape both_shape(const OpContext& ctx) { return broadcast_shape(ctx.shapes[0], ctx.shapes[1]); }
Shape first_shape(const OpContext& ctx) { return ctx.shapes[0]; }

void require_integers(const OpContext& ctx) {
  for (int scale : ctx.scales) {
    if (scale != 0) {
      refuse(ctx, Fault::unsupported, "an operand has scale " + std::to_string(scale) + ", only integers have bits");
    }
  }
}

std::size_t bits_attribute(const OpContext& ctx) { return std::size_t(ctx.op.integer("bits")); }

// ---- Numbers as bits

/// How many bits hold every number of an interval, the highest one weighing -2^(width-1) when `sign`.
struct Width {
  std::size_t bits;
  bool sign;
};

Width width_of(const OpContext& ctx, Interval bounds) {
  Width width{1, bounds.lo < 0};
  const auto fits = [&] {
    const Int128 reach = Int128(1) << (width.bits - (width.sign ? 1 : 0));
    return bounds.hi < reach && (!width.sign || bounds.lo >= -reach);
  };
  while (!fits() && width.bits < most_bits + 1) ++width.bits;
  if (!fits()) {
    refuse(ctx, Fault::range, "an operand may need more than " + std::to_string(most_bits) + " bits");
  }
  return width;
}

Values weights_of(const Width& width) {
  Values weights;
  for (std::size_t j = 0; j < width.bits; ++j) weights.push_back(Int128(1) << j);
  if (width.sign) weights.back() = -weights.back();
  return weights;
}

/// x [n] as bits [n, width], lowest first: every bit is 0 or 1 and the weighted sum is x.
Tensor bits_of(Writer& w, Tensor x, const Width& width) {
  const std::size_t count = volume(w.shape(x));
  const Shape shape{count, width.bits};
  const Tensor bits = w.hint(shape, {x}, [=](std::span<const Values* const> in) {
    Values digits;
    // Shifting a negative number right keeps its sign, so the lowest bits are two's complement.
    for (Int128 value : *in[0]) {
      for (std::size_t j = 0; j < width.bits; ++j) digits.push_back((value >> j) & 1);
    }
    return std::vector<Values>{digits};
  });
  claims::boolean(w, bits);
  const Tensor weights = w.constant({width.bits}, weights_of(width));
  const claims::View factors[] = {{bits, shape, {{0, {{0, 1}}}, {0, {{1, 1}}}}, 0},
                                  {weights, shape, {{0, {{1, 1}}}}, 0}};
  const Tensor sum = w.contract({count}, {width.bits}, factors);
  const claims::Term difference[] = {{1, x}, {-1, sum}};
  w.zero(difference, 0);
  return bits;
}

Tensor flat(Writer& w, Tensor t, const Shape& shape) { return w.reshape(w.broadcast(t, shape), {volume(shape)}); }

/// x & y of flat tensors.
Tensor bitwise_and(Writer& w, const OpContext& ctx, Tensor x, Tensor y) {
  if (w.is_fixed(x)) std::swap(x, y);
  const Width a = width_of(ctx, w.interval(x));
  const Width b = width_of(ctx, w.interval(y));
  // Above the highest bit of an operand that is never negative, the result is zero.
  const Width wide{std::max(a.bits, b.bits), true};
  const Width width = a.sign && b.sign ? wide
                                       : Width{a.sign   ? b.bits
                                               : b.sign ? a.bits
                                                        : std::min(a.bits, b.bits),
                                               false};
  const Tensor left = bits_of(w, x, a.sign ? wide : a);
  const std::size_t count = w.shape(x)[0];
  const Shape loops{count, width.bits};
  const auto seen = [&](Tensor bits) { return claims::View{bits, loops, {{0, {{0, 1}}}, {0, {{1, 1}}}}, 0}; };
  const Values weights = weights_of(width);
  if (w.is_fixed(y)) {
    // Bits of the verifier's numbers are weights themselves.
    Values masked;
    for (Int128 value : w.fixed_values(y)) {
      for (std::size_t j = 0; j < width.bits; ++j) masked.push_back(((value >> j) & 1) * weights[j]);
    }
    const claims::View factors[] = {seen(left), seen(w.constant(loops, std::move(masked)))};
    return w.contract({count}, {width.bits}, factors);
  }
  const Tensor right = bits_of(w, y, b.sign ? wide : b);
  const claims::View pair[] = {seen(left), seen(right)};
  const Tensor both = w.contract(loops, {}, pair);
  const claims::View factors[] = {seen(both), {w.constant({width.bits}, weights), loops, {{0, {{1, 1}}}}, 0}};
  return w.contract({count}, {width.bits}, factors);
}

enum class Mix { conjunction, disjunction, difference };

/// `f` of every pair of elements, numpy-wise.
template <class F>
FloatTensor paired(const OpContext& ctx, std::span<const FloatTensor> in, F f) {
  FloatTensor out{in[0].type, both_shape(ctx), {}};
  const std::vector<std::size_t> steps[] = {strides(in[0].shape), strides(in[1].shape)};
  for_each_index(out.shape, [&](std::span<const std::size_t> index) {
    std::size_t at[2] = {0, 0};
    for (std::size_t k = 0; k < 2; ++k) {
      const Shape& shape = in[k].shape;
      const auto own = index.last(shape.size());
      for (std::size_t a = 0; a < shape.size(); ++a) at[k] += shape[a] == 1 ? 0 : own[a] * steps[k][a];
    }
    out.data.push_back(f(in[0].data[at[0]], in[1].data[at[1]]));
  });
  return out;
}

template <Mix mix>
FloatTensor mix_reference(const OpContext& ctx, std::span<const FloatTensor> in) {
  return paired(ctx, in, [](double left, double right) {
    const auto x = std::int64_t(left);
    const auto y = std::int64_t(right);
    return double(mix == Mix::conjunction ? x & y : mix == Mix::disjunction ? x | y : x ^ y);
  });
}

template <Mix mix>
Tensor mix_emit(Writer& w, const OpContext& ctx, std::span<const Tensor> in) {
  require_integers(ctx);
  const Shape shape = both_shape(ctx);
  const Tensor x = flat(w, in[0], shape);
  const Tensor y = flat(w, in[1], shape);
  const Tensor both = bitwise_and(w, ctx, x, y);
  if (mix == Mix::conjunction) return w.reshape(both, shape);
  const claims::Term terms[] = {{1, x}, {1, y}, {mix == Mix::disjunction ? -1 : -2, both}};
  return w.reshape(w.linear(terms, 0), shape);
}

// ---- Not: -1 - x, or 2^bits - 1 - x for types without sign

Int128 all_ones(const OpContext& ctx) {
  return ctx.op.integer("signed") != 0 ? -1 : (Int128(1) << bits_attribute(ctx)) - 1;
}

FloatTensor not_reference(const OpContext& ctx, std::span<const FloatTensor> in) {
  FloatTensor out = in[0];
  for (double& value : out.data) value = round_to(out.type, double(all_ones(ctx)) - value);
  return out;
}

Tensor not_emit(Writer& w, const OpContext& ctx, std::span<const Tensor> in) {
  require_integers(ctx);
  return w.scale(in[0], -1, all_ones(ctx));
}

// ---- BitShift of numbers of `bits` bits: what leaves them on the left is lost; on the right, the sign comes in.
// Amounts outside [0, bits) push everything out.

bool shifts_left(const OpContext& ctx) { return ctx.op.text("direction") == "left"; }

bool is_signed(const OpContext& ctx) { return ctx.op.integer("signed", 0) != 0; }

FloatTensor shift_reference(const OpContext& ctx, std::span<const FloatTensor> in) {
  const bool left = shifts_left(ctx);
  const bool sign = is_signed(ctx);
  const auto bits = std::int64_t(bits_attribute(ctx));
  return paired(ctx, in, [=](double x, double by) {
    const Int128 value = Int128(x);
    const bool inside = by >= 0 && by < double(bits);
    const auto amount = int(inside ? by : double(bits));
    if (!left) return double(value >> amount);
    const Int128 kept = (value << amount) & ((Int128(1) << bits) - 1);
    return double(sign && (kept >> (bits - 1)) != 0 ? kept - (Int128(1) << bits) : kept);
  });
}

/// All of x by one public amount: floor(x / 2^amount), or the lowest bits - amount bits of x, moved up.
Tensor shift_by(Writer& w, const OpContext& ctx, Tensor x, Int128 amount) {
  const auto bits = int(bits_attribute(ctx));
  const bool out = amount < 0 || amount >= bits;
  if (out && (shifts_left(ctx) || !is_signed(ctx))) {
    return w.constant(w.shape(x), Values(volume(w.shape(x)), 0));
  }
  const int by = out ? bits - 1 : int(amount);
  if (by == 0) return x;
  if (!shifts_left(ctx)) return claims::divide(w, x, Int128(1) << by, claims::Rounding::floor);
  const Int128 factor = Int128(1) << by;
  const Int128 kept = Int128(1) << (bits - by);
  const Int128 low = is_signed(ctx) ? -(kept / 2) : 0;
  const Interval bounds = w.interval(x);
  if (bounds.lo >= low && bounds.hi < low + kept) return w.scale(x, factor);
  const Tensor lost = claims::divide(w, w.scale(x, 1, -low), kept, claims::Rounding::floor);
  return w.scale(w.sub(x, w.scale(lost, kept)), factor);
}

/// What bit j of `width` bits is worth after a shift by `amount`. The highest bit of a signed number stands for all
/// those above it, and weighs what they weigh together.
Int128 shifted_weight(const OpContext& ctx, const Width& width, int j, int amount) {
  const bool top = width.sign && j + 1 == int(width.bits);
  if (!shifts_left(ctx)) {
    if (top) return -(Int128(1) << std::max(j - amount, 0));
    return j >= amount ? Int128(1) << (j - amount) : 0;
  }
  const int last = int(bits_attribute(ctx)) - 1;
  if (j + amount > last) return 0;
  const Int128 weight = Int128(1) << (j + amount);
  return top || (is_signed(ctx) && j + amount == last) ? -weight : weight;
}

/// By amounts that the circuit computes: the indicator of the amount selects among all shifts of the bits of x.
Tensor shift_computed(Writer& w, const OpContext& ctx, Tensor x, Tensor amounts) {
  const std::size_t bits = bits_attribute(ctx);
  const Width width = width_of(ctx, w.interval(x));
  const std::size_t count = w.shape(x)[0];
  Values moved;  // [amount, bit]
  Values steps;
  for (std::size_t amount = 0; amount < bits; ++amount) {
    steps.push_back(Int128(amount));
    for (std::size_t j = 0; j < width.bits; ++j) moved.push_back(shifted_weight(ctx, width, int(j), int(amount)));
  }
  const Shape grid{count, bits};
  const Tensor digits = bits_of(w, x, width);
  const Shape loops{count, bits, width.bits};
  const claims::View weighed[] = {
      {digits, loops, {{0, {{0, 1}}}, {0, {{2, 1}}}}, 0},
      {w.constant({bits, width.bits}, std::move(moved)), loops, {{0, {{1, 1}}}, {0, {{2, 1}}}}, 0}};
  const Tensor shifts = w.contract(grid, {width.bits}, weighed);
  const Tensor each = w.broadcast(w.reshape(amounts, {count, 1}), grid);
  const Tensor chosen = w.is_zero(w.sub(each, w.constant({1, bits}, std::move(steps))));
  const auto seen = [&](Tensor t) { return claims::View{t, grid, {{0, {{0, 1}}}, {0, {{1, 1}}}}, 0}; };
  const claims::View factors[] = {seen(shifts), seen(chosen)};
  const Tensor within = w.contract({count}, {bits}, factors);
  if (shifts_left(ctx) || !is_signed(ctx)) return within;
  // No amount was hit: what remains is the sign, as after the longest shift.
  const std::size_t axes[] = {1};
  const Tensor missed = w.scale(w.reshape(w.sum(chosen, axes), {count}), -1, 1);
  const Tensor signs = w.view({shifts, {count}, {{0, {{0, 1}}}, {std::int64_t(bits) - 1, {}}}, 0});
  return w.add(within, w.mul(missed, signs));
}

Tensor shift_emit(Writer& w, const OpContext& ctx, std::span<const Tensor> in) {
  require_integers(ctx);
  const Shape shape = both_shape(ctx);
  const Tensor x = flat(w, in[0], shape);
  const Tensor amounts = flat(w, in[1], shape);
  if (!is_signed(ctx) && w.interval(x).lo < 0) w.range(x, {0, std::max<Int128>(w.interval(x).hi, 0)});
  if (!w.is_fixed(amounts)) return w.reshape(shift_computed(w, ctx, x, amounts), shape);
  const Values& by = w.fixed_values(amounts);
  std::vector<Int128> distinct(by.begin(), by.end());
  std::sort(distinct.begin(), distinct.end());
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  if (distinct.size() == 1) return w.reshape(shift_by(w, ctx, x, distinct[0]), shape);
  std::vector<Tensor> groups;
  std::vector<std::int64_t> places(by.size());
  std::int64_t next = 0;
  for (Int128 amount : distinct) {
    std::vector<std::int64_t> members;
    for (std::size_t i = 0; i < by.size(); ++i) {
      if (by[i] != amount) continue;
      members.push_back(std::int64_t(i));
      places[i] = next++;
    }
    const Tensor group = w.remap({members.size()}, std::span(&x, 1), members, {});
    groups.push_back(shift_by(w, ctx, group, amount));
  }
  return w.remap(shape, groups, std::move(places), {});
}

}  // namespace

std::span<const OpEntry> bitwise_ops() {
  static const OpEntry entries[] = {
      {"BitwiseAnd",
       {2, 2, mix_attributes},
       both_shape,
       scale_zero,
       no_positions,
       mix_reference<Mix::conjunction>,
       mix_emit<Mix::conjunction>},
      {"BitwiseOr",
       {2, 2, mix_attributes},
       both_shape,
       scale_zero,
       no_positions,
       mix_reference<Mix::disjunction>,
       mix_emit<Mix::disjunction>},
      {"BitwiseXor",
       {2, 2, mix_attributes},
       both_shape,
       scale_zero,
       no_positions,
       mix_reference<Mix::difference>,
       mix_emit<Mix::difference>},
      {"BitwiseNot", {1, 1, not_attributes}, first_shape, scale_zero, no_positions, not_reference, not_emit},
      {"BitShift", {2, 2, shift_attributes}, both_shape, scale_zero, no_positions, shift_reference, shift_emit},
  };
  return entries;
}

}  // namespace ezkl::ops
