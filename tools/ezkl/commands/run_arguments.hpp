#pragma once

#include "api/choose_settings.hpp"
#include "circuit/cost.hpp"
#include "ezkl/run_args.hpp"
#include "options.hpp"

namespace ezkl::cli {

/// Declares the run arguments, which gen-settings and table share. `given` tells which of those that can be chosen
/// automatically were used.
void declare_run_arguments(Options& options, RunArgs& into, GivenArgs& given);

/// "batch_size->1"
std::pair<std::string, std::size_t> parse_variable(const std::string& text);

/// private, public, fixed, hashed = hashed/public, hashed/private/0,2, polycommit = kzgcommit.
/// errors: Fault::usage.
Visibility parse_visibility(const std::string& text);

/// safe or unsafe in any case. errors: Fault::usage.
CheckMode parse_check_mode(const std::string& text);

/// kzg or ipa in any case. errors: Fault::usage.
Commitment parse_commitment(const std::string& text);

void declare_variables(Options& options, const char* names, std::vector<std::pair<std::string, std::size_t>>& into);

/// --max-model-size: what a model may become while it is read.
void declare_max_model_size(Options& options, std::uint64_t& into);

/// --target: what to make small where the choice is left.
void declare_target(Options& options, ChoiceTarget& target);

/// With --split, files have their usual names inside the parts' folders. errors: Fault::usage when `others` were named.
void refuse_beside_split(bool others);

}  // namespace ezkl::cli
