#include "plonk/mock.hpp"

#include "api/loaded_model.hpp"
#include "api/memory_limit.hpp"
#include "base/border.hpp"
#include "ezkl/ezkl.hpp"

namespace ezkl {

void mock(const Path& witness_path, const Path& model_path, std::uint64_t max_model_size,
          std::uint64_t max_memory) try {
  LoadedModel model(model_path, false, max_model_size);
  const Witness witness = read_witness(witness_path);
  const std::string what = witness_path.string();
  const auto inputs = witness_inputs(witness, model.compiled.graph, what);
  FileDigest fixed{};
  fix_values_of(witness, model, what, fixed);
  refuse_above_limit(max_memory, plonk::mock_bytes(model.circuit.cs, model.logrows()),
                     model.path + ": its circuit takes");
  CircuitWitness cells(model.record, model.settings(), model.circuit, inputs);
  check_outputs(witness, cells.output_felts(), model, what);
  check_instances(statement_of_model(model), cells.instances(), model);
  const auto assembly = assemble(model.record, model.settings(), model.circuit);
  const std::vector<Fr> challenges = cells.complete_for_mock();
  const auto failures =
      plonk::mock_check(model.circuit.cs, model.logrows(), assembly, cells.columns(), cells.instances(), challenges,
                        [&](const plonk::Cell& cell) { return cells.where(cell); });
  if (failures.empty()) return;
  std::string text = what + ": The constraint system is not satisfied:";
  for (const plonk::MockFailure& failure : failures) {
    text += "\n  row " + std::to_string(failure.row) + ", " + failure.constraint + ": " + failure.text;
  }
  throw Error(Fault::unsatisfied, text);
} catch (...) {
  rethrow_as_error();
}

}  // namespace ezkl
