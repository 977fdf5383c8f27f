#pragma once

#include <cmath>

namespace ezkl::floatrun {

inline double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

/// Keys' cubic convolution kernel with parameter a: the weight of a sample at a distance.
inline double cubic_kernel(double distance, double a) {
  const double x = std::fabs(distance);
  if (x <= 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  if (x < 2) return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a;
  return 0;
}

}  // namespace ezkl::floatrun
