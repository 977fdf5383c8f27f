#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ezkl {

/// A number for people, with at most so many significant digits: "0.0625", "1.5e-07".
std::string short_number(double value, int digits);

/// Text for XML and HTML: < > & and " as entities, a space for each character that `printable_line` hides.
std::string markup_escaped(std::string_view text);

/// Characters, not bytes, of UTF-8 text.
std::size_t character_count(std::string_view text);

/// At most `most` characters; the rest of a longer text is an ellipsis. UTF-8 sequences stay whole.
std::string elided(std::string_view text, std::size_t most);

/// A name from a file, with the middle of one of more than 64 characters left out, and how many it has.
std::string shown_name(std::string_view name);

/// The text with a question mark for every byte that belongs to no UTF-8 sequence.
std::string valid_utf8(std::string_view text);

/// Text of which a terminal shows what is there: one question mark for each character that is no mark of its own at its
/// own place (hidden_characters.hpp) but line ends and tabs, and for each byte that is no UTF-8. Names in files are
/// anybody's, and must not colour, hide, overwrite, move or look like what is said beside them.
std::string printable(std::string_view text);

/// The same on one line.
std::string printable_line(std::string_view text);

/// The text with \uXXXX, as JSON and C write it, for each character that `printable_line` hides. What is no UTF-8
/// stays.
std::string unicode_escaped(std::string_view text);

/// The same as a message of at most 2^14 characters whose lines behind the first are indented, so that none of them
/// looks like another message.
std::string printable_message(std::string_view text);

}  // namespace ezkl
