// Elements read at computed places.
#include "floatrun/indexing.hpp"
#include "floatrun/kernels.hpp"

namespace ezkl::floatrun {
namespace {

Outputs gather(const Call& c) {
  const Tensor &x = c.in(0), &indices = c.in(1);
  const std::size_t axis = c.axis(c.integer("axis", 0), x.rank());
  const Lines lines = lines_of(x.shape, axis);
  std::vector<std::size_t> places;
  for (const Int index : c.ints(1)) places.push_back(checked_index(c, index, lines.extent));
  Shape shape(x.shape.begin(), x.shape.begin() + static_cast<Int>(axis));
  shape.insert(shape.end(), indices.shape.begin(), indices.shape.end());
  shape.insert(shape.end(), x.shape.begin() + static_cast<Int>(axis) + 1, x.shape.end());
  return {selected(c, x, lines, places, shape)};
}

Outputs gather_elements(const Call& c) {
  const Tensor &x = c.in(0), &indices = c.in(1);
  const std::size_t axis = c.axis(c.integer("axis", 0), x.rank());
  c.require(indices.rank() == x.rank(), "data and indices differ in rank");
  for (std::size_t i = 0; i < x.rank(); ++i) {
    c.require(i == axis || indices.shape[i] <= x.shape[i], "the indices are larger than the data");
  }
  const Ints places = c.ints(1);
  const std::vector<std::size_t> own = strides(x.shape);
  Odometer at(indices.shape);
  return {moved(c, x, indices.shape, [&](std::size_t i) {
    std::size_t source = checked_index(c, places[i], x.shape[axis]) * own[axis];
    for (std::size_t k = 0; k < x.rank(); ++k) source += k == axis ? 0 : at[k] * own[k];
    at.next();
    return static_cast<Int>(source);
  })};
}

Outputs gather_nd(const Call& c) {
  const Tensor &x = c.in(0), &indices = c.in(1);
  const Int batch_axes = c.integer("batch_dims", 0);
  c.require(
      batch_axes >= 0 && batch_axes < static_cast<Int>(indices.rank()) && batch_axes <= static_cast<Int>(x.rank()),
      "batch_dims is out of bounds");
  const auto batch = static_cast<std::size_t>(batch_axes);
  const std::size_t depth = indices.shape.back();
  c.require(batch + depth <= x.rank(), "the indices have more parts than the data has axes");
  for (std::size_t i = 0; i < batch; ++i) c.require(x.shape[i] == indices.shape[i], "the batches differ");
  const Ints places = c.ints(1);
  const std::vector<std::size_t> own = strides(x.shape);
  Shape shape(indices.shape.begin(), indices.shape.end() - 1);
  std::size_t inner = 1, rows = 1, batches = 1;
  for (std::size_t i = batch + depth; i < x.rank(); ++i) {
    shape.push_back(x.shape[i]);
    inner *= x.shape[i];
  }
  for (std::size_t i = 0; i < batch; ++i) batches *= x.shape[i];
  for (std::size_t i = batch; i + 1 < indices.rank(); ++i) rows *= indices.shape[i];
  const std::size_t per_batch = batches == 0 ? 0 : x.size() / batches;
  return {moved(c, x, shape, [&](std::size_t i) {
    const std::size_t row = i / inner;
    std::size_t source = row / rows * per_batch + i % inner;
    for (std::size_t k = 0; k < depth; ++k) {
      source += checked_index(c, places[row * depth + k], x.shape[batch + k]) * own[batch + k];
    }
    return static_cast<Int>(source);
  })};
}

constexpr KernelEntry entries[] = {
    {"", "Gather", gather},
    {"", "GatherElements", gather_elements},
    {"", "GatherND", gather_nd},
};

}  // namespace

std::span<const KernelEntry> gather_kernels() { return entries; }

}  // namespace ezkl::floatrun
