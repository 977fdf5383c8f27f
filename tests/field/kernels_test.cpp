#include "field/kernels.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/cpu.hpp"
#include "field/random.hpp"

namespace ezkl {
namespace {

class EveryKernel : public ::testing::TestWithParam<const FrKernels*> {
 protected:
  void SetUp() override {
    if ((cpu_bits() & GetParam()->needs) != GetParam()->needs) GTEST_SKIP() << "this processor cannot run it";
    Random random = Random::from_seed(4);
    for (auto* v : {&a_, &b_, &c_}) {
      for (int i = 0; i < 67; ++i) v->push_back(random_fr(random));
    }
    const Fr top = -Fr::one(),
             raw_top = Fr::from_limbs({Fr::modulus[0] - 1, Fr::modulus[1], Fr::modulus[2], Fr::modulus[3]});
    const std::vector<Fr> corners{Fr::zero(), Fr::one(), top, raw_top, Fr::from_limbs({1, 0, 0, 0})};
    for (const Fr& x : corners) {
      for (const Fr& y : corners) {
        a_.push_back(x);
        b_.push_back(y);
        c_.push_back(raw_top);
      }
    }
  }
  std::vector<Fr> a_, b_, c_;
};

TEST_P(EveryKernel, AgreesWithSingleOperations) {
  const FrKernels& k = *GetParam();
  for (const std::size_t n :
       {std::size_t{0}, std::size_t{1}, std::size_t{7}, std::size_t{8}, std::size_t{9}, std::size_t{31}, a_.size()}) {
    const std::size_t from = a_.size() - n;  // the corner cases stand at the end
    const Fr *a = a_.data() + from, *b = b_.data() + from, *c = c_.data() + from;
    std::vector<Fr> out(n);
    const auto expect = [&](const char* what, auto&& want) {
      for (std::size_t i = 0; i < n; ++i) EXPECT_EQ(out[i], want(i)) << what << " " << i << " of " << n;
    };
    k.add(out.data(), a, b, n);
    expect("add", [&](std::size_t i) { return a[i] + b[i]; });
    k.sub(out.data(), a, b, n);
    expect("sub", [&](std::size_t i) { return a[i] - b[i]; });
    k.mul(out.data(), a, b, n);
    expect("mul", [&](std::size_t i) { return Fr::mul_portable(a[i], b[i]); });
    k.neg(out.data(), a, n);
    expect("neg", [&](std::size_t i) { return -a[i]; });
    k.add_scalar(out.data(), a, b_[3], n);
    expect("add_scalar", [&](std::size_t i) { return a[i] + b_[3]; });
    k.mul_scalar(out.data(), a, b_[3], n);
    expect("mul_scalar", [&](std::size_t i) { return Fr::mul_portable(a[i], b_[3]); });
    k.mul_add(out.data(), a, b, c, n);
    expect("mul_add", [&](std::size_t i) { return Fr::mul_portable(a[i], b[i]) + c[i]; });
    k.mul_scalar_add(out.data(), a, b_[3], c, n);
    expect("mul_scalar_add", [&](std::size_t i) { return Fr::mul_portable(a[i], b_[3]) + c[i]; });
    std::vector<Fr> lo(a, a + n), hi(b, b + n);
    k.butterfly(lo.data(), hi.data(), c, n);
    for (std::size_t i = 0; i < n; ++i) {
      const Fr t = Fr::mul_portable(b[i], c[i]);
      EXPECT_EQ(lo[i], a[i] + t);
      EXPECT_EQ(hi[i], a[i] - t);
    }
  }
}

/// Elements whose stored limbs are at the borders of what kernels cut them into, and the ends of the range.
std::vector<Fr> border_values() {
  const auto& m = Fr::modulus;
  std::vector<Fr> out{Fr::zero(), Fr::one(), -Fr::one(), Fr::from_u64(2), -Fr::from_u64(2)};
  for (const std::uint64_t below : {1, 2, 3}) out.push_back(Fr::from_limbs({m[0] - below, m[1], m[2], m[3]}));
  out.push_back(Fr::from_limbs({m[0] >> 1 | m[1] << 63, m[1] >> 1 | m[2] << 63, m[2] >> 1 | m[3] << 63, m[3] >> 1}));
  for (const unsigned width : {51u, 52u, 64u}) {
    for (unsigned bit = width; bit < 254; bit += width) {
      detail::Limbs power{}, ones{};
      power[bit / 64] = std::uint64_t{1} << bit % 64;
      for (unsigned i = 0; i < bit; ++i) ones[i / 64] |= std::uint64_t{1} << i % 64;
      for (const detail::Limbs& v : {power, ones}) {
        if (detail::limbs_less(v.data(), m.data())) out.push_back(Fr::from_limbs(v));
      }
    }
  }
  // every limb of 51 bits at half of its range
  out.push_back(Fr::from_limbs({1ull << 50, 1ull << 37, 1ull << 24, 1ull << 11}));
  out.push_back(Fr::from_limbs({(1ull << 50) - 1, (1ull << 37) - 1, (1ull << 24) - 1, (1ull << 11) - 1}));
  return out;
}

TEST_P(EveryKernel, ManyProducts) {
  std::vector<Fr> a, b;
  const std::vector<Fr> borders = border_values();
  for (const Fr& x : borders) {
    for (const Fr& y : borders) {
      a.push_back(x);
      b.push_back(y);
    }
  }
  Random random = Random::from_seed(5);
  while (a.size() < 100000) {
    a.push_back(random_fr(random));
    b.push_back(a.size() % 7 == 0 ? borders[a.size() % borders.size()] : random_fr(random));
  }
  std::vector<Fr> product(a.size()), sum(a.size());
  GetParam()->mul(product.data(), a.data(), b.data(), a.size());
  GetParam()->mul_add(sum.data(), b.data(), a.data(), a.data(), a.size());
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const Fr want = Fr::mul_portable(a[i], b[i]);
    if (!(product[i] == want) || !(sum[i] == want + a[i])) ++wrong;
  }
  EXPECT_EQ(wrong, 0u);
}

TEST_P(EveryKernel, Inversion) {
  for (const std::size_t n : {std::size_t{0}, std::size_t{1}, std::size_t{8}, std::size_t{19}, a_.size()}) {
    const std::size_t from = a_.size() - n;
    std::vector<Fr> values(a_.begin() + std::ptrdiff_t(from), a_.end()), scratch(n);
    GetParam()->invert(values.data(), scratch.data(), n);
    for (std::size_t i = 0; i < n; ++i) EXPECT_EQ(values[i], a_[from + i].inverse()) << i << " of " << n;
  }
}

TEST_P(EveryKernel, DotProducts) {
  const Fr top = Fr::from_limbs({Fr::modulus[0] - 1, Fr::modulus[1], Fr::modulus[2], Fr::modulus[3]});
  for (const std::size_t n :
       {std::size_t{0}, std::size_t{1}, std::size_t{8}, std::size_t{19}, std::size_t{1024}, std::size_t{2500}}) {
    std::vector<Fr> a(n, top), b(n, top);
    for (std::size_t i = 0; i < n && n != 1024; ++i) {
      a[i] = a_[i % a_.size()];
      b[i] = b_[(i * 7) % b_.size()];
    }
    Fr want;
    for (std::size_t i = 0; i < n; ++i) want += Fr::mul_portable(a[i], b[i]);
    EXPECT_EQ(GetParam()->dot(a.data(), b.data(), n), want) << n;
  }
}

TEST_P(EveryKernel, OutputMayBeAnInput) {
  const FrKernels& k = *GetParam();
  std::vector<Fr> out = a_;
  k.mul(out.data(), out.data(), out.data(), out.size());
  for (std::size_t i = 0; i < out.size(); ++i) EXPECT_EQ(out[i], Fr::mul_portable(a_[i], a_[i]));
  out = a_;
  k.mul_add(out.data(), b_.data(), c_.data(), out.data(), out.size());
  for (std::size_t i = 0; i < out.size(); ++i) EXPECT_EQ(out[i], Fr::mul_portable(b_[i], c_[i]) + a_[i]);
  out = a_;
  k.mul_scalar(out.data(), out.data(), out[5], out.size());
  for (std::size_t i = 0; i < out.size(); ++i) EXPECT_EQ(out[i], Fr::mul_portable(a_[i], a_[5]));
}

INSTANTIATE_TEST_SUITE_P(Fr, EveryKernel,
                         ::testing::ValuesIn(compiled_fr_kernels().begin(), compiled_fr_kernels().end()),
                         [](const auto& p) { return std::string(p.param->name); });

TEST(Kernels, PortableComesLastAndNeedsNothing) {
  EXPECT_EQ(compiled_fr_kernels().back()->name, "portable");
  EXPECT_EQ(compiled_fr_kernels().back()->needs, 0u);
}

}  // namespace
}  // namespace ezkl
