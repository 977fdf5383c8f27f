#include "base/text.hpp"

#include <gtest/gtest.h>

namespace ezkl {
namespace {

TEST(Text, NumbersForPeople) {
  EXPECT_EQ(short_number(0.0625, 6), "0.0625");
  EXPECT_EQ(short_number(1.0 / 3, 3), "0.333");
  EXPECT_EQ(short_number(1.5e-7, 6), "1.5e-07");
}

TEST(Text, MarkupCannotBreakOut) {
  EXPECT_EQ(markup_escaped("a<b>&\"\n"), "a&lt;b&gt;&amp;&quot; ");
  EXPECT_EQ(markup_escaped("größer"), "größer");
}

TEST(Text, BytesThatAreNoCharacterBecomeQuestionMarks) {
  EXPECT_EQ(valid_utf8("a\x7f äöü € 𝔸"), "a\x7f äöü € 𝔸");
  EXPECT_EQ(valid_utf8("\xff\x80"), "??");
  EXPECT_EQ(valid_utf8("\xc3"), "?");
  EXPECT_EQ(valid_utf8("\xc0\xaf"), "??");                  // overlong
  EXPECT_EQ(valid_utf8("\xed\xa0\x80"), "???");              // surrogate
  EXPECT_EQ(valid_utf8("\xf4\x90\x80\x80x"), "????x");       // beyond U+10FFFF
  EXPECT_EQ(valid_utf8("\xe2\x82z"), "??z");
}

TEST(Text, CutsBetweenCharacters) {
  EXPECT_EQ(elided("abcdef", 6), "abcdef");
  EXPECT_EQ(elided("abcdef", 4), "abc…");
  EXPECT_EQ(elided("äöüß", 3), "äö…");
  EXPECT_EQ(character_count("äöü"), 3u);
}

}  // namespace
}  // namespace ezkl
