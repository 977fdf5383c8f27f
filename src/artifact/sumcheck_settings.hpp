#pragma once

#include <span>
#include <string>
#include <string_view>

#include "circuit/settings.hpp"
#include "relations/plan.hpp"

namespace ezkl {

inline bool is_sumcheck(const RunArgs& args) { return args.proof_system == ProofSystem::sumcheck; }

/// Refuses options that PLONK alone has, which would be taken in vain: those whose values in `args` ask for something,
/// and those of `named`, parameters that somebody gave a value. errors: Fault::usage, naming the first of them
void refuse_plonk_options(const RunArgs& args, std::span<const std::string_view> named);

/// Refuses what the sumcheck system cannot prove or would not hide, naming the group and its word, and sizes out of
/// bounds, of those that are given; as refuse_plonk_options. errors: Fault::usage, with what would be right
void check_sumcheck_args(const RunArgs& args);

/// Sizes as a plan takes them; those that are not given are the usual ones.
relations::PlanOptions plan_options(const RunArgs& args);

/// errors: Fault::unsupported where the settings are for the sumcheck system: `what` ("a contract that verifies") is
/// for PLONK.
void need_plonk(const RunArgs& args, const std::string& what);

}  // namespace ezkl
