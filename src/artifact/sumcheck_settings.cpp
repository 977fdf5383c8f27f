#include "artifact/sumcheck_settings.hpp"

#include <string>

#include "ezkl/error.hpp"
#include "statement/meaning.hpp"

namespace ezkl {
namespace {

struct Group {
  const char *name, *parameter;
  const Visibility& visibility;
};

void check_size(const char* parameter, const std::optional<std::uint32_t>& given, unsigned lo, unsigned hi) {
  if (!given || (*given >= lo && *given <= hi)) return;
  throw Error(Fault::usage, std::string(parameter) + " of " + std::to_string(*given),
              {{parameter, "{} can be " + std::to_string(lo) + " to " + std::to_string(hi)}});
}

}  // namespace

void check_sumcheck_args(const RunArgs& args) {
  using Kind = Visibility::Kind;
  if (args.commitment == Commitment::ipa) {
    throw Error(Fault::usage, "the sumcheck system has KZG commitments, these arguments say IPA",
                {{"proof_system", "{} plonk has both"}});
  }
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
  if (args.ignore_range_check_inputs_outputs) {
    throw Error(Fault::usage, "the sumcheck system waives no range checks of inputs and outputs",
                {{"ignore_range_check_inputs_outputs", "leave {} out"}, {"proof_system", "{} plonk can"}});
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
