#include "base/random.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace ezkl {
namespace {

// The key of zeros with counter and nonce 0: first block in section 2.3 and appendix A.1 of RFC 8439.
TEST(Random, FirstBytesOfTheZeroKey) {
  Random random = Random::from_seed(0);
  std::vector<std::uint8_t> out(16);
  random.fill(out);
  const std::vector<std::uint8_t> want{0x76, 0xb8, 0xe0, 0xad, 0xa0, 0xf1, 0x3d, 0x90,
                                       0x40, 0x5d, 0x6a, 0xe5, 0x53, 0x86, 0xbd, 0x28};
  EXPECT_EQ(out, want);
}

TEST(Random, PiecesMakeTheSameStream) {
  Random a = Random::from_seed(5), b = Random::from_seed(5);
  std::vector<std::uint8_t> whole(300), pieces(300);
  a.fill(whole);
  for (std::size_t i = 0; i < 300; i += 3) b.fill(std::span(pieces).subspan(i, 3));
  EXPECT_EQ(whole, pieces);
  EXPECT_NE(Random::from_seed(6).next_u64(), Random::from_seed(5).next_u64());
}

TEST(Random, ForksDependOnKeyAndNumberAlone) {
  Random a = Random::from_seed(5);
  const std::uint64_t early = a.fork(3).next_u64();
  a.next_u64();
  EXPECT_EQ(a.fork(3).next_u64(), early);
  EXPECT_NE(a.fork(4).next_u64(), early);
  EXPECT_NE(a.fork(0).next_u64(), Random::from_seed(5).next_u64());
  EXPECT_NE(a.fork(3).fork(3).next_u64(), early);
}

TEST(Random, TheSystemGivesDifferentKeys) { EXPECT_NE(Random::from_os().next_u64(), Random::from_os().next_u64()); }

}  // namespace
}  // namespace ezkl
