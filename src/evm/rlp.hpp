#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace ezkl::evm {

/// Writes the items of one list in Ethereum's recursive length prefix encoding.
/// source: Ethereum yellow paper, appendix B
class RlpList {
 public:
  RlpList& bytes(std::span<const std::uint8_t> data);
  /// Big-endian without leading zeros; 0 is the empty string.
  RlpList& integer(std::uint64_t value);
  /// As integer, for a big-endian number of any length.
  RlpList& integer(std::span<const std::uint8_t> big_endian);
  RlpList& list(const RlpList& inner);
  /// The list with its prefix.
  std::vector<std::uint8_t> encoded() const;

 private:
  std::vector<std::uint8_t> items_;
};

}  // namespace ezkl::evm
