#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "statement/order.hpp"
#include "tensor/shape.hpp"

namespace ezkl {

/// What settings tell of a statement.
struct StatementFacts {
  Visibility inputs, params, outputs;
  std::vector<int> input_scales, output_scales;  ///< one a tensor
  std::vector<Shape> public_shapes;              ///< of public inputs, then of public outputs
  std::size_t hashes = 0;                        ///< counted: every tensor of a hashed group, also an unlisted one
  std::vector<std::size_t> committed;            ///< elements of every committed tensor
};

/// A tensor's stretch of the instance column.
struct ShownInstances {
  TensorGroup group = TensorGroup::inputs;
  std::size_t tensor = 0;
  Manner manner = Manner::values;
  std::size_t first = 0, count = 0;
  Shape shape;    ///< of values
  int scale = 0;  ///< of values of inputs and outputs: a number is value / 2^scale
};

/// A tensor that is committed to: its commitments stand behind those of the tensors before it.
struct ShownCommitments {
  TensorGroup group = TensorGroup::inputs;
  std::size_t tensor = 0;
  std::size_t elements = 0;
};

/// What a proof says in the open: the one description of which instance and which commitment stands for which tensor.
struct Statement {
  std::vector<ShownInstances> instances;      ///< in the order of the column, without gaps
  std::vector<ShownCommitments> commitments;  ///< by place at the front of the proof
  std::size_t num_instances = 0;              ///< of a proof, exactly
  std::size_t num_hashes = 0;                 ///< of them hashes
  /// Hashes as the published package counts them: every tensor of a hashed group, also those that hashed/private does
  /// not list, which no proof has.
  std::size_t counted_hashes = 0;
};

/// errors  Fault::format when the visibilities contradict what the facts count: hashes, shapes and scales, committed
///         tensors
Statement describe_statement(const StatementFacts& facts);

/// What is wrong with a proof that has `found` instances, as verifiers say it; nothing when it is the right number.
std::optional<std::string> instance_count_refusal(const Statement& statement, std::size_t found);

/// The part of the column that shows `group`'s tensors in this manner, in order; empty when it does not.
std::vector<ShownInstances> instances_of(const Statement& statement, TensorGroup group, Manner manner);

}  // namespace ezkl
