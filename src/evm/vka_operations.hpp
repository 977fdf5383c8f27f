#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <vector>

#include "evm/proof_layout.hpp"
#include "evm/word.hpp"

namespace ezkl::evm {

/// Addresses in the memory of the reusable contract that expressions refer to.
struct OperandAddresses {
  std::map<std::array<std::uint64_t, 4>, Address> constants;  ///< by canonical value
  Address challenges = 0;                                      ///< of the first user challenge
  Address instance = 0;                                        ///< of the instance column's value
};

/// Constants of gates and of lookup inputs (not of tables), in order of first appearance.
std::vector<Fr> collect_constants(const plonk::FinalSystem& system);

/// Expressions as lists of operations, each of which writes the next word of a scratch area: 0 loads calldata, 1
/// negates, 2 adds, 3 multiplies. Equal operations of one list are written once. source: docs/spec/evm.md 5
class OperationEncoder {
 public:
  OperationEncoder(const ProofLayout& layout, OperandAddresses addresses)
      : layout_(layout), addresses_(std::move(addresses)) {}

  /// Begins a list whose results are written from `scratch` on.
  void start(Address scratch);
  /// Appends what the expression needs and gives the address of its value.
  /// errors: Fault::unsupported for a constant that stands in a lookup table only: the format has no place for it.
  Address append(const plonk::Expression::Node& node);

  const std::vector<std::uint64_t>& operations() const { return operations_; }
  /// The list as words from `first_bit` on, their number at bit 0 (at bit 16 when the list starts at bit 24). With
  /// `results`, their addresses follow behind code 4.
  std::vector<Word> packed(unsigned first_bit) const;
  std::vector<Word> packed(unsigned first_bit, const std::vector<Address>& results) const;

 private:
  Address operation(std::uint64_t code);
  Address constant(const Fr& value) const;
  void pack_operations(Packer& packer) const;

  const ProofLayout& layout_;
  OperandAddresses addresses_;
  std::map<std::uint64_t, Address> seen_;
  std::vector<std::uint64_t> operations_;
  Address next_ = 0;
};

/// Gate polynomials. `scratch` is the end of the artifact.
std::vector<Word> gate_section(const plonk::FinalSystem& system, OperationEncoder& encoder, Address scratch);

/// Lookup arguments; `section` is the address of the first word.
std::vector<Word> lookup_section(const plonk::FinalSystem& system, const ProofLayout& layout,
                                 OperationEncoder& encoder, Address scratch, Address section);

/// Bytes of scratch that gates and lookups need behind the artifact.
std::size_t operation_scratch(const plonk::FinalSystem& system, OperationEncoder& encoder);

}  // namespace ezkl::evm
