#include "client/check_proof.hpp"

#include "api/verify.hpp"
#include "artifact/proof_file.hpp"
#include "artifact/witness_file.hpp"
#include "ezkl/error.hpp"

namespace ezkl::service {
namespace {

using Tensors = std::vector<std::vector<Fr>>;

/// What the witness has of a stretch of the instance column; null when it has nothing.
const std::vector<Fr>* values_of(const Witness& witness, const ShownInstances& shown) {
  const bool inputs = shown.group == TensorGroup::inputs, outputs = shown.group == TensorGroup::outputs;
  if (shown.manner != Manner::values || (!inputs && !outputs)) return nullptr;
  const Tensors& tensors = inputs ? witness.inputs : witness.outputs;
  return shown.tensor < tensors.size() ? &tensors[shown.tensor] : nullptr;
}

const Fr* hash_of(const Witness& witness, const ShownInstances& shown) {
  const auto& module = shown.group == TensorGroup::inputs    ? witness.processed_inputs
                       : shown.group == TensorGroup::outputs ? witness.processed_outputs
                                                             : witness.processed_params;
  if (shown.manner != Manner::hash || !module || !module->poseidon_hash) return nullptr;
  return shown.tensor < module->poseidon_hash->size() ? &(*module->poseidon_hash)[shown.tensor] : nullptr;
}

void compare(const Witness& witness, const Statement& statement, const std::vector<Fr>& column) {
  const auto refuse = [](const std::string& why) { throw Error(Fault::unsatisfied, "the proof " + why); };
  if (!statement.commitments.empty()) {
    throw Error(Fault::unsupported, "a proof with committed tensors cannot be compared with its witness here");
  }
  for (const ShownInstances& shown : statement.instances) {
    if (shown.first + shown.count > column.size()) refuse("has too few instances");
    const std::vector<Fr>* const values = values_of(witness, shown);
    const Fr* const hash = hash_of(witness, shown);
    if (!values && !hash) refuse("shows a value that the witness does not tell");
    if (values ? values->size() != shown.count : shown.count != 1)
      refuse("shows another number of values than the witness");
    for (std::size_t i = 0; i < shown.count; ++i) {
      if (column[shown.first + i] != (values ? (*values)[i] : *hash)) refuse("is about other values than the witness");
    }
  }
}

}  // namespace

void check_proof(const std::filesystem::path& proof, const ProofExpectation& expected) {
  const LoadedCircuit circuit = load_circuit(expected.settings, expected.vk);
  const ProofFile file = read_proof(proof);
  VerifyFiles files;
  files.proof = proof;
  files.settings = expected.settings;
  files.vk = expected.vk;
  files.srs = expected.srs;
  const VerifyReport report = verify(circuit, file, files);
  if (!report.accepted) throw Error(Fault::unsatisfied, "the proof does not verify: " + report.reason);
  if (file.instances.size() != 1 && circuit.statement.num_instances != 0) {
    throw Error(Fault::unsatisfied, "the proof has another number of instance columns");
  }
  compare(read_witness(expected.witness), circuit.statement,
          file.instances.empty() ? std::vector<Fr>{} : file.instances[0]);
}

}  // namespace ezkl::service
