// Reductions over axes and orderings along one axis.
#include <algorithm>
#include <cmath>

#include "graph/frontend/families.hpp"

namespace ezkl {
namespace {

/// What to reduce: axes come as attribute or, from opset 18 (ReduceSum: 13), as input.
struct Reduction {
  Value x;
  Integers axes;
  bool keep;
};

Reduction reduction(Converter& c, const OnnxNode& n) {
  Reduction r{n.input(0), n.integers("axes"), n.integer("keepdims", 1) != 0};
  if (n.has_input(1)) r.axes = n.constant_integers(1);
  const bool none = r.axes.empty();
  r.axes = n.axes(r.axes, c.rank(r.x));
  if (none && n.integer("noop_with_empty_axes", 0) == 0) r.axes = iota(c.rank(r.x));
  return r;
}

std::vector<Value> convert_sum(Converter& c, const OnnxNode& n) {
  const Reduction r = reduction(c, n);
  return {c.reduce("Sum", r.x, r.axes, r.keep)};
}

std::vector<Value> convert_mean(Converter& c, const OnnxNode& n) {
  const Reduction r = reduction(c, n);
  if (is_float(c.type(r.x))) return {c.mean(r.x, r.axes, r.keep)};
  double count = 1;
  for (const std::int64_t axis : r.axes) count *= static_cast<double>(c.shape(r.x)[static_cast<std::size_t>(axis)]);
  const Value total = c.reduce("Sum", r.x, r.axes, r.keep);
  return {c.binary("IntDiv", total, c.scalar_like(total, count))};
}

std::vector<Value> convert_max(Converter& c, const OnnxNode& n) {
  const Reduction r = reduction(c, n);
  return {c.reduce("ReduceMax", r.x, r.axes, r.keep)};
}

std::vector<Value> convert_min(Converter& c, const OnnxNode& n) {
  const Reduction r = reduction(c, n);
  return {c.reduce("ReduceMin", r.x, r.axes, r.keep)};
}

std::vector<Value> convert_prod(Converter& c, const OnnxNode& n) {
  const Reduction r = reduction(c, n);
  return {c.reduce("Prod", r.x, r.axes, r.keep)};
}

std::vector<Value> convert_l1(Converter& c, const OnnxNode& n) {
  const Reduction r = reduction(c, n);
  return {c.reduce("Sum", c.unary("Abs", r.x), r.axes, r.keep)};
}

std::vector<Value> convert_l2(Converter& c, const OnnxNode& n) {
  const Reduction r = reduction(c, n);
  return {c.unary("Sqrt", c.reduce("Sum", c.square(r.x), r.axes, r.keep))};
}

std::vector<Value> convert_sum_square(Converter& c, const OnnxNode& n) {
  const Reduction r = reduction(c, n);
  return {c.reduce("Sum", c.square(r.x), r.axes, r.keep)};
}

std::vector<Value> convert_log_sum(Converter& c, const OnnxNode& n) {
  const Reduction r = reduction(c, n);
  return {c.unary("Ln", c.reduce("Sum", r.x, r.axes, r.keep))};
}

std::vector<Value> convert_log_sum_exp(Converter& c, const OnnxNode& n) {
  const Reduction r = reduction(c, n);
  if (!c.onnx_semantics()) return {c.unary("Ln", c.reduce("Sum", c.exp(r.x), r.axes, r.keep))};
  // With the largest element taken out, the table keys stay small.
  const Value largest = c.reduce("ReduceMax", r.x, r.axes, true);
  const Value total = c.unary("Ln", c.reduce("Sum", c.exp(c.sub(r.x, largest)), r.axes, true));
  const Value result = c.add(total, largest);
  return {r.keep ? result : c.squeeze(result, r.axes)};
}

std::vector<Value> arg_extreme(Converter& c, const OnnxNode& n, const char* kind) {
  const Value x = n.input(0);
  const auto axis = static_cast<std::int64_t>(n.axis(n.integer("axis", 0), c.rank(x)));
  const Value index =
      c.apply(kind, {{"axis", axis}, {"select_last", n.integer("select_last_index", 0)}}, {x}, DType::i64);
  return {n.integer("keepdims", 1) != 0 ? index : c.squeeze(index, {axis})};
}

std::vector<Value> convert_arg_max(Converter& c, const OnnxNode& n) { return arg_extreme(c, n, "ReduceArgMax"); }
std::vector<Value> convert_arg_min(Converter& c, const OnnxNode& n) { return arg_extreme(c, n, "ReduceArgMin"); }

std::vector<Value> convert_top_k(Converter& c, const OnnxNode& n) {
  const Value x = n.input(0);
  const std::int64_t k = n.opset() < 10 ? n.integer("k") : n.constant_integers(1).at(0);
  const std::size_t axis = n.axis(n.integer("axis", -1), c.rank(x));
  if (k < 0 || k > static_cast<std::int64_t>(c.shape(x)[axis])) {
    n.fail(Fault::format,
           "k = " + std::to_string(k) + " exceeds axis " + std::to_string(axis) + " of " + to_string(c.shape(x)));
  }
  const Attributes attributes{
      {"k", k}, {"axis", static_cast<std::int64_t>(axis)}, {"largest", n.integer("largest", 1)}};
  std::vector<Value> results{c.apply("TopK", attributes, {x})};
  if (n.wants_output(1)) results.push_back(c.apply("TopKIndex", attributes, {x}, DType::i64));
  return results;
}

constexpr ConverterEntry entries[] = {
    {"", "ArgMax", convert_arg_max},       {"", "ArgMin", convert_arg_min},
    {"", "ReduceL1", convert_l1},          {"", "ReduceL2", convert_l2},
    {"", "ReduceLogSum", convert_log_sum}, {"", "ReduceLogSumExp", convert_log_sum_exp},
    {"", "ReduceMax", convert_max},        {"", "ReduceMean", convert_mean},
    {"", "ReduceMin", convert_min},        {"", "ReduceProd", convert_prod},
    {"", "ReduceSum", convert_sum},        {"", "ReduceSumSquare", convert_sum_square},
    {"", "TopK", convert_top_k},
};

}  // namespace

std::span<const ConverterEntry> reduce_converters() { return entries; }

}  // namespace ezkl
