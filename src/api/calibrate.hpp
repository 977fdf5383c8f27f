#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/accuracy.hpp"
#include "ezkl/ezkl.hpp"

namespace ezkl {

/// One combination of scales that calibration tried.
struct CalibrationRow {
  int input_scale = 0, param_scale = 0;
  std::uint32_t multiplier = 1;
  std::uint32_t logrows = 0;
  std::size_t rows = 0;
  double seconds = 0;  ///< predicted to prove, one core with AVX-512 IFMA
  std::pair<Int128, Int128> lookup_range{0, 0};
  ErrorStatistics outputs;  ///< against the original float model
  std::size_t beyond = 0;   ///< samples further from it than SampleVerdict allows, or of another class
  std::string failure;      ///< why the combination cannot be used; empty otherwise
  bool chosen = false;
};

struct CalibrationOptions {
  CalibrationTarget target = CalibrationTarget::resources;
  double lookup_safety_margin = 2.0;
  std::optional<std::vector<int>> scales = std::nullopt;
  std::vector<std::uint32_t> multipliers{1, 10};
  std::optional<std::uint32_t> max_logrows = std::nullopt;
  std::uint64_t max_model_size = 0;  ///< 0: the default
};

/// Tries every pair of scales with input <= param and every multiplier on all samples of `data`, and rewrites the
/// settings with the best. Where no combination brings all samples within what SampleVerdict allows, larger scales are
/// tried, too, unless scales were given; a choice that does not is worth a warning. Only settings that every sample was
/// run with, all range checks on, are ever chosen. errors: Fault::range when no combination works, with the reason of
/// each.
std::vector<CalibrationRow> calibrate(const std::string& data, const Path& model, const Path& settings,
                                      const CalibrationOptions& options);

/// The rows as a table for a terminal, the chosen one marked.
std::string calibration_text(const std::vector<CalibrationRow>& rows);

}  // namespace ezkl
