// Elementwise arithmetic and functions of one variable.
#include <algorithm>
#include <cmath>

#include "graph/frontend/families.hpp"

namespace ezkl {
namespace {

/// Before opset 7 the second operand could be aligned at an axis of the first; axes of size 1 on its right say the
/// same.
Value second_operand(Converter& c, const OnnxNode& n) {
  const Value a = n.input(0);
  const Value b = n.input(1);
  if (n.opset() >= 7 || !n.has("axis") || c.rank(b) >= c.rank(a)) return b;
  const std::size_t axis = n.axis(n.integer("axis"), c.rank(a));
  Shape wide = c.shape(b);
  if (axis + wide.size() > c.rank(a)) n.fail(Fault::format, "the second operand does not fit at its axis");
  wide.resize(c.rank(a) - axis, 1);
  return c.reshape(b, wide);
}

/// What arithmetic on narrow integers leaves of a result.
Value narrowed(Converter& c, Value x) {
  const bool wraps = c.onnx_semantics() && is_narrow(c.type(x)) && !c.is_constant(x);
  return wraps ? c.wrapped(x, c.type(x)) : x;
}

std::vector<Value> convert_add(Converter& c, const OnnxNode& n) {
  return {narrowed(c, c.add(n.input(0), second_operand(c, n)))};
}
std::vector<Value> convert_sub(Converter& c, const OnnxNode& n) {
  return {narrowed(c, c.sub(n.input(0), second_operand(c, n)))};
}

/// log2 of a constant that is the same power of two everywhere.
std::optional<int> power_of_two(const Converter& c, Value v) {
  const auto value = c.uniform_constant(v);
  if (!value || *value < 1) return std::nullopt;
  int exponent = 0;
  if (std::frexp(*value, &exponent) != 0.5) return std::nullopt;
  return exponent - 1;
}

/// The value of x divided by 2^shift, by its scale alone.
Value shifted(Converter& c, Value x, int shift) {
  return shift == 0 ? x : c.apply("Identity", {{"shift", std::int64_t{shift}}}, {x});
}

std::vector<Value> convert_mul(Converter& c, const OnnxNode& n) {
  const Value a = n.input(0);
  const Value b = second_operand(c, n);
  if (!c.onnx_semantics() && is_integer(c.type(a)) && !(c.is_constant(a) && c.is_constant(b))) {
    const Shape common = broadcast_shape(c.shape(a), c.shape(b));
    if (const auto k = power_of_two(c, b); k && c.shape(a) == common) return {shifted(c, a, -*k)};
    if (const auto k = power_of_two(c, a); k && c.shape(b) == common) return {shifted(c, b, -*k)};
  }
  return {narrowed(c, c.mul(a, b))};
}

/// The published package keeps the fraction of an integer quotient.
Value divide_integers_published(Converter& c, const OnnxNode& n, Value a, Value b) {
  const auto divisor = c.uniform_constant(b);
  if (!divisor || *divisor == 0) {
    n.unsupported("an integer is divided by something else than one constant", {{"semantics", "use {} onnx"}});
  }
  if (const auto k = power_of_two(c, b)) return shifted(c, a, *k);
  return c.apply("Div", {{"denom", *divisor}}, {a});
}

std::vector<Value> convert_div(Converter& c, const OnnxNode& n) {
  const Value a = n.input(0);
  const Value b = second_operand(c, n);
  if (is_float(c.type(a))) return {c.div(a, b)};
  if (c.onnx_semantics() || (c.is_constant(a) && c.is_constant(b))) return {c.binary("IntDiv", a, b)};
  return {divide_integers_published(c, n, a, b)};
}

std::vector<Value> convert_mod(Converter& c, const OnnxNode& n) {
  const bool float_mod = n.integer("fmod", 0) != 0;
  return {c.binary(float_mod ? "FMod" : "Mod", n.input(0), n.input(1))};
}

template <Value (Builder::*combine)(Value, Value)>
Value chain(Converter& c, const OnnxNode& n) {
  const std::vector<Value> inputs = n.inputs();
  if (inputs.empty()) n.fail(Fault::format, "there are no inputs");
  Value result = inputs.front();
  for (std::size_t i = 1; i < inputs.size(); ++i) result = (c.*combine)(result, inputs[i]);
  return result;
}

std::vector<Value> convert_sum(Converter& c, const OnnxNode& n) {
  return {chain<static_cast<Value (Builder::*)(Value, Value)>(&Builder::add)>(c, n)};
}
std::vector<Value> convert_max(Converter& c, const OnnxNode& n) { return {chain<&Builder::max>(c, n)}; }
std::vector<Value> convert_min(Converter& c, const OnnxNode& n) { return {chain<&Builder::min>(c, n)}; }

std::vector<Value> convert_mean(Converter& c, const OnnxNode& n) {
  const Value total = convert_sum(c, n).front();
  return {c.div(total, c.scalar_like(total, static_cast<double>(n.input_count())))};
}

Value power(Converter& c, const OnnxNode& n, Value x, double exponent) {
  if (exponent == 1) return x;
  if (exponent == 0.5) return c.unary("Sqrt", x);
  const bool halves = 2 * exponent == std::trunc(2 * exponent) && std::fabs(exponent) < 8;
  const bool integral = exponent == std::trunc(exponent) && std::fabs(exponent) < 64;
  if (c.onnx_semantics() && halves && !integral) {
    if (exponent < 0) return c.unary("Recip", power(c, n, x, -exponent));
    return c.mul(power(c, n, x, exponent - 0.5), c.unary("Sqrt", x));
  }
  if (!integral) return c.apply("TablePow", {{"a", static_cast<double>(static_cast<float>(exponent))}}, {x});
  const auto whole = static_cast<std::int64_t>(exponent);
  if (whole >= 2) return c.apply("Pow", {{"exponent", whole}}, {x});
  // The published package's exponent is unsigned: 0 and below leave the integers alone and call their scale 0.
  if (!c.onnx_semantics()) return c.apply("Identity", {{"to_scale", std::int64_t{0}}}, {x});
  if (whole == 0) return c.constant(c.type(x), c.shape(x), 1);
  if (!is_float(c.type(x))) n.unsupported("an integer has a negative exponent; cast it to float first");
  return c.unary("Recip", power(c, n, x, -exponent));
}

std::vector<Value> convert_pow(Converter& c, const OnnxNode& n) {
  const Value x = n.input(0);
  const Value y = second_operand(c, n);
  if (c.is_constant(x) && c.is_constant(y)) {
    const Shape common = broadcast_shape(c.shape(x), c.shape(y));
    FloatTensor base = c.constant_of(c.expand(x, common));
    const FloatTensor exponent = c.constant_of(c.expand(y, common));
    for (std::size_t i = 0; i < base.data.size(); ++i) {
      base.data[i] = round_to(base.type, std::pow(base.data[i], exponent.data[i]));
    }
    return {c.constant(std::move(base))};
  }
  const Shape common = broadcast_shape(c.shape(x), c.shape(y));
  if (const auto exponent = c.uniform_constant(y)) return {c.expand(power(c, n, x, *exponent), common)};
  if (const auto base = c.uniform_constant(x); base && *base > 0) {
    const Value table = c.apply("Exp", {{"base", static_cast<double>(static_cast<float>(*base))}}, {y});
    return {c.expand(table, common)};
  }
  // x^y of two computed tensors, for x > 0.
  const Value exponent = c.cast(y, is_float(c.type(x)) ? c.type(x) : DType::f32);
  const Value base = c.cast(x, c.type(exponent));
  const Value result = c.exp(c.mul(exponent, c.unary("Ln", base)));
  return {c.cast(result, c.type(x))};
}

std::vector<Value> convert_clip(Converter& c, const OnnxNode& n) {
  Value x = n.input(0);
  if (n.opset() < 11) {
    if (n.has("min")) x = c.max(x, c.scalar_like(x, n.real("min", 0)));
    if (n.has("max")) x = c.min(x, c.scalar_like(x, n.real("max", 0)));
    return {x};
  }
  if (const auto low = n.optional_input(1)) x = c.max(x, *low);
  if (const auto high = n.optional_input(2)) x = c.min(x, *high);
  return {x};
}

std::vector<Value> convert_bit_shift(Converter& c, const OnnxNode& n) {
  const std::string direction = n.text("direction", "");
  if (direction != "LEFT" && direction != "RIGHT") n.fail(Fault::format, "direction must be LEFT or RIGHT");
  const bool left = direction == "LEFT";
  const Value x = n.input(0);
  if (!c.onnx_semantics() && !c.is_constant(x)) {
    const auto shift = c.is_constant(n.input(1)) ? c.uniform_constant(n.input(1)) : std::nullopt;
    if (!shift) n.unsupported("the shift must be one constant", {{"semantics", "use {} onnx"}});
    return {shifted(c, x, static_cast<int>(left ? -*shift : *shift))};
  }
  const DType type = c.type(x);
  const int bits = type == DType::u8 || type == DType::i8     ? 8
                   : type == DType::u16 || type == DType::i16 ? 16
                   : type == DType::u32 || type == DType::i32 ? 32
                                                              : 64;
  const bool is_signed = type == DType::i8 || type == DType::i16 || type == DType::i32 || type == DType::i64;
  return {c.apply("BitShift",
                  {{"direction", std::string(left ? "left" : "right")},
                   {"bits", std::int64_t{bits}},
                   {"signed", std::int64_t{is_signed}}},
                  {x, c.expand(n.input(1), c.shape(x))})};
}

/// `along` for the axis that input 1 names; where that is computed, the axes are all tried and one is chosen.
Value along_named_axis(Converter& c, const OnnxNode& n, Value (*along)(Converter&, const OnnxNode&, std::size_t)) {
  const std::size_t rank = c.rank(n.input(0));
  const Value named = n.input(1);
  if (volume(c.shape(named)) != 1 || rank == 0) n.fail(Fault::format, "axis must be one number");
  if (c.is_constant(named)) return along(c, n, n.axis(n.constant_integers(1).front(), rank));
  Value result = along(c, n, 0);
  for (std::size_t axis = 1; axis < rank; ++axis) {
    const double number = static_cast<double>(axis);
    const Value forward = c.compare("Equals", named, c.scalar_like(named, number));
    const Value backward = c.compare("Equals", named, c.scalar_like(named, number - static_cast<double>(rank)));
    const Value chosen = c.reshape(c.logical("Or", forward, backward), Shape(rank, 1));
    result = c.where(chosen, along(c, n, axis), result);
  }
  return result;
}

Value cumulative_sum(Converter& c, const OnnxNode& n, std::size_t axis) {
  return c.apply("CumSum",
                 {{"axis", static_cast<std::int64_t>(axis)},
                  {"exclusive", n.integer("exclusive", 0)},
                  {"reverse", n.integer("reverse", 0)}},
                 {n.input(0)});
}

std::vector<Value> convert_cumsum(Converter& c, const OnnxNode& n) { return {along_named_axis(c, n, cumulative_sum)}; }

/// One product after the other, each brought back to the common scale.
Value cumulative_product(Converter& c, const OnnxNode& n, std::size_t axis) {
  const Value x = n.input(0);
  const auto length = static_cast<std::int64_t>(c.shape(x)[axis]);
  if (length == 0) return x;
  const bool reverse = n.integer("reverse", 0) != 0;
  const bool exclusive = n.integer("exclusive", 0) != 0;
  const auto at = [&](std::int64_t i) { return c.slice(x, axis, reverse ? length - 1 - i : i, 1); };
  const Value first = at(0);
  Value product = exclusive ? c.constant(c.type(x), c.shape(first), 1) : first;
  std::vector<Value> parts{product};
  for (std::int64_t i = 1; i < length; ++i) {
    product = c.mul(product, at(exclusive ? i - 1 : i));
    parts.push_back(product);
  }
  if (reverse) std::reverse(parts.begin(), parts.end());
  return c.concat(std::move(parts), axis);
}

std::vector<Value> convert_cumprod(Converter& c, const OnnxNode& n) {
  return {along_named_axis(c, n, cumulative_product)};
}

std::vector<Value> convert_exp(Converter& c, const OnnxNode& n) { return {c.exp(n.input(0))}; }

// Operators that the graph has under its own name.
#define EZKL_UNARY(Onnx, Kind) \
  std::vector<Value> convert_##Onnx(Converter& c, const OnnxNode& n) { return {c.unary(#Kind, n.input(0))}; }
EZKL_UNARY(Abs, Abs)
EZKL_UNARY(Acos, ACos)
EZKL_UNARY(Acosh, ACosh)
EZKL_UNARY(Asin, ASin)
EZKL_UNARY(Asinh, ASinh)
EZKL_UNARY(Atan, ATan)
EZKL_UNARY(Atanh, ATanh)
EZKL_UNARY(Ceil, Ceil)
EZKL_UNARY(Cos, Cos)
EZKL_UNARY(Cosh, Cosh)
EZKL_UNARY(Erf, Erf)
EZKL_UNARY(Floor, Floor)
EZKL_UNARY(Log, Ln)
EZKL_UNARY(Neg, Neg)
EZKL_UNARY(Reciprocal, Recip)
EZKL_UNARY(Round, RoundHalfToEven)
EZKL_UNARY(Sigmoid, Sigmoid)
EZKL_UNARY(Sign, Sign)
EZKL_UNARY(Sin, Sin)
EZKL_UNARY(Sinh, Sinh)
EZKL_UNARY(Sqrt, Sqrt)
EZKL_UNARY(Tan, Tan)
EZKL_UNARY(Tanh, Tanh)
#undef EZKL_UNARY

constexpr ConverterEntry entries[] = {
    {"", "Abs", convert_Abs},
    {"", "Acos", convert_Acos},
    {"", "Acosh", convert_Acosh},
    {"", "Add", convert_add},
    {"", "Asin", convert_Asin},
    {"", "Asinh", convert_Asinh},
    {"", "Atan", convert_Atan},
    {"", "Atanh", convert_Atanh},
    {"", "BitShift", convert_bit_shift},
    {"", "Ceil", convert_Ceil},
    {"", "Clip", convert_clip},
    {"", "Cos", convert_Cos},
    {"", "Cosh", convert_Cosh},
    {"", "CumProd", convert_cumprod},
    {"", "CumSum", convert_cumsum},
    {"", "Div", convert_div},
    {"", "Erf", convert_Erf},
    {"", "Exp", convert_exp},
    {"", "Floor", convert_Floor},
    {"", "Log", convert_Log},
    {"", "Max", convert_max},
    {"", "Mean", convert_mean},
    {"", "Min", convert_min},
    {"", "Mod", convert_mod},
    {"", "Mul", convert_mul},
    {"", "Neg", convert_Neg},
    {"", "Pow", convert_pow},
    {"", "Reciprocal", convert_Reciprocal},
    {"", "Round", convert_Round},
    {"", "Sigmoid", convert_Sigmoid},
    {"", "Sign", convert_Sign},
    {"", "Sin", convert_Sin},
    {"", "Sinh", convert_Sinh},
    {"", "Sqrt", convert_Sqrt},
    {"", "Sub", convert_sub},
    {"", "Sum", convert_sum},
    {"", "Tan", convert_Tan},
    {"", "Tanh", convert_Tanh},
};

}  // namespace

std::span<const ConverterEntry> math_converters() { return entries; }

}  // namespace ezkl
