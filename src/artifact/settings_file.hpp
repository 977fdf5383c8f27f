#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "circuit/settings.hpp"

namespace ezkl {

/// Reads settings.json, of this release or an earlier one: missing members that releases 21 and 22 did not write get
/// the meaning they had there, and a top-level key that nobody knows is a warning in the log.
/// `what` names the source in errors. errors: Fault::format, Fault::unsupported for `"commitment":"IPA"`.
GraphSettings parse_settings(std::string_view text, const std::string& what);

/// errors: Fault::io; as parse_settings.
GraphSettings read_settings(const std::filesystem::path& path);

/// Compact JSON with the published package's keys and order. `semantics` stands in run_args only when it is onnx, which
/// the published package does not know; a file without it is read as published.
std::string settings_text(const GraphSettings& settings);

/// What settings say: their text as this program writes it, without the timestamp. So neither spaces nor the order of
/// members nor the hour change it, and everything that is read does.
std::string timeless_text(const GraphSettings& settings);

}  // namespace ezkl
