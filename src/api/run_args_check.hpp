#pragma once

#include "ezkl/run_args.hpp"

namespace ezkl {

/// Refuses run arguments that make no circuit and warns of those that hardly ever make a good one.
/// errors: Fault::usage naming the option, its value and what would be right.
void check_run_args(const RunArgs& args);

}  // namespace ezkl
