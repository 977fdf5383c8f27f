#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "graph/claims/claims.hpp"
#include "graph/op_spec.hpp"

/// Chain {steps, numbers, reach}: what several operators make of one tensor and of constants, element by element, as
/// one table. It holds the real function, rounded once, for every key of at most `reach` / 256 in magnitude; others
/// have no proof.
namespace ezkl::ops {

/// An operator that a chain may hold.
struct ChainRule {
  std::string_view kind;  ///< of the operator table; "Constant" stands for a number
  std::size_t operands = 1;
  std::string_view parameter = {};  ///< its one attribute, which is the step's number
  bool whole = false;               ///< the attribute is an integer
};

/// All of them. A step is written as its place here, so new ones go to the end.
std::span<const ChainRule> chain_rules();

inline constexpr std::size_t most_chain_steps = 64;
inline constexpr double chain_reach_unit = 1.0 / 256;
inline constexpr std::int64_t most_chain_reach = std::int64_t{1} << 30;

/// One step; values are numbered: 0 is the operand, i + 1 what step i gives.
struct ChainStep {
  std::size_t rule = 0;
  std::array<std::uint32_t, 3> operands{};
  double number = 0;
};

/// The operator, without `reach`.
OpSpec chain_op(const std::vector<ChainStep>& steps);

/// The largest key of a chain's table at the scale of its keys; the least is minus that.
/// errors: Fault::range for a table of more than 2^24 keys, and for keys without a fraction.
Int128 last_chain_key(const OpSpec& op, int key_scale);

/// What the chain gives for keys at `key_scale`, rounded to `scale`; nothing where it has no value for one of them, or
/// one too large for a circuit. errors: Fault::format for a chain that makes no sense.
std::optional<claims::Values> chain_entries(const OpSpec& op, const claims::Values& keys, int key_scale, int scale);

}  // namespace ezkl::ops
