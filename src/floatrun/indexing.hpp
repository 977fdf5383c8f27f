#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "floatrun/call.hpp"

namespace ezkl::floatrun {

/// Counts through the places of a shape in row-major order.
class Odometer {
 public:
  explicit Odometer(Shape shape) : shape_(std::move(shape)), at_(shape_.size(), 0) {}
  std::size_t operator[](std::size_t axis) const { return at_[axis]; }
  /// False after the last place.
  bool next() {
    for (std::size_t axis = shape_.size(); axis-- > 0;) {
      if (++at_[axis] < shape_[axis]) return true;
      at_[axis] = 0;
    }
    return false;
  }

 private:
  Shape shape_;
  Shape at_;
};

/// Steps through an operand for each axis of the shape it is stretched to: 0 where it is stretched.
std::vector<std::size_t> stretched_strides(const Shape& operand, const Shape& out);

/// Calls f(i, {offsets into the operands}) for every element i of `out`, to which all operands are stretched.
template <std::size_t K, class F>
void broadcast(const Shape& out, const std::array<const Shape*, K>& operands, F f) {
  const std::size_t count = volume(out);
  if (count == 0) return;
  std::array<std::size_t, K> offsets{};
  bool same = true;
  for (const Shape* operand : operands) same = same && *operand == out;
  if (same || out.empty()) {
    for (std::size_t i = 0; i < count; ++i) {
      offsets.fill(i);
      f(i, offsets);
    }
    return;
  }
  std::array<std::vector<std::size_t>, K> steps;
  for (std::size_t k = 0; k < K; ++k) steps[k] = stretched_strides(*operands[k], out);
  const std::size_t inner = out.back();
  const std::size_t last = out.size() - 1;
  Odometer at(Shape(out.begin(), out.end() - 1));
  std::size_t i = 0;
  do {
    offsets.fill(0);
    for (std::size_t k = 0; k < K; ++k) {
      for (std::size_t axis = 0; axis < last; ++axis) offsets[k] += at[axis] * steps[k][axis];
    }
    for (std::size_t j = 0; j < inner; ++j, ++i) {
      f(i, offsets);
      for (std::size_t k = 0; k < K; ++k) offsets[k] += steps[k][last];
    }
  } while (at.next());
}

/// A tensor of x's type whose element i is x's element index(i), or 0 where that is negative.
template <class Index>
Tensor moved(const Call& c, const Tensor& x, const Shape& shape, Index index) {
  Tensor out = c.make(x.type, shape);
  const std::size_t count = out.size();
  const auto fill = [&](auto& to, const auto& from) {
    for (std::size_t i = 0; i < count; ++i) {
      const Int source = index(i);
      if (source >= 0) to[i] = from.at(static_cast<std::size_t>(source));
    }
  };
  if (x.text()) {
    out.texts.resize(count);
    fill(out.texts, x.texts);
  }
  if (x.real()) {
    fill(out.reals(), x.reals());
  } else {
    fill(out.ints(), x.ints());
  }
  return out;
}

/// Extents before, at and after an axis.
struct Lines {
  std::size_t outer = 1, extent = 1, inner = 1;

  /// The lines along the axis, and where each begins; its elements are `inner` apart.
  std::size_t count() const { return outer * inner; }
  std::size_t start(std::size_t line) const { return line / inner * extent * inner + line % inner; }
};
Lines lines_of(const Shape& shape, std::size_t axis);

/// The elements of x at `places` of the axis of its `lines`, as `shape`.
Tensor selected(const Call& c, const Tensor& x, const Lines& lines, const std::vector<std::size_t>& places,
                const Shape& shape);
/// Element `first`, from which each axis of `shape` goes on by its step through x.
Tensor strided(const Call& c, const Tensor& x, const Shape& shape, const Ints& steps, Int first = 0);
/// The same elements in another shape of the same volume.
Tensor reshaped(const Call& c, const Tensor& x, const Shape& shape);
Tensor transposed(const Call& c, const Tensor& x, const std::vector<std::size_t>& order);
/// numpy's broadcast_to.
Tensor stretched(const Call& c, const Tensor& x, const Shape& shape);
Tensor concatenated(const Call& c, const std::vector<const Tensor*>& parts, std::size_t axis);
/// Index `at` of an axis, which goes away.
Tensor picked(const Call& c, const Tensor& x, std::size_t axis, std::size_t at);
/// The opposite: parts of one shape along a new axis.
Tensor stacked(const Call& c, const std::vector<TensorPtr>& parts, std::size_t axis);
/// ONNX's Cast.
Tensor converted(const Call& c, const Tensor& x, DType type);
/// Adds `other`, stretched to it, to a tensor; both are floats. errors: Fault::format when it does not fit.
void add_to(const Call& c, Tensor& sum, const Tensor& other);
/// A scalar or a list of one type.
Tensor int_tensor(const Call& c, DType type, const Shape& shape, Ints values);
Tensor real_tensor(const Call& c, DType type, const Shape& shape, std::vector<double> values);

/// Whether -most < value < most; the least integer has no magnitude.
inline bool magnitude_below(Int value, Int most) { return value > -most && value < most; }

/// An index in -extent .. extent-1 as one in 0 .. extent-1. errors: Fault::format outside.
std::size_t checked_index(const Call& c, Int index, std::size_t extent);

}  // namespace ezkl::floatrun
