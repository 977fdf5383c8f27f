#include "graph/op_signature.hpp"

#include <algorithm>

#include "ezkl/error.hpp"

namespace ezkl {
namespace {

constexpr std::string_view type_names[] = {"an integer", "a real number", "a text", "a list of integers",
                                           "a list of real numbers"};

std::string operand_count(const Signature& signature) {
  std::string text = std::to_string(signature.least_operands);
  if (signature.most_operands == Signature::any_number) return text + " or more";
  if (signature.most_operands != signature.least_operands) text += " to " + std::to_string(signature.most_operands);
  return text;
}

[[noreturn]] void refuse(const AttributeRule& rule, const std::string& problem) {
  throw Error(Fault::format, "attribute '" + std::string(rule.name) + "' " + problem);
}

void check_integer(const AttributeRule& rule, std::int64_t value) {
  if (value >= rule.least && value <= rule.most) return;
  const std::string bounds = rule.most == attribute::highest
                                 ? "at least " + std::to_string(rule.least)
                                 : std::to_string(rule.least) + " to " + std::to_string(rule.most);
  refuse(rule, "holds " + std::to_string(value) + ", expected " + bounds);
}

bool is_among(std::string_view words, std::string_view word) {
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(' '), words.size());
    if (words.substr(0, end) == word) return true;
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return false;
}

void check_value(const AttributeRule& rule, const Attribute& value) {
  if (value.index() != static_cast<std::size_t>(rule.type)) {
    refuse(rule, "is " + std::string(type_names[value.index()]) + ", expected " +
                     std::string(type_names[static_cast<std::size_t>(rule.type)]));
  }
  if (const auto* integer = std::get_if<std::int64_t>(&value)) check_integer(rule, *integer);
  if (const auto* integers = std::get_if<std::vector<std::int64_t>>(&value)) {
    for (const std::int64_t integer : *integers) check_integer(rule, integer);
  }
  const auto* text = std::get_if<std::string>(&value);
  if (text != nullptr && !rule.words.empty() && !is_among(rule.words, *text)) {
    refuse(rule, "is '" + *text + "', expected one of: " + std::string(rule.words));
  }
}

}  // namespace

void check_signature(const Signature& signature, const OpSpec& op, std::size_t operands) {
  if (operands < signature.least_operands || operands > signature.most_operands) {
    throw Error(Fault::format, "has " + std::to_string(operands) + " operands, expected " + operand_count(signature));
  }
  for (const AttributeRule& rule : signature.attributes) {
    const auto found = op.attributes.find(std::string(rule.name));
    if (found != op.attributes.end()) {
      check_value(rule, found->second);
    } else if (rule.required) {
      refuse(rule, "is missing");
    }
  }
  for (const auto& entry : op.attributes) {
    const std::string& name = entry.first;
    const auto known = [&](const AttributeRule& rule) { return rule.name == name; };
    if (std::none_of(signature.attributes.begin(), signature.attributes.end(), known)) {
      throw Error(Fault::format, "has an attribute '" + name + "', which " + op.kind + " does not know");
    }
  }
}

}  // namespace ezkl
