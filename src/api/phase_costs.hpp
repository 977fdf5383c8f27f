#pragma once

#include <vector>

#include "base/progress.hpp"
#include "circuit/settings.hpp"

namespace ezkl {

/// What the phases of prove and of setup are predicted to cost beside each other, for a session's progress.
std::vector<PhaseCost> proving_phases(const GraphSettings& settings);
std::vector<PhaseCost> setup_phases(const GraphSettings& settings);

}  // namespace ezkl
