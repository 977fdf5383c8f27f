// Every operation of both fields against GMP.
#include <gmp.h>
#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "base/random.hpp"
#include "field/fq.hpp"
#include "field/fr.hpp"

namespace ezkl {
namespace {

/// An integer of GMP with the operators the tests need.
class Big {
 public:
  Big() { mpz_init(v_); }
  Big(const Big& o) { mpz_init_set(v_, o.v_); }
  Big& operator=(const Big& o) {
    mpz_set(v_, o.v_);
    return *this;
  }
  ~Big() { mpz_clear(v_); }
  static Big bytes_le(std::span<const std::uint8_t> b) {
    Big out;
    mpz_import(out.v_, b.size(), -1, 1, 0, 0, b.data());
    return out;
  }
  template <class F>
  static Big of(const F& f) {
    return bytes_le(f.to_bytes_le());
  }
  template <class F>
  static Big modulus() {
    Big out;
    mpz_import(out.v_, 4, -1, 8, 0, 0, F::modulus.data());
    return out;
  }
  friend Big operator+(const Big& a, const Big& b) { return make(mpz_add, a, b); }
  friend Big operator-(const Big& a, const Big& b) { return make(mpz_sub, a, b); }
  friend Big operator*(const Big& a, const Big& b) { return make(mpz_mul, a, b); }
  friend Big operator%(const Big& a, const Big& b) { return make(mpz_mod, a, b); }
  friend bool operator==(const Big& a, const Big& b) { return mpz_cmp(a.v_, b.v_) == 0; }
  bool probably_prime() const { return mpz_probab_prime_p(v_, 30) != 0; }

