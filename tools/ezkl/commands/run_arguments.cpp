#include "commands/run_arguments.hpp"

#include <algorithm>
#include <limits>

#include "api/choice_target.hpp"
#include "base/int128.hpp"
#include "ezkl/error.hpp"
#include "graph/input_variables.hpp"
#include "statement/meaning.hpp"

namespace ezkl::cli {
namespace {

/// "name=4" or the older "name->4", which a shell takes for a redirection unless it is quoted.
std::pair<std::string, std::string> split_name(const std::string& text) {
  const std::size_t arrow = text.find("->"), equals = text.rfind('=');
  if (arrow != std::string::npos) return {text.substr(0, arrow), text.substr(arrow + 2)};
  if (equals != std::string::npos && equals > 0) return {text.substr(0, equals), text.substr(equals + 1)};
  // `-V batch_size->4` without quotes arrives as "batch_size-", and the shell has made a file 4.
  const std::string advice = text.ends_with('-') ? " (a shell takes -> for a redirection)" : "";
  throw Error(Fault::usage, "'" + text + "': expected NAME=NUMBER, as in batch_size=4" + advice);
}

/// "-100:100" or the older "-100->100".
std::pair<std::string, std::string> split_range(const std::string& text) {
  const std::size_t arrow = text.find("->"), colon = text.find(':');
  if (arrow != std::string::npos) return {text.substr(0, arrow), text.substr(arrow + 2)};
  if (colon != std::string::npos) return {text.substr(0, colon), text.substr(colon + 1)};
  const std::string advice = text.ends_with('-') ? " (a shell takes -> for a redirection)" : "";
  throw Error(Fault::usage, "'" + text + "': expected LOW:HIGH, as in -32768:32768" + advice);
}

void declare_visibility(Options& o, const char* name, Visibility& into, const std::string& help) {
  o.parsed(
      name, "VISIBILITY", visibility_text(into), [&into](const std::string& text) { into = parse_visibility(text); },
      help + " (hashes and commitments are not random: values of few possibilities can be found by trying)");
}

}  // namespace

std::pair<std::string, std::size_t> parse_variable(const std::string& text) {
  const auto [name, value] = split_name(text);
  return {name, std::size_t(parse_unsigned(value))};
}

void declare_variables(Options& o, const char* names, std::vector<std::pair<std::string, std::size_t>>& into) {
  auto given = std::make_shared<bool>(false);
  o.parsed(
      names, "NAME=INT,...", "batch_size=1",
      [&into, given](const std::string& text) {
        if (!*given) std::erase_if(into, [](const auto& v) { return v.first == "batch_size"; });
        *given = true;
        for (const std::string& item : split_commas(text)) into.push_back(parse_variable(item));
      },
      "sizes of the model's named dimensions", true);
}

/// What the model leaves open about its inputs.
void declare_inputs(Options& o, std::vector<std::pair<std::string, std::size_t>>& variables, GivenArgs& given) {
  o.parsed(
      "--input-shape", "NAME=INT,INT,...", "from the model, then the data",
      [&variables, &given](const std::string& text) {
        const auto [name, shape] = split_name(text);
        std::size_t axis = 0;
        for (const std::string& size : split_commas(shape)) {
          variables.emplace_back(axis_variable(name, axis++), std::size_t(parse_unsigned(size)));
        }
        given.input_shapes.emplace_back(name, axis);
      },
      "the shape of an input whose dimensions the model leaves open, all of its axes", true);
  o.parsed(
      "--constant", "NAME=INT", "none",
      [&variables](const std::string& text) {
        const auto [name, value] = split_name(text);
        variables.emplace_back(constant_variable(name), std::size_t(parse_unsigned(value)));
      },
      "make an input a constant of the circuit, as a sampling rate that chooses a branch", true);
}

void declare_run_arguments(Options& o, RunArgs& a, GivenArgs& given) {
  const auto count = [&o](const char* names, std::size_t& into, bool& used, const char* help) {
    o.parsed(
        names, "UINT", "chosen; " + std::to_string(into) + " with --logrows",
        [&into, &used](const std::string& text) {
          into = std::size_t(parse_unsigned(text));
          used = true;
        },
        help);
  };
  const auto scale = [&o, &given](const char* names, auto& into, const std::string& shown_default, const char* help) {
    o.parsed(
        names, "INT", shown_default,
        [&into, &given](const std::string& text) {
          into =
              static_cast<int>(parse_integer(text, std::numeric_limits<int>::min(), std::numeric_limits<int>::max()));
          given.scales = true;
        },
        help);
  };
  const std::string chosen =
      "7 with --logrows, another scale given, or tables and no data; else 13, or less where that has no circuit";
  o.group("Numbers");
  scale("-S,--input-scale", a.input_scale, chosen, "bits after the binary point of the inputs");
  scale("--param-scale", a.param_scale, chosen, "bits after the binary point of the parameters");
  scale("--rebase-scale", a.rebase_scale, "the larger of the two scales", "bits to bring results back to");
  o.value("--scale-rebase-multiplier", a.scale_rebase_multiplier, "let scales grow this many times before rebasing");
  o.parsed(
      "-B,--lookup-range", "LOW:HIGH", "twice what the data needs; -32768:32768 without data",
      [&a, &given](const std::string& text) {
        const auto [low, high] = split_range(text);
        given.lookup_range = true;
        try {
          a.lookup_range = {parse_int128(low), parse_int128(high)};
        } catch (const Error&) {
          throw Error(Fault::usage, "'" + text + "': expected two whole numbers, as in -32768:32768");
        }
      },
      "the keys of function tables");
  o.group("Circuit");
  o.parsed(
      "-K,--logrows", "INT", "chosen, with what else of the circuit is left open",
      [&a, &given](const std::string& text) {
        a.logrows = std::uint32_t(parse_integer(text, 1, 26));
        given.logrows = true;
      },
      "log2 of the number of circuit rows");
  count("-N,--num-inner-cols", a.num_inner_cols, given.num_inner_cols,
        "columns side by side in each block of the circuit");
  o.group("Shapes");
  declare_variables(o, "-V,--variables", a.variables);
  declare_inputs(o, a.variables, given);
  o.group("Who sees what");
  const std::string shown = ": private, public, fixed, hashed, hashed/private/0,2 or polycommit";
  declare_visibility(o, "--input-visibility", a.input_visibility, "who sees the inputs" + shown);
  declare_visibility(o, "--output-visibility", a.output_visibility, "who sees the outputs" + shown);
  declare_visibility(
      o, "--param-visibility", a.param_visibility,
      "how proofs are bound to the model: fixed (its parameters are part of the key), hashed or polycommit "
      "(hidden, and each proof shows their hash or commitments), hashed/private/0, or private (hidden and "
      "bound by nothing: a prover may take other parameters)");
  o.group("Numbers");
  o.flag("--rebase-frac-zero-constants", a.rebase_frac_zero_constants, "keep constants without fraction at scale 0");
  o.group("Circuit");
  o.parsed(
      "--check-mode", "MODE", "unsafe", [&a](const std::string& text) { a.check_mode = parse_check_mode(text); },
      "safe or unsafe: recorded in the settings");
  o.parsed(
      "--commitment", "SCHEME", "kzg", [&a](const std::string& text) { a.commitment = parse_commitment(text); },
      "kzg, or ipa for proofs without a trusted setup, as releases up to 22 verify them");
  count("--decomp-base", a.decomp_base, given.decomposition, "base of the digits that range checks cut numbers into");
  count("--decomp-legs", a.decomp_legs, given.decomposition, "number of digits: values stay below base^legs");
  o.group("Numbers");
  o.flag("--bounded-log-lookup", a.bounded_log_lookup, "logarithms by a short table");
  o.flag("--ignore-range-check-inputs-outputs", a.ignore_range_check_inputs_outputs,
         "make no range checks on inputs and outputs");
  o.value("--epsilon", a.epsilon, "what divisions add to a divisor of zero");
  o.group("Circuit");
  o.flag("--disable-freivalds", a.disable_freivalds, "never check matrix products by random combinations");
  o.group("Numbers");
  o.parsed(
      "--semantics", "MEANING", "onnx", [&a](const std::string& text) { a.semantics = parse_semantics(text); },
      "onnx, or published for the integers of the published package where it departs from ONNX");
  o.group("Proof system");
  o.parsed(
      "--proof-system", "SYSTEM", "plonk", [&a](const std::string& text) { a.proof_system = parse_proof_system(text); },
      "plonk, or sumcheck: far cheaper to prove, its proofs larger, without zero knowledge and without contracts");
  o.flag("--clear", a.sumcheck.clear, "sumcheck: make proofs that hide nothing (needed, no others are made yet)");
  o.value("--row-bits", a.sumcheck.row_bits, "sumcheck: log2 of the cells of a committed row [default: chosen]");
  o.value("--limb-bits", a.sumcheck.limb_bits, "sumcheck: log2 of the largest range table [default: chosen]");
  o.value("--tree-bits", a.sumcheck.tree_bits, "sumcheck: log2 of the lookups of one sum of fractions [default: 21]");
  o.group(nullptr);
}

void declare_max_model_size(Options& o, std::uint64_t& into) {
  o.parsed(
      "--max-model-size", "SIZE", "256M", [&into](const std::string& text) { into = parse_bytes(text); },
      "what the model may become while it is read, about its elements, and 64 for each byte of its file: more is "
      "refused before memory is taken for it");
}

void declare_target(Options& o, ChoiceTarget& target) {
  o.parsed(
      "--target", "GOAL", "prove", [&target](const std::string& text) { target = parse_choice_target(text); },
      "what to make small where --logrows leaves the choice: prove (time), size (of the proof), gas, memory");
}

void refuse_beside_split(bool others) {
  if (others) {
    throw Error(
        Fault::usage,
        "--split: the files inside the parts' folders have their usual names and the keys the usual form; beside it, "
        "give --srs-path only");
  }
}

}  // namespace ezkl::cli
