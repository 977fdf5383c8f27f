#include "base/cpu.hpp"

#include <algorithm>
#include <atomic>
#include <iterator>
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

constexpr std::uint32_t open_choice = ~std::uint32_t{0};

/// The features in use, once they are.
std::atomic<std::uint32_t> chosen{open_choice};

}  // namespace

namespace detail {
bool use_adx = (detect() & cpu_adx) != 0;
}  // namespace detail

std::uint32_t cpu_bits() {
  std::uint32_t bits = chosen.load();
  if (bits != open_choice) return bits;
  const std::uint32_t all = detect();
  return chosen.compare_exchange_strong(bits, all) ? all : bits;
}

void force_cpu_level(std::string_view name) {
  const auto* const level =
      std::find_if(std::begin(levels), std::end(levels), [&](const Level& l) { return l.name == name; });
  if (level == std::end(levels)) {
    throw Error(Fault::usage, "there are no kernels '" + std::string(name) + "'",
                {{"kernels", "{} can be portable, adx, avx2 or avx512"}});
  }
  const std::uint32_t have = detect();
  if ((have & level->needs) != level->needs) {
    throw Error(Fault::usage, "this processor cannot run the kernels '" + std::string(name) + "'",
                {{"kernels", "{} asks for them"}});
  }
  std::uint32_t before = open_choice;
  if (!chosen.compare_exchange_strong(before, have & level->uses) && before != (have & level->uses)) {
    throw Error(Fault::usage, "this process works with other kernels than '" + std::string(name) + "' already",
                {{"kernels", "{} must be the same for all sessions of a process"}});
  }
  // Not written in vain: others may read it at this moment.
  const bool adx = (level->uses & have & cpu_adx) != 0;
  if (detail::use_adx != adx) detail::use_adx = adx;
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
