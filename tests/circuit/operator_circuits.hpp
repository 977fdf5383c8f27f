#pragma once

#include <cmath>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "../graph/operator_cases.hpp"
#include "circuit_bench.hpp"
#include "graph/op_table.hpp"
#include "tensor/quantize.hpp"

/// Every operator of the table as a circuit of its own, with operands small enough to be tampered with everywhere.
namespace ezkl::test {

using claims::Values;
using testing::Ints;

/// An operand of the data families: whole numbers as given.
struct GivenOperand {
  Shape shape;
  Values values;
};

struct OperatorCase {
  std::string name;
  OpSpec op;
  DType type = DType::f32;
  Semantics semantics = Semantics::onnx;
  std::vector<Shape> shapes;
  std::vector<Values> inputs;
};

inline constexpr int scale = 3;

inline OperatorCase drawn(const testing::Case& c) {
  OperatorCase out{c.name, c.op, c.type, c.semantics, c.shapes, {}};
  std::mt19937 engine(5);
  std::uniform_real_distribution<double> uniform(c.lo, c.hi);
  for (const Shape& shape : c.shapes) {
    Values& values = out.inputs.emplace_back();
    for (std::size_t i = 0; i < volume(shape); ++i) {
      values.push_back(quantize(c.type == DType::f32 ? uniform(engine) : std::round(uniform(engine)),
                                c.type == DType::f32 ? scale : 0));
    }
  }
  return out;
}

inline OperatorCase data(const std::string& name, OpSpec op, const std::vector<GivenOperand>& operands) {
  OperatorCase out{name, std::move(op), DType::i64, Semantics::onnx, {}, {}};
  for (const GivenOperand& g : operands) {
    out.shapes.push_back(g.shape);
    out.inputs.push_back(g.values);
  }
  return out;
}

/// x0 > 5 decides, and at the other end of a narrow decomposition x1 <= 70000: leaves 4, 2 and 1.
inline OpSpec small_tree() {
  using Reals = std::vector<double>;
  return {"TreeEnsemble",
          {{"features", Ints{0, -1, 1, -1, -1}},
           {"modes", Ints{3, 0, 0, 0, 0}},
           {"thresholds", Reals{5, 0, 70000, 0, 0}},
           {"trues", Ints{1, 0, 3, 0, 0}},
           {"falses", Ints{2, 0, 4, 0, 0}},
           {"roots", Ints{0}},
           {"leaf_nodes", Ints{1, 3, 4}},
           {"leaf_targets", Ints{0, 0, 0}},
           {"leaf_weights", Reals{4, 2, 1}},
           {"targets", std::int64_t{1}},
           {"aggregate", std::string("sum")}}};
}

inline std::vector<OperatorCase> data_cases() {
  const GivenOperand m{{2, 3}, {5, -7, 2, 9, 9, -1}};
  const std::int64_t one = 1, zero = 0;
  const auto whole = [](std::int64_t bits, std::int64_t with_sign) {
    return std::map<std::string, Attribute>{{"bits", bits}, {"signed", with_sign}};
  };
  return {
      data("identity", {"Identity", {{"shift", zero}}}, {m}),
      data("multi_broadcast_to", {"MultiBroadcastTo", {{"shape", Ints{2, 2, 3}}}}, {{{1, 2, 3}, m.values}}),
      data("reshape", {"Reshape", {{"shape", Ints{3, 2}}}}, {m}),
      data("transpose", {"Transpose", {{"perm", Ints{1, 0}}}}, {m}),
      data("concat", {"Concat", {{"axis", one}}}, {m, m}),
      data("slice", {"Slice", {{"axes", Ints{1}}, {"starts", Ints{1}}, {"ends", Ints{3}}, {"steps", Ints{1}}}}, {m}),
      data("tile", {"Tile", {{"repeats", Ints{1, 2}}}}, {m}),
      data("trilu", {"Trilu", {{"k", zero}, {"upper", one}}}, {m}),
      data("pad", {"Pad", {{"pads", Ints{0, 1, 0, 1}}, {"value", 4.0}, {"mode", std::string("constant")}}}, {m}),
      data("resize", {"Resize", {{"scales", Ints{1, 2}}}}, {m}),
      data("remap", {"Remap", {{"map", Ints{5, 0, -1}}, {"shape", Ints{3}}, {"values", std::vector<double>{6}}}}, {m}),
      data("gather", {"Gather", {{"axis", one}}}, {m, {{2}, {2, 0}}}),
      data("gather_elements", {"GatherElements", {{"axis", one}}}, {m, {{2, 2}, {2, 0, 1, 1}}}),
      data("gather_nd", {"GatherND", {{"batch_dims", zero}}}, {m, {{2, 2}, {1, 2, 0, 1}}}),
      data("scatter_elements", {"ScatterElements", {{"axis", one}, {"reduction", std::string("none")}}},
           {m, {{2, 1}, {2, 0}}, {{2, 1}, {40, 50}}}),
      data("scatter_elements_add", {"ScatterElements", {{"axis", one}, {"reduction", std::string("add")}}},
           {m, {{2, 2}, {2, 2, 0, 1}}, {{2, 2}, {4, 5, 6, 7}}}),
      data("scatter_nd", {"ScatterND", {{"reduction", std::string("none")}}}, {m, {{1, 2}, {1, 0}}, {{1}, {40}}}),
      data("one_hot", {"OneHot", {{"depth", std::int64_t{3}}, {"axis", one}}}, {{{2}, {2, 0}}}),
      data("top_k", {"TopK", {{"k", std::int64_t{2}}, {"axis", one}, {"largest", one}}}, {m}),
      data("top_k_index", {"TopKIndex", {{"k", std::int64_t{2}}, {"axis", one}, {"largest", one}}}, {m}),
      data("reduce_arg_max", {"ReduceArgMax", {{"axis", one}, {"select_last", zero}}}, {m}),
      data("reduce_arg_min_last", {"ReduceArgMin", {{"axis", one}, {"select_last", one}}}, {m}),
      data("cum_sum", {"CumSum", {{"axis", one}, {"exclusive", zero}, {"reverse", zero}}}, {m}),
      data("bitwise_and", {"BitwiseAnd", whole(8, 1)}, {m, {{2, 3}, {3, 3, 3, 5, 6, 7}}}),
      data("bitwise_or", {"BitwiseOr", whole(8, 1)}, {m, {{2, 3}, {3, 3, 3, 5, 6, 7}}}),
      data("bitwise_xor", {"BitwiseXor", whole(8, 1)}, {m, {{2, 3}, {3, 3, 3, 5, 6, 7}}}),
      data("bitwise_not", {"BitwiseNot", whole(8, 1)}, {m}),
      data("bit_shift",
           {"BitShift", {{"direction", std::string("right")}, {"bits", std::int64_t{8}}, {"signed", zero}}},
           {{{3}, {200, 17, 5}}, {{3}, {1, 2, 0}}}),
      data("powers_of_two", {"PowersOfTwo", {}}, {{{3}, {0, 5, 3}}}),
      data("tree", small_tree(), {{{2, 2}, {7, 3, -20, 100}}}),
      data("scale_by", {"ScaleBy", {{"factors", std::vector<double>{0.3}}, {"integer", one}}}, {m}),
  };
}

inline const std::vector<OperatorCase>& all_cases() {
  static const std::vector<OperatorCase> all = [] {
    std::vector<OperatorCase> out = data_cases();
    for (const testing::Case& c : testing::cases()) out.push_back(drawn(c));
    return out;
  }();
  return all;
}

/// Operator tables need the whole of their keys, so lookups reach little further than the operands.
inline RunArgs args_of(const OperatorCase& c) {
  RunArgs args = small_args(2);
  args.input_scale = args.param_scale = scale;
  args.lookup_range = {-200, 200};
  args.semantics = c.semantics;
  args.disable_freivalds = true;  // it has challenges, and a test of its own
  args.output_visibility.kind = Visibility::Kind::public_;
  return args;
}

/// How an operand comes into the circuit.
enum class Entry : std::uint8_t { checked, waived, parameter };

/// Whole numbers and biases stand at other scales than the rest.
inline std::vector<int> scales_of(const OperatorCase& c) {
  std::vector<int> scales(c.shapes.size(), c.type == DType::f32 ? scale : 0);
  if ((c.op.kind == "Conv" || c.op.kind == "DeConv") && scales.size() == 3) scales[2] = 2 * scale;
  return scales;
}

/// The operator on operands that enter as `entries` says, inputs within ±bound. Parameters have the case's values.
inline claims::Record record_of(const OperatorCase& c, const RunArgs& args, const std::vector<Entry>& entries,
                                Int128 bound = 250) {
  const OpEntry& entry = op_entry(c.op.kind);
  const std::vector<int> scales = scales_of(c);
  const OpContext context{c.op, c.shapes, scales, args, c.semantics, c.name};
  claims::Recorder w(args);
  w.enter_node("input");
  std::vector<claims::Tensor> operands;
  std::uint32_t inputs = 0, parameters = 0;
  for (std::size_t k = 0; k < c.shapes.size(); ++k) {
    if (entries[k] == Entry::parameter) {
      operands.push_back(w.param(c.shapes[k], std::make_shared<const Values>(c.inputs[k]), false));
      w.bind(operands[k], args.param_visibility, {claims::Slot::Group::param, parameters++});
      continue;
    }
    const bool boolean = c.type == DType::boolean && entries[k] == Entry::checked;
    const claims::Interval bounds = boolean ? claims::Interval{0, 1} : claims::Interval{-bound, bound};
    operands.push_back(w.input(c.shapes[k], bounds, entries[k] == Entry::checked));
    w.bind(operands[k], args.input_visibility, {claims::Slot::Group::input, inputs++});
  }
  w.enter_node(c.name);
  const claims::Tensor out = entry.emit(w, context, operands);
  w.output(out);
  w.bind(out, args.output_visibility, {claims::Slot::Group::output, 0});
  return w.finish();
}

inline claims::Record record_of(const OperatorCase& c, const RunArgs& args) {
  return record_of(c, args, std::vector<Entry>(c.shapes.size(), Entry::checked));
}

}  // namespace ezkl::test
