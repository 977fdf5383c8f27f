#include "artifact/read_scale.hpp"

#include "ezkl/error.hpp"
#include "tensor/quantize.hpp"

namespace ezkl {

int read_scale(const Json& json) try {
  const int scale = json.integer<int>();
  check_scale(scale);
  return scale;
} catch (const Error& e) {
  throw e.as(Fault::format);
}

Shape read_shape(const Json& json) try {
  const Shape shape = json.each([](const Json& extent) { return extent.integer<std::size_t>(); });
  volume(shape);
  return shape;
} catch (const Error& e) {
  throw e.as(Fault::format);
}

}  // namespace ezkl
