#include "tensor/shape.hpp"

#include <algorithm>

#include "ezkl/error.hpp"

namespace ezkl {

std::size_t volume(const Shape& shape) {
  constexpr std::size_t limit = std::size_t{1} << 40;
  if (std::find(shape.begin(), shape.end(), std::size_t{0}) != shape.end()) return 0;
  std::size_t product = 1;
  for (const std::size_t extent : shape) {
    if (extent > limit / product)
      throw Error(Fault::range, "tensor " + to_string(shape) + " has more than 2^40 elements");
    product *= extent;
  }
  return product;
}

std::vector<std::size_t> strides(const Shape& shape) {
  std::vector<std::size_t> result(shape.size(), 1);
  for (std::size_t axis = shape.size(); axis-- > 1;) result[axis - 1] = result[axis] * shape[axis];
  return result;
}

std::string to_string(const Shape& shape) {
  std::string text = "[";
  for (const std::size_t extent : shape) text += (text.size() > 1 ? ", " : "") + std::to_string(extent);
  return text + "]";
}

Shape broadcast_shape(const Shape& a, const Shape& b) {
  const std::size_t rank = std::max(a.size(), b.size());
  Shape result(rank);
  for (std::size_t i = 0; i < rank; ++i) {
    const std::size_t x = i + a.size() < rank ? 1 : a[i + a.size() - rank];
    const std::size_t y = i + b.size() < rank ? 1 : b[i + b.size() - rank];
    if (x != y && x != 1 && y != 1) {
      throw Error(Fault::format, "shapes " + to_string(a) + " and " + to_string(b) + " cannot be broadcast together");
    }
    result[i] = x == 1 ? y : x;
  }
  return result;
}

}  // namespace ezkl
