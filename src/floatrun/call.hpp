#pragma once

#include <string>
#include <vector>

#include "ezkl/error.hpp"
#include "floatrun/engine.hpp"

namespace ezkl::floatrun {

/// One node as its kernel sees it: inputs, attributes with defaults, and the engine's budget. Errors are put into the
/// node's context by the engine.
class Call {
 public:
  Call(Engine& engine, const NodeDef& node, Int opset, std::vector<TensorPtr> inputs, const Frame* frame)
      : engine_(engine), node_(node), opset_(opset), inputs_(std::move(inputs)), frame_(frame) {}

  Engine& engine() const { return engine_; }
  const NodeDef& node() const { return node_; }
  /// Version of the operator's domain.
  Int opset() const { return opset_; }

  std::size_t input_count() const { return inputs_.size(); }
  bool has_input(std::size_t i) const { return i < inputs_.size() && inputs_[i] != nullptr; }
  /// errors: Fault::format when it is left out.
  const Tensor& in(std::size_t i) const { return *shared(i); }
  TensorPtr shared(std::size_t i) const;
  /// errors: Fault::format unless its elements are floats.
  const std::vector<double>& reals(std::size_t i) const;
  /// An input's numbers as integers: shapes, axes, indices.
  Ints ints(std::size_t i) const;
  /// An input's only number.
  Int int_scalar(std::size_t i) const;
  double real_scalar(std::size_t i) const;
  bool wants(std::size_t output) const { return output < node_.outputs.size() && !node_.outputs[output].empty(); }

  bool has(const std::string& attribute) const { return find(attribute) != nullptr; }
  Int integer(const std::string& attribute) const;
  Int integer(const std::string& attribute, Int otherwise) const;
  double real(const std::string& attribute, double otherwise) const;
  std::string text(const std::string& attribute, const std::string& otherwise) const;
  Ints integers(const std::string& attribute, const Ints& otherwise = {}) const;
  std::vector<double> reals(const std::string& attribute) const;
  std::vector<std::string> texts(const std::string& attribute) const;
  const FloatTensor& tensor(const std::string& attribute) const;
  const GraphDef& graph(const std::string& attribute) const;
  /// The element type that an attribute gives by ONNX's number.
  DType element_type(const std::string& attribute) const;
  DType element_type(const std::string& attribute, DType otherwise) const;
  /// Axes: input `i` if there, else the attribute of that name; nothing when neither is.
  bool axes_given(std::size_t i, const std::string& attribute) const { return has_input(i) || has(attribute); }
  Ints axes(std::size_t i, const std::string& attribute) const;

  /// An axis in -rank .. rank-1 as one in 0 .. rank-1. errors: Fault::format outside.
  std::size_t axis(Int axis, std::size_t rank) const;

  Tensor make(DType type, const Shape& shape) const { return engine_.make(type, shape); }
  Tensor make(DType type, const Ints& shape) const { return engine_.make(type, to_shape(shape)); }
  Shape to_shape(const Ints& extents) const;
  void spend(std::uint64_t work) const { engine_.spend(work); }

  [[noreturn]] void fail(const std::string& why) const { throw Error(Fault::format, why); }
  [[noreturn]] void unsupported(const std::string& why) const {
    throw Error(Fault::unsupported, "the float run does not know " + why);
  }
  void require(bool condition, const char* what) const {
    if (!condition) fail(what);
  }

 private:
  const AttributeDef* find(const std::string& attribute) const;
  const AttributeDef* find(const std::string& attribute, AttributeDef::Type type) const;

  Engine& engine_;
  const NodeDef& node_;
  Int opset_;
  std::vector<TensorPtr> inputs_;
  const Frame* frame_;
};

}  // namespace ezkl::floatrun
