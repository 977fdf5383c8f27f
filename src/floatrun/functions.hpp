#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace ezkl::floatrun {

inline double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

inline double gelu(double x) { return 0.5 * x * (1 + std::erf(x / std::sqrt(2.0))); }
inline double gelu_by_tanh(double x) {
  return 0.5 * x * (1 + std::tanh(std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x)));
}

/// Softmax of `count` elements that are `step` apart, in place.
inline void softmax_line(double* x, std::size_t count, std::size_t step) {
  double top = -INFINITY, sum = 0;
  for (std::size_t i = 0; i < count; ++i) top = std::max(top, x[i * step]);
  for (std::size_t i = 0; i < count; ++i) sum += x[i * step] = std::exp(x[i * step] - top);
  for (std::size_t i = 0; i < count; ++i) x[i * step] /= sum;
}

struct Moments {
  double mean = 0, variance = 0;
};

/// Of `count` elements, x(0) … x(count - 1); without `by_mean` the mean stays 0 and the variance is about 0.
template <class At>
Moments moments(std::size_t count, At x, bool by_mean = true) {
  Moments m;
  for (std::size_t i = 0; i < count && by_mean; ++i) m.mean += x(i);
  m.mean /= static_cast<double>(count);
  for (std::size_t i = 0; i < count; ++i) m.variance += (x(i) - m.mean) * (x(i) - m.mean);
  m.variance /= static_cast<double>(count);
  return m;
}

/// Keys' cubic convolution kernel with parameter a: the weight of a sample at a distance.
inline double cubic_kernel(double distance, double a) {
  const double x = std::fabs(distance);
  if (x <= 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  if (x < 2) return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a;
  return 0;
}

}  // namespace ezkl::floatrun
