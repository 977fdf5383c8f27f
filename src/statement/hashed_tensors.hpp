#pragma once

#include <cstddef>
#include <vector>

#include "ezkl/run_args.hpp"

namespace ezkl {

/// Which of a group's `tensors` messages (inputs, outputs, or the one of the parameters) are hashed, in the order of
/// their instances: all with hashed/public, the listed ones with hashed/private, else none. errors: Fault::usage for a
/// list that is empty, repeats a tensor or names one that is not there.
std::vector<std::size_t> hashed_tensors(const Visibility& visibility, std::size_t tensors);

}  // namespace ezkl
