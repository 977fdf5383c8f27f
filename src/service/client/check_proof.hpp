#pragma once

#include <filesystem>
#include <optional>

namespace ezkl::service {

/// What a client knows itself of a proof that it asks for.
struct ProofExpectation {
  std::filesystem::path witness, vk, settings;
  std::optional<std::filesystem::path> srs;
};

/// Refuses a proof that does not verify, or whose instances are not those of the witness. errors: Fault::unsatisfied
/// with what is wrong; Fault::unsupported where a tensor is committed to, which a witness cannot be compared with; as
/// verify.
void check_proof(const std::filesystem::path& proof, const ProofExpectation& expected);

}  // namespace ezkl::service
