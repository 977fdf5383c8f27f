#include "proved_model.hpp"

#include <gtest/gtest.h>

#include "../graph/model_text.hpp"
#include "api/loaded_model.hpp"
#include "api/setup_files.hpp"
#include "artifact/pk_file.hpp"
#include "base/files.hpp"
#include "onnx/export.hpp"
#include "plonk/prover.hpp"

namespace ezkl::testing {

void prove_forged(const ProofPaths& paths, const std::function<void(std::vector<Fr>&)>& change) {
  const LoadedModel model(paths.compiled);
  const auto inputs = witness_inputs(read_witness(paths.witness), model.compiled.graph, "witness.json");
  const ConfiguredCircuit circuit = circuit_of(model);
  CircuitWitness cells(model.record, model.settings(), circuit, inputs);
  const auto key_bytes = read_file(paths.pk);
  const auto key =
      parse_proving_key(parse_proving_key_head(key_bytes, "pk.key"), circuit.cs, model.logrows(), "pk.key");
  const auto setup = open_setup(paths.srs, model.settings().run_args);
  ProofFile proof;
  proof.instances = cells.instances();
  change(proof.instances[0]);
  Random random = Random::from_seed(1);
  const plonk::Forging forging;
  plonk::ProverOptions options;
  options.forging = &forging;
  proof.proof = plonk::create_proof(*setup, key, cells, proof.instances, random, options);
  if (setup->scheme() != Commitment::kzg) proof.commitment = setup->scheme();
  write_file_atomically(paths.proof, std::string_view(proof_text(proof)));
}

ProvedModel::ProvedModel(const RunArgs& args) {
  const ModelDef model =
      testing::model({value("x", {1, 4})}, {node("MatMul", {"x", "u"}, {"a"}), node("Relu", {"a"}, {"y"})},
                     {{"u", floats({4, 3}, {1, 2, -1, 0.5, 0, -1, 1, 0.25, -2, 1, 1, 0})}});
  const Path& here = folder_.path();
  write_file_atomically(here / "network.onnx", onnx_bytes(model));
  gen_settings(here / "network.onnx", here / "settings.json", args);
  compile_circuit(here / "network.onnx", here / "model.compiled", here / "settings.json");
  const LoadedModel loaded(here / "model.compiled");
  gen_srs(here / "kzg.srs", loaded.logrows(), args.commitment);
  setup(here / "model.compiled", here / "vk.key", here / "pk.key", here / "kzg.srs");
  gen_witness(input(), here / "model.compiled", here / "witness.json", here / "vk.key", here / "kzg.srs");
}

RunArgs ProvedModel::run_args(Visibility::Kind inputs, Visibility::Kind params, Visibility::Kind outputs) {
  RunArgs args;
  args.input_scale = args.param_scale = 4;
  args.logrows = 9;
  args.decomp_base = 64;
  args.decomp_legs = 3;
  args.input_visibility = {inputs, {}};
  args.param_visibility = {params, {}};
  args.output_visibility = {outputs, {}};
  return args;
}

void ProvedModel::prove_honestly() const {
  prove(folder_ / "witness.json", folder_ / "model.compiled", folder_ / "pk.key", folder_ / "proof.json",
        folder_ / "kzg.srs");
}

void ProvedModel::prove_with(const std::function<void(std::vector<Fr>&)>& change) const {
  prove_forged({folder_ / "model.compiled", folder_ / "witness.json", folder_ / "pk.key", folder_ / "kzg.srs",
                folder_ / "proof.json"},
               change);
}

void ProvedModel::replace(const std::string& file, const std::string& from, const std::string& to) const {
  std::string text = read_text(folder_ / file);
  const std::size_t at = text.find(from);
  ASSERT_NE(at, std::string::npos) << file << ": " << from << " in " << text.substr(0, 2000);
  write_file_atomically(folder_ / file, std::string_view(text.replace(at, from.size(), to)));
}

}  // namespace ezkl::testing
