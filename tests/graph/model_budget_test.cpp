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

TEST(ModelBudget, TheMessageNamesTheParameter) {
  try {
    ModelBudget(5).charge(Kind::node, 1);
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), Fault::limit);
    EXPECT_NE(std::string(e.what()).find("max_model_size 1K or more"), std::string::npos) << e.what();
  }
}

TEST(ModelBudget, TheMessageForeseesWhatIsAskedForInAll) {
  const auto message = [](double done, std::uint64_t file) {
    ModelBudget budget(1 << 20);
    budget.allow_file(file);
    budget.set_progress(done);
    try {
      budget.charge(Kind::fill, 3 << 20);
    } catch (const Error& e) {
      return std::string(e.what());
    }
    return std::string("passed");
  };
  // A tenth is 3M; half as much again is kept in reserve, and a power of two is named.
  EXPECT_NE(message(0.1, 0).find("give max_model_size 64M"), std::string::npos) << message(0.1, 0);
  EXPECT_EQ(message(0.1, 0).find("or more"), std::string::npos);
  // What the file allows needs no limit.
  EXPECT_NE(message(0.1, 1 << 14).find("give max_model_size 64M"), std::string::npos) << message(0.1, 1 << 14);
  EXPECT_NE(message(0.1, 7 << 12).find("give max_model_size 64M"), std::string::npos) << message(0.1, 7 << 12);
  EXPECT_NE(message(0.5, 1 << 14).find("give max_model_size 8M"), std::string::npos) << message(0.5, 1 << 14);
  EXPECT_NE(message(0, 0).find("give max_model_size 4M or more"), std::string::npos) << message(0, 0);
}

}  // namespace
}  // namespace ezkl
