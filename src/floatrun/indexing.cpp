#include "floatrun/indexing.hpp"

#include <cmath>

namespace ezkl::floatrun {

std::vector<std::size_t> stretched_strides(const Shape& operand, const Shape& out) {
  const std::vector<std::size_t> own = strides(operand);
  std::vector<std::size_t> steps(out.size(), 0);
  for (std::size_t axis = 0; axis < operand.size(); ++axis) {
    if (operand[axis] != 1) steps[axis + out.size() - operand.size()] = own[axis];
  }
  return steps;
}

Tensor selected(const Call& c, const Tensor& x, const Lines& lines, const std::vector<std::size_t>& places,
                const Shape& shape) {
  return moved(c, x, shape, [&](std::size_t i) {
    const std::size_t place = places[i / lines.inner % places.size()], outer = i / (lines.inner * places.size());
    return static_cast<Int>((outer * lines.extent + place) * lines.inner + i % lines.inner);
  });
}

Tensor strided(const Call& c, const Tensor& x, const Shape& shape, const Ints& steps, Int first) {
  Odometer at(shape);
  return moved(c, x, shape, [&](std::size_t) {
    Int source = first;
    for (std::size_t axis = 0; axis < steps.size(); ++axis) source += static_cast<Int>(at[axis]) * steps[axis];
    at.next();
    return source;
  });
}

Tensor reshaped(const Call& c, const Tensor& x, const Shape& shape) {
  if (volume(shape) != x.size()) {
    c.fail("a tensor " + to_string(x.shape) + " cannot have the shape " + to_string(shape));
  }
  c.spend(x.size());
  Tensor out = x;
  out.shape = shape;
  return out;
}

Tensor transposed(const Call& c, const Tensor& x, const std::vector<std::size_t>& order) {
  Shape shape;
  Ints steps;
  const std::vector<std::size_t> own = strides(x.shape);
  for (const std::size_t axis : order) {
    shape.push_back(x.shape.at(axis));
    steps.push_back(static_cast<Int>(own[axis]));
  }
  return strided(c, x, shape, steps);
}

Tensor stretched(const Call& c, const Tensor& x, const Shape& shape) {
  if (broadcast_shape(x.shape, shape) != shape) {
    c.fail("a tensor " + to_string(x.shape) + " cannot be stretched to " + to_string(shape));
  }
  const std::vector<std::size_t> steps = stretched_strides(x.shape, shape);
  return strided(c, x, shape, Ints(steps.begin(), steps.end()));
}

Lines lines_of(const Shape& shape, std::size_t axis) {
  Lines lines;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    (i < axis ? lines.outer : i == axis ? lines.extent : lines.inner) *= shape[i];
  }
  return lines;
}

Tensor concatenated(const Call& c, const std::vector<const Tensor*>& parts, std::size_t axis) {
  if (parts.empty()) c.fail("there is nothing to join");
  Shape shape = parts[0]->shape;
  shape.at(axis) = 0;
  bool text = false;
  for (const Tensor* part : parts) {
    Shape other = part->shape;
    if (other.size() != shape.size() || part->type != parts[0]->type) c.fail("the parts differ in rank or type");
    shape[axis] += other[axis];
    other[axis] = shape[axis];
    if (other != shape) c.fail("the parts differ beside the axis they are joined along");
    text = text || part->text();
  }
  Tensor out = c.make(parts[0]->type, shape);
  if (text) out.texts.resize(out.size());
  const Lines whole = lines_of(shape, axis);
  std::size_t start = 0;
  for (const Tensor* part : parts) {
    const std::size_t run = part->shape[axis] * whole.inner;
    for (std::size_t o = 0; o < whole.outer; ++o) {
      const auto copy = [&](auto& to, const auto& from) {
        for (std::size_t i = 0; i < run; ++i) to[o * whole.extent * whole.inner + start + i] = from[o * run + i];
      };
      if (out.real()) {
        copy(out.reals(), part->reals());
      } else {
        copy(out.ints(), part->ints());
      }
      if (part->text()) copy(out.texts, part->texts);
    }
    start += run;
  }
  return out;
}

Tensor picked(const Call& c, const Tensor& x, std::size_t axis, std::size_t at) {
  Shape shape = x.shape;
  shape.erase(shape.begin() + static_cast<Int>(axis));
  return selected(c, x, lines_of(x.shape, axis), {at}, shape);
}

Tensor stacked(const Call& c, const std::vector<TensorPtr>& parts, std::size_t axis) {
  std::vector<Tensor> wide;
  std::vector<const Tensor*> pointers;
  wide.reserve(parts.size());
  for (const TensorPtr& part : parts) {
    Shape shape = part->shape;
    shape.insert(shape.begin() + static_cast<Int>(axis), 1);
    wide.push_back(reshaped(c, *part, shape));
    pointers.push_back(&wide.back());
  }
  return concatenated(c, pointers, axis);
}

void add_to(const Call& c, Tensor& sum, const Tensor& other) {
  c.require(sum.real() && other.real() && broadcast_shape(sum.shape, other.shape) == sum.shape,
            "a term does not fit what it is added to");
  broadcast<2>(sum.shape, {&sum.shape, &other.shape},
               [&](std::size_t i, const auto& at) { sum.reals()[i] += other.reals()[at[1]]; });
}

Tensor converted(const Call& c, const Tensor& x, DType type) {
  Tensor out = c.make(type, x.shape);
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (out.real()) {
      out.reals()[i] = x.real() ? round_to(type, x.reals()[i]) : integer_to_real(x.type, type, x.ints()[i]);
    } else {
      out.ints()[i] = x.real() ? real_to_integer(type, x.reals()[i]) : wrapped(type, x.ints()[i]);
    }
  }
  return out;
}

Tensor int_tensor(const Call& c, DType type, const Shape& shape, Ints values) {
  Tensor out = c.make(type, shape);
  if (values.size() != out.size()) c.fail("a list does not fit the shape " + to_string(shape));
  out.ints() = std::move(values);
  return out;
}

Tensor real_tensor(const Call& c, DType type, const Shape& shape, std::vector<double> values) {
  Tensor out = c.make(type, shape);
  if (values.size() != out.size()) c.fail("a list does not fit the shape " + to_string(shape));
  out.reals() = std::move(values);
  return out;
}

std::size_t checked_index(const Call& c, Int index, std::size_t extent) {
  const Int count = static_cast<Int>(extent);
  if (index < -count || index >= count) {
    c.fail("index " + std::to_string(index) + " into an axis of " + std::to_string(extent));
  }
  return static_cast<std::size_t>(index < 0 ? index + count : index);
}

}  // namespace ezkl::floatrun
