#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "ezkl/run_args.hpp"

namespace ezkl {

/// Whose values.
enum class TensorGroup : std::uint8_t { inputs, params, outputs };

/// "inputs", "parameters", "outputs"
const char* name_of(TensorGroup group);

/// How a proof shows a tensor.
enum class Manner : std::uint8_t {
  hash,        ///< its Poseidon hash: one instance
  values,      ///< its elements: one instance each
  commitment,  ///< commitments to its elements, at the front of the proof
};

/// What the order of a statement depends on.
struct GroupFacts {
  Visibility visibility;
  std::size_t tensors = 0;  ///< of parameters 1, all of them being one message, or 0 for a model without any
};

struct ShownTensor {
  TensorGroup group = TensorGroup::inputs;
  std::size_t tensor = 0;  ///< number within its group
  Manner manner = Manner::values;
  bool operator==(const ShownTensor&) const = default;
};

/// What a proof shows, in the order in which it shows it: circuits place it by this list and verifiers read it by this
/// list.
struct StatementOrder {
  std::vector<ShownTensor> commitments;  ///< inputs, parameters, outputs
  /// In the instance column: hashes of inputs, hash of the parameters, public inputs, then the outputs: hashes or
  /// values.
  std::vector<ShownTensor> instances;
};

/// source  docs/spec/artifacts.md 5, docs/spec/modules.md 4 and 5
/// errors  Fault::usage as hashed_tensors, and for public parameters, which nothing shows
StatementOrder statement_order(const GroupFacts& inputs, const GroupFacts& params, const GroupFacts& outputs);

}  // namespace ezkl
