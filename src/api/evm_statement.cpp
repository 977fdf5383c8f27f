#include "api/evm_statement.hpp"

#include <algorithm>
#include <cstdlib>

#include "api/links.hpp"
#include "artifact/felt_text.hpp"
#include "statement/meaning.hpp"

namespace ezkl {
namespace {

constexpr std::size_t point_bytes = 64;  // of a proof in the contracts' form

std::string stretch(const std::string& one, std::size_t first, std::size_t count) {
  if (count == 1) return one + ' ' + std::to_string(first);
  return one + "s " + std::to_string(first) + " to " + std::to_string(first + count - 1);
}

std::string tensor_name(TensorGroup group, std::size_t tensor) {
  if (group == TensorGroup::params) return "the parameters";
  return std::string(one_of(group)) + ' ' + std::to_string(tensor);
}

void put_point(const G1Affine& point, std::vector<std::string>& out) {
  for (const Fq& coordinate : {point.x, point.y}) out.push_back(coordinate.to_hex_be());
}

/// Number of the parameters among the committed tensors.
std::optional<std::size_t> committed_params(const Statement& statement) {
  const auto& all = statement.commitments;
  const auto found =
      std::find_if(all.begin(), all.end(), [](const ShownCommitments& c) { return c.group == TensorGroup::params; });
  if (found == all.end()) return std::nullopt;
  return static_cast<std::size_t>(found - all.begin());
}

const ShownInstances* hashed_params(const Statement& statement) {
  const auto& all = statement.instances;
  const auto found =
      std::find_if(all.begin(), all.end(), [](const ShownInstances& s) { return s.group == TensorGroup::params; });
  return found == all.end() ? nullptr : &*found;
}

/// Where committed tensor `number` stands in a proof.
std::string commitment_place(const CircuitColumns& columns, std::size_t number) {
  std::size_t first = 0;
  for (std::size_t i = 0; i < number; ++i) first += columns.polycommit[i].size();
  const std::size_t count = columns.polycommit[number].size();
  return stretch("point", first, count) + " of the proof (its bytes " + std::to_string(first * point_bytes) + " to " +
         std::to_string((first + count) * point_bytes - 1) + ')';
}

/// Where the parameters are shown; no values yet.
std::optional<ParamsOfContract> place_of_params(const Statement& statement, const CircuitColumns& columns) {
  if (const ShownInstances* hash = hashed_params(statement)) {
    return ParamsOfContract{stretch("instance", hash->first, 1) + ", their Poseidon hash", {}};
  }
  if (const auto number = committed_params(statement)) {
    return ParamsOfContract{commitment_place(columns, *number) + ", the commitments to them", {}};
  }
  return std::nullopt;
}

}  // namespace

std::string ParamsOfContract::values_text() const {
  std::string out;
  for (const std::string& value : values) out += (out.empty() ? "" : " ") + value;
  return out;
}

std::optional<ParamsOfContract> params_of_key(const Statement& statement, const CircuitColumns& columns,
                                              const Manifest* manifest) {
  auto out = place_of_params(statement, columns);
  if (!out || !manifest) return out;
  if (manifest->params_hash) out->values.push_back(*manifest->params_hash);
  for (const std::string& point : manifest->params_commitments) put_point(parse_point(point), out->values);
  return out;
}

std::optional<ParamsOfContract> params_of_proof(const Statement& statement, const CircuitColumns& columns,
                                                const ProofFile& proof) {
  auto out = place_of_params(statement, columns);
  if (!out) return out;
  if (const ShownInstances* hash = hashed_params(statement)) {
    out->values.push_back(big_felt_text(instance_column(proof)[hash->first]));
  } else if (const auto number = committed_params(statement)) {
    for (const G1Affine& point : commitment_points(proof, columns, *number)) put_point(point, out->values);
  }
  return out;
}

std::vector<std::string> contract_notes(const GraphSettings& settings, const Statement& statement,
                                        const CircuitColumns& columns, const TrustReport& trust, SetupOrigin origin) {
  std::vector<std::string> out;
  if (!statement.instances.empty()) out.emplace_back("The instances (a negative number n stands as r + n):");
  for (const ShownInstances& shown : statement.instances) {
    const std::string name = tensor_name(shown.group, shown.tensor);
    if (shown.count == 0) continue;
    const std::string place = "  " + stretch("instance", shown.first, shown.count) + ": ";
    if (shown.manner == Manner::hash) {
      out.push_back(place + "the Poseidon hash of " + name);
      continue;
    }
    out.push_back(place + name + ", numbers " + (shown.scale < 0 ? "divided by 2^" : "times 2^") +
                  std::to_string(std::abs(shown.scale)));
  }
  for (std::size_t i = 0; i < statement.commitments.size(); ++i) {
    const ShownCommitments& shown = statement.commitments[i];
    out.push_back("  " + commitment_place(columns, i) + ": commitments to " + tensor_name(shown.group, shown.tensor));
  }
  if (const auto params = params_of_key(statement, columns, trust.manifest())) {
    out.emplace_back("Proofs of ANY parameters are accepted. A caller must compare " + params->place + ',');
    out.emplace_back(params->values.empty() ? "with what the model's owner published." : "with:");
    for (const std::string& value : params->values) out.push_back("  " + value);
  }
  if (settings.run_args.param_visibility.kind == Visibility::Kind::private_) {
    out.emplace_back("The parameters are private: proofs are about no model in particular.");
  }
  if (settings.run_args.ignore_range_check_inputs_outputs) {
    out.emplace_back(
        "Inputs and outputs are NOT range-checked: an instance may be an element that stands for no number.");
  }
  out.emplace_back(origin == SetupOrigin::public_ceremony
                       ? "The setup is the public ceremony's."
                       : "The setup is NOT the public ceremony's: whoever made it may know its secret and can forge "
                         "proofs.");
  out.push_back(trust.with ? "The manifest of settings, key and setup has the SHA-256 " + trust.with->digest + '.'
                           : "There was no manifest: settings and key were taken on trust.");
  return out;
}

}  // namespace ezkl
