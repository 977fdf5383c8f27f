#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ezkl/commitment.hpp"

namespace ezkl {

/// 128-bit signed integer of the quantized world.
__extension__ using Int128 = __int128;

/// Who sees a group of values (inputs, outputs or parameters).
struct Visibility {
  enum class Kind : std::uint8_t { private_, public_, fixed, hashed_public, hashed_private, polycommit };
  Kind kind = Kind::private_;
  std::vector<std::size_t> outlets;  ///< hashed_private only: the tensors replaced by their hash

  bool operator==(const Visibility&) const = default;
  bool is_hashed() const { return kind == Kind::hashed_public || kind == Kind::hashed_private; }
};

enum class CheckMode : std::uint8_t { safe, unsafe };

/// Whose integers: ONNX's meaning of every operator, or the published package's where it departs from ONNX.
enum class Semantics : std::uint8_t { onnx, published };

/// The run arguments of gen-settings, with the command line's defaults. Written to settings.json under `run_args`.
struct RunArgs {
  int input_scale = 7;
  int param_scale = 7;
  std::optional<int> rebase_scale;
  std::uint32_t scale_rebase_multiplier = 1;
  std::pair<Int128, Int128> lookup_range{-32768, 32768};
  std::uint32_t logrows = 17;
  std::size_t num_inner_cols = 2;
  std::vector<std::pair<std::string, std::size_t>> variables{{"batch_size", 1}};
  Visibility input_visibility{Visibility::Kind::private_, {}};
  Visibility output_visibility{Visibility::Kind::public_, {}};
  Visibility param_visibility{Visibility::Kind::fixed, {}};  ///< private: a proof binds no model
  bool rebase_frac_zero_constants = false;
  CheckMode check_mode = CheckMode::unsafe;
  Commitment commitment = Commitment::kzg;  ///< ipa: the settings get disable_freivalds
  std::size_t decomp_base = 16384;
  std::size_t decomp_legs = 2;
  bool bounded_log_lookup = false;
  bool ignore_range_check_inputs_outputs = false;
  std::optional<double> epsilon;
  bool disable_freivalds = false;
  Semantics semantics = Semantics::onnx;  ///< a settings file without the key means Semantics::published

  bool operator==(const RunArgs&) const = default;
};

}  // namespace ezkl
