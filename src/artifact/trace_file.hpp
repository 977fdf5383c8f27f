#pragma once

#include <string>
#include <vector>

#include "base/profile.hpp"

namespace ezkl {

/// A profile as a Chrome trace ("JSON object format" of the Trace Event Format), which chrome://tracing,
/// ui.perfetto.dev and speedscope open: a lane a thread with its phases as complete events, and memory as a counter.
std::string trace_text(const std::vector<PhaseRecord>& records);

}  // namespace ezkl
