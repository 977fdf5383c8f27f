#pragma once

#include <optional>
#include <span>
#include <vector>

#include "graph/op_table.hpp"

/// The indices of gathers and scatters. They are either the attributes `indices` and `indices_shape` (known when the
/// model was read) or the operand at position 1, whose value may be fixed all the same.
namespace ezkl::ops {

inline constexpr AttributeRule indices_attribute = attribute::integers("indices").optional();
inline constexpr AttributeRule indices_shape_attribute = attribute::integers("indices_shape", 0).optional();

bool has_index_attribute(const OpContext& ctx);
/// errors: Fault::format unless the indices are either an attribute or an operand next to `others` other ones.
void check_index_operand(const OpContext& ctx, std::size_t others);
/// Shape of the indices, from the attribute or the operand.
Shape index_shape(const OpContext& ctx);

/// The indices as they were given, where they are known: by the attribute, from real numbers, or from fixed values.
std::vector<std::int64_t> raw_indices(const OpContext& ctx, std::span<const FloatTensor> in);
std::optional<std::vector<std::int64_t>> fixed_indices(claims::Writer& w, const OpContext& ctx,
                                                       std::span<const claims::Tensor> in);

/// One known index on an axis of `extent` elements as a position. ONNX counts negative ones from the end; the
/// published package turns them into 0, except that -1 of `Gather` is the last element.
/// errors: Fault::format for an index outside the axis.
std::size_t position(const OpContext& ctx, std::int64_t index, std::size_t extent);

/// Computed indices: with ONNX's meaning, `extent` is added to negative ones. The caller claims that the result lies
/// in [0, extent), which makes it the only one possible.
/// errors: Fault::unsupported when the operand at position 1 has fractional bits.
claims::Tensor computed_positions(claims::Writer& w, const OpContext& ctx, claims::Tensor indices, std::size_t extent);

/// Last axis of computed `indices` as flat positions in a tensor of these extents: Σ index_j · stride_j, with every
/// index proven to be within its own axis before they are summed. All but the first are claimed here; the first, which
/// is an integer by its proven bounds, follows when the caller claims that the sum is within the volume.
///
/// result   [number of index tuples]
claims::Tensor linear_positions(claims::Writer& w, const OpContext& ctx, claims::Tensor indices, const Shape& extents);

}  // namespace ezkl::ops
