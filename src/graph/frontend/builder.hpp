#pragma once

#include <deque>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ezkl/run_args.hpp"
#include "graph/graph.hpp"
#include "graph/op_table.hpp"
#include "model/model_budget.hpp"

namespace ezkl {

/// A node of the graph under construction.
using Value = std::uint32_t;
using Integers = std::vector<std::int64_t>;
using Attributes = std::map<std::string, Attribute>;

/// Grows a graph of float operators: shapes are inferred as nodes are made, and a node whose inputs are all constant
/// becomes a constant at once, computed in the tensor's own type. Ranks are ONNX's (a scalar has none); axes given to
/// the functions below must be non-negative and in range.
///
/// Everything that grows with the model is charged to a budget before it is made. errors of all functions: Fault::range
/// when that is exhausted, and for tensors of more than 2^28 elements or 64 axes.
class Builder {
 public:
  Builder(const RunArgs& args, const ModelBudget& budget);

  const RunArgs& args() const { return args_; }
  bool onnx_semantics() const { return args_.semantics == Semantics::onnx; }
  /// The finished graph; the builder is empty afterwards. Constants of one value that no node reads have no elements
  /// there unless `unread_constants`.
  Graph take(bool unread_constants = false);
  /// Name given to the nodes made from now on.
  void set_name(std::string name) { name_ = std::move(name); }
  const std::string& name() const { return name_; }

  /// Whoever makes something that the functions below do not know of charges it itself.
  void charge(ModelBudget::Kind kind, std::uint64_t count) { budget_.charge(kind, count); }
  /// Number of elements of a tensor that the caller is about to fill element by element, charged.
  std::size_t charged_volume(const Shape& shape);

  /// References to nodes and shapes stay valid while nodes are added.
  const Node& node(Value v) const { return nodes_[v]; }
  const Shape& shape(Value v) const { return node(v).shape; }
  std::size_t rank(Value v) const { return shape(v).size(); }
  DType type(Value v) const { return node(v).type; }
  bool is_constant(Value v) const { return node(v).op.kind == "Constant"; }
  /// A copy. errors: Fault::internal unless is_constant(v).
  FloatTensor constant_of(Value v);
  /// The element that a constant has everywhere, if it has one.
  std::optional<double> uniform_constant(Value v) const;

  Value input(const std::string& name, DType type, const Shape& shape);
  /// A constant of another graph, sharing its elements.
  Value share_constant(const Node& constant);
  Value constant(FloatTensor tensor);
  Value constant(DType type, const Shape& shape, double value);
  Value scalar(DType type, double value) { return constant(type, {}, value); }
  /// A scalar of the same type as `like`.
  Value scalar_like(Value like, double value) { return scalar(type(like), value); }
  Value integers(const Integers& values);
  /// A constant that each of `iterations` copies of a loop body reads: to quantization, these reads count as one.
  Value loop_constant(Value v, std::size_t iterations);
  void add_output(Value v, const std::string& name);

  /// One operator of the table. `type` is the result's; without it, that of the first input.
  Value apply(const std::string& kind, Attributes attributes, std::vector<Value> inputs,
              std::optional<DType> type = std::nullopt);
  Value unary(const std::string& kind, Value x) { return apply(kind, {}, {x}); }
  /// Elementwise on two operands: ranks are made equal with axes of size 1 on the left.
  Value binary(const std::string& kind, Value a, Value b, std::optional<DType> type = std::nullopt);

