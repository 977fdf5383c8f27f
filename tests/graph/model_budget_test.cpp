#include "model/model_budget.hpp"

#include <gtest/gtest.h>

#include "ezkl/error.hpp"

namespace ezkl {
namespace {

using Kind = ModelBudget::Kind;

TEST(ModelBudget, ChargesByKind) {
  ModelBudget budget(1200);
  budget.charge(Kind::node, 1);
  budget.charge(Kind::make, 10);
  budget.charge(Kind::copy, 100);
  budget.charge(Kind::compute, 100);
  budget.charge(Kind::fill, 7);
  budget.charge(Kind::product, 1024);
  EXPECT_THROW(budget.charge(Kind::product, 1), Error);
  EXPECT_NO_THROW(budget.charge(Kind::node, 0));
}

TEST(ModelBudget, RefusesWhatNoNumberHolds) {
  ModelBudget budget;
  EXPECT_THROW(budget.charge(Kind::make, ~std::uint64_t{0}), Error);
  EXPECT_THROW(budget.charge(Kind::fill, std::uint64_t{1} << 56), Error);
  EXPECT_THROW(budget.charge(Kind::product, ~std::uint64_t{0}), Error);
}

TEST(ModelBudget, ALargeFileMayAskForMore) {
  ModelBudget budget(0);
  EXPECT_THROW(budget.charge(Kind::fill, 1), Error);
  budget.allow_file(2);
  budget.charge(Kind::fill, 128);
  EXPECT_THROW(budget.charge(Kind::fill, 1), Error);
  budget.allow_file(~std::uint64_t{0});
  EXPECT_NO_THROW(budget.charge(Kind::node, 1 << 20));
}

TEST(ModelBudget, TheMessageNamesTheFlag) {
  try {
    ModelBudget(5).charge(Kind::node, 1);
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), Fault::range);
    EXPECT_NE(std::string(e.what()).find("--max-model-size"), std::string::npos);
  }
}

}  // namespace
}  // namespace ezkl
