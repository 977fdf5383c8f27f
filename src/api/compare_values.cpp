#include "api/compare_values.hpp"

#include <algorithm>
#include <cmath>

#include "api/make_witness.hpp"
#include "api/model_settings.hpp"
#include "api/setup_files.hpp"
#include "artifact/felt_text.hpp"
#include "artifact/input_file.hpp"
#include "artifact/number_text.hpp"
#include "ezkl/error.hpp"
#include "statement/meaning.hpp"
#include "tensor/quantize.hpp"
#include "transcript/poseidon.hpp"

namespace ezkl {
namespace {

using Kind = Visibility::Kind;

/// "input", "output"
const char* one_of(TensorGroup group) { return group == TensorGroup::inputs ? "input" : "output"; }

/// The lists of `data` in the order of the tensors. errors: Fault::format when there are more or fewer.
std::vector<const std::vector<InputValue>*> tensors_of(const InputData& data, const ReportedGroup& group) {
  if (data.inputs.size() != group.tensors.size()) {
    throw Error(Fault::format, data.source + ": holds " + std::to_string(data.inputs.size()) +
                                   " tensors, the model has " + std::to_string(group.tensors.size()) + " " +
                                   name_of(group.group));
  }
  std::vector<std::string> names;
  for (const ReportedTensor& tensor : group.tensors) names.push_back(tensor.name.value_or(""));
  return lists_of(data, names);
}

/// One value as the circuit holds it. Outputs are compared as they are given: a type that the model rounds through has
/// rounded them already.
Fr quantized(const InputValue& value, const ReportedTensor& tensor, TensorGroup group) {
  if (value.kind == InputValue::Kind::felt) return value.felt;
  if (group == TensorGroup::outputs) {
    // a constant that is no number becomes 0, and would agree with an output of 0
    if (!std::isfinite(value.number)) throw Error(Fault::range, "an output value is not a finite number");
    return Fr::from_i128(quantize(value.number, tensor.scale));
  }
  const auto type = type_of_settings(tensor.type.value_or("Unknown"));
  if (!type) throw Error(Fault::format, "settings: input_types: unknown type '" + *tensor.type + "'");
  if (value.kind == InputValue::Kind::boolean && *type != DType::boolean) {
    throw Error(Fault::format,
                "a boolean for an input of type " + tensor.type.value_or("Unknown") + ": write a number");
  }
  return Fr::from_i128(quantize_input(value.number, *type, tensor.scale));
}

std::vector<Fr> quantized(const std::vector<InputValue>& list, const ReportedTensor& tensor, TensorGroup group,
                          const std::string& where) {
  std::vector<Fr> out;
  for (std::size_t i = 0; i < list.size(); ++i) {
    out.push_back(
        in_context(where + ": element " + std::to_string(i), [&] { return quantized(list[i], tensor, group); }));
  }
  return out;
}

/// What is wrong; empty when the values are those.
std::string shown_difference(const std::vector<Fr>& values, const ReportedTensor& tensor) {
  if (values.size() != tensor.values.size()) {
    return std::to_string(values.size()) + " values given, the proof shows " + std::to_string(tensor.values.size());
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] == tensor.values[i]) continue;
    return "element " + std::to_string(i) + " is " + shown_number(values[i], tensor.scale) + ", the proof is about " +
           shown_number(tensor.values[i], tensor.scale);
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
                  meaning_of(group, shown.visibility));
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
  for (std::size_t i = 0; i < shown.tensors.size(); ++i) {
    const ReportedTensor& tensor = shown.tensors[i];
    const std::string where = given.source + ": " + tensor_label(shown, i);
    const std::vector<Fr> values = quantized(*lists[i], tensor, group, where);
    std::string difference;
    if (kind == Kind::public_) difference = shown_difference(values, tensor);
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
  report.compared.push_back(given.source + " holds the " + name_of(group) + " that the proof is about");
}

}  // namespace ezkl
