#pragma once

#include <onnx/onnx_pb.h>

#include <filesystem>
#include <map>
#include <string>

#include "base/files.hpp"
#include "model/model_budget.hpp"
#include "tensor/float_tensor.hpp"

namespace ezkl {

/// An ONNX element type as ours; bfloat16 becomes f32 and 4-bit integers become 8-bit ones, which hold all their
/// values. errors: Fault::unsupported for string, complex and 8-bit floats.
DType import_type(int onnx_type);

/// Where external data lie. The file must lie in the model's folder, also after links are followed: a model must not be
/// able to read, and through a proof publish, other files of the machine. errors: Fault::format.
std::filesystem::path external_path(const std::string& location, const std::filesystem::path& folder);

/// Where a model's tensors come from and what they are charged to.
struct TensorSource {
  std::filesystem::path folder;  ///< of the model: external data lies there or below
  ModelBudget budget;
  std::map<std::filesystem::path, InputFile> files;  ///< of external data that the budget knows

  /// Opened once, so that all tensors are of one file. errors: as external_path and InputFile.
  const InputFile& file(const std::string& location);
};

/// Elements from raw_data, a typed field or external data. errors: as read_onnx, without the tensor's name.
FloatTensor import_tensor(const onnx::TensorProto& proto, TensorSource& source);

/// A sparse tensor, filled up with zeros.
FloatTensor import_sparse_tensor(const onnx::SparseTensorProto& proto, TensorSource& source);

}  // namespace ezkl
