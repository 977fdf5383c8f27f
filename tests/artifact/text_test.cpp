#include <gtest/gtest.h>

#include <limits>

#include "artifact/felt_text.hpp"
#include "artifact/number_text.hpp"
#include "ezkl/error.hpp"

namespace ezkl {
namespace {

TEST(NumberText, WritesNumbersLikeThePublishedPackage) {
  EXPECT_EQ(json_number(128.0), "128.0");
  EXPECT_EQ(json_number(2.220446049250313e-16), "2.220446049250313e-16");
  EXPECT_EQ(json_number(2.7182817f), "2.7182817");
  EXPECT_EQ(json_number(0.1), "0.1");
  EXPECT_EQ(json_number(-0.00001), "-0.00001");
  EXPECT_EQ(json_number(0.000001), "1e-6");
  EXPECT_EQ(json_number(1e15), "1000000000000000.0");
  EXPECT_EQ(json_number(1.5e16), "1.5e16");
  EXPECT_EQ(json_number(0.0), "0.0");
  EXPECT_EQ(json_number(std::numeric_limits<double>::infinity()), "null");
}

TEST(NumberText, PlainNumbersHaveNoExponent) {
  EXPECT_EQ(plain_number(0.5), "0.5");
  EXPECT_EQ(plain_number(1.0), "1");
  EXPECT_EQ(plain_number(-0.25), "-0.25");
  EXPECT_EQ(plain_number(0), "0");
  EXPECT_EQ(plain_number(1e23), "100000000000000000000000");
  EXPECT_EQ(plain_number(1.5e-7), "0.00000015");
}

TEST(NumberText, RescaledTextIsTheSignedIntegerOverThePowerOfTwo) {
  EXPECT_EQ(rescaled_text(Fr::from_i64(-7618), 13), "-0.929931640625");
  EXPECT_EQ(rescaled_text(Fr::from_u64(5), -2), "20");
}

TEST(FeltText, IsLittleEndianAndStrict) {
  const std::string one = "01" + std::string(62, '0');
  EXPECT_EQ(felt_text(Fr::one()), one);
  EXPECT_EQ(felt_text(-Fr::one()), "000000f093f5e1439170b97948e833285d588181b64550b829a031e1724e6430");
  EXPECT_EQ(parse_felt("FF" + std::string(62, '0')), Fr::from_u64(255));
  EXPECT_EQ(big_felt_text(Fr::from_u64(0x9a4)), "0x" + std::string(61, '0') + "9a4");
  EXPECT_THROW(parse_felt("01"), Error);
  EXPECT_THROW(parse_felt("0x" + one), Error);
  EXPECT_THROW(parse_felt(std::string(64, 'z')), Error);
  EXPECT_THROW(parse_felt("010000f093f5e1439170b97948e833285d588181b64550b829a031e1724e6430"), Error);
}

TEST(FeltText, PointsAreCompressed) {
  const G1Affine g = G1Affine::generator();
  EXPECT_EQ(parse_point(point_text(g)), g);
  EXPECT_EQ(parse_point(point_text(-g)), -g);
  EXPECT_THROW(parse_point(std::string(64, 'f')), Error);
}

}  // namespace
}  // namespace ezkl
