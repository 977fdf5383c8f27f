#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "field/fr.hpp"

namespace ezkl {

/// One implementation of the vector operations over Fr. Every implementation gives bit-identical results (Montgomery
/// form, reduced); the tests hold each one against "portable".
/// `out` may be the same array as an input, but may not overlap it partly. Serial: cut vectors with parallel_for.
struct FrKernels {
  std::string_view name;  ///< what EZKL_CPU accepts
  std::uint32_t needs;    ///< CpuBits that must all be present
  void (*add)(Fr* out, const Fr* a, const Fr* b, std::size_t n);
  void (*sub)(Fr* out, const Fr* a, const Fr* b, std::size_t n);
  void (*mul)(Fr* out, const Fr* a, const Fr* b, std::size_t n);
  void (*add_scalar)(Fr* out, const Fr* a, const Fr& b, std::size_t n);  ///< a[i] + b
  void (*mul_scalar)(Fr* out, const Fr* a, const Fr& b, std::size_t n);  ///< a[i] * b
  void (*neg)(Fr* out, const Fr* a, std::size_t n);
  void (*mul_add)(Fr* out, const Fr* a, const Fr* b, const Fr* c, std::size_t n);         ///< a[i] * b[i] + c[i]
  void (*mul_scalar_add)(Fr* out, const Fr* a, const Fr& b, const Fr* c, std::size_t n);  ///< a[i] * b + c[i]
  /// One layer of a transform: for i < n, (lo, hi) becomes (lo + hi * w, lo - hi * w).
  void (*butterfly)(Fr* lo, Fr* hi, const Fr* w, std::size_t n);
  /// values[i] = 1 / values[i], zeros stay zero; `scratch` has n places as well. One inversion in all.
  void (*invert)(Fr* values, Fr* scratch, std::size_t n);
  /// The sum of a[i] * b[i]; 0 for n = 0.
  Fr (*dot)(const Fr* a, const Fr* b, std::size_t n);
};

/// Everything compiled into this binary, best first; the last one is "portable" and needs nothing.
std::span<const FrKernels* const> compiled_fr_kernels() noexcept;

/// The implementation in use: the best one this processor can run, or of the level that was forced. Chosen once.
const FrKernels& fr_kernels();

}  // namespace ezkl
