#include "api/loaded_model.hpp"
#include "api/proof_system.hpp"
#include "base/border.hpp"
#include "base/profile.hpp"
#include "ezkl/ezkl.hpp"

namespace ezkl {

void mock(const Path& witness_path, const Path& model_path, std::uint64_t max_model_size,
          std::uint64_t max_memory) try {
  Phase phase("read model");
  LoadedModel model(model_path, false, max_model_size);
  const Witness witness = read_witness(witness_path);
  const ModelRun run = run_of(witness, model, witness_path);
  phase.next("check");
  backend_of(model.settings().run_args).mock(run, max_memory);
} catch (...) {
  rethrow_as_error();
}

}  // namespace ezkl
