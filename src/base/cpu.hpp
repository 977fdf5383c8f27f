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

/// The features kernels may use: those of the processor (and of the operating system), cut down to the level that
/// force_cpu_level names. What was once given stays.
std::uint32_t cpu_bits();

/// The name of the level in use: "portable", "adx", "avx2" or "avx512".
std::string_view cpu_level();

/// Cuts the features down, for the whole process: "portable" none, "adx" cpu_adx, "avx2" those two, "avx512" all.
/// errors: Fault::usage for another name, a level that this processor does not have, and where others are in use.
void force_cpu_level(std::string_view name);

namespace detail {
/// Whether single field products may use mulx/adcx/adox; set before main, false until then.
extern bool use_adx;
}  // namespace detail

}  // namespace ezkl
