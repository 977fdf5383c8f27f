#include "api/compare_values.hpp"

#include <algorithm>
#include <cmath>

#include "api/make_witness.hpp"
#include "api/model_settings.hpp"
#include "api/setup_files.hpp"
#include "artifact/felt_text.hpp"
#include "artifact/input_file.hpp"
#include "artifact/json.hpp"
#include "artifact/number_text.hpp"
#include "base/text.hpp"
#include "ezkl/error.hpp"
#include "graph/claims/elements.hpp"
#include "statement/meaning.hpp"
#include "tensor/quantize.hpp"
#include "transcript/poseidon.hpp"

namespace ezkl {
namespace {

using Kind = Visibility::Kind;

/// The lists of `data` in the order of the tensors. errors: Fault::format when there are more or fewer, or arrays of
/// other names; Fault::usage for arrays with names where nothing tells those of the tensors: their order in the file is
/// not what gen-witness took them by.
std::vector<const std::vector<InputValue>*> tensors_of(const InputData& data, const ReportedGroup& group) {
  if (data.inputs.size() != group.tensors.size()) {
    throw Error(Fault::format, data.source + ": holds " + std::to_string(data.inputs.size()) +
                                   " tensors, the model has " + std::to_string(group.tensors.size()) + " " +
                                   name_of(group.group));
  }
  std::vector<std::string> names;
  for (const ReportedTensor& tensor : group.tensors) names.push_back(tensor.name.value_or(""));
  if (group.tensors.size() > 1 && !named_by_place(data)) {
    const auto known = [](const ReportedTensor& tensor) { return tensor.name.has_value(); };
    const std::string so = data.source + ": its arrays have names, and ";
    if (!std::all_of(group.tensors.begin(), group.tensors.end(), known)) {
      throw Error(Fault::usage, so + "nothing tells which " + one_of(group.group) + " has which",
                  {{"manifest", "{} names a manifest of the key that does, or give JSON in the model's order"}});
    }
    if (std::find(data.names.begin(), data.names.end(), names[0]) == data.names.end()) {
      throw Error(Fault::format, so + "none is '" + names[0] +
                                     "'; give arrays of the tensors' names, or JSON in the "
                                     "model's order");
    }
  }
  return lists_of(data, names);
}

/// One value as the circuit holds it. Outputs are compared as they are given: a type that the model rounds through has
/// rounded them already.
Int128 quantized(const InputValue& value, const ReportedTensor& tensor, TensorGroup group) {
  const std::string named = tensor.type.value_or("Unknown");
  const auto type = type_of_settings(named);
  if (!type) {
    throw Error(Fault::format, std::string("settings: ") + one_of(group) + "_types: unknown type '" + named + "'");
  }
  const std::string place = std::string("an ") + one_of(group) + " of type " + named;
  // a constant that is no number becomes 0, and would agree with an output of 0
  if (!std::isfinite(value.number)) {
    throw Error(Fault::range, std::string("an ") + one_of(group) + " value is not a finite number");
  }
  if (group == TensorGroup::inputs || !is_float(*type)) check_kind(value, *type, place);
  if (!is_float(*type)) return whole_at_scale(value, tensor.scale);
  if (group == TensorGroup::outputs) return quantize(value.number, tensor.scale);
  return quantize_input(value.number, *type, tensor.scale);
}

/// How far a number is from what `held` stands for at the scale, without the digits that doubles lose.
double distance(const InputValue& value, Int128 held, int scale) {
  const auto whole = value.whole();
  constexpr int most_bits = 126;
  const Int128 most = Int128{1} << most_bits;
  const Int128 shiftable = scale >= 0 && scale < most_bits ? most >> scale : 0;
  const bool shifts = whole && *whole<shiftable&& * whole> - shiftable;
  const double steps = std::ldexp(value.number, scale);
  if (held >= most || held <= -most || (!shifts && !(std::fabs(steps) < 0x1p126))) {
    return std::fabs(value.number - dequantize(held, scale));
  }
  const Int128 step = shifts ? *whole * (Int128{1} << scale) : static_cast<Int128>(steps);
  const double beside = shifts ? 0 : steps - std::trunc(steps);
  return std::ldexp(std::fabs(static_cast<double>(step - held) + beside), -scale);
}

/// A list as the circuit holds it, and how far rounding to the tensor's scale moved its numbers.
struct Rounded {
  std::vector<Fr> values;
  double farthest = 0;
};

Rounded quantized(const std::vector<InputValue>& list, const ReportedTensor& tensor, TensorGroup group,
                  const std::string& where) {
  Rounded out;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const InputValue& value = list[i];
    if (value.kind == InputValue::Kind::felt) {
      out.values.push_back(value.felt);
      continue;
    }
    const Int128 held =
        in_context(where + ": element " + std::to_string(i), [&] { return quantized(value, tensor, group); });
    out.values.push_back(Fr::from_i128(held));
    out.farthest = std::max(out.farthest, distance(value, held, tensor.scale));
  }
  return out;
}

/// Two digits, and no less than the number.
std::string at_most(double distance) {
  const double step = std::pow(10, std::floor(std::log10(distance)) - 1);
  return short_number(std::ceil(distance / step * (1 - 1e-9)) * step, 2);
}

/// What is wrong; empty when the values, which are those of `given`, are the proof's.
std::string shown_difference(const std::vector<Fr>& values, const std::vector<InputValue>& given,
                             const ReportedTensor& tensor) {
  if (values.size() != tensor.values.size()) {
    return std::to_string(values.size()) + " values given, the proof shows " + std::to_string(tensor.values.size());
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] == tensor.values[i]) continue;
    std::string out = "element " + std::to_string(i) + " is " + given[i].text() + ", the proof is about " +
                      shown_number(tensor.values[i], tensor.scale);
    if (given[i].kind != InputValue::Kind::felt && claims::is_integer(tensor.values[i])) {
      out += ": they differ by " +
             short_number(distance(given[i], tensor.values[i].to_int128_lossy(), tensor.scale), 2) +
             ", and all digits at the tensor's scale of " + std::to_string(tensor.scale) + " are compared";
    }
    return out;
  }
  return {};
}

