#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ezkl/error.hpp"

namespace ezkl {

/// Refuses work that would take the process beyond a limit, for work that holds nothing it could do without: its limit
/// is kept by not beginning. `max_memory`: the call's own limit; 0: the session's. `needed`: bytes besides what is
/// resident. `what` takes them: "the keys take". errors: Fault::limit.
void refuse_above_limit(std::uint64_t max_memory, std::uint64_t needed, const std::string& what,
                        const std::vector<Hint>& more_hints = {});

}  // namespace ezkl
