#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "field/fr.hpp"

namespace ezkl {

/// One implementation of the passes a transform of 2^k values is made of. Twiddle tables hold, from place 2^s on, what
/// layer s multiplies by, as ntt_twiddles gives it.
struct NttKernels {
  std::string_view name;
  std::uint32_t needs;  ///< CpuBits that must all be present

  /// Brings n factors, twiddles or what `factor` points at, into the form that the passes take; null where that is the
  /// usual one.
  void (*prepare)(Fr* factors, std::size_t n);

  /// Bit reversal together with layers 0, 1, 2, for k >= 6, from `in` to `out`, which may be the same array. Values
  /// first get multiplied by *factor unless that is null. `coset` says that the tables are those of a coset. The groups
  /// begin .. end-1 out of 2^(k-6) are done, each together with its bit reversal, so that a group is skipped when its
  /// partner has a lower number.
  void (*first)(const Fr* in, Fr* out, unsigned k, const Fr* twiddles, bool coset, const Fr* factor, std::size_t begin,
                std::size_t end);

  /// Layers layer .. layer+count-1 (count 1 to 3, layer >= 3) on one block of 2^(layer+count) values, at the places
  /// j + i 2^layer for j in begin .. end-1 (multiples of 8). Between passes values may be as large as 2 r; the last
  /// pass of a transform reduces them.
  void (*pass)(Fr* block, unsigned layer, unsigned count, const Fr* twiddles, bool last, std::size_t begin,
               std::size_t end);
};

/// Best first; the last one is "portable" and needs nothing. All give the same values.
std::span<const NttKernels* const> compiled_ntt_kernels() noexcept;

/// The implementation in use, chosen once.
const NttKernels& ntt_kernels();

/// The table for values at shift * omega^i, omega of order 2^k: layer s has the powers of omega^(2^(k-1-s)) below 2^s,
/// times shift^(2^(k-1-s)), prepared for the kernels when k > 6.
std::vector<Fr> ntt_twiddles(const NttKernels& kernels, unsigned k, const Fr& omega, const Fr& shift);

/// A whole transform: out[i] is factor times the value at shift * omega^i of the polynomial with coefficients `in`.
/// Both have 2^k values and may be the same array; with factor 1 `in` may also be another array that has only the
/// lowest coefficients, a power of two of at most 2^(k-3) of them. `coset` says whether the table was made for a shift
/// other than 1.
void transform(const NttKernels& kernels, std::span<const Fr> in, std::span<Fr> out, unsigned k, const Fr* twiddles,
               bool coset, const Fr& factor);

/// The lowest `bits` bits of i in reverse order.
constexpr std::size_t reversed_bits(std::size_t i, unsigned bits) {
  std::size_t out = 0;
  for (unsigned b = 0; b < bits; ++b) out |= (i >> b & 1) << (bits - 1 - b);
  return out;
}

/// The first three layers work on groups of 64 values: value l + 8 m + j 2^(k-3) of group m, for l, j = 0 .. 7, belongs
/// to place (reversed j) + 8 (reversed m) + (reversed l) 2^(k-3) afterwards: group m fills the places of the
/// group that is the reversal of m.
constexpr std::size_t reversed3[8] = {0, 4, 2, 6, 1, 5, 3, 7};

}  // namespace ezkl
