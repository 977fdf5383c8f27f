#pragma once

#include <string>

#include "circuit/cost.hpp"

namespace ezkl {

/// prove, size, gas or memory. errors: Fault::usage.
ChoiceTarget parse_choice_target(const std::string& text);

}  // namespace ezkl
