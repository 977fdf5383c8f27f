#pragma once

#include <onnx/onnx_pb.h>

#include <filesystem>

#include "tensor/float_tensor.hpp"

namespace ezkl {

/// An ONNX element type as ours; bfloat16 becomes f32 and 4-bit integers become 8-bit ones, which hold all their
/// values. errors: Fault::unsupported for string, complex and 8-bit floats.
DType import_type(int onnx_type);

/// Elements from raw_data, a typed field or external data below `folder`. errors: as read_onnx, without the tensor's
/// name.
FloatTensor import_tensor(const onnx::TensorProto& proto, const std::filesystem::path& folder);

/// A sparse tensor of at most 2^28 elements, filled up with zeros.
FloatTensor import_sparse_tensor(const onnx::SparseTensorProto& proto, const std::filesystem::path& folder);

}  // namespace ezkl
