#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ezkl/run_args.hpp"

namespace ezkl {

/// A static lookup table's function: its name and its 32-bit parameters ("scale", "base", "a", "denom").
struct LookupOp {
  std::string name;
  std::map<std::string, float> parameters;
  auto operator<=>(const LookupOp&) const = default;
};

/// Range check of both ends inclusive.
using CheckedRange = std::pair<Int128, Int128>;

/// settings.json (docs/spec/artifacts.md 3): the constraint system follows from it alone.
struct GraphSettings {
  RunArgs run_args;
  std::size_t num_rows = 0;
  std::size_t total_assignments = 0;
  std::size_t total_const_size = 0;
  std::size_t total_dynamic_col_size = 0, max_dynamic_input_len = 0, num_dynamic_lookups = 0;
  std::size_t num_shuffles = 0, total_shuffle_col_size = 0;
  /// equation text and the size of each of its axes
  std::vector<std::pair<std::string, std::map<std::string, std::size_t>>> einsum_equations;
  std::size_t total_einsum_col_size = 0;
  std::vector<std::vector<std::size_t>> model_instance_shapes;
  std::vector<int> model_output_scales, model_input_scales;
  std::vector<std::size_t> polycommit_sizes;                             ///< module_sizes.polycommit
  std::size_t poseidon_rows = 0;                                         ///< module_sizes.poseidon[0]
  std::vector<std::size_t> poseidon_counts{0};                           ///< module_sizes.poseidon[1]
  std::vector<LookupOp> required_lookups;                                ///< order defines the key
  std::vector<CheckedRange> required_range_checks;                       ///< order defines the key
  CheckMode check_mode = CheckMode::unsafe;
  std::string version = "23.0.5";
  std::optional<std::size_t> num_blinding_factors;
  std::optional<Int128> timestamp;                                       ///< milliseconds since 1970
  std::optional<std::vector<std::string>> input_types, output_types;     ///< Bool F16 F32 F64 Int TDim Unknown
  /// Places of inputs that hold field elements. In the file inside run_args, where the published reader takes no
  /// notice.
  std::vector<std::size_t> field_inputs;
};

}  // namespace ezkl
