// Calibration tries what it is told to, on every sample, and keeps the best that works.
#include "api/calibrate.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "../graph/model_text.hpp"
#include "../temp_folder.hpp"
#include "artifact/settings_file.hpp"
#include "base/files.hpp"
#include "ezkl/error.hpp"
#include "onnx/export.hpp"

namespace ezkl {
namespace {

namespace fs = std::filesystem;
using namespace ezkl::testing;
const Path mlp = EZKL_TEST_DATA "/models/mlp.onnx";
const std::string three_samples =
    R"({"input_data": [[0.5, -0.25, 0.8125, -0.6875, 1, 1, 1, 1, -3.5, 0.125, 2, 0.75]], "output_data": null})";

class Calibrate : public ::testing::Test {
 protected:
  void SetUp() override {
    settings_ = fs::temp_directory_path() / ("ezkl-calibrate-" + std::to_string(getpid()) + ".json");
    gen_settings(mlp, settings_, {});
  }
  void TearDown() override { fs::remove(settings_); }

  std::vector<CalibrationRow> run(const CalibrationOptions& options, const std::string& data = three_samples) {
    return calibrate(data, mlp, settings_, options);
  }
  static const CalibrationRow& chosen(const std::vector<CalibrationRow>& rows) {
    const auto found = std::find_if(rows.begin(), rows.end(), [](const CalibrationRow& r) { return r.chosen; });
    if (found == rows.end()) throw std::runtime_error("no row is marked");
    return *found;
  }
  RunArgs args() const { return read_settings(settings_).run_args; }

  Path settings_;
};

TEST_F(Calibrate, TriesEveryPairOfScalesAndWritesTheBest) {
  const auto rows = run({.scales = std::vector<int>{6, 9, 6}, .multipliers = {1, 2}});
  ASSERT_EQ(rows.size(), 6u);  // 6/6, 6/9, 9/9, twice
  for (const CalibrationRow& r : rows) {
    EXPECT_LE(r.input_scale, r.param_scale);
    EXPECT_EQ(r.failure, "");
    EXPECT_EQ(r.outputs.elements, 9u);  // three samples of three outputs
  }
  const CalibrationRow& best = chosen(rows);
  EXPECT_EQ(std::count_if(rows.begin(), rows.end(), [](const CalibrationRow& r) { return r.chosen; }), 1);
  EXPECT_EQ(args().input_scale, best.input_scale);
  EXPECT_EQ(args().param_scale, best.param_scale);
  EXPECT_EQ(args().scale_rebase_multiplier, best.multiplier);
  EXPECT_EQ(args().logrows, best.logrows);
  // All of these are proved within a second, which counts as equally small.
  for (const CalibrationRow& r : rows) EXPECT_GE(r.outputs.mean, best.outputs.mean);
}

TEST_F(Calibrate, TargetsDiffer) {
  const CalibrationOptions base{.scales = std::vector<int>{4, 12}, .multipliers = {1}};
  CalibrationOptions accurate = base, small = base;
  accurate.target = CalibrationTarget::accuracy;
  small.target = CalibrationTarget::resources_col_overflow;
  EXPECT_EQ(chosen(run(accurate)).input_scale, 12);
  const std::uint32_t resources = chosen(run(base)).logrows;
  EXPECT_LE(chosen(run(small)).logrows, resources);
}

/// Sines repeat, so that a table of them needs a key for every step of the samples: 100 is 800,000 steps at scale 13.
TEST_F(Calibrate, AccuracyDoesNotTakeWhatIsFarDearer) {
  const TempFolder here;
  const ModelDef sine = model({value("x", {1, 2})}, {node("Sin", {"x"}, {"y"})});
  write_file_atomically(here / "network.onnx", onnx_bytes(sine));
  gen_settings(here / "network.onnx", settings_, {});
  const CalibrationOptions options{
      .target = CalibrationTarget::accuracy, .scales = std::vector<int>{8, 13}, .multipliers = {1}};
  ::testing::internal::CaptureStderr();
  const auto rows = calibrate(R"({"input_data": [[100, 3]]})", here / "network.onnx", settings_, options);
  const std::string said = ::testing::internal::GetCapturedStderr();
  const CalibrationRow &best = chosen(rows), &fine = rows.back();
  EXPECT_EQ(best.input_scale, 8);
  ASSERT_EQ(fine.input_scale, 13);
  ASSERT_EQ(fine.failure, "");
  EXPECT_LT(fine.outputs.mean, best.outputs.mean);
  EXPECT_GT(fine.seconds, 4 * best.seconds);
  EXPECT_NE(said.find("scales 13 and 13 with multiplier 1 come nearer"), std::string::npos) << said;
}

TEST_F(Calibrate, LogrowsStayBelowTheGivenLimit) {
  const std::uint32_t free = chosen(run({.multipliers = {1}})).logrows;
  ASSERT_GT(free, 6u);
  EXPECT_EQ(chosen(run({.multipliers = {1}, .max_logrows = free - 1})).logrows, free - 1);
  EXPECT_EQ(args().logrows, free - 1);
}

TEST_F(Calibrate, KeepsTheOldSettingsWhenNothingWorks) {
  const std::string before = read_text(settings_);
  try {
    run({.scales = std::vector<int>{40}, .multipliers = {1}});
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), Fault::range);
    EXPECT_NE(std::string(e.what()).find("none of the 1 combinations"), std::string::npos) << e.what();
  }
  EXPECT_EQ(read_text(settings_), before);
}

/// 13 bits leave an output of 0.00008 no step; at 15 the square before it outgrows the bound of the settings, which
/// therefore moves up.
TEST_F(Calibrate, GoesBeyondThirteenBitsWhereTheModelNeedsThem) {
  const TempFolder here;
  const ModelDef small = model({value("x", {1, 2})}, {node("Mul", {"x", "x"}, {"q"}), node("Mul", {"q", "c"}, {"y"})},
                               {{"c", floats({}, {0.00005})}});
  write_file_atomically(here / "network.onnx", onnx_bytes(small));
  gen_settings(here / "network.onnx", settings_, {});
  const auto rows =
      calibrate(R"({"input_data": [[1.3, 0.7]]})", here / "network.onnx", settings_, {.multipliers = {1}});
  const CalibrationRow& best = chosen(rows);
  EXPECT_GT(best.param_scale, 13);
  EXPECT_EQ(best.beyond, 0u);
  EXPECT_EQ(best.failure, "");
  for (const CalibrationRow& r : rows) {
    if (r.param_scale <= 13) {
      EXPECT_GT(r.beyond + r.failure.size(), 0u) << r.param_scale;
    }
  }
}

TEST_F(Calibrate, RefusesUnevenSamplesAndEmptyLists) {
  EXPECT_THROW(run({}, R"({"input_data": [[1, 2, 3, 4, 5]]})"), Error);
  EXPECT_THROW(run({}, R"({"input_data": [[]]})"), Error);
  EXPECT_THROW(run({.scales = std::vector<int>{}}), Error);
  EXPECT_THROW(run({.multipliers = {}}), Error);
}

TEST_F(Calibrate, TheTableMarksTheChosenRow) {
  const auto rows = run({.scales = std::vector<int>{7, 40}, .multipliers = {1}});
  const std::string text = calibration_text(rows);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 4);
  EXPECT_NE(text.find("-> "), std::string::npos);
  for (const CalibrationRow& r : rows) {
    if (!r.failure.empty()) {
      EXPECT_NE(text.find(r.failure), std::string::npos);
    }
  }
}

}  // namespace
}  // namespace ezkl
