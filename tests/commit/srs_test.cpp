#include "commit/srs.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "../fault_of.hpp"
#include "base/files.hpp"
#include "curve/msm.hpp"
#include "curve/pairing.hpp"
#include "poly/domain.hpp"

namespace ezkl {
namespace {

namespace fs = std::filesystem;
using testing::fault_of;

class SrsFiles : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "ezkl_srs_XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { fs::remove_all(folder_); }
  fs::path folder_;
};

bool same(const Srs& a, const Srs& b) {
  return a.k() == b.k() && std::equal(a.g().begin(), a.g().end(), b.g().begin(), b.g().end()) &&
         std::equal(a.g_lagrange().begin(), a.g_lagrange().end(), b.g_lagrange().begin(), b.g_lagrange().end()) &&
         a.g2() == b.g2() && a.s_g2() == b.s_g2();
}

TEST_F(SrsFiles, PointsAreWhatTheSecretSays) {
  const Fr s = Fr::from_u64(0xabcdef12345).pow(9);
  const unsigned k = 5;
  const Srs srs = srs_from_secret(k, s);
  const Domain domain(k);
  for (std::size_t i = 0; i < srs.n(); ++i) {
    EXPECT_EQ(G1(srs.g()[i]), G1::generator().mul(s.pow(i)));
    EXPECT_EQ(G1(srs.g_lagrange()[i]), G1::generator().mul(domain.lagrange(std::int64_t(i), s)));
  }
  EXPECT_TRUE(pairing_product_is_one(
      std::vector<std::pair<G1Affine, G2Affine>>{{srs.g()[1], -srs.g2()}, {srs.g()[0], srs.s_g2()}}));
  EXPECT_EQ(lagrange_basis(k, srs.g()), std::vector<G1Affine>(srs.g_lagrange().begin(), srs.g_lagrange().end()));
  EXPECT_EQ(fault_of([&] { srs_from_secret(4, domain.omega().square()); }), Fault::range);
}

TEST_F(SrsFiles, FilesComeBackWholeAndCut) {
  const Fr s = Fr::from_u64(987654321).pow(5);
  const Srs srs = srs_from_secret(6, s);
  const fs::path path = folder_ / "kzg.srs";
  write_srs(path, srs);
  EXPECT_EQ(fs::file_size(path), 4u + 128u * 64u + 256u);
  EXPECT_EQ(Srs::file_k(path), 6u);
  EXPECT_TRUE(same(Srs::open(path, 6), srs));
  EXPECT_TRUE(same(Srs::open(path, 4), srs_from_secret(4, s)));
  EXPECT_TRUE(same(Srs::open(path, 0), srs_from_secret(0, s)));
  EXPECT_EQ(fault_of([&] { Srs::open(path, 7); }), Fault::range);
  const SrsVerifier verifier = read_srs_verifier(path);
  EXPECT_EQ(verifier.k, 6u);
  EXPECT_EQ(verifier.g, srs.g()[0]);
  EXPECT_EQ(verifier.s_g2, srs.s_g2());
}

TEST_F(SrsFiles, DamagedFilesAreRefused) {
  const fs::path path = folder_ / "kzg.srs";
  write_srs(path, srs_from_secret(3, Fr::from_u64(77)));
  const std::vector<std::uint8_t> good = read_file(path);
  const auto with = [&](auto&& change) {
    std::vector<std::uint8_t> bytes = good;
    change(bytes);
    write_file_atomically(path, bytes);
  };
  const auto both = [&] {
    const Fault a = fault_of([&] { Srs::open(path, 3); }), b = fault_of([&] { read_srs_verifier(path); });
    return a == Fault::format && b == Fault::format;
  };
  using Bytes = std::vector<std::uint8_t>;
  with([](Bytes& b) { b.clear(); });
  EXPECT_TRUE(both());
  with([](Bytes& b) { b.resize(b.size() / 2); });
  EXPECT_TRUE(both());
  with([](Bytes& b) { b.push_back(0); });
  EXPECT_TRUE(both());
  with([](Bytes& b) { b[0] = 200; });
  EXPECT_TRUE(both());
  with([](Bytes& b) { b[3] = 255; });
  EXPECT_TRUE(both());
  with([](Bytes& b) { b[4] ^= 1; });
  EXPECT_TRUE(both()) << "g[0] off the curve";
  with([](Bytes& b) { std::fill_n(b.begin() + 4, 64, std::uint8_t{0}); });
  EXPECT_TRUE(both()) << "g[0] is the identity";
  with([](Bytes& b) { b[b.size() - 10] ^= 1; });
  EXPECT_TRUE(both()) << "s_g2";
  with([](Bytes& b) { std::fill_n(b.end() - 128, 128, std::uint8_t{0}); });
  EXPECT_TRUE(both()) << "s_g2 is the identity";
  with([](Bytes& b) { b[4 + 64 * 9 + 3] ^= 4; });
  EXPECT_EQ(fault_of([&] { Srs::open(path, 3); }), Fault::format) << "a Lagrange point";
  EXPECT_EQ(fault_of([&] { Srs::open(path, 2); }), Fault{}) << "a point that is not used";
  EXPECT_EQ(fault_of([&] { Srs::open(folder_ / "none", 3); }), Fault::io);
  EXPECT_EQ(fault_of([&] { Srs::open(folder_, 3); }), Fault::io);
}

TEST_F(SrsFiles, FreshSecretsDiffer) {
  Random random = Random::from_os();
  EXPECT_FALSE(generate_srs(2, random).s_g2() == generate_srs(2, random).s_g2());
  Random a = Random::from_seed(1), b = Random::from_seed(1);
  EXPECT_TRUE(same(generate_srs(2, a), generate_srs(2, b)));
}

// sha256("golden srs, toxic waste in the open") mod r: the public secret of the shared test files.
TEST(GoldenSrs, IsReadCutAndMadeAgain) {
  const fs::path path = fs::path(EZKL_SHARED) / "vectors/golden/srs/kzg10.srs";
  if (!fs::exists(path)) GTEST_SKIP() << "the shared vectors are not here";
  const Fr tau = Fr::from_hex("0x305c848756a3156e44234c64497c9e4c364732bd80ecb0f4d212f0f8908ca3d6");
  const Srs file = Srs::open(path, 10);
  const Srs made = srs_from_secret(10, tau);
  EXPECT_TRUE(same(file, made));
  EXPECT_TRUE(same(Srs::open(path, 7), srs_from_secret(7, tau)));
  EXPECT_EQ(read_srs_verifier(fs::path(EZKL_SHARED) / "vectors/golden/srs/kzg13.srs").s_g2, made.s_g2());
}

}  // namespace
}  // namespace ezkl