 private:
  template <class Op>
  static Big make(Op op, const Big& a, const Big& b) {
    Big out;
    op(out.v_, a.v_, b.v_);
    return out;
  }
  mpz_t v_;
};

template <class F>
class PrimeFieldTest : public ::testing::Test {
 protected:
  /// Corner cases and random elements.
  std::vector<F> samples(std::size_t random_count) {
    std::vector<F> out{F::zero(),
                       F::one(),
                       -F::one(),
                       F::from_u64(2),
                       F::from_u64(~std::uint64_t{0}),
                       F::from_limbs({1, 0, 0, 0}),
                       F::from_i64(std::int64_t{1} << 62),
                       F::from_i64(-77)};
    for (std::size_t i = 0; i < random_count; ++i) {
      std::array<std::uint8_t, 64> bytes{};
      random_.fill(bytes);
      out.push_back(F::from_uniform_bytes(bytes));
    }
    return out;
  }
  Random random_ = Random::from_seed(11);
};

using Fields = ::testing::Types<Fr, Fq>;
TYPED_TEST_SUITE(PrimeFieldTest, Fields);

TYPED_TEST(PrimeFieldTest, ArithmeticAgreesWithGmp) {
  using F = TypeParam;
  const Big m = Big::modulus<F>();
  EXPECT_TRUE(m.probably_prime());
  const auto values = this->samples(60);
  for (const F& a : values) {
    for (const F& b : values) {
      EXPECT_EQ(Big::of(a + b), (Big::of(a) + Big::of(b)) % m);
      EXPECT_EQ(Big::of(a - b), (Big::of(a) - Big::of(b)) % m);
      EXPECT_EQ(Big::of(a * b), (Big::of(a) * Big::of(b)) % m);
      EXPECT_EQ(F::mul_portable(a, b), a * b);
    }
    EXPECT_EQ(Big::of(-a), (m - Big::of(a)) % m);
    EXPECT_EQ(a.square(), a * a);
    EXPECT_EQ(a.dbl(), a + a);
    EXPECT_EQ(a * a.inverse(), a.is_zero() ? F::zero() : F::one());
    EXPECT_EQ(a.pow(5), a * a * a * a * a);
  }
}

TYPED_TEST(PrimeFieldTest, InversesOfManyShapes) {
  using F = TypeParam;
  for (const F& a : this->samples(2000)) EXPECT_EQ(a * a.inverse(), a.is_zero() ? F::zero() : F::one());
  // plain integers 2^i and r - 2^i: long runs of zeros and ones in the Montgomery form too
  for (unsigned i = 0; i < 254; ++i) {
    const F power = F::from_u64(2).pow(i), raw = F::from_limbs(F::one().to_canonical()) * power;
    for (const F& a : {power, -power, raw, -raw}) EXPECT_EQ(a * a.inverse(), F::one()) << i;
  }
}

TYPED_TEST(PrimeFieldTest, ConstantExpressionsAgreeWithRunTime) {
  using F = TypeParam;
  constexpr F a = F::from_u64(12345678901234567) * F::from_i64(-987654321);
  EXPECT_EQ(a, -(F::from_u64(12345678901234567) * F::from_u64(987654321)));
}

TYPED_TEST(PrimeFieldTest, EncodingsComeBack) {
  using F = TypeParam;
  for (const F& a : this->samples(100)) {
    EXPECT_EQ(*F::from_canonical(a.to_canonical()), a);
    EXPECT_EQ(*F::from_bytes_le(a.to_bytes_le()), a);
    EXPECT_EQ(*F::from_bytes_be(a.to_bytes_be()), a);
    EXPECT_EQ(*F::from_raw(a.to_raw()), a);
    EXPECT_EQ(F::from_hex(a.to_hex_be()), a);
  }
}

TYPED_TEST(PrimeFieldTest, ValuesFromTheModulusOnAreRefused) {
  using F = TypeParam;
  std::array<std::uint8_t, 32> le{}, be{};
  for (std::size_t i = 0; i < 32; ++i) {
    le[i] = std::uint8_t(F::modulus[i / 8] >> (8 * (i % 8)));
    be[31 - i] = le[i];
  }
  EXPECT_FALSE(F::from_canonical(F::modulus));
  EXPECT_FALSE(F::from_bytes_le(le));
  EXPECT_FALSE(F::from_bytes_be(be));
  EXPECT_FALSE(F::from_raw(le));
  le[0] -= 1;
  EXPECT_EQ(*F::from_bytes_le(le), -F::one());
  std::array<std::uint8_t, 32> ones{};
  ones.fill(0xff);
  EXPECT_FALSE(F::from_bytes_le(ones));
  EXPECT_FALSE(F::from_raw(ones));
}

TYPED_TEST(PrimeFieldTest, UniformBytesAreReduced) {
  using F = TypeParam;
  for (int i = 0; i < 50; ++i) {
    std::array<std::uint8_t, 64> bytes{};
    this->random_.fill(bytes);
    if (i == 0) bytes.fill(0xff);
    EXPECT_EQ(Big::of(F::from_uniform_bytes(bytes)), Big::bytes_le(bytes) % Big::modulus<F>());
  }
}

TYPED_TEST(PrimeFieldTest, BatchInversionLeavesZeros) {
  using F = TypeParam;
  for (const std::size_t n : {0u, 1u, 3u, 100u, 5000u}) {
    auto values = this->samples(n);
    values.resize(n);
    auto inverses = values;
    batch_invert(std::span<F>(inverses));
    for (std::size_t i = 0; i < n; ++i) EXPECT_EQ(inverses[i], values[i].inverse());
  }
}

TYPED_TEST(PrimeFieldTest, SmallValues) {
  using F = TypeParam;
  constexpr std::int64_t top = std::numeric_limits<std::int64_t>::max();
  for (const std::int64_t v : {std::int64_t{0}, std::int64_t{1}, std::int64_t{-1}, top, -top, std::int64_t{-3}}) {
    EXPECT_EQ(F::from_i64(v).to_small(), v);
    EXPECT_EQ(F::from_i64(v).to_int128_lossy(), Int128(v));
  }
  EXPECT_EQ(F::from_i64(-top - 1), -F::from_u64(std::uint64_t{1} << 63));
  EXPECT_FALSE(F::from_i64(-top - 1).to_small());
  EXPECT_FALSE(F::from_u64(std::uint64_t{1} << 63).to_small());
  const Int128 big = Int128((Uint128(1) << 127) - 1);
  for (const Int128 v : {-big - 1, -big, Int128{-1}, Int128{0}, big - 1, big}) {
    EXPECT_EQ(F::from_i128(v).to_int128_lossy(), v);
  }
  EXPECT_NE(F::from_i128(-big - 1), F::from_i128(-big));
  EXPECT_EQ(F::from_i128(-5), F::from_i64(-5));
}

TEST(Fq, SquareRoots) {
  Random random = Random::from_seed(3);
  int squares = 0;
  for (int i = 0; i < 100; ++i) {
    const Fq a = Fq::from_u64(random.next_u64());
    EXPECT_EQ(a.square().sqrt()->square(), a.square());
    if (const auto root = a.sqrt()) {
      ++squares;
      EXPECT_EQ(root->square(), a);
    }
  }
  EXPECT_GT(squares, 20);
  EXPECT_LT(squares, 80);
}

TEST(Fr, Constants) {
  EXPECT_EQ(Fr::generator(), Fr::from_u64(7));
  EXPECT_EQ(Fr::root_of_unity().pow(std::uint64_t{1} << 28), Fr::one());
  EXPECT_EQ(Fr::root_of_unity().pow(std::uint64_t{1} << 27), -Fr::one());
  EXPECT_EQ(Fr::delta(), Fr::from_u64(7).pow(std::uint64_t{1} << 28));
  EXPECT_EQ(Fr::zeta().pow(3), Fr::one());
  EXPECT_FALSE(Fr::zeta() == Fr::one());
  detail::Limbs exponent = Fr::modulus;  // (r - 1) / 2^28
  for (std::size_t i = 0; i < 4; ++i) exponent[i] = exponent[i] >> 28 | (i < 3 ? exponent[i + 1] << 36 : 0);
  EXPECT_EQ(Fr::from_u64(7).pow(exponent), Fr::root_of_unity());
}

// Known answers of the published package, also outside the range, where only low bits survive and the sign can turn.
TEST(Fr, LossyIntegersAreThoseOfThePublishedPackage) {
  const std::pair<const char*, const char*> cases[] = {
      {"0x0000000000000000000000000000000000000000000000000000000100000000", "4294967296"},
      {"0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f493f0000001", "-1099511627776"},
      {"0x000000000000000000000000000000007fffffffffffffffffffffffffffffff", "170141183460469231731687303715884105727"},
      {"0x30644e72e131a029b85045b68181585ca833e84879b9709143e1f593f0000001",
       "-170141183460469231731687303715884105728"},
      {"0x0000000000000000000000000000000080000000000000000000000000000000", "116702545228159703342182411007212650495"},
      {"0x0000000000000000000000000000000100000000000000000000000000000007", "-53438638232309528389504892708671455226"},
      {"0x30644e72e131a029b85045b68181585c2833e84879b9709143e1f593effffffa", "-7"},
      {"0x0000000000000100000000000000000000000000000000000000000000000003", "-53438638232309528389504892708671455230"},
  };
  for (const auto& c : cases) EXPECT_EQ(to_string(Fr::from_hex(c.first).to_int128_lossy()), c.second) << c.first;
}

}  // namespace
}  // namespace ezkl
