#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "evm/yul_cost.hpp"

namespace ezkl::evm {

/// Collects a contract whose work is cut into functions of one assembly block each, so that the compiler neither merges
/// the blocks nor runs out of stack.
class ContractWriter {
 public:
  /// The functions that follow do this: `name` is what they are called, with a number, `comment` stands above the
  /// first.
  void section(std::string name, std::string comment);
  /// A line of the block under construction.
  void put(const std::string& text, unsigned indent = 3) { block_.push_back(std::string(4 * indent, ' ') + text); }
  void put_all(std::vector<std::string>& lines);
  void put_first(const std::string& text);
  std::size_t block_size() const;
  bool has_block() const { return !block_.empty(); }
  /// Whether the word stands in the block under construction.
  bool block_mentions(const std::string& word) const;

  /// A parameter of a function and the variable of the entry function that is passed for it.
  struct Parameter {
    std::string name, value;
  };
  /// Ends the block: it becomes a function, which the entry function calls. It gets those parameters that it uses; its
  /// results go to variables of the entry function. `helpers` names the Yul functions that it may use: points, scalars,
  /// mac.
  void close(const std::vector<Parameter>& parameters, const std::vector<Parameter>& results,
             const std::vector<std::string>& helpers);
  /// A statement of the entry function.
  void statement(const std::string& text) { statements_.push_back("        " + text); }

  /// The Solidity file. `comment` stands above the contract, one line an item.
  std::string render(const std::vector<std::string>& comment) const;
  /// By section, in order: what its functions cost, the calls of them included.
  const std::vector<std::pair<std::string, YulCost>>& costs() const { return costs_; }

 private:
  static std::string helper(const std::string& name);

  std::vector<std::string> block_, functions_, statements_;
  std::string section_, comment_;
  std::size_t section_functions_ = 0;
  std::vector<std::pair<std::string, YulCost>> costs_;
};

/// The contract's custom errors; none has a parameter.
inline constexpr std::string_view invalid_calldata = "InvalidCalldata", invalid_point = "InvalidPoint",
                                  invalid_proof = "InvalidProof";

/// First four bytes of the hash of its signature.
std::array<std::uint8_t, 4> error_selector(std::string_view error);

/// Yul that reverts with a custom error.
std::string revert_with(std::string_view error);

}  // namespace ezkl::evm
