#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tensor/float_tensor.hpp"

namespace ezkl::floatrun {

using Int = std::int64_t;
using Ints = std::vector<Int>;

/// A tensor of the float model while it runs. One of the lists is filled: `reals` for element types that are floats,
/// each a number of that type; `ints` for booleans (0 and 1) and integers, unsigned 64-bit ones by their bits. Labels
/// that are text fill `texts`, and `ints` with their positions among the labels of the node that made them.
struct Tensor {
  DType type = DType::f32;
  Shape shape;
  std::vector<double> reals;
  Ints ints;
  std::vector<std::string> texts;

  bool real() const { return is_float(type); }
  bool text() const { return !texts.empty(); }
  std::size_t size() const { return real() ? reals.size() : ints.size(); }
  std::size_t rank() const { return shape.size(); }
  Int extent(std::size_t axis) const { return static_cast<Int>(shape.at(axis)); }
  /// Element i as a double; 64-bit integers may lose digits.
  double number(std::size_t i) const;
  /// A number as element i: as ONNX's Cast has it where elements are integers, unrounded where they are floats.
  void set(std::size_t i, double value);
};

using TensorPtr = std::shared_ptr<const Tensor>;

/// From what a model file or an input holds. Integers beyond 64 bits become the nearest that the type has.
Tensor from_stored(const FloatTensor& tensor);
/// The numbers of a tensor; texts by their positions.
FloatTensor to_stored(const Tensor& tensor);

/// Whether one integer is less than another where both are of a type.
bool less(DType type, Int a, Int b);
/// An integer as a type of 8 to 64 bits keeps it: modulo its span.
Int wrapped(DType type, Int value);
/// Brings every element back to what its type can hold.
void settle(Tensor& tensor);

/// ONNX's Cast of one number. Beyond an integer type's range it is what x86 processors, and so onnxruntime, give.
Int real_to_integer(DType to, double value);
double integer_to_real(DType from, DType to, Int value);

}  // namespace ezkl::floatrun
