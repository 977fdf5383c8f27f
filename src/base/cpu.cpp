#include "base/cpu.hpp"

#include <cstdlib>
#include <optional>
#include <string>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

#include "ezkl/error.hpp"

namespace ezkl {
namespace {

struct Level {
  std::string_view name;
  std::uint32_t needs;  ///< features without which the level makes no sense
  std::uint32_t uses;   ///< features it uses where they are present
};

constexpr Level levels[] = {
    {"portable", 0, 0},
    {"adx", cpu_adx, cpu_adx},
    {"avx2", cpu_avx2, cpu_adx | cpu_avx2},
    {"avx512", cpu_avx512ifma, cpu_adx | cpu_avx2 | cpu_avx512ifma},
};

std::uint32_t detect() {
  std::uint32_t out = 0;
#if defined(__x86_64__)
  unsigned a = 0, b = 0, c = 0, d = 0;
  if (__get_cpuid(1, &a, &b, &c, &d) == 0) return 0;
  const bool saves_state = (c >> 27 & 1) != 0, fma = (c >> 12 & 1) != 0;
  unsigned saved = 0;
  if (saves_state) {
    unsigned high = 0;
    __asm__ volatile("xgetbv" : "=a"(saved), "=d"(high) : "c"(0));
  }
  if (__get_cpuid_count(7, 0, &a, &b, &c, &d) == 0) return 0;
  const auto ebx = [&](int bit) { return (b >> bit & 1) != 0; };
  if (ebx(8) && ebx(19)) out |= cpu_adx;
  if (ebx(5) && fma && (saved & 0x06) == 0x06) out |= cpu_avx2;
  if (ebx(16) && ebx(17) && ebx(21) && ebx(30) && ebx(31) && (saved & 0xe6) == 0xe6) out |= cpu_avx512ifma;
#endif
  return out;
}

/// The features to use, or nothing when EZKL_CPU cannot be honoured.
std::optional<std::uint32_t> allowed() {
  const std::uint32_t have = detect();
  const char* const wanted = forced_cpu();
  if (wanted == nullptr) return have;
  for (const Level& level : levels) {
    if (level.name == wanted && (have & level.needs) == level.needs) return have & level.uses;
  }
  return std::nullopt;
}

}  // namespace

namespace detail {
const bool use_adx = (allowed().value_or(0) & cpu_adx) != 0;
}  // namespace detail

const char* forced_cpu() {
  const char* const value = std::getenv("EZKL_CPU");
  return value != nullptr && *value != '\0' ? value : nullptr;
}

std::uint32_t cpu_bits() {
  static const std::optional<std::uint32_t> bits = allowed();
  if (bits) return *bits;
  const std::string wanted = forced_cpu();
  for (const Level& level : levels) {
    if (level.name == wanted)
      throw Error(Fault::usage, "EZKL_CPU=" + wanted + ": this processor cannot run that level");
  }
  throw Error(Fault::usage, "EZKL_CPU=" + wanted + ": unknown, one of portable, adx, avx2, avx512 is meant");
}

std::string_view cpu_level() {
  const std::uint32_t bits = cpu_bits();
  std::string_view best = levels[0].name;
  for (const Level& level : levels) {
    if ((bits & level.needs) == level.needs) best = level.name;
  }
  return best;
}

}  // namespace ezkl
