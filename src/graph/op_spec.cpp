#include "graph/op_spec.hpp"

#include "ezkl/error.hpp"

namespace ezkl {
namespace {

[[noreturn]] void missing(const OpSpec& op, const std::string& name, const char* type) {
  throw Error(Fault::format, op.kind + " has no attribute '" + name + "' of type " + type);
}

template <class T>
const T& get(const OpSpec& op, const std::string& name, const char* type) {
  const auto found = op.attributes.find(name);
  if (found == op.attributes.end()) missing(op, name, type);
  const T* value = std::get_if<T>(&found->second);
  if (value == nullptr) missing(op, name, type);
  return *value;
}

}  // namespace

std::int64_t OpSpec::integer(const std::string& name) const { return get<std::int64_t>(*this, name, "integer"); }
std::int64_t OpSpec::integer(const std::string& name, std::int64_t otherwise) const {
  return has(name) ? integer(name) : otherwise;
}
double OpSpec::real(const std::string& name) const { return get<double>(*this, name, "real"); }
double OpSpec::real(const std::string& name, double otherwise) const { return has(name) ? real(name) : otherwise; }
const std::string& OpSpec::text(const std::string& name) const { return get<std::string>(*this, name, "text"); }
const std::vector<std::int64_t>& OpSpec::integers(const std::string& name) const {
  return get<std::vector<std::int64_t>>(*this, name, "integers");
}
std::vector<std::int64_t> OpSpec::integers(const std::string& name, const std::vector<std::int64_t>& otherwise) const {
  return has(name) ? integers(name) : otherwise;
}
const std::vector<double>& OpSpec::reals(const std::string& name) const {
  return get<std::vector<double>>(*this, name, "reals");
}

}  // namespace ezkl
