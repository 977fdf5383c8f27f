#pragma once

#include <cstddef>

namespace ezkl::service {

/// Of one JSON text: a message, a file of an attempt, a line of a report. As its reader counts them.
inline constexpr std::size_t most_json_values = std::size_t{1} << 20;

}  // namespace ezkl::service
