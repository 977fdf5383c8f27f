#include "artifact/proof_system_name.hpp"

#include <string>

#include "base/text.hpp"
#include "ezkl/error.hpp"

namespace ezkl {

const char* name_of(ProofSystem system) { return system == ProofSystem::plonk ? "plonk" : "sumcheck"; }

ProofSystem read_proof_system(std::string_view text) {
  if (text == name_of(ProofSystem::sumcheck)) return ProofSystem::sumcheck;
  throw Error(Fault::format,
              "unknown proof system '" + elided(text, 40) + "', expected sumcheck, or no such member for PLONK");
}

}  // namespace ezkl