std::string hash_difference(const std::vector<Fr>& values, const ReportedTensor& tensor) {
  const Fr hash = poseidon_hash(std::span<const Fr>(values));
  if (hash == *tensor.hash) return {};
  return "its hash is " + big_felt_text(hash) + ", the proof is about values with the hash " +
         big_felt_text(*tensor.hash);
}

std::string commitment_difference(const std::vector<Fr>& values, std::size_t elements, const ReportedTensor& tensor,
                                  const plonk::ConstraintSystem& cs, const CommitmentKey& setup) {
  if (values.size() != elements) {
    return std::to_string(values.size()) + " values given, the proof commits to " + std::to_string(elements);
  }
  // A message that all but fills its columns has one column more than commitments (docs/spec/modules.md 5).
  const auto commitments = commit_message(values, cs, setup);
  const auto& shown = tensor.commitments;
  if (commitments.size() <= shown.size() && std::equal(commitments.begin(), commitments.end(), shown.begin()))
    return {};
  return "its commitment is " + point_text(commitments.front()) + ", the proof is about values with the commitment " +
         point_text(shown.front());
}

const ReportedGroup& group_of(const VerifyReport& report, TensorGroup group) {
  return *std::find_if(report.groups.begin(), report.groups.end(),
                       [&](const ReportedGroup& found) { return found.group == group; });
}

}  // namespace

void compare_values(const LoadedCircuit& circuit, const VerifyFiles& files, TensorGroup group, const std::string& data,
                    VerifyReport& report) {
  const auto refuse = [&](const std::string& reason) {
    report.accepted = false;
    report.reason = reason;
  };
  const ReportedGroup& shown = group_of(report, group);
  const Kind kind = shown.visibility.kind;
  if (kind == Kind::private_ || kind == Kind::fixed || kind == Kind::hashed_private) {
    return refuse("the proof holds, but whether it is about this " + std::string(one_of(group)) +
                  " cannot be said: its " + name_of(group) + " are " + visibility_text(shown.visibility) + ", " +
                  meaning_of(group, shown.visibility, std::nullopt, report.hides));
  }
  const InputData given = group == TensorGroup::inputs ? load_input(data) : load_output(data);
  const auto lists = tensors_of(given, shown);
  std::unique_ptr<CommitmentKey> setup;
  if (kind == Kind::polycommit) {
    if (files.reduced_srs) {
      throw Error(Fault::usage, "a committed tensor is compared with the whole setup",
                  {{"reduced_srs", std::string("leave {} out to compare an ") + one_of(group)}});
    }
    setup = open_checked_setup(files.srs, circuit.settings.run_args);
  }
  double farthest = 0;
  for (std::size_t i = 0; i < shown.tensors.size(); ++i) {
    const ReportedTensor& tensor = shown.tensors[i];
    const std::string where = given.source + ": " + tensor_label(shown, i);
    const Rounded rounded = quantized(*lists[i], tensor, group, where);
    const std::vector<Fr>& values = rounded.values;
    farthest = std::max(farthest, rounded.farthest);
    std::string difference;
    if (kind == Kind::public_) difference = shown_difference(values, *lists[i], tensor);
    if (kind == Kind::hashed_public) difference = hash_difference(values, tensor);
    if (setup) {
      std::size_t elements = 0;
      for (const ShownCommitments& place : circuit.statement.commitments) {
        if (place.group == group && place.tensor == i) elements = place.elements;
      }
      difference = commitment_difference(values, elements, tensor, circuit.circuit.cs, *setup);
    }
    if (!difference.empty()) {
      return refuse("the proof holds, but it is about another " + std::string(one_of(group)) + ": " + where + ": " +
                    difference);
    }
  }
  const std::string rounding =
      farthest == 0 ? "" : ", rounded to the scale of each tensor (at most " + at_most(farthest) + " away),";
  // Text given in a file's place has no name.
  const std::string source = looks_like_json(data) ? "what was given" : given.source;
  report.compared.push_back(source + rounding + " holds the " + name_of(group) + " that the proof is about");
}

}  // namespace ezkl
