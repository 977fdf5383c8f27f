#pragma once

#include <span>

#include "graph/op_table.hpp"

/// The operators by family: each function lives in the file of its name and lists what that file defines. The operator
/// table is their concatenation.
namespace ezkl::ops {

std::span<const OpEntry> arithmetic_ops();
std::span<const OpEntry> reduction_ops();
std::span<const OpEntry> einsum_ops();
std::span<const OpEntry> convolution_ops();
std::span<const OpEntry> pooling_ops();
std::span<const OpEntry> activation_ops();
std::span<const OpEntry> compare_ops();
std::span<const OpEntry> rounding_ops();
std::span<const OpEntry> table_ops();
std::span<const OpEntry> reciprocal_ops();
std::span<const OpEntry> softmax_ops();
std::span<const OpEntry> normalization_ops();
std::span<const OpEntry> movement_ops();
std::span<const OpEntry> padding_ops();
std::span<const OpEntry> indexing_ops();
std::span<const OpEntry> scatter_ops();
std::span<const OpEntry> sorting_ops();
std::span<const OpEntry> scan_ops();
std::span<const OpEntry> bitwise_ops();
std::span<const OpEntry> scaling_ops();
std::span<const OpEntry> tree_ops();
std::span<const OpEntry> chain_ops();

}  // namespace ezkl::ops
