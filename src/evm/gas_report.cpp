#include "evm/gas_report.hpp"

#include <cstdint>
#include <iomanip>
#include <sstream>

namespace ezkl::evm {
namespace {

constexpr std::uint64_t transaction_gas = 21'000, zero_byte_gas = 4, byte_gas = 16;
constexpr std::uint64_t head_bytes = 4 + 5 * 32,
                        head_others = 14;  // selector, offsets, lengths; bytes that are not zero
constexpr std::uint64_t entry_gas = 800;   // finding the function, reading its head, memory

std::string grouped(std::uint64_t value) {
  const std::string digits = std::to_string(value);
  std::string out;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) out += ',';
    out += digits[i];
  }
  return out;
}

void put_line(std::ostringstream& out, const std::string& name, const std::string& own, const std::string& called,
              const std::string& products) {
  out << std::left << std::setw(24) << name << std::right << std::setw(10) << own << std::setw(14) << called
      << std::setw(10) << products << '\n';
}

}  // namespace

std::string gas_report(const VerifierContract& contract) {
  std::ostringstream out;
  const std::uint64_t proof = head_others * byte_gas + (head_bytes - head_others) * zero_byte_gas +
                              contract.proof_bytes * byte_gas - contract.proof_bytes / 256 * (byte_gas - zero_byte_gas);
  const std::uint64_t least = contract.instances * (31 * zero_byte_gas + byte_gas);
  const std::uint64_t most = contract.instances * 32 * byte_gas;
  YulCost total;
  total.gas = transaction_gas + proof + least + entry_gas;
  put_line(out, "section", "own gas", "precompiles", "ecMul");
  put_line(out, "transaction", grouped(transaction_gas), "", "");
  put_line(out, "calldata: proof", grouped(proof), "", "");
  put_line(out, "calldata: instances", grouped(least), "", "");
  put_line(out, "entry", grouped(entry_gas), "", "");
  for (const auto& [name, cost] : contract.sections) {
    total += cost;
    put_line(out, name, grouped(cost.gas), cost.precompiles > 0 ? grouped(cost.precompiles) : "",
             cost.products > 0 ? grouped(cost.products) : "");
  }
  put_line(out, "all", grouped(total.gas), grouped(total.precompiles), grouped(total.products));
  const std::uint64_t gas = total.gas + total.precompiles;
  out << "\na verification: about " << grouped(gas) << " gas with instances of one byte, "
      << grouped(gas + most - least) << " with instances of 32\ncode: about " << grouped(contract.code_bytes)
      << " bytes of " << grouped(longest_code) << '\n';
  return out.str();
}

}  // namespace ezkl::evm
