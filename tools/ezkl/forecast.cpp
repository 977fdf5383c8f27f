#include "forecast.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>

#include "base/cpu.hpp"
#include "base/parallel.hpp"
#include "circuit/cost.hpp"

namespace ezkl::cli {
namespace {

std::string with_unit(double amount, const char* unit) {
  char text[64];
  std::snprintf(text, sizeof text, amount < 9.95 ? "%.1f %s" : "%.0f %s", amount, unit);
  return text;
}

std::string bytes_text(double bytes) {
  if (bytes >= std::exp2(30)) return with_unit(bytes / std::exp2(30), "GiB");
  if (bytes >= std::exp2(20)) return with_unit(bytes / std::exp2(20), "MiB");
  return with_unit(bytes / std::exp2(10), "KiB");
}

/// How many times as long as with AVX-512 IFMA, of which predictions are, proofs take (docs/performance.md).
double slowness(std::string_view kernels) {
  if (kernels == "avx512") return 1;
  if (kernels == "avx2") return 1.8;
  if (kernels == "adx") return 3.3;
  return 8;
}

}  // namespace

Forecast forecast(const GraphSettings& settings) {
  constexpr double long_s = 600;
  const std::uint64_t memory = memory_of_this_process();
  const int threads = thread_count();
  const ProvingCost cost = proving_cost(settings);
  const double bytes = cost.peak_mib * std::exp2(20), seconds = cost.seconds() * slowness(cpu_level());
  Forecast out;
  out.text = "a proof is predicted to take " + with_unit(std::max(seconds, 0.1), "s") + " of processor time (" +
             std::string(cpu_level()) + " kernels; about " + with_unit(std::max(seconds / threads, 0.1), "s") + " on " +
             std::to_string(threads) + " threads) and " + bytes_text(bytes) + " of memory; it will have " +
             bytes_text(double(cost.proof_bytes()));
  const bool large = memory != 0 && bytes > double(memory), slow = seconds / threads > long_s;
  if (!large && !slow) return out;
  out.warning = large ? "that is more memory than there is here (" + bytes_text(double(memory)) + ")"
                      : "that is more than ten minutes on this machine";
  // Rows and memory grow alike, so does time; a part has lookups and constants of its own, hence the margin.
  const double share = std::min(large ? 0.7 * double(memory) / bytes : 1.0, slow ? long_s * threads / seconds : 1.0);
  const auto rows = std::uint64_t(std::exp2(std::floor(double(settings.run_args.logrows) + std::log2(share))));
  if (settings.num_rows < rows) {
    out.warning += ": the model has " + std::to_string(settings.num_rows) + " rows, and a smaller --logrows will do";
  } else {
    out.warning += ": `ezkl split --max-rows " + std::to_string(std::max<std::uint64_t>(rows, 1)) +
                   "` cuts the model into parts that are proved one after the other" +
                   (large ? ", `ezkl prove --max-memory` takes less memory and more time" : "");
  }
  return out;
}

std::uint64_t memory_of_this_process() {
  std::uint64_t least = 0;
  const auto at_most = [&](std::uint64_t bytes) {
    if (bytes != 0) least = least == 0 ? bytes : std::min(least, bytes);
  };
  const long pages = ::sysconf(_SC_PHYS_PAGES), size = ::sysconf(_SC_PAGESIZE);
  if (pages > 0 && size > 0) at_most(std::uint64_t(pages) * std::uint64_t(size));
  rlimit limit{};
  if (::getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY) at_most(limit.rlim_cur);
  std::ifstream group("/sys/fs/cgroup/memory.max");
  std::uint64_t bytes = 0;
  if (group >> bytes) at_most(bytes);  // it says "max" where there is none
  return least;
}

}  // namespace ezkl::cli