  Value add(Value a, Value b) { return binary("Add", a, b); }
  Value sub(Value a, Value b) { return binary("Sub", a, b); }
  Value mul(Value a, Value b) { return binary("Mult", a, b); }
  Value mul(Value a, double factor) { return mul(a, scalar_like(a, factor)); }
  Value add(Value a, double term) { return add(a, scalar_like(a, term)); }
  /// Quotient of floats: a · recip(b), except that two constants are divided.
  Value div(Value a, Value b);
  Value max(Value a, Value b) { return binary("Max", a, b); }
  Value min(Value a, Value b) { return binary("Min", a, b); }
  Value relu(Value x) { return apply("LeakyReLU", {{"slope", 0.0}}, {x}); }
  Value square(Value x) { return apply("Pow", {{"exponent", std::int64_t{2}}}, {x}); }
  Value exp(Value x);
  /// ln(1 + exp(x)); with ONNX's meaning as max(x, 0) + ln(1 + exp(-|x|)), whose table keys stay small.
  Value softplus(Value x);
  /// Comparison ("Greater", "Less", "GreaterEqual", "LessEqual", "Equals"); the result is boolean.
  Value compare(const std::string& kind, Value a, Value b) { return binary(kind, a, b, DType::boolean); }
  Value logical(const std::string& kind, Value a, Value b) { return binary(kind, a, b, DType::boolean); }
  Value logical_not(Value x) { return apply("Not", {}, {x}, DType::boolean); }
  /// mask ? a : b, numpy-wise.
  Value where(Value mask, Value a, Value b);
  /// ONNX's Cast, in the semantics in force.
  Value cast(Value x, DType type);

  /// Integers modulo the span of an integer type of 8, 16 or 32 bits, as that type.
  Value wrapped(Value x, DType type);

  /// x, brought to the scale of `like` when scales are chosen: the state of a loop keeps the scale it begins with.
  Value force_scale(Value x, Value like);

  Value reshape(Value x, const Shape& shape);
  Value transpose(Value x, const Integers& permutation);
  /// numpy's broadcast_to; `shape` may have more axes than x.
  Value expand(Value x, const Shape& shape);
  Value concat(std::vector<Value> parts, std::size_t axis);
  /// Elements start, start + step, … (count of them) along one axis.
  Value slice(Value x, std::size_t axis, std::int64_t start, std::int64_t count, std::int64_t step = 1);
  /// out[i] = x[map[i]] in flat order; map[i] < 0 stands for the number values[-1 - map[i]].
  Value remap(Value x, const Shape& shape, Integers map, std::vector<double> values = {});
  Value squeeze(Value x, const Integers& axes);
  Value unsqueeze(Value x, const Integers& axes);

  /// "ab,bc->ac"
  Value einsum(const std::string& equation, std::vector<Value> inputs);
  /// numpy's matmul, vectors and batches included.
  Value matmul(Value a, Value b);
  /// A reduction by `kind` ("Sum", "Prod", "ReduceMax", "ReduceMin") over `axes`.
  Value reduce(const std::string& kind, Value x, const Integers& axes, bool keep_axes);
  /// Sum · (1/n).
  Value mean(Value x, const Integers& axes, bool keep_axes);

 private:
  Value add_node(Node node);
  /// x with axes of size 1 on the left, `wanted` axes in all.
  Value with_rank(Value x, std::size_t wanted);
  /// By how many elements a result of `count` exceeds its computed operands.
  std::uint64_t growth(const std::string& kind, const std::vector<Value>& inputs, std::uint64_t count) const;
  Value fold(const OpEntry& entry, const OpContext& cx, const std::vector<Value>& inputs, DType type);
  void fill_uniform_constants(bool unread_too);
  OpContext context(const OpSpec& op, std::span<const Shape> shapes, std::span<const int> scales) const;
  Value product_tree(Value x, const Integers& axes);
  Value cast_onnx(Value x, DType type);

  RunArgs args_;
  Graph graph_;  ///< all but its nodes
  std::deque<Node> nodes_;
  /// Constants of one value, whose elements are made at the end and only if somebody needs them.
  std::map<Value, double> uniform_;
  std::string name_;
  ModelBudget budget_;
};

/// Number of elements of a tensor that a circuit may hold. errors: Fault::range above 64 axes, and above 2^28 elements;
/// a tensor without elements must not have more along its other axes, either.
std::size_t tensor_volume(const Shape& shape);

/// Integers of 8 or 16 bits, which wrap; wider ones hold every value that a circuit works with.
bool is_narrow(DType type);

/// {0, 1, …, n-1}
Integers iota(std::size_t n);

}  // namespace ezkl
