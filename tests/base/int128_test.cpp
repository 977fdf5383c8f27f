#include "base/int128.hpp"

#include <gtest/gtest.h>

#include "ezkl/error.hpp"

namespace ezkl {
namespace {

TEST(Int128, ReadsAndWritesTheWholeRange) {
  for (const char* text : {"0", "7", "-7", "18446744073709551616", "170141183460469231731687303715884105727",
                           "-170141183460469231731687303715884105728"}) {
    EXPECT_EQ(to_string(parse_int128(text)), text);
  }
  EXPECT_EQ(parse_int128("+42"), Int128(42));
}

TEST(Int128, RefusesWhatIsNoInteger) {
  for (const char* text :
       {"", "-", "+", "1.0", "1e3", " 1", "1 ", "0x10", "--1", "170141183460469231731687303715884105728",
        "-170141183460469231731687303715884105729", "999999999999999999999999999999999999999999"}) {
    EXPECT_THROW(parse_int128(text), Error) << text;
  }
}

}  // namespace
}  // namespace ezkl
