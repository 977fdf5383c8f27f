#include "api/run_args_check.hpp"

#include "base/int128.hpp"
#include "base/log.hpp"
#include "ezkl/error.hpp"

namespace ezkl {
namespace {

void refuse_unless(bool holds, const std::string& text) {
  if (!holds) throw Error(Fault::usage, text);
}

void warn_of_scale(const char* option, int scale) {
  if (scale < 8) log_warn(std::string(option) + " " + std::to_string(scale) + " is low: values keep few bits");
  if (scale > 20)
    log_warn(std::string(option) + " " + std::to_string(scale) + " is high: values may outgrow the circuit");
}

bool shows_something(const Visibility& visibility) { return visibility.kind != Visibility::Kind::private_; }

}  // namespace

void check_run_args(const RunArgs& args) {
  refuse_unless(args.scale_rebase_multiplier >= 1, "--scale-rebase-multiplier must be at least 1");
  refuse_unless(args.lookup_range.first <= args.lookup_range.second,
                "--lookup-range " + to_string(args.lookup_range.first) + "->" + to_string(args.lookup_range.second) +
                    ": the first number must not be above the second");
  refuse_unless(args.logrows >= 1 && args.logrows <= 26,
                "--logrows " + std::to_string(args.logrows) + ": expected 1 to 26");
  refuse_unless(args.num_inner_cols >= 1, "--num-inner-cols must be at least 1");
  for (const auto& [name, value] : args.variables) {
    refuse_unless(name != "batch_size" || value != 0, "--variables: batch_size must not be 0");
  }
  refuse_unless(args.decomp_base >= 2, "--decomp-base " + std::to_string(args.decomp_base) + ": expected at least 2");
  refuse_unless(args.decomp_legs >= 1, "--decomp-legs must be at least 1");
  Int128 reach = 1;
  for (std::size_t leg = 0; leg < args.decomp_legs; ++leg) {
    refuse_unless(reach <= (Int128(1) << 126) / Int128(args.decomp_base),
                  "--decomp-base " + std::to_string(args.decomp_base) + " to the power of --decomp-legs " +
                      std::to_string(args.decomp_legs) + " exceeds 126 bits");
    reach *= Int128(args.decomp_base);
  }
  refuse_unless(
      args.input_scale >= -100 && args.input_scale <= 100 && args.param_scale >= -100 && args.param_scale <= 100,
      "--input-scale and --param-scale: expected -100 to 100");
  refuse_unless(args.param_visibility.kind != Visibility::Kind::public_,
                "public visibility for params is deprecated, please use `fixed` instead");
  refuse_unless(shows_something(args.input_visibility) || shows_something(args.output_visibility) ||
                    shows_something(args.param_visibility),
                "there should be at least one set of public variables: make --input-visibility, --output-visibility or "
                "--param-visibility public, fixed, hashed or polycommit");
  warn_of_unchecked_values(args);
  warn_of_unbound_model(args);
}

void warn_of_unbound_model(const RunArgs& args) {
  if (args.param_visibility.kind != Visibility::Kind::private_) return;
  log_warn(
      "the parameters are private, so a proof is about no model in particular: it says only that some parameters exist "
      "with which the circuit gives these outputs, and a prover is free to choose them; --param-visibility fixed, hashed "
      "or polycommit binds the model's own");
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

void warn_of_scales(const RunArgs& args) {
  warn_of_scale("--input-scale", args.input_scale);
  warn_of_scale("--param-scale", args.param_scale);
}

}  // namespace ezkl
