#pragma once

#include <cstdint>
#include <vector>

#include "model/node_def.hpp"

namespace ezkl {

/// A model as the bytes of an ONNX file, weights inside. read_onnx gives the same model back.
///
/// errors  Fault::range for a model of 2 GiB and more, protobuf's limit; Fault::internal when a tensor's data does not
///         match its shape.
std::vector<std::uint8_t> onnx_bytes(const ModelDef& model);

}  // namespace ezkl
