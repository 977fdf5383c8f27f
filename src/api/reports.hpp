#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "api/accuracy.hpp"

namespace ezkl {

/// accuracy_report for the scales in a settings file; for a part of a split, those that its inputs come with.
AccuracyReport accuracy_of_settings(const std::filesystem::path& model, const std::filesystem::path& settings,
                                    const std::string& data, std::uint64_t max_model_size = 0);

}  // namespace ezkl
