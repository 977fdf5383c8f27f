#pragma once

#include <cstdint>
#include <string_view>

namespace ezkl {

/// What the kernels ask of a processor.
enum CpuBits : std::uint32_t {
  cpu_adx = 1,         ///< BMI2 and ADX
  cpu_avx2 = 2,        ///< AVX2 and FMA
  cpu_avx512ifma = 4,  ///< AVX-512 F, DQ, VL, BW and IFMA
};

/// The features kernels may use: those of the processor (and of the operating system), cut down to the level that the
/// environment variable EZKL_CPU names: "portable" none, "adx" cpu_adx, "avx2" those two, "avx512" all.
/// errors: Fault::usage when EZKL_CPU is not one of these, or names a level this processor does not have.
std::uint32_t cpu_bits();

/// The name of the level in use: "portable", "adx", "avx2" or "avx512". errors: as cpu_bits.
std::string_view cpu_level();

/// The value of EZKL_CPU, null when it is not set or empty.
const char* forced_cpu();

namespace detail {
/// Whether single field products may use mulx/adcx/adox; set before main, false until then.
extern const bool use_adx;
}  // namespace detail

}  // namespace ezkl
