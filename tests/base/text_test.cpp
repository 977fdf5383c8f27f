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

TEST(Text, CutsBetweenCharacters) {
  EXPECT_EQ(elided("abcdef", 6), "abcdef");
  EXPECT_EQ(elided("abcdef", 4), "abc…");
  EXPECT_EQ(elided("äöüß", 3), "äö…");
  EXPECT_EQ(character_count("äöü"), 3u);
}

}  // namespace
}  // namespace ezkl
