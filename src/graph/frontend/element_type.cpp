#include "graph/frontend/element_type.hpp"

#include "tensor/onnx_type.hpp"

namespace ezkl {

DType element_type(const OnnxNode& n, const std::string& attribute) {
  const std::int64_t number = n.integer(attribute);
  if (const auto type = onnx_element_type(number)) return *type;
  n.unsupported("element type " + std::to_string(number) + " is not a number; use float or integer types");
}

}  // namespace ezkl
