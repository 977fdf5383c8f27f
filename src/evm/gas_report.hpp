#pragma once

#include <cstddef>
#include <string>

#include "evm/verifier_source.hpp"

namespace ezkl::evm {

/// Code of a contract: EIP-170.
constexpr std::size_t longest_code = 24'576;

/// A table, a line a section: what its own operations cost and what the precompiled contracts take. Calldata is priced
/// by its length: a zero byte costs 4 gas and any other 16; of a proof's bytes one in 256 is zero, of an instance's all
/// but one.
std::string gas_report(const VerifierContract& contract);

}  // namespace ezkl::evm
