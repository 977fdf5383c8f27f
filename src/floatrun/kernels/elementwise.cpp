// Arithmetic and functions of single elements.
#include <bit>
#include <cmath>
#include <map>

#include "floatrun/indexing.hpp"
#include "floatrun/kernels.hpp"
#include "tensor/half.hpp"
#include "tensor/onnx_type.hpp"

namespace ezkl::floatrun {
namespace {

using RealFunction = double (*)(double);

const std::map<std::string, RealFunction>& real_functions() {
  static const std::map<std::string, RealFunction> table{
      {"Abs", [](double x) { return std::fabs(x); }},
      {"Acos", [](double x) { return std::acos(x); }},
      {"Acosh", [](double x) { return std::acosh(x); }},
      {"Asin", [](double x) { return std::asin(x); }},
      {"Asinh", [](double x) { return std::asinh(x); }},
      {"Atan", [](double x) { return std::atan(x); }},
      {"Atanh", [](double x) { return std::atanh(x); }},
      {"Ceil", [](double x) { return std::ceil(x); }},
      {"Cos", [](double x) { return std::cos(x); }},
      {"Cosh", [](double x) { return std::cosh(x); }},
      {"Erf", [](double x) { return std::erf(x); }},
      {"Exp", [](double x) { return std::exp(x); }},
      {"Floor", [](double x) { return std::floor(x); }},
      {"Log", [](double x) { return std::log(x); }},
      {"Neg", [](double x) { return -x; }},
      {"Reciprocal", [](double x) { return 1 / x; }},
      {"Round", [](double x) { return std::nearbyint(x); }},  // ties to even
      {"Sign", [](double x) { return x > 0   ? 1.0
                                     : x < 0 ? -1.0
                                             : x; }},
      {"Sin", [](double x) { return std::sin(x); }},
      {"Sinh", [](double x) { return std::sinh(x); }},
      {"Sqrt", [](double x) { return std::sqrt(x); }},
      {"Tan", [](double x) { return std::tan(x); }},
      {"Tanh", [](double x) { return std::tanh(x); }},
  };
  return table;
}

Int negated(Int x) { return static_cast<Int>(~static_cast<std::uint64_t>(x) + 1); }

Int integer_function(const Call& c, DType type, Int x) {
  const std::string& op = c.node().op_type;
  const bool is_unsigned = type == DType::u64;
  if (op == "Abs") return x < 0 && !is_unsigned ? negated(x) : x;
  if (op == "Neg") return negated(x);
  if (op == "Sign") return x == 0 ? 0 : x < 0 && !is_unsigned ? -1 : 1;
  if (op == "Floor" || op == "Ceil" || op == "Round") return x;
  c.unsupported(op + " of " + std::string(name(type)));
}

Outputs unary(const Call& c) {
  const Tensor& x = c.in(0);
  Tensor out = c.make(x.type, x.shape);
  if (x.real()) {
    const RealFunction f = real_functions().at(c.node().op_type);
    for (std::size_t i = 0; i < out.size(); ++i) out.reals()[i] = f(x.reals()[i]);
  } else {
    for (std::size_t i = 0; i < out.size(); ++i) out.ints()[i] = integer_function(c, x.type, x.ints()[i]);
  }
  return {std::move(out)};
}

double largest(double a, double b) { return std::isnan(a) || a > b ? a : b; }
double smallest(double a, double b) { return std::isnan(a) || a < b ? a : b; }

double real_operator(char op, double a, double b) {
  switch (op) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '>':
      return largest(a, b);
    default:
      return smallest(a, b);
  }
}

Int integer_operator(const Call& c, char op, DType type, Int a, Int b) {
  const auto x = static_cast<std::uint64_t>(a);
  const auto y = static_cast<std::uint64_t>(b);
  switch (op) {
    case '+':
      return static_cast<Int>(x + y);
    case '-':
      return static_cast<Int>(x - y);
    case '*':
      return static_cast<Int>(x * y);
    case '/':
      c.require(b != 0, "an integer is divided by 0");
      if (type == DType::u64) return static_cast<Int>(x / y);
      return b == -1 ? negated(a) : a / b;
    case '>':
      return less(type, a, b) ? b : a;
    default:
      return less(type, a, b) ? a : b;
  }
}

/// Before opset 7, the second operand was stretched only where `broadcast` said so, from `axis` on.
Shape aligned(const Call& c, const Tensor& a, const Tensor& b) {
  const std::size_t axis = c.axis(c.integer("axis"), a.rank());
  Shape shape = b.shape;
  while (axis + shape.size() < a.rank()) shape.push_back(1);
  return shape;
}

Tensor combined(const Call& c, char op, const Tensor& a, const Tensor& b) {
  if (a.type != b.type) {
    c.fail("operands of types " + std::string(name(a.type)) + " and " + std::string(name(b.type)));
  }
  const Shape second = c.opset() < 7 && c.has("axis") ? aligned(c, a, b) : b.shape;
  Tensor out = c.make(a.type, broadcast_shape(a.shape, second));
  const std::array<const Shape*, 2> shapes{&a.shape, &second};
  if (out.real()) {
    broadcast<2>(out.shape, shapes, [&](std::size_t i, const auto& at) {
      out.reals()[i] = real_operator(op, a.reals()[at[0]], b.reals()[at[1]]);
    });
  } else {
    broadcast<2>(out.shape, shapes, [&](std::size_t i, const auto& at) {
      out.ints()[i] = integer_operator(c, op, a.type, a.ints()[at[0]], b.ints()[at[1]]);
    });
  }
  return out;
}

template <char Op>
Outputs binary(const Call& c) {
  return {combined(c, Op, c.in(0), c.in(1))};
}

Tensor folded(const Call& c, char op) {
  Tensor out = reshaped(c, c.in(0), c.in(0).shape);
  for (std::size_t i = 1; i < c.input_count(); ++i) {
    out = combined(c, op, out, c.in(i));
    settle(out);
  }
  return out;
}

template <char Op>
Outputs variadic(const Call& c) {
  return {folded(c, Op)};
}

Outputs mean(const Call& c) {
  Tensor out = folded(c, '+');
  c.require(out.real(), "a mean of integers");
  for (double& x : out.reals()) x /= static_cast<double>(c.input_count());
  return {std::move(out)};
}

Outputs power(const Call& c) {
  const Tensor &a = c.in(0), &b = c.in(1);
  Tensor out = c.make(a.type, broadcast_shape(a.shape, b.shape));
  broadcast<2>(out.shape, {&a.shape, &b.shape},
               [&](std::size_t i, const auto& at) { out.set(i, std::pow(a.number(at[0]), b.number(at[1]))); });
  return {std::move(out)};
}

Outputs modulo(const Call& c) {
  const Tensor &a = c.in(0), &b = c.in(1);
  c.require(a.type == b.type, "operands of two types");
  const bool like_c = c.integer("fmod", 0) != 0;
  Tensor out = c.make(a.type, broadcast_shape(a.shape, b.shape));
  broadcast<2>(out.shape, {&a.shape, &b.shape}, [&](std::size_t i, const auto& at) {
    if (out.real()) {
      const double y = b.reals()[at[1]];
      double rest = std::fmod(a.reals()[at[0]], y);
      if (!like_c && rest != 0 && (rest < 0) != (y < 0)) rest += y;
      out.reals()[i] = rest;
      return;
    }
    const Int x = a.ints()[at[0]], y = b.ints()[at[1]];
    c.require(y != 0, "an integer is divided by 0");
    if (a.type == DType::u64) {
      out.ints()[i] = static_cast<Int>(static_cast<std::uint64_t>(x) % static_cast<std::uint64_t>(y));
      return;
    }
    Int rest = y == -1 ? 0 : x % y;
    if (!like_c && rest != 0 && (rest < 0) != (y < 0)) rest += y;
    out.ints()[i] = rest;
  });
  return {std::move(out)};
}

/// Limits are attributes up to opset 10, inputs since.
Outputs clip(const Call& c) {
  const Tensor& x = c.in(0);
  Tensor out = reshaped(c, x, x.shape);
  for (const bool upper : {false, true}) {
    const std::size_t input = upper ? 2 : 1;
    const std::string attribute = upper ? "max" : "min";
    if (c.has_input(input)) {
      const Tensor& limit = c.in(input);
      c.require(limit.size() == 1 && limit.type == x.type, "a limit should be one number of the input's type");
      if (x.real()) {
        const double bound = limit.reals()[0];
        for (double& v : out.reals()) v = (upper ? v > bound : v < bound) ? bound : v;
      } else {
        for (Int& v : out.ints()) v = integer_operator(c, upper ? '<' : '>', x.type, v, limit.ints()[0]);
      }
    } else if (c.opset() < 11 && c.has(attribute)) {
      c.require(x.real(), "limits that are attributes go with floats");
      const double bound = c.real(attribute, 0);
      for (double& v : out.reals()) v = (upper ? v > bound : v < bound) ? bound : v;
    }
  }
  return {std::move(out)};
}

double to_bfloat16(double value) {
  const auto narrow = static_cast<float>(round_to(DType::f32, value));
  if (std::isnan(narrow)) return value;
  auto bits = std::bit_cast<std::uint32_t>(narrow);
  bits += 0x7fffu + (bits >> 16 & 1u);
  return static_cast<double>(std::bit_cast<float>(bits & 0xffff0000u));
}

Outputs cast(const Call& c) {
  const Tensor& x = c.in(0);
  const Int to = c.integer("to");
  Tensor out = converted(c, x, c.element_type("to"));
  if (to == onnx_bfloat16) {
    for (double& v : out.reals()) v = to_bfloat16(v);
  }
  if (to == onnx_uint4 || to == onnx_int4) {
    for (Int& v : out.ints()) v = to == onnx_uint4 ? v & 15 : ((v & 15) ^ 8) - 8;
  }
  return {std::move(out)};
}

Outputs cast_like(const Call& c) { return {converted(c, c.in(0), c.in(1).type)}; }

Int real_bits(DType type, double value) {
  if (type == DType::f16) return half_bits(value);
  if (type == DType::f32) return std::bit_cast<std::uint32_t>(static_cast<float>(value));
  return std::bit_cast<Int>(value);
}

double real_of_bits(DType type, Int bits) {
  if (type == DType::f16) return half_value(static_cast<std::uint16_t>(bits));
  if (type == DType::f32) return static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(bits)));
  return std::bit_cast<double>(bits);
}

