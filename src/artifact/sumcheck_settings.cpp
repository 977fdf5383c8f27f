#include "artifact/sumcheck_settings.hpp"

#include <algorithm>
#include <string>

#include "ezkl/error.hpp"
#include "statement/meaning.hpp"

namespace ezkl {
namespace {

struct Group {
  const char *name, *parameter;
  const Visibility& visibility;
};

/// What only PLONK has. `asked`: whether the value alone says that somebody wants it.
struct PlonkOption {
  std::string_view parameter;
  bool (*asked)(const RunArgs&);
  const char* refused;
  Hint instead;
};

bool by_name_alone(const RunArgs&) { return false; }

const PlonkOption plonk_options[] = {
    {"commitment",
     [](const RunArgs& a) { return a.commitment == Commitment::ipa; },
     "the sumcheck system has KZG commitments, these arguments say IPA",
     {"proof_system", "{} plonk has both"}},
    {"ignore_range_check_inputs_outputs",
     [](const RunArgs& a) { return a.ignore_range_check_inputs_outputs; },
     "the sumcheck system waives no range checks of inputs and outputs",
     {"ignore_range_check_inputs_outputs", "leave {} out"}},
    {"disable_freivalds",
     [](const RunArgs& a) { return a.disable_freivalds; },
     "the sumcheck system has no other way of checking products of matrices than random combinations",
     {"disable_freivalds", "leave {} out"}},
    {"num_inner_cols",
     [](const RunArgs& a) { return a.num_inner_cols != RunArgs().num_inner_cols; },
     "the sumcheck system has no blocks of columns",
     {"num_inner_cols", "leave {} out"}},
    {"logrows", by_name_alone, "a number of rows is of PLONK's circuits", {"row_bits", "the sumcheck system has {}"}},
    {"target",
     by_name_alone,
     "the sizes of the sumcheck system are chosen to the least predicted time of a proof, and by nothing else",
     {"target", "leave {} out"}},
};

void check_size(const char* parameter, const std::optional<std::uint32_t>& given, unsigned lo, unsigned hi) {
  if (!given || (*given >= lo && *given <= hi)) return;
  throw Error(Fault::usage, std::string(parameter) + " of " + std::to_string(*given),
              {{parameter, "{} can be " + std::to_string(lo) + " to " + std::to_string(hi)}});
}

}  // namespace

void refuse_plonk_options(const RunArgs& args, std::span<const std::string_view> named) {
  for (const PlonkOption& option : plonk_options) {
    const bool is_named = std::find(named.begin(), named.end(), option.parameter) != named.end();
    if (is_named || option.asked(args)) throw Error(Fault::usage, option.refused, {option.instead});
  }
}

void check_sumcheck_args(const RunArgs& args) {
  using Kind = Visibility::Kind;
  refuse_plonk_options(args, {});
  const Group groups[] = {{"inputs", "input_visibility", args.input_visibility},
                          {"outputs", "output_visibility", args.output_visibility},
                          {"parameters", "param_visibility", args.param_visibility}};
  const auto possible = [](const Group& group) {
    return std::string(group.parameter) == "param_visibility" ? "{} fixed is possible"
                                                              : "{} public or fixed is possible";
  };
  for (const Group& group : groups) {
    if (!group.visibility.is_hashed() && group.visibility.kind != Kind::polycommit) continue;
    throw Error(Fault::usage,
                std::string(group.name) + " of visibility " + visibility_text(group.visibility) +
                    ": the sumcheck system makes no hashes and no commitments for verifiers to compare",
                {{group.parameter, possible(group)}, {"proof_system", "{} plonk has all"}});
  }
  for (const Group& group : groups) {
    if (group.visibility.kind != Kind::private_) continue;
    throw Error(Fault::usage,
                std::string(group.name) +
                    " of visibility private: proofs of the sumcheck system hide nothing yet, and "
                    "one of these would tell whoever has it of the " +
                    group.name,
                {{group.parameter, possible(group)}, {"proof_system", "{} plonk hides"}});
  }
  if (!args.sumcheck.clear) {
    throw Error(Fault::usage, "proofs of the sumcheck system hide nothing yet",
                {{"clear", "say with {} that nothing is to be hidden"}, {"proof_system", "{} plonk hides"}});
  }
  using relations::PlanOptions;
  check_size("row_bits", args.sumcheck.row_bits, PlanOptions::least_row_bits, PlanOptions::most_row_bits);
  check_size("limb_bits", args.sumcheck.limb_bits, 1, PlanOptions::most_limb_bits);
  check_size("tree_bits", args.sumcheck.tree_bits, 1, PlanOptions::most_tree_bits);
}

relations::PlanOptions plan_options(const RunArgs& args) {
  relations::PlanOptions out;
  out.row_bits = args.sumcheck.row_bits.value_or(out.row_bits);
  out.limb_bits = args.sumcheck.limb_bits.value_or(out.limb_bits);
  out.tree_bits = args.sumcheck.tree_bits.value_or(out.tree_bits);
  return out;
}

void need_plonk(const RunArgs& args, const std::string& what) {
  if (!is_sumcheck(args)) return;
  throw Error(Fault::unsupported, what + " is for PLONK, the settings are for the sumcheck system",
              {{"proof_system", "make settings with {} plonk"}});
}

}  // namespace ezkl
