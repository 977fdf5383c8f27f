#include "api/error_statistics.hpp"

#include <algorithm>
#include <cmath>

#include "base/ensure.hpp"
#include "tensor/quantize.hpp"

namespace ezkl {

void ErrorStatistics::add(std::span<const double> wanted, std::span<const Int128> got, int scale) {
  EZKL_ENSURE(wanted.size() == got.size(), "both models give an output the same shape");
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const double error = std::abs(wanted[i] - dequantize(got[i], scale));
    if (!std::isfinite(error)) continue;
    largest_value = std::max(largest_value, std::abs(wanted[i]));
    max = std::max(max, error);
    mean += (error - mean) / static_cast<double>(++elements);
  }
}

void ErrorStatistics::add(const ErrorStatistics& others) {
  if (others.elements == 0) return;
  elements += others.elements;
  largest_value = std::max(largest_value, others.largest_value);
  max = std::max(max, others.max);
  mean += (others.mean - mean) * static_cast<double>(others.elements) / static_cast<double>(elements);
}

double ErrorStatistics::relative() const { return max / std::max(largest_value, 1e-9); }

}  // namespace ezkl
