#pragma once

#include "api/choose_settings.hpp"
#include "api/run_args_text.hpp"
#include "circuit/cost.hpp"
#include "ezkl/run_args.hpp"
#include "options.hpp"

namespace ezkl::cli {

/// The samples of gen-settings, split and table unless others are named: they serve if they exist and fit the model.
inline constexpr const char* usual_data = "input.json";

/// Declares the run arguments, which gen-settings and table share. `given` tells which of those that can be chosen
/// automatically were used.
void declare_run_arguments(Options& options, RunArgs& into, GivenArgs& given);

/// "batch_size=1"
std::pair<std::string, std::size_t> parse_variable(const std::string& text);

void declare_variables(Options& options, const char* names, std::vector<std::pair<std::string, std::size_t>>& into);

/// --max-model-size: what a model may become while it is read.
void declare_max_model_size(Options& options, std::uint64_t& into);

/// --target: what to make small where the choice is left.
void declare_target(Options& options, ChoiceTarget& target);

/// With --split, files have their usual names inside the parts' folders. errors: Fault::usage when `others` were named.
void refuse_beside_split(bool others);

}  // namespace ezkl::cli
