#include "evm/contract_writer.hpp"

#include <algorithm>
#include <cctype>

#include "evm/arithmetic.hpp"
#include "ezkl/error.hpp"
#include "transcript/keccak.hpp"

namespace ezkl::evm {
namespace {

bool is_name_part(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

/// Whether the name stands somewhere in the text as a whole word.
bool mentions(const std::string& text, const std::string& name) {
  for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name, at + 1)) {
    const std::size_t end = at + name.size();
    if ((at == 0 || !is_name_part(text[at - 1])) && (end == text.size() || !is_name_part(text[end]))) return true;
  }
  return false;
}

constexpr const char* points_helper = R"(            // whether no point of the proof at from .. end is (0, 0)
            function points(from, end, ok) -> res {
                res := ok
                for { } lt(from, end) { from := add(from, 0x40) } { res := and(res, lt(0, calldataload(add(from, 0x20)))) }
            })";

constexpr const char* scalars_helper =
    R"(            // whether the scalars at from .. end, a multiple of four of them, are below m
            function scalars(from, end, ok, m) -> res {
                res := ok
                for { } lt(from, end) { from := add(from, 0x80) } {
                    res := and(lt(calldataload(from), m), and(lt(calldataload(add(from, 0x20)), m), res))
                    res := and(lt(calldataload(add(from, 0x40)), m), and(lt(calldataload(add(from, 0x60)), m), res))
                }
            })";

constexpr const char* mac_helper = R"(            // accumulator at 0x00 += scalar at 0x80 * point at 0x40
            function mac() {
                if iszero(and(staticcall(20000, 6, 0x00, 0x80, 0x00, 0x40), staticcall(20000, 7, 0x40, 0x60, 0x40, 0x40))) {
                    )";
constexpr const char* mac_end = R"(
                }
            })";

constexpr std::uint64_t call_gas = 30, call_bytes = 14;  // of a function, about

}  // namespace

std::string ContractWriter::helper(const std::string& name) {
  if (name == "points") return points_helper;
  if (name == "scalars") return scalars_helper;
  if (name == "mac") return mac_helper + revert_with(invalid_point) + mac_end;
  throw Error(Fault::internal, "no helper function " + name);
}

std::array<std::uint8_t, 4> error_selector(std::string_view error) {
  const std::string signature = std::string(error) + "()";
  const auto hash = keccak256({reinterpret_cast<const std::uint8_t*>(signature.data()), signature.size()});
  return {hash[0], hash[1], hash[2], hash[3]};
}

std::string revert_with(std::string_view error) {
  Address selector = 0;
  for (const std::uint8_t byte : error_selector(error)) selector = selector << 8 | byte;
  return "mstore(0x00, " + hex(selector) + ") revert(0x1c, 0x04)";
}

void ContractWriter::section(std::string name, std::string comment) {
  section_ = std::move(name);
  comment_ = std::move(comment);
  section_functions_ = 0;
  costs_.emplace_back(section_, YulCost{});
}

bool ContractWriter::block_mentions(const std::string& word) const {
  return std::any_of(block_.begin(), block_.end(), [&](const std::string& line) { return mentions(line, word); });
}

void ContractWriter::put_all(std::vector<std::string>& lines) {
  for (const auto& line : lines) put(line);
  lines.clear();
}

void ContractWriter::put_first(const std::string& text) { block_.insert(block_.begin(), std::string(12, ' ') + text); }

std::size_t ContractWriter::block_size() const {
  std::size_t out = 0;
  for (const auto& line : block_) out += line.size();
  return out;
}

void ContractWriter::close(const std::vector<Parameter>& parameters, const std::vector<Parameter>& results,
                           const std::vector<std::string>& helpers) {
  std::string body;
  for (const auto& line : block_) body += line + '\n';
  block_.clear();
  YulCost cost = yul_cost(body);
  cost.gas += call_gas;
  cost.bytes += call_bytes;
  costs_.back().second += cost;
  for (const auto& wanted : helpers) {
    if (mentions(body, wanted)) body.insert(0, helper(wanted) + '\n');
  }
  const auto append = [](std::string& list, const std::string& item) { list += (list.empty() ? "" : ", ") + item; };
  const std::string name = section_ + std::to_string(++section_functions_);
  std::string declared, passed, declared_results, targets;
  for (const Parameter& parameter : parameters) {
    if (!mentions(body, parameter.name)) continue;
    append(declared, "uint256 " + parameter.name);
    append(passed, parameter.value);
  }
  for (const Parameter& result : results) {
    append(declared_results, "uint256 " + result.name);
    append(targets, result.value);
  }
  const bool is_pure = !mentions(body, "staticcall");
  std::string comment;
  if (section_functions_ == 1) comment = "    /// " + comment_ + '\n';
  functions_.push_back(comment + "    function " + name + '(' + declared + ") private " + (is_pure ? "pure" : "view") +
                       (results.empty() ? "" : " returns (" + declared_results + ')') + " {\n        assembly {\n" +
                       body + "        }\n    }\n");
  if (results.size() > 1) targets = '(' + targets + ')';
  statement((results.empty() ? "" : targets + " = ") + name + '(' + passed + ");");
}

std::string ContractWriter::render(const std::vector<std::string>& comment) const {
  std::string out = "// SPDX-License-Identifier: Apache-2.0\npragma solidity ^0.8.20;\n\n";
  for (const auto& line : comment) out += "/// " + line + '\n';
  out += R"(contract Halo2Verifier {
    /// The calldata is not in the canonical encoding, holds a number that is not below r, or the identity for a point.
    error InvalidCalldata();
    /// A point is not on the curve, or a coordinate is not below the curve's modulus.
    error InvalidPoint();
    /// The equations do not hold.
    error InvalidProof();

    /// External, since its end leaves the whole call: no other function can run it and go on.
    /// `r` is the order of the curve's group. Memory: 0x00 to 0x3f the accumulator of points, 0x40 to 0x9f a point
    /// and its scalar, from 0xc0 challenges and what follows from them, then the transcript's buffer and shared values.
    function verifyProof(bytes calldata, uint256[] calldata) external view returns (bool) {
        uint256 r = 21888242871839275222246405745257275088548364400416034343698204186575808495617;
        // keeps the optimizer from writing the modulus at every use
        assembly { r := add(r, iszero(gas())) }
)";
  for (const auto& line : statements_) out += line + '\n';
  out += "        assembly { mstore(0x00, 1) return(0x00, 0x20) }\n    }\n";
  for (const auto& function : functions_) out += '\n' + function;
  return out + "}\n";
}

}  // namespace ezkl::evm
