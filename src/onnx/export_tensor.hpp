#pragma once

#include <onnx/onnx_pb.h>

#include <string>

#include "tensor/float_tensor.hpp"

namespace ezkl {

/// The ONNX element type that import_type reads as `type`.
int export_type(DType type);

/// Elements as raw_data, in the tensor's own type. 64-bit integers are those that a double holds; the two ends of their
/// range saturate.
onnx::TensorProto export_tensor(const std::string& name, const FloatTensor& tensor);

}  // namespace ezkl
