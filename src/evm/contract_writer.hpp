#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace ezkl::evm {

/// Collects a contract whose work is cut into functions of one assembly block each, so that the compiler neither merges
/// the blocks nor runs out of stack.
class ContractWriter {
 public:
  /// A line of the block under construction.
  void put(const std::string& text, unsigned indent = 3) { block_.push_back(std::string(4 * indent, ' ') + text); }
  void put_all(std::vector<std::string>& lines);
  void put_first(const std::string& text);
  std::size_t block_size() const;
  bool has_block() const { return !block_.empty(); }

  /// A parameter of a function and the variable of the entry function that is passed for it.
  struct Parameter {
    std::string name, value;
  };
  /// Ends the block: it becomes a function, which the entry function calls. It gets those parameters that it uses; its
  /// results go to variables of the entry function. `helpers` names the Yul functions that it may use: points, scalars, mac.
  void close(const std::vector<Parameter>& parameters, const std::vector<Parameter>& results,
             const std::vector<std::string>& helpers);
  /// A statement of the entry function.
  void statement(const std::string& text) { statements_.push_back("        " + text); }

  /// The Solidity file. `comment` stands above the contract, one line an item.
  std::string render(const std::vector<std::string>& comment) const;

 private:
  static std::string helper(const std::string& name);

  std::vector<std::string> block_, functions_, statements_;
};

}  // namespace ezkl::evm
