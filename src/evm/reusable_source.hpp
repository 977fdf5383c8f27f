#pragma once

#include <string>

namespace ezkl::evm {

/// Solidity text of the contract `Halo2VerifierReusable`: one deployed copy serves every circuit, whose key comes with
/// the call as a verifying-key artifact that was registered before. Reads the artifacts of the published package.
/// source: docs/spec/evm.md 3, 5 and 6
std::string reusable_verifier_source();

/// JSON ABI of `Halo2Verifier` or, when `reusable`, of `Halo2VerifierReusable`.
std::string verifier_abi(bool reusable);

}  // namespace ezkl::evm
