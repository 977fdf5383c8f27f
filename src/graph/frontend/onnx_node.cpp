#include <algorithm>

#include "base/checked_int.hpp"
#include "ezkl/error.hpp"
#include "graph/frontend/converter.hpp"

namespace ezkl {

std::string OnnxNode::place() const {
  const std::string op = (def_.domain.empty() ? "" : def_.domain + ".") + def_.op_type;
  return "node '" + def_.name + "' (" + op + ", opset " + std::to_string(opset_) + ")";
}

void OnnxNode::fail(Fault fault, const std::string& why, std::vector<Hint> hints) const {
  throw Error(fault, why, std::move(hints)).within(place());
}

Value OnnxNode::input(std::size_t i) const {
  if (!has_input(i)) fail(Fault::format, "input " + std::to_string(i) + " is missing");
  return converter_.lookup(def_.inputs[i]);
}

std::optional<Value> OnnxNode::optional_input(std::size_t i) const {
  return has_input(i) ? std::optional(input(i)) : std::nullopt;
}

std::vector<Value> OnnxNode::inputs() const {
  std::vector<Value> values;
  for (std::size_t i = 0; i < input_count(); ++i) values.push_back(input(i));
  return values;
}

std::vector<Value> OnnxNode::inputs(std::size_t count) const {
  if (input_count() != count) {
    fail(Fault::format, "it has " + std::to_string(input_count()) + " inputs, not " + std::to_string(count));
  }
  return inputs();
}

bool OnnxNode::has_constant(std::size_t i) const { return has_input(i) && converter_.is_constant(input(i)); }

FloatTensor OnnxNode::constant(std::size_t i) const {
  const Value v = input(i);
  if (!converter_.is_constant(v)) {
    unsupported("input " + std::to_string(i) + " ('" + def_.inputs[i] +
                "') must be a constant; export the model with this value fixed");
  }
  return converter_.constant_of(v);
}

Integers OnnxNode::constant_integers(std::size_t i) const {
  constexpr std::size_t most = std::size_t{1} << 20;
  if (const std::size_t count = volume(converter_.shape(input(i))); count > most) {
    fail(Fault::range, "input " + std::to_string(i) + " lists " + std::to_string(count) + " numbers; at most " +
                           std::to_string(most) + " are read");
  }
  const FloatTensor tensor = constant(i);
  Integers result;
  for (const double value : tensor.data) result.push_back(saturated_integer(value));
  return result;
}

const AttributeDef* OnnxNode::find(const std::string& attribute, AttributeDef::Type type) const {
  const auto found = def_.attributes.find(attribute);
  if (found == def_.attributes.end()) return nullptr;
  if (found->second.type != type) fail(Fault::format, "attribute '" + attribute + "' has the wrong type");
  return &found->second;
}

std::int64_t OnnxNode::integer(const std::string& attribute) const {
  const AttributeDef* found = find(attribute, AttributeDef::Type::integer);
  if (found == nullptr) fail(Fault::format, "attribute '" + attribute + "' is missing");
  return found->i;
}

std::int64_t OnnxNode::integer(const std::string& attribute, std::int64_t otherwise) const {
  const AttributeDef* found = find(attribute, AttributeDef::Type::integer);
  return found != nullptr ? found->i : otherwise;
}

double OnnxNode::real(const std::string& attribute, double otherwise) const {
  const AttributeDef* found = find(attribute, AttributeDef::Type::real);
  return found != nullptr ? found->f : otherwise;
}

std::string OnnxNode::text(const std::string& attribute, const std::string& otherwise) const {
  const AttributeDef* found = find(attribute, AttributeDef::Type::text);
  return found != nullptr ? found->s : otherwise;
}

Integers OnnxNode::integers(const std::string& attribute, const Integers& otherwise) const {
  const AttributeDef* found = find(attribute, AttributeDef::Type::integers);
  return found != nullptr ? found->ints : otherwise;
}

std::vector<double> OnnxNode::reals(const std::string& attribute) const {
  const AttributeDef* found = find(attribute, AttributeDef::Type::reals);
  return found != nullptr ? found->floats : std::vector<double>();
}

std::vector<std::string> OnnxNode::texts(const std::string& attribute) const {
  const AttributeDef* found = find(attribute, AttributeDef::Type::texts);
  return found != nullptr ? found->strings : std::vector<std::string>();
}

const FloatTensor& OnnxNode::tensor(const std::string& attribute) const {
  const AttributeDef* found = find(attribute, AttributeDef::Type::tensor);
  if (found == nullptr || found->tensors.empty()) fail(Fault::format, "attribute '" + attribute + "' is missing");
  return found->tensors.front();
}

const GraphDef& OnnxNode::graph(const std::string& attribute) const {
  const AttributeDef* found = find(attribute, AttributeDef::Type::graph);
  if (found == nullptr || found->graphs.empty()) fail(Fault::format, "attribute '" + attribute + "' is missing");
  return *found->graphs.front();
}

std::size_t OnnxNode::axis(std::int64_t axis, std::size_t rank) const {
  const auto signed_rank = static_cast<std::int64_t>(rank);
  if (axis < -signed_rank || axis >= signed_rank) {
    fail(Fault::format, "axis " + std::to_string(axis) + " is outside a tensor of rank " + std::to_string(rank));
  }
  return static_cast<std::size_t>(axis < 0 ? axis + signed_rank : axis);
}

Integers OnnxNode::axes(const Integers& axes, std::size_t rank) const {
  Integers result;
  for (const std::int64_t a : axes) result.push_back(static_cast<std::int64_t>(axis(a, rank)));
  std::sort(result.begin(), result.end());
  if (std::adjacent_find(result.begin(), result.end()) != result.end()) fail(Fault::format, "an axis is given twice");
  return result;
}

}  // namespace ezkl
