#pragma once

#include <string>

#include "statement/order.hpp"

namespace ezkl {

/// "private", "public", "fixed", "hashed", "hashed/private/0,2", "polycommit": as the command line takes it.
std::string visibility_text(const Visibility& visibility);

/// What a proof says of a group of this visibility, for people who know nothing of proofs: a sentence without a capital
/// or a stop.
std::string meaning_of(TensorGroup group, const Visibility& visibility);

}  // namespace ezkl
