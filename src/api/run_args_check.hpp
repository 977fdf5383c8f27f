#pragma once

#include "ezkl/run_args.hpp"

namespace ezkl {

/// Refuses run arguments that make no circuit and warns of those that leave the statement weak.
/// errors: Fault::usage naming the option, its value and what would be right.
void check_run_args(const RunArgs& args);

/// Refuses to widen function tables by less than one, or by more than numbers hold. errors: Fault::usage.
void check_lookup_safety_margin(double margin);

/// Warns that a proof says less than it seems to where inputs and outputs are not range-checked.
void warn_of_unchecked_values(const RunArgs& args);

/// Warns that a proof says nothing of the model's parameters where they are private.
void warn_of_unbound_model(const RunArgs& args);

/// Warns that keys of the published package do not bind a private hash.
void warn_of_unbound_hashes(const RunArgs& args);

/// Warns that private parameters of a model with trees hide no tree.
void warn_of_private_trees(const RunArgs& args, bool trees);

/// Warns of scales that hardly ever make a good circuit; for those that somebody asked for.
void warn_of_scales(const RunArgs& args);

}  // namespace ezkl
