#pragma once

#include <cstddef>
#include <span>

#include "ezkl/run_args.hpp"

namespace ezkl {

/// How far a tensor of the circuit lies from the float model's, over all elements of all samples. Elements that are not
/// finite in the float model are left out.
struct ErrorStatistics {
  std::size_t elements = 0;
  double largest_value = 0;  ///< of the float model, in magnitude
  double max = 0;            ///< largest absolute error
  double mean = 0;           ///< mean absolute error

  /// Takes in a tensor of the float model and the circuit's integers at 2^scale, of the same size.
  void add(std::span<const double> wanted, std::span<const Int128> got, int scale);
  /// Takes in what others have seen.
  void add(const ErrorStatistics& others);
  /// The largest error as a share of the largest value.
  double relative() const;
};

}  // namespace ezkl
