#pragma once

#include <filesystem>
#include <string>

#include "api/model_settings.hpp"

namespace ezkl {

/// The circuit that gen_settings would choose for a model, and what each node of the model takes up in it: rows, columns,
/// lookups, and predicted seconds to prove (one core with AVX-512 IFMA). errors: as gen_settings.
std::string cost_table(const std::filesystem::path& model, const RunArgs& run_args, const SettingsChoice& choice);

}  // namespace ezkl
