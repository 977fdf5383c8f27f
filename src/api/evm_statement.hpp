#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/manifest.hpp"
#include "artifact/proof_file.hpp"
#include "circuit/columns.hpp"
#include "circuit/settings.hpp"
#include "statement/statement.hpp"

namespace ezkl {

/// What a contract's callers see of hashed or committed parameters. The key does not fix them: a contract accepts proofs
/// of any, and whoever calls it has to compare.
struct ParamsOfContract {
  std::string place;                ///< "instance 4, their Poseidon hash"
  std::vector<std::string> values;  ///< words of calldata, "0x" and 64 digits; empty when they are not known
  std::string values_text() const;  ///< one behind the other
};

/// Of a key, with the values of its manifest where it has them; nothing when the circuit shows no parameters.
std::optional<ParamsOfContract> params_of_key(const Statement& statement, const CircuitColumns& columns,
                                              const Manifest* manifest);
/// Of a proof. errors: Fault::format when it is too short.
std::optional<ParamsOfContract> params_of_proof(const Statement& statement, const CircuitColumns& columns,
                                                const ProofFile& proof);

/// For the comment of a contract, a line each: what every instance stands for, what has to be compared, and what is
/// known of the key. The same files give the same lines: no name, path or time.
std::vector<std::string> contract_notes(const GraphSettings& settings, const Statement& statement,
                                        const CircuitColumns& columns, const TrustReport& trust, SetupOrigin origin);

}  // namespace ezkl
