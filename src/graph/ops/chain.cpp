#include "graph/ops/chain.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <string>

#include "base/parallel.hpp"
#include "graph/claims/interval.hpp"
#include "graph/ops/elementwise.hpp"
#include "graph/ops/families.hpp"
#include "graph/ops/placement.hpp"
#include "tensor/quantize.hpp"

namespace ezkl::ops {
namespace {

using claims::Tensor;
using claims::Values;
using claims::Writer;

constexpr ChainRule rules[] = {
    {"Constant", 0},
    {"Add", 2},
    {"Sub", 2},
    {"Mult", 2},
    {"Quotient", 2},
    {"Max", 2},
    {"Min", 2},
    {"Greater", 2},
    {"Less", 2},
    {"GreaterEqual", 2},
    {"LessEqual", 2},
    {"Equals", 2},
    {"And", 2},
    {"Or", 2},
    {"Xor", 2},
    {"Iff", 3},
    {"Not", 1},
    {"Neg", 1},
    {"Abs", 1},
    {"Sign", 1},
    {"Sqrt", 1},
    {"Recip", 1},
    {"Rsqrt", 1},
    {"Ln", 1},
    {"Sigmoid", 1},
    {"HardSwish", 1},
    {"Tanh", 1},
    {"Erf", 1},
    {"Sin", 1},
    {"Cos", 1},
    {"ATan", 1},
    {"Sinh", 1},
    {"Cosh", 1},
    {"ASinh", 1},
    {"Exp", 1, "base"},
    {"LeakyReLU", 1, "slope"},
    {"TablePow", 1, "a"},
    {"Div", 1, "denom"},
    {"Pow", 1, "exponent", true},
    {"Identity", 1, "shift", true},
};

constexpr std::int64_t most_code = std::int64_t{std::max(std::size(rules), most_chain_steps + 1)};
constexpr AttributeRule attributes[] = {attribute::integers("steps", 0, most_code), attribute::reals("numbers"),
                                        attribute::integer("reach", 1, most_chain_reach), scale_attribute[0]};

/// Keys that are computed at a time.
constexpr std::size_t block = 1 << 10;
constexpr Int128 most_keys = Int128{1} << 24;
/// As in tables of functions: what is larger leaves no room for what is computed from it.
constexpr double largest_entry = 0x1p62;

[[noreturn]] void malformed(const std::string& problem) { throw Error(Fault::format, "Chain: " + problem); }

OpSpec op_of(const ChainStep& step) {
  const ChainRule& rule = rules[step.rule];
  OpSpec op{std::string(rule.kind), {}};
  if (rule.parameter.empty()) return op;
  Attribute& value = op.attributes[std::string(rule.parameter)];
  if (rule.whole) {
    value = static_cast<std::int64_t>(step.number);
  } else {
    value = step.number;
  }
  return op;
}

void check_number(const ChainStep& step) {
  constexpr double largest_whole = 0x1p53;
  if (!std::isfinite(step.number)) malformed("a number is not finite");
  const bool whole = std::trunc(step.number) == step.number && std::fabs(step.number) <= largest_whole;
  if (rules[step.rule].whole && !whole) malformed("an exponent or shift is no integer");
}

/// errors: Fault::format.
std::vector<ChainStep> steps_of(const OpSpec& op) {
  const std::vector<std::int64_t>& codes = op.integers("steps");
  const std::vector<double>& numbers = op.reals("numbers");
  if (numbers.empty() || numbers.size() > most_chain_steps) malformed(std::to_string(numbers.size()) + " steps");
  std::vector<ChainStep> steps;
  std::size_t at = 0;
  const auto next = [&](std::size_t bound) {
    if (at >= codes.size()) malformed("its steps end early");
    const std::int64_t code = codes[at++];
    if (code < 0 || code >= static_cast<std::int64_t>(bound)) malformed("a step reads what is not there");
    return static_cast<std::uint32_t>(code);
  };
  for (const double number : numbers) {
    ChainStep step{next(std::size(rules)), {}, number};
    const ChainRule& rule = rules[step.rule];
    for (std::size_t k = 0; k < rule.operands; ++k) step.operands[k] = next(steps.size() + 1);
    check_number(step);
    if (rule.operands > 0) {
      const OpSpec spec = op_of(step);
      check_signature(op_entry(rule.kind).signature, spec, rule.operands);
    }
    steps.push_back(step);
  }
  if (at != codes.size()) malformed("it has more codes than steps");
  return steps;
}

/// The last step's value for every element of `x`, in double precision throughout.
FloatTensor run_steps(const std::vector<ChainStep>& steps, const FloatTensor& x) {
  static const RunArgs args;
  std::vector<FloatTensor> values{x};
  for (const ChainStep& step : steps) {
    const ChainRule& rule = rules[step.rule];
    if (rule.operands == 0) {
      values.push_back({DType::f64, {1}, {step.number}});
      continue;
    }
    std::vector<FloatTensor> operands;
    std::vector<Shape> shapes;
    for (std::size_t k = 0; k < rule.operands; ++k) {
      operands.push_back(values[step.operands[k]]);
      shapes.push_back(operands.back().shape);
    }
    const std::vector<int> scales(rule.operands, 0);
    const OpSpec op = op_of(step);
    FloatTensor value = op_entry(rule.kind).reference({op, shapes, scales, args, args.semantics, "Chain"}, operands);
    value.type = DType::f64;  // comparisons give booleans, which are 0 and 1 here
    values.push_back(std::move(value));
  }
  return broadcast_reals(values.back(), x.shape);
}

Shape shape(const OpContext& ctx) {
  steps_of(ctx.op);
  return ctx.shapes[0];
}

int natural_scale(const OpContext& ctx) { return static_cast<int>(ctx.op.integer("scale", ctx.base_scale())); }

FloatTensor reference(const OpContext& ctx, std::span<const FloatTensor> in) {
  FloatTensor out = run_steps(steps_of(ctx.op), {DType::f64, in[0].shape, in[0].data});
  out.type = in[0].type;
  for (double& value : out.data) value = round_to(out.type, value);
  return out;
}

/// Pays for the entries of so many keys.
void charge_entries(const OpContext& ctx, std::size_t keys) { charge(ctx, keys * ctx.op.reals("numbers").size()); }

Values values_at(const OpContext& ctx, const Values& keys) {
  auto entries = chain_entries(ctx.op, keys, ctx.scales[0], natural_scale(ctx));
  if (!entries) refuse(ctx, Fault::range, "has no value that a circuit holds for some key of its table");
  return *std::move(entries);
}

/// A lookup in constants: in both proof systems it holds the index within the table, so no other key has a proof, and
/// of a key there is one entry.
Tensor emit(Writer& w, const OpContext& ctx, std::span<const Tensor> in) {
  const Tensor key = in[0];
  const Int128 last = last_chain_key(ctx.op, ctx.scales[0]);
  claims::Interval keys{-last, last};
  if (w.is_fixed(key)) {
    for (const Int128 value : w.fixed_values(key)) {
      if (value < keys.lo || value > keys.hi) refuse(ctx, Fault::range, "a constant lies outside of its table");
    }
    charge_entries(ctx, volume(w.shape(key)));
    return w.constant(w.shape(key), values_at(ctx, w.fixed_values(key)));
  }
  // Keys that are not there need no entry, and what is computed from the result knows its bounds by the entries.
  if (w.is_proven(key)) {
    keys = claims::intersect(keys, w.interval(key));
    if (keys.lo > keys.hi) refuse(ctx, Fault::range, "every value lies outside of its table");
  }
  const auto count = static_cast<std::size_t>(keys.hi - keys.lo + 1);
  charge_entries(ctx, count);
  Values list(count);
  for (std::size_t i = 0; i < count; ++i) list[i] = keys.lo + static_cast<Int128>(i);
  const Tensor table = w.constant({1, count}, values_at(ctx, list));
  const Tensor index = w.reshape(w.scale(key, 1, -keys.lo), {1, volume(w.shape(key))});
  const Tensor out = w.gather(table, index);
  w.deduce(key, keys, {index});  // index = key - lo, which the lookup holds within 0 .. hi - lo
  return w.reshape(out, w.shape(key));
}

const OpEntry entries[] = {{"Chain", {1, 1, attributes}, shape, natural_scale, no_positions, reference, emit}};

}  // namespace

std::span<const ChainRule> chain_rules() { return rules; }

OpSpec chain_op(const std::vector<ChainStep>& steps) {
  std::vector<std::int64_t> codes;
  std::vector<double> numbers;
  for (const ChainStep& step : steps) {
    codes.push_back(static_cast<std::int64_t>(step.rule));
    for (std::size_t k = 0; k < rules[step.rule].operands; ++k) codes.push_back(step.operands[k]);
    numbers.push_back(step.number);
  }
  return {"Chain", {{"steps", std::move(codes)}, {"numbers", std::move(numbers)}}};
}

Int128 last_chain_key(const OpSpec& op, int key_scale) {
  constexpr int unit = 8, finest = 40;  // 2^-unit = chain_reach_unit
  if (key_scale < 0 || key_scale > finest) {
    throw Error(Fault::range, "Chain: keys of scale " + std::to_string(key_scale) + "; choose other scales");
  }
  const Int128 reach = op.integer("reach");
  const Int128 last = key_scale >= unit ? reach << (key_scale - unit)
                                        : (reach + (Int128{1} << (unit - key_scale)) - 1) >> (unit - key_scale);
  if (2 * last >= most_keys) throw Error(Fault::range, "Chain: a table of more than 2^24 keys; choose smaller scales");
  return last;
}

std::optional<Values> chain_entries(const OpSpec& op, const Values& keys, int key_scale, int scale) {
  const std::vector<ChainStep> steps = steps_of(op);
  Values out(keys.size());
  std::atomic<bool> valued = true;
  parallel_for(keys.size(), block, [&](std::size_t begin, std::size_t end) {
    for (std::size_t from = begin; from < end && valued; from += block) {
      const std::size_t count = std::min(block, end - from);
      FloatTensor x{DType::f64, {count}, std::vector<double>(count)};
      for (std::size_t i = 0; i < count; ++i) x.data[i] = dequantize(keys[from + i], key_scale);
      const FloatTensor y = run_steps(steps, x);
      for (std::size_t i = 0; i < count; ++i) {
        const double entry = std::ldexp(y.data[i], scale);
        if (!std::isfinite(entry) || std::fabs(entry) >= largest_entry) {
          valued = false;
          break;
        }
        out[from + i] = round_half_away(entry);
      }
    }
  });
  return valued ? std::optional(std::move(out)) : std::nullopt;
}

std::span<const OpEntry> chain_ops() { return entries; }

}  // namespace ezkl::ops
