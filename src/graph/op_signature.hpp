#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

#include "graph/op_spec.hpp"

namespace ezkl {

/// The alternatives of Attribute, in order.
enum class AttributeType : std::uint8_t { integer, real, text, integers, reals };

/// One attribute that an operator may have.
struct AttributeRule {
  std::string_view name;
  AttributeType type = AttributeType::integer;
  /// Bounds of an integer, or of each entry of a list of integers.
  std::int64_t least = std::numeric_limits<std::int64_t>::min(), most = std::numeric_limits<std::int64_t>::max();
  std::string_view words;  ///< that a text may be, one space between them
  bool required = true;

  constexpr AttributeRule optional() const {
    AttributeRule rule = *this;
    rule.required = false;
    return rule;
  }
};

/// Rules as an operator's file writes them: `attribute::integer("axis", 0)`.
namespace attribute {

constexpr std::int64_t lowest = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t highest = std::numeric_limits<std::int64_t>::max();

constexpr AttributeRule integer(std::string_view name, std::int64_t least = lowest, std::int64_t most = highest) {
  return {name, AttributeType::integer, least, most, {}, true};
}
constexpr AttributeRule integers(std::string_view name, std::int64_t least = lowest, std::int64_t most = highest) {
  return {name, AttributeType::integers, least, most, {}, true};
}
constexpr AttributeRule real(std::string_view name) { return {name, AttributeType::real, 0, 0, {}, true}; }
constexpr AttributeRule reals(std::string_view name) { return {name, AttributeType::reals, 0, 0, {}, true}; }
constexpr AttributeRule text(std::string_view name, std::string_view words = {}) {
  return {name, AttributeType::text, 0, 0, words, true};
}

}  // namespace attribute

/// How many operands an operator takes and which attributes it has: what holds of every node of its kind, whatever the
/// shapes. All else that a node must keep is for the operator's shape function to say.
struct Signature {
  std::size_t least_operands = 1, most_operands = 1;
  std::span<const AttributeRule> attributes = {};

  static constexpr std::size_t any_number = std::numeric_limits<std::size_t>::max();
};

/// errors: Fault::format naming the number of operands, or the attribute that is missing, unknown, of another type or
/// out of bounds.
void check_signature(const Signature& signature, const OpSpec& op, std::size_t operands);

}  // namespace ezkl
