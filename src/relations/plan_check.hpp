#pragma once

#include <cstdint>
#include <vector>

#include "relations/plan.hpp"

namespace ezkl::relations {

/// Which tensors the claims of a plan need, by tensor: through whatever they are made of.
std::vector<bool> needed_tensors(const Plan& plan);

/// Elements that both sides go through one by one, every time: those of needed remaps, and of needed reshapes that keep
/// no points. A plan has no more of them than this.
constexpr std::uint64_t most_listed_elements = std::uint64_t{1} << 22;
std::uint64_t listed_elements(const Plan& plan);

/// Puts the lists of committed and keyed tensors and of contractions into a plan that has the rest.
void list_tensors(Plan& plan);

/// Whether a plan that a file gave is one that the protocol can run: numbers within bounds, shapes that fit, nothing
/// made of itself, no product where only linear tensors may be read, every lookup in one tree. What it states is the
/// key's to say; that it can be run without breaking a promise is checked here. errors: Fault::format, saying what does
/// not fit
void check_plan(const Plan& plan);

}  // namespace ezkl::relations
