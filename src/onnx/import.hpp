#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "model/node_def.hpp"

namespace ezkl {

/// Is told the name of a file that a model is read from, below the model's folder, and gives what gets its bytes in
/// order.
using FileListener = std::function<std::function<void(std::span<const std::uint8_t> piece)>(const std::string& name)>;

/// Reads an ONNX file of any IR version into plain C++. Tensors kept outside the file are read from its folder or
/// below; nothing else of the machine is touched. `max_model_size` bounds what the model may ask for, here and when it
/// is built (model/model_budget.hpp).
///
/// errors  Fault::io when a file cannot be read; Fault::format when the bytes are no ONNX model, a tensor's data does
/// not
///         match its shape, or external data points outside the model's folder; Fault::unsupported for element types
///         without a number (string, complex) and for inputs that are not tensors; Fault::range for a model that
///         asks for more
///
/// `listener` gets the ONNX file, by the very bytes that were parsed, then each file of external data that
/// external_files lists. errors besides: Fault::io for one of those that is written to meanwhile.
ModelDef read_onnx(const std::filesystem::path& path, std::uint64_t max_model_size = default_max_model_size,
                   const FileListener& listener = {});

/// The files of external data that a model's tensors lie in, by their paths below the model's folder, each once and in
/// order: with the ONNX file itself they are all that read_onnx reads. errors: as read_onnx.
std::vector<std::string> external_files(const std::filesystem::path& path);

}  // namespace ezkl
