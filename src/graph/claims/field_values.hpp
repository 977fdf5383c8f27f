#pragma once

#include <span>

#include "graph/claims/elements.hpp"

namespace ezkl::claims {

/// What a claim that is exact on field elements defines, modulo the field's prime, from the elements it is about.
/// errors  Fault::unsupported, naming the element, for every other claim: it is about numbers
/// threads parallel_for over the elements of a contraction
Felts field_values(const Record& record, const Claim& claim, std::span<const Elements> in);

}  // namespace ezkl::claims
