// Range claims accept exactly their interval, whatever range checks the settings offer: enumerated.
#include <gtest/gtest.h>

#include "circuit_bench.hpp"

namespace ezkl {
namespace {

using namespace test;
using claims::Tensor;
using claims::Values;
using claims::Writer;

/// A model that claims lo <= x <= hi of its (otherwise unchecked) input of one element.
claims::Record ranged(const RunArgs& args, Int128 lo, Int128 hi) {
  claims::Recorder w(args);
  w.enter_node("range");
  const Tensor x = w.input({1}, {-2000, 2000}, false);
  w.range(x, {lo, hi});
  const Tensor y = w.scale(x, 1, 0);
  w.output(y);
  w.bind(y, args.output_visibility, {claims::Slot::Group::output, 0});
  return w.finish();
}

struct Offer {
  std::vector<CheckedRange> ranges;
  std::size_t logrows;
};

TEST(RangeLowering, AcceptsExactlyTheInterval) {
  const std::vector<Offer> offers{
      {{{-1, 1}, {0, 15}}, 7}, {{{0, 7}}, 7},           {{}, 7},
      {{{-3, 4}, {0, 9}}, 7},  {{{0, 31}, {5, 12}}, 7}, {{{0, 63}}, 5},  // a table of several columns
  };
  const std::vector<CheckedRange> intervals{{0, 0},   {0, 1},  {-1, 1},    {0, 15},   {0, 7},    {1, 8},
                                            {3, 5},   {-7, 0}, {-5, 5},    {-15, 15}, {0, 31},   {0, 255},
                                            {-4, 11}, {0, 40}, {-20, 100}, {7, 7},    {-16, 15}, {0, 63}};
  for (const std::size_t width : {1, 2}) {
    for (const Offer& offer : offers) {
      for (const auto& [lo, hi] : intervals) {
        RunArgs args = small_args(width);
        args.logrows = std::uint32_t(offer.logrows);
        const auto record = ranged(args, lo, hi);
        GraphSettings settings;
        settings.run_args = args;
        settings.required_range_checks = offer.ranges;
        settings.total_assignments = 110 * width;
        settings.total_const_size = 20;
        const Bench bench(record, settings);
        const std::vector<Int128> tried{lo - 1, lo, hi, hi + 1, -hi, hi + 16};
        for (const Int128 value : tried) {
          const bool accepted = bench.mock({{value}}, false).empty();
          EXPECT_EQ(accepted, value >= lo && value <= hi)
              << to_string(value) << " in [" << to_string(lo) << ", " << to_string(hi) << "], width " << width
              << ", offer of " << offer.ranges.size() << " at 2^" << offer.logrows << "\n"
              << text(bench.mock({{value}}, false));
        }
      }
    }
  }
}

TEST(RangeLowering, ChecksDirectRangesInTheCellsThatUseTheValue) {
  const auto rows = [](std::vector<CheckedRange> ranges) {
    RunArgs args = small_args(2);
    claims::Recorder w(args);
    w.enter_node("n");
    const Tensor x = w.input({64}, {0, 15}, true);
    const Tensor y = w.linear(std::vector<claims::Term>{{3, x}, {2, x}}, 0);
    w.output(y);
    w.bind(y, args.output_visibility, {claims::Slot::Group::output, 0});
    const auto record = w.finish();
    GraphSettings settings;
    settings.run_args = args;
    settings.required_range_checks = std::move(ranges);
    settings.total_assignments = 400;
    settings.total_const_size = 20;
    const Bench bench(record, settings);
    EXPECT_TRUE(bench.mock({Values(64, 15)}).empty());
    EXPECT_FALSE(bench.mock({Values(64, 16)}, false).empty());
    std::size_t used = 0;
    for (const auto& selector : bench.assembly.selectors) {
      for (std::size_t row = 0; row < selector.size(); ++row) used = selector.get(row) ? std::max(used, row + 1) : used;
    }
    return used;
  };
  EXPECT_EQ(rows({{0, 15}}), 64u);
  EXPECT_EQ(rows({{0, 17}}), 96u);
}

}  // namespace
}  // namespace ezkl
