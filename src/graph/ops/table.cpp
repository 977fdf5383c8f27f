// Functions by table, and the logarithm that does without one (run argument bounded_log_lookup).
#include <cmath>

#include "graph/claims/compound.hpp"
#include "graph/claims/hint_values.hpp"
#include "graph/claims/interval.hpp"
#include "graph/ops/elementwise.hpp"
#include "graph/ops/families.hpp"
#include "graph/ops/flat_table.hpp"
#include "graph/ops/large_logarithm.hpp"
#include "graph/ops/placement.hpp"
#include "tensor/quantize.hpp"

namespace ezkl::ops {
namespace {

using claims::Tensor;
using claims::Term;
using claims::Writer;

/// 2^scale, as tables name it. errors: Fault::range for scales beyond those of any table.
float scale_factor(const OpContext& ctx) {
  constexpr int most = 100;
  if (ctx.scales[0] < -most || ctx.scales[0] > most) {
    refuse(ctx, Fault::range, "a table of scale " + std::to_string(ctx.scales[0]) + "; choose smaller scales");
  }
  return std::ldexp(1.0F, ctx.scales[0]);
}

template <double (*function)(double)>
FloatTensor table_reference(const OpContext&, std::span<const FloatTensor> in) {
  return map_reals(in[0], function);
}

Tensor table_emit(Writer& w, const OpContext& ctx, std::span<const Tensor> in) {
  return flat_table(w, in[0], {ctx.op.kind, {{"scale", scale_factor(ctx)}}});
}

double real_sigmoid(double x) { return 1 / (1 + std::exp(-x)); }
double real_hard_swish(double x) { return x <= -3 ? 0 : x >= 3 ? x : x * (x + 3) / 6; }

// Exp and TablePow carry a parameter.
constexpr AttributeRule exp_attributes[] = {attribute::real("base")};
constexpr AttributeRule pow_attributes[] = {attribute::real("a")};

/// Powers of a negative base would go up and down from key to key.
Shape exp_shape(const OpContext& ctx) {
  require(ctx, ctx.op.real("base") > 0, "the base must be above 0");
  return ctx.shapes[0];
}
FloatTensor exp_reference(const OpContext& ctx, std::span<const FloatTensor> in) {
  const double base = ctx.op.real("base");
  const bool natural = std::fabs(base - 2.718281828459045) < 1e-6;
  return map_reals(in[0], [base, natural](double x) { return natural ? std::exp(x) : std::pow(base, x); });
}
Tensor exp_emit(Writer& w, const OpContext& ctx, std::span<const Tensor> in) {
  return flat_table(w, in[0],
                    {"Exp", {{"scale", scale_factor(ctx)}, {"base", static_cast<float>(ctx.op.real("base"))}}});
}
FloatTensor pow_reference(const OpContext& ctx, std::span<const FloatTensor> in) {
  const double a = ctx.op.real("a");
  return map_reals(in[0], [a](double x) { return std::pow(x, a); });
}
Tensor pow_emit(Writer& w, const OpContext& ctx, std::span<const Tensor> in) {
  return w.table(in[0], {"Pow", {{"scale", scale_factor(ctx)}, {"a", static_cast<float>(ctx.op.real("a"))}}});
}

int ln_scale(const OpContext& ctx) { return ctx.args.bounded_log_lookup ? 4 * ctx.scales[0] : ctx.scales[0]; }

/// ln x from the power of two P = S·2^c nearest to x (the upper one of equally near ones) and a straight line through
/// it to the next power on x's side, S = 2^scale: (c·S³ + (x - P)·S³ / (distance to that power)) · ln 2.
///
/// The distances are P/2 and P, so their reciprocals are powers of two again and come from the same table as P.
Tensor bounded_ln(Writer& w, const OpContext& ctx, Tensor x) {
  const int s = ctx.scales[0];
  const Int128 one = power_of_two(ctx, s);
  const claims::Interval bounds = w.interval(x);
  if (bounds.hi < 1) refuse(ctx, Fault::range, "logarithm of values that are all zero or negative");
  const Tensor c = claims::hint_of(w, x, [s](Int128 v) {
    Int128 power = 1;
    int exponent = -s;
    while (v - power >= (power + 1) / 2) {  // 2v >= 3·power, in numbers that stay below v
      power *= 2;
      ++exponent;
    }
    return Int128{exponent};
  });
  const int top = claims::bit_length(bounds.hi) - s;
  claims::range_around(w, c, {-s, top});
  const claims::TableId powers{"PowersOfTwo", {{"scale", scale_factor(ctx)}}};
  const Tensor power = w.table(c, powers);
  // 3P <= 4x and 2x < 3P
  const Term below[] = {{4, x}, {-3, power}}, above[] = {{3, power}, {-2, x}};
  // These narrow the bounds of x where they are too wide to be multiplied.
  const Tensor under = w.linear(below, 0), over = w.linear(above, -1);
  claims::range_from(w, under, 0, 4 * w.interval(x).hi);
  claims::range_from(w, over, 0, 3 * w.interval(x).hi);
  w.deduce(c, {-s, top}, {x});  // P <= 4x/3, and P = 0 for c < -s, which 2x < 3P refuses as 0 <= 4x - 3P = 4x

  const Tensor rest = w.sub(x, power), up = claims::relu(w, rest), down = w.sub(rest, up);
  const Tensor steep_up = w.table(w.scale(c, -1, s), powers), steep_down = w.table(w.scale(c, -1, s + 1), powers);
  const Tensor below_line = w.mul(down, steep_down), above_line = w.mul(up, steep_up);
  const Tensor lines = w.add(above_line, below_line);
  const Term parts[] = {{one * one * one, c}, {1, lines}};
  const auto ln2 = static_cast<double>(static_cast<float>(std::log(2.0)) * scale_factor(ctx));
  return w.scale(w.linear(parts, 0), round_half_away(ln2));
}

Tensor ln_emit(Writer& w, const OpContext& ctx, std::span<const Tensor> in) {
  if (!ctx.args.bounded_log_lookup) {
    const claims::TableId table{"Ln", {{"scale", scale_factor(ctx)}}};
    return needs_large_logarithm(w, ctx, in[0]) ? large_logarithm(w, ctx, in[0], table) : w.table(in[0], table);
  }
  if (ctx.scales[0] < 0 || ctx.scales[0] > 20)
    refuse(ctx, Fault::range, "the bounded logarithm needs scales of 0 to 20");
  return bounded_ln(w, ctx, in[0]);
}

double real_ln(double x) { return std::log(x); }
double real_tanh(double x) { return std::tanh(x); }
double real_erf(double x) { return std::erf(x); }
double real_sin(double x) { return std::sin(x); }
double real_cos(double x) { return std::cos(x); }
double real_tan(double x) { return std::tan(x); }
double real_asin(double x) { return std::asin(x); }
double real_acos(double x) { return std::acos(x); }
double real_atan(double x) { return std::atan(x); }
double real_sinh(double x) { return std::sinh(x); }
double real_cosh(double x) { return std::cosh(x); }
double real_asinh(double x) { return std::asinh(x); }
double real_acosh(double x) { return std::acosh(x); }
double real_atanh(double x) { return std::atanh(x); }
double real_powers_of_two(double x) { return std::exp2(x); }

template <double (*function)(double)>
constexpr OpEntry by_table(std::string_view kind) {
  return {kind, {1, 1}, shape_of_first, scale_of_first, no_positions, table_reference<function>, table_emit};
}

const OpEntry entries[] = {
    {"Exp", {1, 1, exp_attributes}, exp_shape, scale_of_first, no_positions, exp_reference, exp_emit},
    {"TablePow", {1, 1, pow_attributes}, shape_of_first, scale_of_first, no_positions, pow_reference, pow_emit},
    {"Ln", {1, 1}, shape_of_first, ln_scale, no_positions, table_reference<real_ln>, ln_emit},
    by_table<real_sigmoid>("Sigmoid"),
    by_table<real_hard_swish>("HardSwish"),
    by_table<real_tanh>("Tanh"),
    by_table<real_erf>("Erf"),
    by_table<real_sin>("Sin"),
    by_table<real_cos>("Cos"),
    by_table<real_tan>("Tan"),
    by_table<real_asin>("ASin"),
    by_table<real_acos>("ACos"),
    by_table<real_atan>("ATan"),
    by_table<real_sinh>("Sinh"),
    by_table<real_cosh>("Cosh"),
    by_table<real_asinh>("ASinh"),
    by_table<real_acosh>("ACosh"),
    by_table<real_atanh>("ATanh"),
    by_table<real_powers_of_two>("PowersOfTwo"),
};

}  // namespace

std::span<const OpEntry> table_ops() { return entries; }

}  // namespace ezkl::ops
