#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tensor/float_tensor.hpp"

namespace ezkl::floatrun {

using Int = std::int64_t;
using Ints = std::vector<Int>;

/// A tensor of the float model while it runs. It has the one list that its element type asks for: `reals` for floats,
/// each a number of that type; `ints` for booleans (0 and 1) and integers, unsigned 64-bit ones by their bits. Labels
/// that are text fill `texts`, and `ints` with their positions among the labels of the node that made them.
struct Tensor {
  DType type = DType::f32;
  Shape shape;
  std::vector<std::string> texts;

  /// errors: Fault::format, naming the element type, for the list that a tensor of this type has not. So a kernel that
  /// did not ask for the type of some operand refuses it.
  std::vector<double>& reals() { return own(reals_, true); }
  const std::vector<double>& reals() const { return own(reals_, true); }
  Ints& ints() { return own(ints_, false); }
  const Ints& ints() const { return own(ints_, false); }

  bool real() const { return is_float(type); }
  bool text() const { return !texts.empty(); }
  std::size_t size() const { return real() ? reals_.size() : ints_.size(); }
  std::size_t rank() const { return shape.size(); }
  Int extent(std::size_t axis) const { return static_cast<Int>(shape.at(axis)); }
  /// Element i as a double; 64-bit integers may lose digits.
  double number(std::size_t i) const;
  /// A number as element i: as ONNX's Cast has it where elements are integers, unrounded where they are floats.
  void set(std::size_t i, double value);

 private:
  /// Only the list of the type is ever filled, so that loops over elements need not look at the type.
  template <class List>
  List& own(List& list, bool of_reals) const {
    if (list.empty() && real() != of_reals) refuse_list();
    return list;
  }
  [[noreturn]] void refuse_list() const;

  std::vector<double> reals_;
  Ints ints_;
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
