// verify --input and --output: whether a proof is about given values.
#include <gtest/gtest.h>

#include "api/verify.hpp"
#include "proved_model.hpp"

namespace ezkl {
namespace {

using Kind = Visibility::Kind;
using testing::ProvedModel;

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

const std::string other_input = R"({"input_data": [[0.5, -0.25, 1.0, 0.8125]]})";
// relu(x·u): 0.5 - 0.125 + 1 + 0.75, 1 - 0 + 0.25 + 0.75, and less than 0
const std::string output = R"({"output_data": [[2.125, 2.0, 0.0]]})";

class Comparison : public ::testing::TestWithParam<Kind> {
 protected:
  Comparison() : model_(ProvedModel::run_args(GetParam(), Kind::fixed, GetParam())) { model_.prove_honestly(); }

  VerifyReport check(const std::optional<std::string>& input, const std::optional<std::string>& out) const {
    VerifyFiles files{model_ / "proof.json", model_ / "settings.json", model_ / "vk.key", model_ / "kzg.srs"};
    files.input = input;
    files.output = out;
    return verify(files);
  }

  ProvedModel model_;
};

TEST_P(Comparison, TheProofsOwnValuesAgreeAndOthersDoNot) {
  const VerifyReport plain = check({}, {});
  ASSERT_TRUE(plain.accepted) << plain.reason;
  EXPECT_TRUE(plain.compared.empty());
  const VerifyReport same = check(ProvedModel::input(), output);
  EXPECT_TRUE(same.accepted) << same.reason;
  EXPECT_EQ(same.compared.size(), 2u);
  for (const auto& [input, out] : {std::pair(other_input, output),
                                   std::pair(std::string(ProvedModel::input()), std::string("[2.125, 2.0, 0.25]"))}) {
    const VerifyReport report = check(input, out);
    EXPECT_FALSE(report.accepted);
    EXPECT_TRUE(contains(report.reason, "the proof holds, but it is about another")) << report.reason;
  }
}

TEST_P(Comparison, OutputsMayBeBareLists) {
  EXPECT_TRUE(check({}, "[2.125, 2.0, 0]").accepted);
  EXPECT_TRUE(check({}, "[[2.125, 2.0, 0]]").accepted);
}

TEST_P(Comparison, DataOfAnotherFormIsAnError) {
  EXPECT_THROW(check(R"({"input_data": [[1, 2], [3, 4]]})", {}), Error);
  EXPECT_THROW(check(R"({"input_data": [["x"]]})", {}), Error);
  EXPECT_THROW(check({}, R"({"input_data": [[1]]})"), Error);
  EXPECT_FALSE(check(R"({"input_data": [[0.5, -0.25, 1.0]]})", {}).accepted);
}

INSTANTIATE_TEST_SUITE_P(Every, Comparison, ::testing::Values(Kind::public_, Kind::hashed_public, Kind::polycommit),
                         [](const auto& kind) {
                           return kind.param == Kind::public_         ? "Public"
                                  : kind.param == Kind::hashed_public ? "Hashed"
                                                                      : "Polycommit";
                         });

TEST(ComparisonOf, NothingIsClaimedOfWhatTheProofDoesNotShow) {
  const ProvedModel model(ProvedModel::run_args(Kind::private_, Kind::fixed, Kind::public_));
  model.prove_honestly();
  VerifyFiles files{model / "proof.json", model / "settings.json", model / "vk.key", model / "kzg.srs"};
  EXPECT_TRUE(verify(files).accepted);
  files.input = ProvedModel::input();
  const VerifyReport report = verify(files);
  EXPECT_FALSE(report.accepted);
  EXPECT_TRUE(contains(report.reason, "cannot be said: its inputs are private")) << report.reason;
}

TEST(ComparisonOf, CommitmentsWantTheWholeSetup) {
  const ProvedModel model(ProvedModel::run_args(Kind::polycommit, Kind::fixed, Kind::public_));
  model.prove_honestly();
  VerifyFiles files{model / "proof.json", model / "settings.json", model / "vk.key", model / "kzg.srs", true};
  files.input = ProvedModel::input();
  EXPECT_THROW(verify(files), Error);
}

}  // namespace
}  // namespace ezkl
