#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "plonk/constraint_system.hpp"

namespace ezkl::plonk {

/// Why an instance column of a circuit of 2^k rows cannot have so many values, or nothing. Beyond 2^k the roots of
/// unity repeat: two instances would share one polynomial, and a proof would say something of their sum only.
std::optional<std::string> instance_room_refusal(const ConstraintSystem& cs, unsigned k, std::size_t instances);

}  // namespace ezkl::plonk
