#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "model/node_def.hpp"

namespace ezkl {

/// Reads an ONNX file of any IR version into plain C++. Tensors kept outside the file are read from its folder or
/// below; nothing else of the machine is touched. `max_model_size` bounds what the model may ask for, here and when it
/// is built (model/model_budget.hpp).
///
/// errors  Fault::io when a file cannot be read; Fault::format when the bytes are no ONNX model, a tensor's data does
/// not
///         match its shape, or external data points outside the model's folder; Fault::unsupported for element types
///         without a number (string, complex) and for inputs that are not tensors; Fault::range for a model that
///         asks for more
ModelDef read_onnx(const std::filesystem::path& path, std::uint64_t max_model_size = default_max_model_size);

/// The files of external data that a model's tensors lie in, by their paths below the model's folder, each once and in
/// order: with the ONNX file itself they are all that read_onnx reads. errors: as read_onnx.
std::vector<std::string> external_files(const std::filesystem::path& path);

}  // namespace ezkl
