#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace ezkl {

using Attribute = std::variant<std::int64_t, double, std::string, std::vector<std::int64_t>, std::vector<double>>;

/// A graph operator and its parameters, as plain data: what model.compiled stores and what the operator table reads.
struct OpSpec {
  std::string kind;
  std::map<std::string, Attribute> attributes;

  /// errors: Fault::format when the attribute is missing (without default) or of another type: files hold operators.
  std::int64_t integer(const std::string& name) const;
  std::int64_t integer(const std::string& name, std::int64_t otherwise) const;
  double real(const std::string& name) const;
  double real(const std::string& name, double otherwise) const;
  const std::string& text(const std::string& name) const;
  const std::vector<std::int64_t>& integers(const std::string& name) const;
  std::vector<std::int64_t> integers(const std::string& name, const std::vector<std::int64_t>& otherwise) const;
  const std::vector<double>& reals(const std::string& name) const;
  bool has(const std::string& name) const { return attributes.count(name) != 0; }
};

}  // namespace ezkl
