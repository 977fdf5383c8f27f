#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "ezkl/error.hpp"
#include "graph/op_table.hpp"

/// Data movement said once, for real numbers and for claims.
namespace ezkl::ops {

/// Which input element each output element is: `map[i]` counts through the concatenation of the inputs in flat order;
/// a negative one means the real number `values[-1 - map[i]]`.
struct Placement {
  Shape shape;
  std::vector<std::int64_t> map;
  std::vector<double> values{0.0};
};

/// The inputs' elements in their new places; the result has the type of the first input.
FloatTensor place(const Placement& placement, std::span<const FloatTensor> inputs);
/// The same as a claim; `values` are quantized at `scale`.
claims::Tensor place(claims::Writer& w, const Placement& placement, std::span<const claims::Tensor> inputs, int scale);

/// Affine access to one input: output element number i is the i-th index of `loops`, which `axes` lead to a source
/// element, or to `outside` where they leave the source. `shape` has as many elements as `loops`.
struct Window {
  Shape shape, loops;
  std::vector<claims::AxisMap> axes;
  double outside = 0;
};

FloatTensor look(const Window& window, const FloatTensor& input);
claims::Tensor look(claims::Writer& w, const Window& window, claims::Tensor input, int scale);

/// Calls `visit` with every index of `shape` in row-major order.
void for_each_index(const Shape& shape, const std::function<void(std::span<const std::size_t> index)>& visit);

/// Flat position of `index` in a tensor of these strides.
std::size_t flat(std::span<const std::size_t> index, const std::vector<std::size_t>& steps);

/// Throws "Kind: message"; whoever builds or records the graph puts the node's name in front.
[[noreturn]] void refuse(const OpContext& ctx, Fault fault, const std::string& message);
/// errors: Fault::format unless `condition`.
void require(const OpContext& ctx, bool condition, const std::string& message);
/// Pays for a list of that many entries before it is made, where claims are made. errors: Fault::range.
void charge(const OpContext& ctx, std::size_t entries);
/// Attribute `name` as an axis of a tensor of rank `rank`. errors: Fault::format when it is outside [0, rank).
std::size_t axis_of(const OpContext& ctx, const std::string& name, std::size_t rank);

/// A tensor as lines along one axis: [volume of the other axes, extent of `axis`].
claims::Tensor lines_of(claims::Writer& w, claims::Tensor t, std::size_t axis);
/// Undoes `lines_of` for lines of another length: [lines, length] back to `shape`, whose extent at `axis` is length.
claims::Tensor from_lines(claims::Writer& w, claims::Tensor lines, const Shape& shape, std::size_t axis);

// Entries of the operator table that many kinds share.
std::vector<std::size_t> no_positions(const OpContext& ctx);
std::vector<std::size_t> all_positions(const OpContext& ctx);
int scale_of_first(const OpContext& ctx);

/// The scale of a result that could have any, where it is not the usual one.
inline constexpr AttributeRule scale_attribute[] = {attribute::integer("scale", 0, 62).optional()};
int scale_zero(const OpContext& ctx);

}  // namespace ezkl::ops
