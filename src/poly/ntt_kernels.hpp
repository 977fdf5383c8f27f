#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "field/fr.hpp"

namespace ezkl {

/// One implementation of the passes a transform of 2^k values is made of. Twiddle tables hold, from place 2^s on, the
/// powers below 2^s of a 2^(s+1)-th root of unity: what layer s multiplies by.
struct NttKernels {
  std::string_view name;
  std::uint32_t needs;  ///< CpuBits that must all be present

  /// Bit reversal together with layers 0, 1, 2, for k >= 6, from `in` to `out`, which may be the same array. Values
  /// first get multiplied by scale[i], or all by scale[0], or not at all. The groups begin .. end-1 out of 2^(k-6) are
  /// done, each together with its bit reversal, so that a group is skipped when its partner has a lower number.
  void (*first)(const Fr* in, Fr* out, unsigned k, const Fr* twiddles, const Fr* scale, std::size_t scale_size,
                std::size_t begin, std::size_t end);

  /// Layers layer .. layer+count-1 (count 1 to 3, layer >= 3) on one block of 2^(layer+count) values, at the places
  /// j + i 2^layer for j in begin .. end-1 (multiples of 8). Between passes values may be as large as 2 r; the last pass
  /// of a transform reduces them.
  void (*pass)(Fr* block, unsigned layer, unsigned count, const Fr* twiddles, bool last, std::size_t begin,
               std::size_t end);
};

/// Best first; the last one is "portable" and needs nothing. All give the same values.
std::span<const NttKernels* const> compiled_ntt_kernels() noexcept;

/// The implementation in use. errors: Fault::usage as cpu_bits().
const NttKernels& ntt_kernels();

/// A whole transform: out[i] is the sum over j of in[j] scale[j] w^(i j), with the tables of w. Both have 2^k values and
/// may be the same array; `scale` has 2^k values, one for all, or none for 1.
void transform(const NttKernels& kernels, std::span<const Fr> in, std::span<Fr> out, unsigned k, const Fr* twiddles,
               std::span<const Fr> scale);

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
