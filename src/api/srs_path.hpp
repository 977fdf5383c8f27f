#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

namespace ezkl {

/// `given`, else the default place of a setup for 2^logrows rows. errors: Fault::io, with what to do, when nothing was
/// given and nothing lies there.
std::filesystem::path srs_path_or_default(const std::optional<std::filesystem::path>& given, std::uint32_t logrows);

}  // namespace ezkl
