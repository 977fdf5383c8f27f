#include "tensor/table_function.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <unordered_map>

#include "ezkl/error.hpp"

namespace ezkl {
namespace {

constexpr Int128 int128_max = static_cast<Int128>(~static_cast<unsigned __int128>(0) >> 1);

Int128 rounded(double x) {
  constexpr double two_127 = 170141183460469231731687303715884105728.0;
  if (std::isnan(x)) return 0;
  const double whole = std::round(x);
  if (whole >= two_127) return int128_max;
  if (whole <= -two_127) return -int128_max - 1;
  return static_cast<Int128>(whole);
}

/// 1 - erf by a Chebyshev series: the published package does not use the platform's erf, and the tables must agree.
double erf_series(double x) {
  static constexpr std::array<double, 28> coefficients = {
      -1.3026537197817094, 6.419697923564902e-1, 1.9476473204185836e-2, -9.56151478680863e-3, -9.46595344482036e-4,
      3.66839497852761e-4, 4.2523324806907e-5,   -2.0278578112534e-5,   -1.624290004647e-6,   1.303655835580e-6,
      1.5626441722e-8,     -8.5238095915e-8,     6.529054439e-9,        5.059343495e-9,       -9.91364156e-10,
      -2.27365122e-10,     9.6467911e-11,        2.394038e-12,          -6.886027e-12,        8.94487e-13,
      3.13092e-13,         -1.12708e-13,         3.81e-16,              7.106e-15,            -1.523e-15,
      -9.4e-17,            1.21e-16,             -2.8e-17};
  const double z = std::fabs(x);
  const double t = 2.0 / (2.0 + z);
  const double ty = 4.0 * t - 2.0;
  double d = 0.0;
  double dd = 0.0;
  for (std::size_t j = coefficients.size() - 2; j > 0; --j) {
    const double next = ty * d - dd + coefficients[j];
    dd = d;
    d = next;
  }
  const double complement = t * std::exp(-(z * z) + 0.5 * (coefficients[0] + ty * d) - dd);
  return x >= 0.0 ? 1.0 - complement : complement - 1.0;
}

double asinh_log(double x) {
  const double a = std::fabs(x);
  const double inverse = 1.0 / a;
  return std::copysign(std::log1p(a + a / (std::hypot(1.0, inverse) + inverse)), x);
}

double acosh_log(double x) {
  if (x < 1.0) return std::numeric_limits<double>::quiet_NaN();
  return std::log(x + std::sqrt(x - 1.0) * std::sqrt(x + 1.0));
}

double atanh_log(double x) { return 0.5 * std::log1p(2.0 * x / (1.0 - x)); }

double hard_swish(double x) {
  if (x <= -3.0) return 0.0;
  return x >= 3.0 ? x : x * (x + 3.0) / 6.0;
}

using Function = double (*)(double);

/// Functions f of the form scale * f(x / scale).
Function scaled_function(const std::string& name) {
  static const std::unordered_map<std::string, Function> functions = {
      {"Ln", [](double v) { return std::log(v); }},     {"HardSwish", hard_swish},
      {"Cos", [](double v) { return std::cos(v); }},    {"ACos", [](double v) { return std::acos(v); }},
      {"Cosh", [](double v) { return std::cosh(v); }},  {"ACosh", acosh_log},
      {"Sin", [](double v) { return std::sin(v); }},    {"ASin", [](double v) { return std::asin(v); }},
      {"Sinh", [](double v) { return std::sinh(v); }},  {"ASinh", asinh_log},
      {"Tan", [](double v) { return std::tan(v); }},    {"ATan", [](double v) { return std::atan(v); }},
      {"Tanh", [](double v) { return std::tanh(v); }},  {"ATanh", atanh_log},
      {"Erf", erf_series},
  };
  const auto place = functions.find(name);
  return place == functions.end() ? nullptr : place->second;
}

}  // namespace

bool is_clamped(Int128 value) { return value == int128_max || value == -int128_max - 1; }

Int128 table_value(const std::string& name, const std::map<std::string, float>& parameters, Int128 x) {
  const auto parameter = [&](const char* key) {
    const auto place = parameters.find(key);
    if (place == parameters.end()) {
      throw Error(Fault::format, "lookup '" + name + "' lacks its parameter '" + key + "'");
    }
    return static_cast<double>(place->second);
  };
  if (name == "IsOdd") return x & 1;
  const double a = static_cast<double>(x);
  if (name == "Div") return rounded(a / parameter("denom"));
  if (name == "PowersOfTwo") return rounded(parameter("scale") * std::pow(2.0, a));
  if (name == "Sigmoid") {
    const double scale = parameter("scale");
    return rounded(scale / (1.0 + std::exp(-(a / scale))));
  }
  if (name == "Exp") {
    const double scale = parameter("scale");
    return rounded(scale * std::pow(parameter("base"), a / scale));
  }
  if (name == "Pow") {
    const double scale = parameter("scale");
    return rounded(scale * std::pow(a / scale, parameter("a")));
  }
  const Function function = scaled_function(name);
  if (function == nullptr) throw Error(Fault::unsupported, "no lookup table is known for '" + name + "'");
  const double scale = parameter("scale");
  return rounded(scale * function(a / scale));
}

}  // namespace ezkl
