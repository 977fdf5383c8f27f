#include "floatrun/call.hpp"

#include "tensor/onnx_type.hpp"

namespace ezkl::floatrun {

TensorPtr Call::shared(std::size_t i) const {
  if (!has_input(i)) fail("input " + std::to_string(i) + " is missing");
  return inputs_[i];
}

const std::vector<double>& Call::reals(std::size_t i) const {
  const Tensor& t = in(i);
  if (!t.real()) fail("input " + std::to_string(i) + " is " + std::string(name(t.type)) + ", which should be a float");
  return t.reals();
}

Ints Call::ints(std::size_t i) const {
  const Tensor& t = in(i);
  if (!t.real()) return t.ints();
  Ints out;
  for (const double value : t.reals()) out.push_back(real_to_integer(DType::i64, value));
  return out;
}

Int Call::int_scalar(std::size_t i) const {
  const Ints values = ints(i);
  if (values.size() != 1) fail("input " + std::to_string(i) + " should be one number");
  return values[0];
}

double Call::real_scalar(std::size_t i) const {
  if (in(i).size() != 1) fail("input " + std::to_string(i) + " should be one number");
  return in(i).number(0);
}

const AttributeDef* Call::find(const std::string& attribute) const {
  const auto own = node_.attributes.find(attribute);
  if (own == node_.attributes.end()) return nullptr;
  const AttributeDef* found = &own->second;
  const Frame* frame = frame_;
  while (!found->reference.empty()) {
    if (frame == nullptr) return nullptr;
    const auto given = frame->call->attributes.find(found->reference);
    const auto standard = frame->function->defaults.find(found->reference);
    if (given != frame->call->attributes.end()) {
      found = &given->second;
      frame = frame->caller;
    } else if (standard != frame->function->defaults.end()) {
      return &standard->second;
    } else {
      return nullptr;
    }
  }
  return found;
}

const AttributeDef* Call::find(const std::string& attribute, AttributeDef::Type type) const {
  const AttributeDef* found = find(attribute);
  if (found != nullptr && found->type != type) fail("attribute '" + attribute + "' has another type than it should");
  return found;
}

Int Call::integer(const std::string& attribute) const {
  const AttributeDef* found = find(attribute, AttributeDef::Type::integer);
  if (found == nullptr) fail("attribute '" + attribute + "' is missing");
  return found->i;
}

Int Call::integer(const std::string& attribute, Int otherwise) const {
  const AttributeDef* found = find(attribute, AttributeDef::Type::integer);
  return found != nullptr ? found->i : otherwise;
}

double Call::real(const std::string& attribute, double otherwise) const {
  const AttributeDef* found = find(attribute, AttributeDef::Type::real);
  // A float attribute is a float of 32 bits, its default, too.
  return found != nullptr ? found->f : round_to(DType::f32, otherwise);
}

std::string Call::text(const std::string& attribute, const std::string& otherwise) const {
  const AttributeDef* found = find(attribute, AttributeDef::Type::text);
  return found != nullptr ? found->s : otherwise;
}

Ints Call::integers(const std::string& attribute, const Ints& otherwise) const {
  const AttributeDef* found = find(attribute, AttributeDef::Type::integers);
  return found != nullptr ? found->ints : otherwise;
}

std::vector<double> Call::reals(const std::string& attribute) const {
  const AttributeDef* found = find(attribute, AttributeDef::Type::reals);
  return found != nullptr ? found->floats : std::vector<double>();
}

std::vector<std::string> Call::texts(const std::string& attribute) const {
  const AttributeDef* found = find(attribute, AttributeDef::Type::texts);
  return found != nullptr ? found->strings : std::vector<std::string>();
}

const FloatTensor& Call::tensor(const std::string& attribute) const {
  const AttributeDef* found = find(attribute, AttributeDef::Type::tensor);
  if (found == nullptr || found->tensors.size() != 1) fail("attribute '" + attribute + "' is missing");
  return found->tensors[0];
}

const GraphDef& Call::graph(const std::string& attribute) const {
  const AttributeDef* found = find(attribute, AttributeDef::Type::graph);
  if (found == nullptr || found->graphs.size() != 1) fail("attribute '" + attribute + "' is missing");
  return *found->graphs[0];
}

DType Call::element_type(const std::string& attribute) const {
  const Int number = integer(attribute);
  const auto type = onnx_holding_type(number);
  if (!type) unsupported("the element type " + std::to_string(number));
  return *type;
}

DType Call::element_type(const std::string& attribute, DType otherwise) const {
  return integer(attribute, 0) != 0 ? element_type(attribute) : otherwise;
}

Ints Call::axes(std::size_t i, const std::string& attribute) const {
  return has_input(i) ? ints(i) : integers(attribute);
}

std::size_t Call::axis(Int axis, std::size_t rank) const {
  const Int count = static_cast<Int>(rank);
  if (axis < -count || axis >= count) {
    fail("axis " + std::to_string(axis) + " of a tensor of " + std::to_string(rank) + " axes");
  }
  return static_cast<std::size_t>(axis < 0 ? axis + count : axis);
}

Shape Call::to_shape(const Ints& extents) const {
  Shape out;
  for (const Int extent : extents) {
    if (extent < 0) fail("an extent is " + std::to_string(extent));
    out.push_back(static_cast<std::size_t>(extent));
  }
  return out;
}

}  // namespace ezkl::floatrun