Outputs bit_cast(const Call& c) {
  const Tensor& x = c.in(0);
  const DType to = c.element_type("to");
  c.require(c.integer("to") != onnx_bfloat16 && c.integer("to") < onnx_uint4, "types of fewer bits");
  c.require(bits_of(to) == bits_of(x.type), "the types differ in their bits");
  Tensor out = c.make(to, x.shape);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const Int bits = x.real() ? real_bits(x.type, x.reals()[i]) : x.ints()[i];
    if (out.real()) {
      out.reals()[i] = real_of_bits(to, bits);
    } else {
      out.ints()[i] = wrapped(to, bits);
    }
  }
  return {std::move(out)};
}

constexpr KernelEntry entries[] = {
    {"", "Abs", unary},         {"", "Acos", unary},      {"", "Acosh", unary},        {"", "Add", binary<'+'>},
    {"", "Asin", unary},        {"", "Asinh", unary},     {"", "Atan", unary},         {"", "Atanh", unary},
    {"", "BitCast", bit_cast},  {"", "Cast", cast},       {"", "CastLike", cast_like}, {"", "Ceil", unary},
    {"", "Clip", clip},         {"", "Cos", unary},       {"", "Cosh", unary},         {"", "Div", binary<'/'>},
    {"", "Erf", unary},         {"", "Exp", unary},       {"", "Floor", unary},        {"", "Log", unary},
    {"", "Max", variadic<'>'>}, {"", "Mean", mean},       {"", "Min", variadic<'<'>},  {"", "Mod", modulo},
    {"", "Mul", binary<'*'>},   {"", "Neg", unary},       {"", "Pow", power},          {"", "Reciprocal", unary},
    {"", "Round", unary},       {"", "Sign", unary},      {"", "Sin", unary},          {"", "Sinh", unary},
    {"", "Sqrt", unary},        {"", "Sub", binary<'-'>}, {"", "Sum", variadic<'+'>},  {"", "Tan", unary},
    {"", "Tanh", unary},
};

}  // namespace

std::span<const KernelEntry> elementwise_kernels() { return entries; }

}  // namespace ezkl::floatrun
