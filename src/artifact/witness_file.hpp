#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "artifact/pretty_elements.hpp"
#include "curve/g1.hpp"
#include "ezkl/run_args.hpp"
#include "field/fr.hpp"

namespace ezkl {

/// What a visibility of hashed or polycommit made of a group of values.
struct ModuleResult {
  std::optional<std::vector<Fr>> poseidon_hash;                  ///< one per tensor
  std::optional<std::vector<std::vector<G1Affine>>> polycommit;  ///< per tensor, one per column
};

/// witness.json (docs/spec/artifacts.md 4): a model's inputs and outputs as integers of the circuit.
struct Witness {
  std::vector<std::vector<Fr>> inputs;   ///< per model input, flat
  std::vector<std::vector<Fr>> outputs;  ///< per model output, flat
  std::optional<PrettyElements> pretty;
  std::optional<ModuleResult> processed_inputs, processed_params, processed_outputs;
  Int128 max_lookup_inputs = 0, min_lookup_inputs = 0;  ///< extremes fed to static tables
  Int128 max_range_size = 0;                            ///< largest range check met
  std::optional<std::string> version;
};

/// Compact JSON with the published package's keys and order.
std::string witness_text(const Witness& witness);

/// `what` names the source in errors. errors: Fault::format.
Witness parse_witness(std::string_view text, const std::string& what);

/// errors: Fault::io; Fault::format.
Witness read_witness(const std::filesystem::path& path);

}  // namespace ezkl
