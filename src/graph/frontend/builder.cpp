#include "graph/frontend/builder.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string_view>
#include <utility>

#include "base/checked_int.hpp"
#include "base/ensure.hpp"
#include "ezkl/error.hpp"
#include "graph/check_graph.hpp"
#include "graph/compute.hpp"
#include "graph/frontend/operator_cost.hpp"

namespace ezkl {
namespace {

using Kind = ModelBudget::Kind;

/// Elements along the axes that have any: what a loop over a tensor's axes may run to.
std::size_t reach(const Shape& shape) {
  Shape extents = shape;
  std::replace(extents.begin(), extents.end(), std::size_t{0}, std::size_t{1});
  return volume(extents);
}

/// Before a list of so many extents is made or told.
void check_axes(std::size_t axes) {
  if (axes <= most_axes) return;
  throw Error(Fault::range, "a tensor has " + std::to_string(axes) + " axes; at most " + std::to_string(most_axes));
}

Integers to_integers(const Shape& shape) { return {shape.begin(), shape.end()}; }

}  // namespace

std::size_t tensor_volume(const Shape& shape) {
  check_axes(shape.size());
  if (reach(shape) > most_elements) {
    throw Error(Fault::range, "a tensor " + to_string(shape) + " has more than 2^28 elements, which no circuit holds");
  }
  return volume(shape);
}

bool is_narrow(DType type) {
  return type == DType::u8 || type == DType::i8 || type == DType::u16 || type == DType::i16;
}

Integers iota(std::size_t n) {
  Integers values(n);
  std::iota(values.begin(), values.end(), std::int64_t{0});
  return values;
}

Builder::Builder(const RunArgs& args, const ModelBudget& budget) : args_(args), budget_(budget) {
  graph_.semantics = args.semantics;
}

void Builder::fill_uniform_constants(bool unread_too) {
  std::vector<bool> read(nodes_.size(), unread_too);
  for (const Node& node : nodes_) {
    for (const Value v : node.inputs) read[v] = true;
  }
  for (const Value v : graph_.outputs) read[v] = true;
  for (const auto& [v, value] : uniform_) {
    if (read[v]) nodes_[v].constant->floats.assign(volume(shape(v)), value);
  }
  uniform_.clear();
}

Graph Builder::take(bool unread_constants) {
  fill_uniform_constants(unread_constants);
  Graph graph = std::move(graph_);
  graph.nodes.assign(std::make_move_iterator(nodes_.begin()), std::make_move_iterator(nodes_.end()));
  graph_ = Graph();
  nodes_.clear();
  return graph;
}

FloatTensor Builder::constant_of(Value v) {
  const Node& n = node(v);
  EZKL_ENSURE(n.constant != nullptr, "a constant is asked for");
  charge(Kind::copy, volume(n.shape));
  const auto uniform = uniform_.find(v);
  if (uniform == uniform_.end()) return {n.type, n.shape, n.constant->floats};
  return {n.type, n.shape, std::vector<double>(volume(n.shape), uniform->second)};
}

std::optional<double> Builder::uniform_constant(Value v) const {
  if (!is_constant(v)) return std::nullopt;
  if (const auto uniform = uniform_.find(v); uniform != uniform_.end()) {
    const bool none = volume(shape(v)) == 0 || std::isnan(uniform->second);
    return none ? std::nullopt : std::optional(uniform->second);
  }
  const std::vector<double>& values = node(v).constant->floats;
  if (values.empty()) return std::nullopt;
  const bool equal = std::all_of(values.begin(), values.end(), [&](double x) { return x == values.front(); });
  return equal ? std::optional(values.front()) : std::nullopt;
}

std::size_t Builder::charged_volume(const Shape& shape) {
  const std::size_t count = tensor_volume(shape);
  charge(Kind::make, count);
  return count;
}

Value Builder::add_node(Node node) {
  tensor_volume(node.shape);
  charge(Kind::node, 1);
  if (node.name.empty()) node.name = name_;
  nodes_.push_back(std::move(node));
  return static_cast<Value>(nodes_.size() - 1);
}

Value Builder::input(const std::string& name, DType type, const Shape& shape) {
  Node n;
  n.name = name;
  n.op.kind = "Input";
  tensor_volume(shape);
  charge(Kind::grow, reach(shape));
  n.shape = shape;
  n.type = type;
  const Value v = add_node(std::move(n));
  graph_.inputs.push_back(v);
  graph_.input_names.push_back(name);
  return v;
}

Value Builder::share_constant(const Node& constant) { return add_node(constant); }

Value Builder::constant(FloatTensor tensor) {
  EZKL_ENSURE(tensor.data.size() == volume(tensor.shape), "a constant has as many elements as its shape");
  tensor_volume(tensor.shape);
  charge(Kind::copy, reach(tensor.shape));
  Node n;
  n.op.kind = "Constant";
  n.shape = std::move(tensor.shape);
  n.type = tensor.type;
  n.constant = std::make_shared<ConstantData>();
  n.constant->floats = std::move(tensor.data);
  return add_node(std::move(n));
}

Value Builder::constant(DType type, const Shape& shape, double value) {
  tensor_volume(shape);
  charge(Kind::fill, reach(shape));
  Node n;
  n.op.kind = "Constant";
  n.shape = shape;
  n.type = type;
  n.constant = std::make_shared<ConstantData>();
  const Value v = add_node(std::move(n));
  uniform_[v] = round_to(type, value);
  return v;
}

Value Builder::integers(const Integers& values) {
  return constant(FloatTensor{DType::i64, {values.size()}, {values.begin(), values.end()}});
}

Value Builder::loop_constant(Value v, std::size_t iterations) {
  if (!is_constant(v)) return v;
  charge(Kind::copy, volume(shape(v)));
  Node copy = node(v);
  copy.constant = std::make_shared<ConstantData>(*copy.constant);
  copy.constant->reads_per_use = iterations;
  const Value result = add_node(std::move(copy));
  if (const auto uniform = uniform_.find(v); uniform != uniform_.end()) uniform_[result] = uniform->second;
  return result;
}

void Builder::add_output(Value v, const std::string& name) {
  graph_.outputs.push_back(v);
  graph_.output_names.push_back(name);
}

OpContext Builder::context(const OpSpec& op, std::span<const Shape> shapes, std::span<const int> scales) const {
  return OpContext{op, shapes, scales, args_, args_.semantics, name_};
}

Value Builder::apply(const std::string& kind, Attributes attributes, std::vector<Value> inputs,
                     std::optional<DType> type_out) {
  EZKL_ENSURE(!inputs.empty(), "an operator has inputs");
  const OpEntry& entry = op_entry(kind);
  OpSpec op{kind, std::move(attributes)};
  check_signature(entry.signature, op, inputs.size());
  std::vector<Shape> shapes;
  for (const Value v : inputs) shapes.push_back(shape(v));
  const std::vector<int> scales(inputs.size(), 0);
  const OpContext cx = context(op, shapes, scales);
  const DType result_type = type_out.value_or(type(inputs.front()));
  Shape result_shape = entry.shape(cx);
  const OperatorCost cost = operator_cost(cx, tensor_volume(result_shape));
  const bool foldable =
      entry.reference != nullptr && std::all_of(inputs.begin(), inputs.end(), [&](Value v) { return is_constant(v); });
  if (foldable) {
    charge(Kind::make, std::max<std::uint64_t>(cost.elements, reach(result_shape)));
    charge(Kind::make, cost.products / products_as_element);
    return fold(entry, cx, inputs, result_type);
  }
  charge(Kind::compute, cost.elements);
  charge(Kind::compute, reach(result_shape));
  charge(Kind::grow, growth(kind, inputs, reach(result_shape)));
  charge(Kind::product, cost.products);
  charge(Kind::node, cost.claims);
  Node n;
  n.shape = std::move(result_shape);
  n.op = std::move(op);
  n.inputs = std::move(inputs);
  n.type = result_type;
  return add_node(std::move(n));
}

std::uint64_t Builder::growth(const std::string& kind, const std::vector<Value>& inputs, std::uint64_t count) const {
  // Products have a price of their own, and so have tables of places.
  static constexpr std::string_view priced[] = {"Einsum", "Conv", "DeConv", "SumPool", "Remap"};
  if (std::find(std::begin(priced), std::end(priced), kind) != std::end(priced)) return 0;
  std::uint64_t computed = 0;
  for (const Value v : inputs) {
    if (!is_constant(v)) computed += reach(shape(v));
  }
  return count > computed ? count - computed : 0;
}

Value Builder::fold(const OpEntry& entry, const OpContext& cx, const std::vector<Value>& inputs, DType type) {
  std::vector<FloatTensor> operands;
  for (const Value v : inputs) operands.push_back(constant_of(v));
  return constant(compute(entry, cx, std::move(operands), type));
}

Value Builder::with_rank(Value x, std::size_t wanted) {
  check_axes(wanted);
  Shape wide(wanted - rank(x), 1);
  wide.insert(wide.end(), shape(x).begin(), shape(x).end());
  return reshape(x, wide);
}

Value Builder::binary(const std::string& kind, Value a, Value b, std::optional<DType> type_out) {
  const std::size_t common = std::max(rank(a), rank(b));
  const DType result = type_out.value_or(type(a));
  const Value left = with_rank(a, common);
  const Value right = with_rank(b, common);
  return apply(kind, {}, {left, right}, result);
}

Value Builder::div(Value a, Value b) {
  if (is_constant(a) && is_constant(b)) {
    const Shape common = broadcast_shape(shape(a), shape(b));
    FloatTensor x = constant_of(expand(a, common));
    const FloatTensor y = constant_of(expand(b, common));
    for (std::size_t i = 0; i < x.data.size(); ++i) x.data[i] = round_to(x.type, x.data[i] / y.data[i]);
    return constant(std::move(x));
  }
  if (is_constant(b)) {
    FloatTensor y = constant_of(b);
    for (double& value : y.data) value = round_to(y.type, 1.0 / value);
    return mul(a, constant(std::move(y)));
  }
  // As a quotient it is recognized by its reciprocal being a factor, not by what a reciprocal was reshaped to.
  if (onnx_semantics() && rank(b) < rank(a)) b = with_rank(b, rank(a));
  return mul(a, unary("Recip", b));
}

Value Builder::exp(Value x) { return apply("Exp", {{"base", static_cast<double>(2.7182817459106445f)}}, {x}); }

Value Builder::softplus(Value x) {
  if (!onnx_semantics()) return unary("Ln", add(exp(x), 1.0));
  return add(relu(x), unary("Ln", add(exp(unary("Neg", unary("Abs", x))), 1.0)));
}

Value Builder::where(Value mask, Value a, Value b) {
  const Shape common = broadcast_shape(broadcast_shape(shape(mask), shape(a)), shape(b));
  const auto widen = [&](Value v) { return with_rank(v, common.size()); };
  if (const auto constant_mask = uniform_constant(mask)) return expand(*constant_mask != 0 ? a : b, common);
  return apply("Iff", {}, {widen(mask), widen(a), widen(b)}, type(a));
}

Value Builder::cast(Value x, DType to) {
  const DType from = type(x);
  // The published package has a second 64-bit integer type, that of extents, and casts to it.
  const bool to_extent = !onnx_semantics() && to == DType::i64;
  if (from == to && !to_extent) return x;
  if (const auto uniform = uniform_.find(x); uniform != uniform_.end()) return constant(to, shape(x), uniform->second);
  if (is_constant(x)) {
    charged_volume(shape(x));
    FloatTensor tensor = constant_of(x);
    tensor.type = to;
    for (double& value : tensor.data) value = round_to(to, value);
    return constant(std::move(tensor));
  }
  if (onnx_semantics()) return cast_onnx(x, to);
  // Its floor keeps the scale; at scale 0 it is nothing.
  return apply(is_float(to) ? "Identity" : "Floor", {}, {x}, to);
}

Value Builder::cast_onnx(Value x, DType to) {
  const DType from = type(x);
  if (to == DType::boolean) return logical_not(compare("Equals", x, scalar_like(x, 0)));
  if (is_float(from) && is_integer(to)) return apply("CastInt", {}, {x}, to);
  const bool widens = (from == DType::u8 && to != DType::i8) || (from == DType::i8 && to == DType::i16);
  if (is_integer(from) && is_narrow(to) && !widens) return wrapped(x, to);
  return apply("Identity", {}, {x}, to);
}

Value Builder::force_scale(Value x, Value like) {
  if (is_constant(x)) return x;
  Node n;
  n.op.kind = "ForceScale";
  n.inputs = {x, like};
  n.shape = shape(x);
  n.type = type(x);
  return add_node(std::move(n));
}

Value Builder::wrapped(Value x, DType to) {
  const bool to_signed = to == DType::i8 || to == DType::i16 || to == DType::i32;
  const double span = to == DType::u8 || to == DType::i8 ? 0x1p8 : is_narrow(to) ? 0x1p16 : 0x1p32;
  const double offset = to_signed ? span / 2 : 0;
  const Value wide = apply("Identity", {}, {x}, DType::i64);
  const Value wrapped = binary("Mod", to_signed ? add(wide, offset) : wide, scalar(DType::i64, span));
  return apply("Identity", {}, {to_signed ? add(wrapped, -offset) : wrapped}, to);
}

Value Builder::reshape(Value x, const Shape& shape_out) {
  check_axes(shape_out.size());
  if (shape(x) == shape_out) return x;
  if (volume(shape(x)) != volume(shape_out)) {
    throw Error(Fault::format, "a tensor " + to_string(shape(x)) + " cannot take the shape " + to_string(shape_out));
  }
  if (is_constant(x)) {
    // It keeps the name that the file has for it, by which it may be refused.
    const std::string name = std::exchange(name_, node(x).name);
    Value reshaped = 0;
    if (const auto uniform = uniform_.find(x); uniform != uniform_.end()) {
      reshaped = constant(type(x), shape_out, uniform->second);
    } else {
      FloatTensor tensor = constant_of(x);
      tensor.shape = shape_out;
      reshaped = constant(std::move(tensor));
    }
    name_ = name;
    return reshaped;
  }
  return apply("Reshape", {{"shape", to_integers(shape_out)}}, {x});
}

Value Builder::transpose(Value x, const Integers& permutation) {
  if (permutation == iota(rank(x))) return x;
  return apply("Transpose", {{"perm", permutation}}, {x});
}

Value Builder::expand(Value x, const Shape& shape_out) {
  check_axes(shape_out.size());
  if (shape(x) == shape_out) return x;
  if (broadcast_shape(shape(x), shape_out) != shape_out) {
    throw Error(Fault::format, "a tensor " + to_string(shape(x)) + " cannot be broadcast to " + to_string(shape_out));
  }
  if (const auto uniform = uniform_.find(x); uniform != uniform_.end()) {
    return constant(type(x), shape_out, uniform->second);
  }
  if (is_constant(x) && volume(shape(x)) == 1) return constant(type(x), shape_out, node(x).constant->floats.front());
  const Value widened = with_rank(x, shape_out.size());
  if (shape(widened) == shape_out) return widened;
  return apply("MultiBroadcastTo", {{"shape", to_integers(shape_out)}}, {widened});
}

Value Builder::concat(std::vector<Value> parts, std::size_t axis) {
  if (parts.size() == 1) return parts.front();
  return apply("Concat", {{"axis", static_cast<std::int64_t>(axis)}}, std::move(parts));
}

Value Builder::slice(Value x, std::size_t axis, std::int64_t start, std::int64_t count, std::int64_t step) {
  if (axis >= rank(x)) throw Error(Fault::format, "a tensor " + to_string(shape(x)) + " has too few axes");
  const auto extent = static_cast<std::int64_t>(shape(x)[axis]);
  const std::int64_t last = (CheckedInt(start) + (CheckedInt(count) - 1) * step).value();
  if (count < 0 || (count > 0 && (start < 0 || start >= extent || last < 0 || last >= extent))) {
    throw Error(Fault::format, "a tensor " + to_string(shape(x)) + " is too short along axis " + std::to_string(axis));
  }
  if (start == 0 && step == 1 && count == extent) return x;
  return apply("Slice",
               {{"starts", Integers{start}},
                {"ends", Integers{(CheckedInt(start) + CheckedInt(count) * step).value()}},
                {"axes", Integers{static_cast<std::int64_t>(axis)}},
                {"steps", Integers{step}}},
               {x});
}

Value Builder::remap(Value x, const Shape& shape_out, Integers map, std::vector<double> values) {
  Attributes attributes{{"map", std::move(map)}, {"shape", to_integers(shape_out)}};
  if (!values.empty()) attributes["values"] = std::move(values);
  return apply("Remap", std::move(attributes), {x});
}

Value Builder::squeeze(Value x, const Integers& axes) {
  Shape result;
  for (std::size_t i = 0; i < rank(x); ++i) {
    const bool drop = std::find(axes.begin(), axes.end(), static_cast<std::int64_t>(i)) != axes.end();
    if (drop && shape(x)[i] != 1) {
      throw Error(Fault::format,
                  "axis " + std::to_string(i) + " of " + to_string(shape(x)) + " is not 1 and cannot go");
    }
    if (!drop) result.push_back(shape(x)[i]);
  }
  return reshape(x, result);
}

Value Builder::unsqueeze(Value x, const Integers& axes) {
  check_axes(rank(x) + axes.size());
  Shape result;
  std::size_t next = 0;
  for (std::size_t i = 0; i < rank(x) + axes.size(); ++i) {
    const bool added = std::find(axes.begin(), axes.end(), static_cast<std::int64_t>(i)) != axes.end();
    if (!added && next == rank(x)) throw Error(Fault::format, "Unsqueeze: an axis is given twice or out of range");
    result.push_back(added ? 1 : shape(x)[next++]);
  }
  return reshape(x, result);
}

Value Builder::einsum(const std::string& equation, std::vector<Value> inputs) {
  return apply("Einsum", {{"equation", equation}}, std::move(inputs));
}

Value Builder::matmul(Value a, Value b) {
  if (rank(a) == 0 || rank(b) == 0) throw Error(Fault::format, "MatMul: an operand is a scalar");
  const bool row = rank(a) == 1;
  const bool column = rank(b) == 1;
  if (row) a = unsqueeze(a, {0});
  if (column) b = unsqueeze(b, {1});
  const std::size_t batches = std::max(rank(a), rank(b)) - 2;
  if (batches > 20) throw Error(Fault::unsupported, "MatMul of rank " + std::to_string(batches + 2));
  // Batch axes of size 1 on one side are dropped there, so that the equation broadcasts them.
  std::string out_letters;
  const auto letters = [&](Value& v, const char* matrix) {
    std::string text;
    Shape kept;
    const std::size_t own = rank(v) - 2;
    for (std::size_t i = 0; i < own; ++i) {
      if (shape(v)[i] == 1) continue;
      text += static_cast<char>('a' + (batches - own + i));
      kept.push_back(shape(v)[i]);
    }
    kept.insert(kept.end(), shape(v).end() - 2, shape(v).end());
    v = reshape(v, kept);
    return text + matrix;
  };
  Shape batch_shape =
      broadcast_shape(Shape(shape(a).begin(), shape(a).end() - 2), Shape(shape(b).begin(), shape(b).end() - 2));
  Shape result = batch_shape;
  result.push_back(shape(a)[rank(a) - 2]);
  result.push_back(shape(b).back());
  const std::string left = letters(a, "xy");
  const std::string right = letters(b, "yz");
  for (std::size_t i = 0; i < batches; ++i) {
    if (batch_shape[i] != 1) out_letters += static_cast<char>('a' + i);
  }
  Value product = reshape(einsum(left + "," + right + "->" + out_letters + "xz", {a, b}), result);
  if (column) product = squeeze(product, {static_cast<std::int64_t>(rank(product)) - 1});
  if (row) product = squeeze(product, {static_cast<std::int64_t>(rank(product)) - (column ? 1 : 2)});
  return product;
}

/// The factors by halves, so that every product is brought back to the common scale.
Value Builder::product_tree(Value x, const Integers& axes) {
  Integers permutation;
  Shape outer;
  for (std::size_t i = 0; i < rank(x); ++i) {
    if (std::find(axes.begin(), axes.end(), static_cast<std::int64_t>(i)) != axes.end()) continue;
    permutation.push_back(static_cast<std::int64_t>(i));
    outer.push_back(shape(x)[i]);
  }
  permutation.insert(permutation.end(), axes.begin(), axes.end());
  const std::size_t lines = volume(outer);
  Value rest = reshape(transpose(x, permutation), {lines, volume(shape(x)) / std::max<std::size_t>(lines, 1)});
  while (shape(rest)[1] > 1) {
    const auto half = static_cast<std::int64_t>(shape(rest)[1] / 2);
    const Value product = mul(slice(rest, 1, 0, half), slice(rest, 1, half, half));
    rest = shape(rest)[1] % 2 == 0 ? product : concat({product, slice(rest, 1, 2 * half, 1)}, 1);
  }
  return rest;
}

Value Builder::reduce(const std::string& kind, Value x, const Integers& axes, bool keep_axes) {
  if (axes.empty()) return x;
  Shape kept = shape(x);
  double count = 1;
  for (const std::int64_t axis : axes) {
    count *= static_cast<double>(std::exchange(kept[static_cast<std::size_t>(axis)], 1));
  }
  Value reduced = 0;
  if (count == 0) {
    const bool extreme = kind != "Sum" && kind != "Prod";
    if (extreme && type(x) != DType::boolean) {
      throw Error(Fault::unsupported, "the largest or smallest of no elements is asked for: a tensor " +
                                          to_string(shape(x)) + " has none along the axes; its value is infinite");
    }
    reduced = constant(type(x), kept, kind == "Prod" || kind == "ReduceMin" ? 1 : 0);
  } else if (kind == "Prod" && onnx_semantics() && !is_constant(x)) {
    reduced = reshape(product_tree(x, axes), kept);
  } else {
    reduced = apply(kind, {{"axes", axes}}, {x});
  }
  return keep_axes ? reduced : squeeze(reduced, axes);
}

Value Builder::mean(Value x, const Integers& axes, bool keep_axes) {
  double count = 1;
  for (const std::int64_t axis : axes) count *= static_cast<double>(shape(x)[static_cast<std::size_t>(axis)]);
  const Value scaled = div(reduce("Sum", x, axes, true), scalar_like(x, count));
  return keep_axes ? scaled : squeeze(scaled, axes);
}

}  // namespace ezkl
