// choose_settings and check_model of the public header.
#include <algorithm>

#include "api/check_model.hpp"
#include "api/choice_target.hpp"
#include "api/model_settings.hpp"
#include "api/run_args_check.hpp"
#include "base/border.hpp"
#include "ezkl/reports.hpp"

namespace ezkl {
namespace {

SettingsChoice choice_of(const RunArgs& run_args, const SettingsOptions& options) {
  const auto given = [&](const char* name) {
    return std::find(options.given.begin(), options.given.end(), name) != options.given.end();
  };
  check_lookup_safety_margin(options.lookup_safety_margin);
  SettingsChoice out;
  out.given = {given("logrows"), given("lookup_range"), given("decomp_base") || given("decomp_legs"),
               given("num_inner_cols"), given("input_scale") || given("param_scale")};
  out.data = options.data;
  out.margin = options.lookup_safety_margin;
  out.target = in_context("target", [&] { return parse_choice_target(options.target); });
  out.max_model_size = options.max_model_size;
  refuse_options_in_vain(run_args, out.given, out.target);
  return out;
}

}  // namespace

Path choose_settings(const Path& model, const Path& output, const RunArgs& run_args,
                     const SettingsOptions& options) try {
  gen_settings(model, output, run_args, choice_of(run_args, options));
  return output;
} catch (...) {
  rethrow_as_error();
}

std::string check_model(const Path& model, const RunArgs& run_args, const SettingsOptions& options) try {
  return report_json(check_model(model, run_args, choice_of(run_args, options)));
} catch (...) {
  rethrow_as_error();
}

}  // namespace ezkl
