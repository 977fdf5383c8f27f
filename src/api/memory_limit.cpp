#include "api/memory_limit.hpp"

#include "base/memory.hpp"
#include "base/session_state.hpp"

namespace ezkl {

void refuse_above_limit(std::uint64_t max_memory, std::uint64_t needed, const std::string& what,
                        const std::vector<Hint>& more_hints) {
  const std::uint64_t limit = max_memory != 0 ? max_memory : session_options().max_memory;
  if (limit == 0) return;
  constexpr std::uint64_t mib = std::uint64_t{1} << 20;
  const std::uint64_t taken = process_memory().resident;
  if (taken + needed <= limit) return;
  std::vector<Hint> hints{{"max_memory", "allow more with {}"}};
  hints.insert(hints.end(), more_hints.begin(), more_hints.end());
  throw Error(Fault::limit,
              what + " about " + std::to_string(needed / mib + 1) + " MiB besides the " +
                  std::to_string(taken / mib + 1) + " MiB that the process has, and the limit is " +
                  std::to_string(limit / mib) + " MiB",
              hints);
}

}  // namespace ezkl
