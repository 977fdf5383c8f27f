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
  EXPECT_EQ(markup_escaped("a\xe2\x80\xae<\xc2\x9b\x1b"), "a &lt;  ");
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

TEST(Text, ShowsNothingThatChangesWhatStandsBesideIt) {
  EXPECT_EQ(printable("größer € 𝔸\n\ta"), "größer € 𝔸\n\ta");
  EXPECT_EQ(printable("a\x1b[2Kb\rc\x7f\b\xff"), "a?[2Kb?c???");
  EXPECT_EQ(printable("\xc2\x9b[8m\xc2\x85"), "?[8m?");  // C1: CSI, next line
  EXPECT_EQ(printable("\u202e\u2066\u200f\u061c\u2028\u2029"), "??????");
  // Spaces that do not end words, what is not shown, what combines, what is blank, what is written to the left.
  EXPECT_EQ(printable("\u00a0\u1680\u2003\u202f\u205f\u3000"), "??????");
  EXPECT_EQ(printable("\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f\u3164\uffa0\u115f\ufe0f"), "???????????");
  EXPECT_EQ(printable("\U000e0001\U000e0041\U000e01ef\U0001d159\u2800"), "?????");
  EXPECT_EQ(printable("e\u0301\u20dd\u0903\u05d0\u0627\u0661\U0001e900"), "e???????");
  EXPECT_EQ(printable("größer, Ωμέγα, привет, 模型, かな, 한국, ¬∑→█, 🙂"),
            "größer, Ωμέγα, привет, 模型, かな, 한국, ¬∑→█, 🙂");
  EXPECT_EQ(unicode_escaped("a\u00a0\U000e0041"), "a\\u00a0\\udb40\\udc41");
  EXPECT_EQ(printable_line("pinned\n\tby"), "pinned??by");
  EXPECT_EQ(printable_message("a\nezkl: b"), "a\n  ezkl: b");
  EXPECT_EQ(character_count(printable_message(std::string(1 << 20, 'x'))), std::size_t{1} << 14);
}

TEST(Text, LongNamesAreCutInTheMiddle) {
  const std::string head(40, 'a'), tail(24, 'z');
  EXPECT_EQ(shown_name(head + tail), head + tail);
  EXPECT_EQ(shown_name(head + "ü" + tail), head + "…(65 characters)…" + tail);
  EXPECT_EQ(shown_name(head + std::string(3'000'000, 'x') + tail), head + "…(3000064 characters)…" + tail);
  EXPECT_EQ(shown_name(""), "");
}

TEST(Text, CutsBetweenCharacters) {
  EXPECT_EQ(elided("abcdef", 6), "abcdef");
  EXPECT_EQ(elided("abcdef", 4), "abc…");
  EXPECT_EQ(elided("äöüß", 3), "äö…");
  EXPECT_EQ(character_count("äöü"), 3u);
}

}  // namespace
}  // namespace ezkl
