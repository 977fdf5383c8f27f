#include "api/run_args_check.hpp"

#include <cmath>
#include <utility>

#include "artifact/sumcheck_settings.hpp"
#include "base/int128.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "ezkl/error.hpp"

namespace ezkl {
namespace {

void refuse_unless(bool holds, const std::string& found, std::vector<Hint> hints) {
  if (!holds) throw Error(Fault::usage, found, std::move(hints));
}

void warn_of_scale(const char* parameter, int scale) {
  const std::vector<Hint> hints{{parameter, "{} sets it"}};
  const std::string usual =
      scale == RunArgs().input_scale ? " (what is left out beside another scale is " + std::to_string(scale) + ")" : "";
  if (scale < 8) log_warn("a scale of " + std::to_string(scale) + " is low: values keep few bits" + usual, hints);
  if (scale > 20) log_warn("a scale of " + std::to_string(scale) + " is high: values may outgrow the circuit", hints);
}

bool shows_something(const Visibility& visibility) { return visibility.kind != Visibility::Kind::private_; }

}  // namespace

void check_run_args(const RunArgs& args) {
  refuse_unless(args.scale_rebase_multiplier >= 1, "a multiplier of 0 for scales",
                {{"scale_rebase_multiplier", "{} must be at least 1"}});
  refuse_unless(
      args.lookup_range.first <= args.lookup_range.second,
      "a lookup range from " + to_string(args.lookup_range.first) + " to " + to_string(args.lookup_range.second),
      {{"lookup_range", "the first number of {} must not be above the second"}});
  refuse_unless(args.logrows >= 1 && args.logrows <= 26, "a circuit of 2^" + std::to_string(args.logrows) + " rows",
                {{"logrows", "{} can be 1 to 26"}});
  refuse_unless(args.num_inner_cols >= 1, "blocks of 0 columns", {{"num_inner_cols", "{} must be at least 1"}});
  for (const auto& [name, value] : args.variables) {
    refuse_unless(name != "batch_size" || value != 0, "a batch of size 0",
                  {{"variables", "in {}, batch_size must not be 0"}});
  }
  refuse_unless(args.decomp_base >= 2, "digits of base " + std::to_string(args.decomp_base),
                {{"decomp_base", "{} must be at least 2"}});
  refuse_unless(args.decomp_legs >= 1, "numbers of 0 digits", {{"decomp_legs", "{} must be at least 1"}});
  Int128 reach = 1;
  for (std::size_t leg = 0; leg < args.decomp_legs; ++leg) {
    refuse_unless(
        reach <= (Int128(1) << 126) / Int128(args.decomp_base),
        std::to_string(args.decomp_legs) + " digits of base " + std::to_string(args.decomp_base) + " exceed 126 bits",
        {{"decomp_base", "choose a smaller {}"}, {"decomp_legs", "or a smaller {}"}});
    reach *= Int128(args.decomp_base);
  }
  for (const auto& [name, scale] :
       {std::pair("input_scale", args.input_scale), std::pair("param_scale", args.param_scale),
        std::pair("rebase_scale", args.rebase_scale.value_or(0))}) {
    refuse_unless(scale >= -100 && scale <= 100, "a scale of " + std::to_string(scale),
                  {{name, "{} can be -100 to 100"}});
  }
  const double epsilon = args.epsilon.value_or(0);
  refuse_unless(std::isfinite(epsilon) && epsilon >= 0, "an epsilon of " + short_number(epsilon, 3),
                {{"epsilon", "{} must be a number from 0 on"}});
  refuse_unless(args.param_visibility.kind != Visibility::Kind::public_,
                "public visibility for params is deprecated, please use `fixed` instead",
                {{"param_visibility", "{} says who sees them"}});
  refuse_unless(shows_something(args.input_visibility) || shows_something(args.output_visibility) ||
                    shows_something(args.param_visibility),
                "there should be at least one set of public variables",
                {{"input_visibility", "make inputs public, fixed, hashed or polycommit by {}"},
                 {"output_visibility", "outputs by {}"},
                 {"param_visibility", "or parameters by {}"}});
  if (is_sumcheck(args)) {
    check_sumcheck_args(args);
  } else {
    const SumcheckArgs& own = args.sumcheck;
    refuse_unless(!own.row_bits && !own.limb_bits && !own.tree_bits && !own.clear,
                  "sizes of the sumcheck system, or that nothing is to be hidden, for PLONK",
                  {{"proof_system", "they go with {} sumcheck"}});
  }
  warn_of_unchecked_values(args);
  warn_of_unbound_model(args);
}

void check_lookup_safety_margin(double margin) {
  constexpr double most = 1 << 20;  // a table that this makes wider fits no circuit
  refuse_unless(margin >= 1 && margin <= most, "function tables " + short_number(margin, 3) + " times as wide",
                {{"lookup_safety_margin", "{} can be 1 (just what the samples need) to 1048576"}});
}

void warn_of_unbound_model(const RunArgs& args) {
  if (args.input_visibility.kind == Visibility::Kind::private_ &&
      args.output_visibility.kind == Visibility::Kind::private_) {
    log_warn("inputs and outputs are private: a proof says only that the model can be run on something",
             {{"output_visibility", "{} public shows what it gives"}});
  }
  if (args.param_visibility.kind != Visibility::Kind::private_) return;
  log_warn(
      "the parameters are private, so a proof is about no model in particular: it says only that some parameters exist "
      "with which the circuit gives these outputs, and a prover is free to choose them",
      {{"param_visibility", "{} fixed, hashed or polycommit binds the model's own"}});
}

void warn_of_private_trees(const RunArgs& args, bool trees) {
  if (!trees || args.param_visibility.kind != Visibility::Kind::private_) return;
  log_warn(
      "the thresholds and weights of the model's trees are not private, though its parameters are: the verifying key "
      "holds them, and whoever guesses a tree can make its key and compare");
}

void warn_of_unchecked_values(const RunArgs& args) {
  if (!args.ignore_range_check_inputs_outputs) return;
  log_warn(
      "inputs and outputs are not range-checked (ignore_range_check_inputs_outputs): a prover may take field elements "
      "there that stand for no number of the model");
}

void warn_of_unbound_hashes(const RunArgs& run_args) {
  const Visibility* const all[] = {&run_args.input_visibility, &run_args.param_visibility, &run_args.output_visibility};
  bool any_private = false;
  for (const auto* visibility : all) {
    if (visibility->kind == Visibility::Kind::hashed_public) return;
    any_private = any_private || visibility->kind == Visibility::Kind::hashed_private;
  }
  if (!any_private) return;
  log_warn(
      "the proof lists a private hash among its instances: keys of this program bind it, keys of the published package "
      "do not");
}

void warn_of_scales(const RunArgs& args) {
  // Field elements have no point, and all that is computed beside them is whole.
  const bool for_felts =
      args.ignore_range_check_inputs_outputs || args.input_visibility.kind == Visibility::Kind::hashed_private;
  if (for_felts && args.input_scale == 0 && args.param_scale == 0) return;
  warn_of_scale("input_scale", args.input_scale);
  warn_of_scale("param_scale", args.param_scale);
}

}  // namespace ezkl
