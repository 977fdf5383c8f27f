#pragma once

#include <string>
#include <string_view>

namespace ezkl::service {

/// A random UUID (RFC 9562, version 4). errors: Fault::io.
std::string random_uuid();
bool is_uuid(std::string_view text);

/// Letters, digits, '.', '_' and '-', at most 64, the first a letter or digit: names of artifacts and tenants.
bool is_plain_name(std::string_view text);

/// Refuses what could lead out of a folder or be taken for an option: an absolute path, "." or ".." or nothing between
/// two slashes, a control character or a backslash, a leading '-', a piece of more than 255 bytes, more than 8 pieces.
/// errors: Fault::usage.
void check_inner_path(std::string_view path);

}  // namespace ezkl::service
