#pragma once

#include <cstdint>
#include <filesystem>

#include "artifact/compiled_file.hpp"

namespace ezkl {

/// What compile_circuit writes. errors: as compile_circuit; Fault::format, naming the settings, where they speak of
/// another model.
CompiledModel compiled_model(const std::filesystem::path& model, const std::filesystem::path& settings_path,
                             std::uint64_t max_model_size);

}  // namespace ezkl
