#pragma once

#include <cstdint>

#include "ezkl/session.hpp"

namespace ezkl::cli {

/// The level of the log: from -q or -v when given, else from EZKL_LOG, else from RUST_LOG ("debug", or
/// "ezkl=trace,other=warn", of which the part for ezkl or the part without a name counts), else info.
LogLevel log_level_from(const char* ezkl_log, const char* rust_log, std::int64_t verbose, bool quiet);

}  // namespace ezkl::cli
