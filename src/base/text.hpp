#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ezkl {

/// A number for people, with at most so many significant digits: "0.0625", "1.5e-07".
std::string short_number(double value, int digits);

/// Text for XML and HTML: < > & and " as entities, control characters as spaces.
std::string markup_escaped(std::string_view text);

/// Characters, not bytes, of UTF-8 text.
std::size_t character_count(std::string_view text);

/// At most `most` characters; the rest of a longer text is an ellipsis. UTF-8 sequences stay whole.
std::string elided(std::string_view text, std::size_t most);

/// The text with a question mark for every byte that belongs to no UTF-8 sequence.
std::string valid_utf8(std::string_view text);

}  // namespace ezkl
