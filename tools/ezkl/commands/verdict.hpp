#pragma once

#include "api/verify.hpp"

namespace ezkl::cli {

/// What verification says on standard output, as a page or as one JSON object. errors: Fault::unsatisfied, afterwards,
/// for a proof that was refused.
void print_verdict(const VerifyReport& report, bool json);

}  // namespace ezkl::cli
