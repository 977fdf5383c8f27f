#pragma once

#include <string>

#include "ezkl/run_args.hpp"

namespace ezkl {

/// private, public, fixed, hashed = hashed/public, hashed/private/0,2, polycommit = kzgcommit; in any case.
/// errors: Fault::usage.
Visibility parse_visibility(const std::string& text);

/// safe or unsafe in any case. errors: Fault::usage.
CheckMode parse_check_mode(const std::string& text);

/// kzg or ipa in any case. errors: Fault::usage.
Commitment parse_commitment(const std::string& text);

/// plonk or sumcheck in any case. errors: Fault::usage.
ProofSystem parse_proof_system(const std::string& text);

/// onnx or published in any case. errors: Fault::usage.
Semantics parse_semantics(const std::string& text);

}  // namespace ezkl
