#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace ezkl {

struct CompiledContract {
  std::vector<std::uint8_t> creation;  ///< what a transaction that creates the contract carries
  std::vector<std::uint8_t> runtime;   ///< the code that lies on the chain then
};

/// Compiles one Solidity text with an external compiler: the session's (a program or a Node script), or `solc` or
/// `solcjs` of its program path. It gets standard JSON on its standard input. `what` names the text in errors. errors:
/// Fault::unsupported when there is no compiler, and for a contract with immutables, whose code on the chain is not
/// what is compiled; Fault::format with the compiler's words for a text that it refuses or that lacks the contract;
/// Fault::io when it does not run.
CompiledContract compile_solidity(const std::string& source, const std::string& contract, std::uint32_t optimizer_runs,
                                  const std::string& what);

}  // namespace ezkl
