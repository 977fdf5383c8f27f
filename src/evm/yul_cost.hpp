#pragma once

#include <cstdint>
#include <string>

namespace ezkl::evm {

/// What a piece of generated Yul costs, read off its text.
struct YulCost {
  std::uint64_t gas = 0;          ///< without precompiles; memory is taken to be paid for
  std::uint64_t precompiles = 0;  ///< gas of precompiled contracts and of calling them
  std::uint64_t products = 0;     ///< multiplications of a curve point
  std::uint64_t bytes = 0;        ///< of compiled code, about

  YulCost& operator+=(const YulCost& other);
};

/// Of the body of one assembly block as ContractWriter puts it together, helper functions left out: loops run from one
/// literal to another, conditions hold, and what a revert would save is not counted. Rules since Osaka; within a few
/// percent of what the compiler makes of the text.
YulCost yul_cost(const std::string& body);

}  // namespace ezkl::evm
