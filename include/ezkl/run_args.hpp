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

/// How a proof is made: PLONK, or sums over hypercubes, whose prover does not pay for multiply-accumulates.
enum class ProofSystem : std::uint8_t { plonk, sumcheck };

/// What only ProofSystem::sumcheck is told. Sizes that are not given are chosen to the least predicted cost; in
/// settings all are there.
struct SumcheckArgs {
  std::optional<std::uint32_t> row_bits;   ///< cells of a committed row, as a power of two: 3 to 20
  std::optional<std::uint32_t> limb_bits;  ///< of the largest range table: 1 to 20
  std::optional<std::uint32_t> tree_bits;  ///< most lookups in one sum of fractions, as a power of two: 1 to 27
  bool clear = false;                      ///< proofs that hide nothing: where no group is private

  bool operator==(const SumcheckArgs&) const = default;
};

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
  ProofSystem proof_system = ProofSystem::plonk;
  SumcheckArgs sumcheck;  ///< ProofSystem::sumcheck: then logrows is row_bits + 1, the size of its setup

  bool operator==(const RunArgs&) const = default;
};

}  // namespace ezkl
