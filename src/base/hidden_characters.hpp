#pragma once

namespace ezkl {

/// Whether a character is no mark of its own at its own place on a page: spaces but U+0020, separators of lines and
/// paragraphs, controls, formats, marks that combine with others, what is not shown at all, and the letters that are
/// written from right to left and turn what stands beside them.
bool is_hidden_character(char32_t c);

}  // namespace ezkl
