#pragma once

#include <string_view>

#include "ezkl/run_args.hpp"

namespace ezkl {

/// "plonk", "sumcheck"
const char* name_of(ProofSystem system);

/// The one that settings or a manifest name. PLONK's have no member that could: they are the published package's.
/// errors: Fault::format for every other text
ProofSystem read_proof_system(std::string_view text);

}  // namespace ezkl
