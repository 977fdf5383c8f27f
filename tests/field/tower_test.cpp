#include <gtest/gtest.h>

#include <vector>

#include "base/random.hpp"
#include "field/fq12.hpp"

namespace ezkl {
namespace {

class Tower : public ::testing::Test {
 protected:
  Fq fq() {
    std::array<std::uint8_t, 64> bytes{};
    random_.fill(bytes);
    return Fq::from_uniform_bytes(bytes);
  }
  Fq2 fq2() { return {fq(), fq()}; }
  Fq6 fq6() { return {fq2(), fq2(), fq2()}; }
  Fq12 fq12() { return {fq6(), fq6()}; }
  Random random_ = Random::from_seed(8);
};

TEST_F(Tower, DefiningRelations) {
  const Fq2 u{Fq::zero(), Fq::one()};
  EXPECT_EQ(u.square(), -Fq2::one());
  const Fq6 v{{}, Fq2::one(), {}};
  EXPECT_EQ(v * v * v, (Fq6{Fq2::xi(), {}, {}}));
  const Fq12 w{{}, Fq6::one()};
  EXPECT_EQ(w * w, (Fq12{v, {}}));
}

TEST_F(Tower, RingLawsAndInverses) {
  for (int i = 0; i < 5; ++i) {
    const Fq2 a = fq2(), b = fq2();
    EXPECT_EQ(a * a, a.square());
    EXPECT_EQ(a * Fq2::xi(), a.mul_xi());
    EXPECT_EQ(a * a.inverse(), Fq2::one());
    EXPECT_EQ((a + b) * (a - b), a.square() - b.square());
    const Fq6 c = fq6(), d = fq6(), e = fq6();
    EXPECT_EQ((c + d) * e, c * e + d * e);
    EXPECT_EQ(c * (d * e), (c * d) * e);
    EXPECT_EQ(c * c.inverse(), Fq6::one());
    EXPECT_EQ(c.mul_v(), c * (Fq6{{}, Fq2::one(), {}}));
    EXPECT_EQ(c.mul_by_01(a, b), c * (Fq6{a, b, {}}));
    const Fq12 f = fq12(), g = fq12(), h = fq12();
    EXPECT_EQ(f * (g * h), (f * g) * h);
    EXPECT_EQ(f * f, f.square());
    EXPECT_EQ(f * f.inverse(), Fq12::one());
    EXPECT_EQ(f.mul_line(a.c0, a, b), f * (Fq12{{{a.c0, {}}, {}, {}}, {a, b, {}}}));
  }
}

TEST_F(Tower, FrobeniusIsTheModulusPower) {
  const Fq12 f = fq12();
  Fq12 power = Fq12::one();
  for (std::size_t i = 4; i-- > 0;) {
    for (int bit = 63; bit >= 0; --bit) {
      power = power.square();
      if (Fq::modulus[i] >> bit & 1) power = power * f;
    }
  }
  EXPECT_EQ(f.frobenius(), power);
  Fq12 six = f;
  for (int i = 0; i < 6; ++i) six = six.frobenius();
  EXPECT_EQ(six, f.conjugate());
}

}  // namespace
}  // namespace ezkl
