// Written by tools/gen/function_bodies.py from the operator definitions of ONNX (Apache-2.0).
#include "graph/frontend/function_bodies.hpp"

#include <utility>

namespace ezkl {
namespace {

using Type = AttributeDef::Type;

[[maybe_unused]] AttributeDef integer(std::int64_t value) {
  AttributeDef a;
  a.type = Type::integer;
  a.i = std::move(value);
  return a;
}

[[maybe_unused]] AttributeDef real(double value) {
  AttributeDef a;
  a.type = Type::real;
  a.f = std::move(value);
  return a;
}

[[maybe_unused]] AttributeDef words(std::string value) {
  AttributeDef a;
  a.type = Type::text;
  a.s = std::move(value);
  return a;
}

[[maybe_unused]] AttributeDef integers(std::vector<std::int64_t> value) {
  AttributeDef a;
  a.type = Type::integers;
  a.ints = std::move(value);
  return a;
}

[[maybe_unused]] AttributeDef reals(std::vector<double> value) {
  AttributeDef a;
  a.type = Type::reals;
  a.floats = std::move(value);
  return a;
}

AttributeDef tensor(FloatTensor value) {
  AttributeDef a;
  a.type = Type::tensor;
  a.tensors.push_back(std::move(value));
  return a;
}

AttributeDef reference(std::string name) {
  AttributeDef a;
  a.reference = std::move(name);
  return a;
}

using Names = std::vector<std::string>;

FunctionDef start(std::string name, std::int64_t since, Names inputs, Names outputs, Names attributes) {
  FunctionDef f;
  f.name = std::move(name);
  f.since_version = since;
  f.inputs = std::move(inputs);
  f.outputs = std::move(outputs);
  f.attributes = std::move(attributes);
  return f;
}

void node(FunctionDef& f, std::string name, std::string op, std::string domain, Names inputs, Names outputs) {
  NodeDef n;
  n.name = std::move(name);
  n.op_type = std::move(op);
  n.domain = std::move(domain);
  n.inputs = std::move(inputs);
  n.outputs = std::move(outputs);
  f.nodes.push_back(std::move(n));
}

void give(FunctionDef& f, const char* name, AttributeDef value) { f.nodes.back().attributes[name] = std::move(value); }

// clang-format off
FunctionDef body_0() {
  FunctionDef f = start("BlackmanWindow", 17, {"size"}, {"output"}, {"periodic", "output_datatype"});
  f.defaults["periodic"] = integer(1);
  f.defaults["output_datatype"] = integer(1);
  f.opsets[""] = 17;
  node(f, "", "Constant", "", {}, {"A0"});
  give(f, "value", tensor(FloatTensor{DType::f32, {}, {0.41999998688697815}}));
  node(f, "", "Constant", "", {}, {"A1"});
  give(f, "value", tensor(FloatTensor{DType::f32, {}, {0.5}}));
  node(f, "", "Constant", "", {}, {"A2"});
  give(f, "value", tensor(FloatTensor{DType::f32, {}, {0.07999999821186066}}));
  node(f, "", "Constant", "", {}, {"Zero"});
  give(f, "value", tensor(FloatTensor{DType::f32, {}, {0.0}}));
  node(f, "", "Constant", "", {}, {"One"});
  give(f, "value", tensor(FloatTensor{DType::f32, {}, {1.0}}));
  node(f, "", "Constant", "", {}, {"Two"});
  give(f, "value", tensor(FloatTensor{DType::f32, {}, {2.0}}));
  node(f, "", "Constant", "", {}, {"Tau"});
  give(f, "value", tensor(FloatTensor{DType::f32, {}, {6.2831854820251465}}));
  node(f, "", "Cast", "", {"size"}, {"Periodic_Size_FP"});
  give(f, "to", integer(1));
  node(f, "", "Sub", "", {"Periodic_Size_FP", "One"}, {"Symmetric_Size_FP"});
  node(f, "", "Constant", "", {}, {"IsPeriodic"});
  give(f, "value_int", reference("periodic"));
  node(f, "", "Cast", "", {"IsPeriodic"}, {"IsPeriodic_FP"});
  give(f, "to", integer(1));
  node(f, "", "Sub", "", {"One", "IsPeriodic_FP"}, {"IsSymmetric_FP"});
  node(f, "", "Mul", "", {"Periodic_Size_FP", "IsPeriodic_FP"}, {"Periodic_Component"});
  node(f, "", "Mul", "", {"Symmetric_Size_FP", "IsSymmetric_FP"}, {"Symmetric_Component"});
  node(f, "", "Add", "", {"Periodic_Component", "Symmetric_Component"}, {"Size_FP"});
  node(f, "", "Div", "", {"Tau", "Size_FP"}, {"AngularIncrement"});
  node(f, "", "Range", "", {"Zero", "Periodic_Size_FP", "One"}, {"Range"});
  node(f, "", "Mul", "", {"Range", "AngularIncrement"}, {"RangeAngular"});
  node(f, "", "Mul", "", {"RangeAngular", "Two"}, {"TwoRangeAngular"});
  node(f, "", "Cos", "", {"TwoRangeAngular"}, {"CosTwoRangeAngular"});
  node(f, "", "Mul", "", {"A2", "CosTwoRangeAngular"}, {"A2_Component"});
  node(f, "", "Cos", "", {"RangeAngular"}, {"CosRangeAngular"});
  node(f, "", "Mul", "", {"A1", "CosRangeAngular"}, {"A1_Component"});
  node(f, "", "Sub", "", {"A0", "A1_Component"}, {"Temp0"});
  node(f, "", "Add", "", {"Temp0", "A2_Component"}, {"Temp1"});
  node(f, "", "Cast", "", {"Temp1"}, {"output"});
  give(f, "to", reference("output_datatype"));
  return f;
}

FunctionDef body_1() {
  FunctionDef f = start("Celu", 28, {"X"}, {"Y"}, {"alpha"});
  f.defaults["alpha"] = real(1.0);
  f.opsets[""] = 28;
  node(f, "", "Constant", "", {}, {"Alpha"});
  give(f, "value_float", reference("alpha"));
  node(f, "", "CastLike", "", {"Alpha", "X"}, {"AlphaCast"});
  node(f, "", "Div", "", {"X", "AlphaCast"}, {"XScaled"});
  node(f, "", "Elu", "", {"XScaled"}, {"EluResult"});
  give(f, "alpha", real(1.0));
  node(f, "", "Mul", "", {"AlphaCast", "EluResult"}, {"Y"});
  return f;
}

FunctionDef body_2() {
  FunctionDef f = start("DynamicQuantizeLinear", 11, {"x"}, {"y", "y_scale", "y_zero_point"}, {});
  f.opsets[""] = 11;
  node(f, "", "Constant", "", {}, {"Q_Min"});
  give(f, "value", tensor(FloatTensor{DType::f32, {}, {0.0}}));
  node(f, "", "Constant", "", {}, {"Q_Max"});
  give(f, "value", tensor(FloatTensor{DType::f32, {}, {255.0}}));
  node(f, "", "ReduceMin", "", {"x"}, {"X_Min"});
  give(f, "keepdims", integer(0));
  node(f, "", "Min", "", {"X_Min", "Q_Min"}, {"X_Min_Adjusted"});
  node(f, "", "ReduceMax", "", {"x"}, {"X_Max"});
  give(f, "keepdims", integer(0));
  node(f, "", "Max", "", {"X_Max", "Q_Min"}, {"X_Max_Adjusted"});
  node(f, "", "Sub", "", {"X_Max_Adjusted", "X_Min_Adjusted"}, {"X_Range"});
  node(f, "", "Div", "", {"X_Range", "Q_Max"}, {"Scale"});
  node(f, "", "Div", "", {"X_Min_Adjusted", "Scale"}, {"Min_Scaled"});
  node(f, "", "Sub", "", {"Q_Min", "Min_Scaled"}, {"Initial_ZeroPoint_FP"});
  node(f, "", "Clip", "", {"Initial_ZeroPoint_FP", "Q_Min", "Q_Max"}, {"Clipped_ZeroPoint_FP"});
  node(f, "", "Round", "", {"Clipped_ZeroPoint_FP"}, {"Rounded_ZeroPoint_FP"});
  node(f, "", "Cast", "", {"Rounded_ZeroPoint_FP"}, {"Zeropoint"});
  give(f, "to", integer(2));
  node(f, "", "Identity", "", {"Scale"}, {"y_scale"});
  node(f, "", "Identity", "", {"Zeropoint"}, {"y_zero_point"});
  node(f, "", "QuantizeLinear", "", {"x", "Scale", "Zeropoint"}, {"y"});
  return f;
}

FunctionDef body_3() {
  FunctionDef f = start("Elu", 6, {"X"}, {"Y"}, {"alpha"});
  f.defaults["alpha"] = real(1.0);
  f.opsets[""] = 18;
  node(f, "", "Constant", "", {}, {"Alpha"});
  give(f, "value_float", reference("alpha"));
  node(f, "", "CastLike", "", {"Alpha", "X"}, {"AlphaCast"});
  node(f, "", "Constant", "", {}, {"Zero"});
  give(f, "value", tensor(FloatTensor{DType::f32, {}, {0.0}}));
  node(f, "", "CastLike", "", {"Zero", "X"}, {"ZeroCast"});
  node(f, "", "Constant", "", {}, {"One"});
  give(f, "value", tensor(FloatTensor{DType::f32, {}, {1.0}}));
  node(f, "", "CastLike", "", {"One", "X"}, {"OneCast"});
  node(f, "", "Less", "", {"X", "ZeroCast"}, {"XLessThanZero"});
  node(f, "", "Exp", "", {"X"}, {"ExpX"});
  node(f, "", "Sub", "", {"ExpX", "OneCast"}, {"ExpXSubOne"});
  node(f, "", "Mul", "", {"AlphaCast", "ExpXSubOne"}, {"AlphaMulExpXSubOne"});
  node(f, "", "Where", "", {"XLessThanZero", "AlphaMulExpXSubOne", "X"}, {"Y"});
  return f;
}

FunctionDef body_4() {
  FunctionDef f = start("Elu", 22, {"X"}, {"Y"}, {"alpha"});
  f.defaults["alpha"] = real(1.0);
  f.opsets[""] = 18;
  node(f, "", "Constant", "", {}, {"Alpha"});
  give(f, "value_float", reference("alpha"));
  node(f, "", "CastLike", "", {"Alpha", "X"}, {"AlphaCast"});
  node(f, "", "Constant", "", {}, {"Zero"});
  give(f, "value", tensor(FloatTensor{DType::f32, {}, {0.0}}));
  node(f, "", "CastLike", "", {"Zero", "X"}, {"ZeroCast"});
  node(f, "", "Constant", "", {}, {"One"});
  give(f, "value", tensor(FloatTensor{DType::f32, {}, {1.0}}));
  node(f, "", "CastLike", "", {"One", "X"}, {"OneCast"});
  node(f, "", "Less", "", {"X", "ZeroCast"}, {"XLessThanZero"});
  node(f, "", "Exp", "", {"X"}, {"ExpX"});
  node(f, "", "Sub", "", {"ExpX", "OneCast"}, {"ExpXSubOne"});
  node(f, "", "Mul", "", {"AlphaCast", "ExpXSubOne"}, {"AlphaMulExpXSubOne"});
  node(f, "", "Where", "", {"XLessThanZero", "AlphaMulExpXSubOne", "X"}, {"Y"});
  return f;
}

FunctionDef body_5() {
  FunctionDef f = start("GreaterOrEqual", 12, {"A", "B"}, {"C"}, {});
  f.opsets[""] = 12;
  node(f, "", "Greater", "", {"A", "B"}, {"O1"});
  node(f, "", "Equal", "", {"A", "B"}, {"O2"});
  node(f, "", "Or", "", {"O1", "O2"}, {"C"});
  return f;
}

FunctionDef body_6() {
  FunctionDef f = start("GreaterOrEqual", 16, {"A", "B"}, {"C"}, {});
  f.opsets[""] = 16;
  node(f, "", "Greater", "", {"A", "B"}, {"O1"});
  node(f, "", "Equal", "", {"A", "B"}, {"O2"});
  node(f, "", "Or", "", {"O1", "O2"}, {"C"});
  return f;
}

FunctionDef body_7() {
  FunctionDef f = start("HammingWindow", 17, {"size"}, {"output"}, {"periodic", "output_datatype"});
  f.defaults["periodic"] = integer(1);
  f.defaults["output_datatype"] = integer(1);
  f.opsets[""] = 17;
  node(f, "", "Constant", "", {}, {"A0"});
  give(f, "value", tensor(FloatTensor{DType::f32, {}, {0.54347825050354}}));
  node(f, "", "Constant", "", {}, {"A1"});
  give(f, "value", tensor(FloatTensor{DType::f32, {}, {0.45652174949645996}}));
  node(f, "", "Constant", "", {}, {"A2"});
  give(f, "value", tensor(FloatTensor{DType::f32, {}, {0.0}}));
  node(f, "", "Constant", "", {}, {"Zero"});
  give(f, "value", tensor(FloatTensor{DType::f32, {}, {0.0}}));
  node(f, "", "Constant", "", {}, {"One"});
  give(f, "value", tensor(FloatTensor{DType::f32, {}, {1.0}}));
  node(f, "", "Constant", "", {}, {"Two"});
  give(f, "value", tensor(FloatTensor{DType::f32, {}, {2.0}}));
  node(f, "", "Constant", "", {}, {"Tau"});
  give(f, "value", tensor(FloatTensor{DType::f32, {}, {6.2831854820251465}}));
  node(f, "", "Cast", "", {"size"}, {"Periodic_Size_FP"});
  give(f, "to", integer(1));
  node(f, "", "Sub", "", {"Periodic_Size_FP", "One"}, {"Symmetric_Size_FP"});
  node(f, "", "Constant", "", {}, {"IsPeriodic"});
  give(f, "value_int", reference("periodic"));
  node(f, "", "Cast", "", {"IsPeriodic"}, {"IsPeriodic_FP"});
  give(f, "to", integer(1));
  node(f, "", "Sub", "", {"One", "IsPeriodic_FP"}, {"IsSymmetric_FP"});
  node(f, "", "Mul", "", {"Periodic_Size_FP", "IsPeriodic_FP"}, {"Periodic_Component"});
  node(f, "", "Mul", "", {"Symmetric_Size_FP", "IsSymmetric_FP"}, {"Symmetric_Component"});
  node(f, "", "Add", "", {"Periodic_Component", "Symmetric_Component"}, {"Size_FP"});
  node(f, "", "Div", "", {"Tau", "Size_FP"}, {"AngularIncrement"});
  node(f, "", "Range", "", {"Zero", "Periodic_Size_FP", "One"}, {"Range"});
  node(f, "", "Mul", "", {"Range", "AngularIncrement"}, {"RangeAngular"});
  node(f, "", "Mul", "", {"RangeAngular", "Two"}, {"TwoRangeAngular"});
  node(f, "", "Cos", "", {"TwoRangeAngular"}, {"CosTwoRangeAngular"});
  node(f, "", "Mul", "", {"A2", "CosTwoRangeAngular"}, {"A2_Component"});
  node(f, "", "Cos", "", {"RangeAngular"}, {"CosRangeAngular"});
  node(f, "", "Mul", "", {"A1", "CosRangeAngular"}, {"A1_Component"});
  node(f, "", "Sub", "", {"A0", "A1_Component"}, {"Temp0"});
  node(f, "", "Add", "", {"Temp0", "A2_Component"}, {"Temp1"});
  node(f, "", "Cast", "", {"Temp1"}, {"output"});
  give(f, "to", reference("output_datatype"));
  return f;
}

FunctionDef body_8() {
  FunctionDef f = start("HannWindow", 17, {"size"}, {"output"}, {"periodic", "output_datatype"});
  f.defaults["periodic"] = integer(1);
  f.defaults["output_datatype"] = integer(1);
  f.opsets[""] = 17;
  node(f, "", "Constant", "", {}, {"A0"});
  give(f, "value", tensor(FloatTensor{DType::f32, {}, {0.5}}));
  node(f, "", "Constant", "", {}, {"A1"});
  give(f, "value", tensor(FloatTensor{DType::f32, {}, {0.5}}));
  node(f, "", "Constant", "", {}, {"A2"});
  give(f, "value", tensor(FloatTensor{DType::f32, {}, {0.0}}));
  node(f, "", "Constant", "", {}, {"Zero"});
  give(f, "value", tensor(FloatTensor{DType::f32, {}, {0.0}}));
  node(f, "", "Constant", "", {}, {"One"});
  give(f, "value", tensor(FloatTensor{DType::f32, {}, {1.0}}));
  node(f, "", "Constant", "", {}, {"Two"});
  give(f, "value", tensor(FloatTensor{DType::f32, {}, {2.0}}));
  node(f, "", "Constant", "", {}, {"Tau"});
  give(f, "value", tensor(FloatTensor{DType::f32, {}, {6.2831854820251465}}));
  node(f, "", "Cast", "", {"size"}, {"Periodic_Size_FP"});
  give(f, "to", integer(1));
  node(f, "", "Sub", "", {"Periodic_Size_FP", "One"}, {"Symmetric_Size_FP"});
  node(f, "", "Constant", "", {}, {"IsPeriodic"});
  give(f, "value_int", reference("periodic"));
  node(f, "", "Cast", "", {"IsPeriodic"}, {"IsPeriodic_FP"});
  give(f, "to", integer(1));
  node(f, "", "Sub", "", {"One", "IsPeriodic_FP"}, {"IsSymmetric_FP"});
  node(f, "", "Mul", "", {"Periodic_Size_FP", "IsPeriodic_FP"}, {"Periodic_Component"});
  node(f, "", "Mul", "", {"Symmetric_Size_FP", "IsSymmetric_FP"}, {"Symmetric_Component"});
  node(f, "", "Add", "", {"Periodic_Component", "Symmetric_Component"}, {"Size_FP"});
  node(f, "", "Div", "", {"Tau", "Size_FP"}, {"AngularIncrement"});
  node(f, "", "Range", "", {"Zero", "Periodic_Size_FP", "One"}, {"Range"});
  node(f, "", "Mul", "", {"Range", "AngularIncrement"}, {"RangeAngular"});
  node(f, "", "Mul", "", {"RangeAngular", "Two"}, {"TwoRangeAngular"});
  node(f, "", "Cos", "", {"TwoRangeAngular"}, {"CosTwoRangeAngular"});
  node(f, "", "Mul", "", {"A2", "CosTwoRangeAngular"}, {"A2_Component"});
  node(f, "", "Cos", "", {"RangeAngular"}, {"CosRangeAngular"});
  node(f, "", "Mul", "", {"A1", "CosRangeAngular"}, {"A1_Component"});
  node(f, "", "Sub", "", {"A0", "A1_Component"}, {"Temp0"});
  node(f, "", "Add", "", {"Temp0", "A2_Component"}, {"Temp1"});
  node(f, "", "Cast", "", {"Temp1"}, {"output"});
  give(f, "to", reference("output_datatype"));
  return f;
}

FunctionDef body_9() {
  FunctionDef f = start("HardSigmoid", 6, {"X"}, {"Y"}, {"beta", "alpha"});
  f.defaults["beta"] = real(0.5);
  f.defaults["alpha"] = real(0.20000000298023224);
  f.opsets[""] = 18;
  node(f, "", "Constant", "", {}, {"Alpha"});
  give(f, "value_float", reference("alpha"));
  node(f, "", "CastLike", "", {"Alpha", "X"}, {"AlphaCast"});
  node(f, "", "Constant", "", {}, {"Beta"});
  give(f, "value_float", reference("beta"));
  node(f, "", "CastLike", "", {"Beta", "X"}, {"BetaCast"});
  node(f, "", "Constant", "", {}, {"Zero"});
  give(f, "value", tensor(FloatTensor{DType::f32, {}, {0.0}}));
  node(f, "", "CastLike", "", {"Zero", "X"}, {"ZeroCast"});
  node(f, "", "Constant", "", {}, {"One"});
  give(f, "value", tensor(FloatTensor{DType::f32, {}, {1.0}}));
  node(f, "", "CastLike", "", {"One", "X"}, {"OneCast"});
  node(f, "", "Mul", "", {"X", "AlphaCast"}, {"AlphaMulX"});
  node(f, "", "Add", "", {"AlphaMulX", "BetaCast"}, {"AlphaMulXAddBeta"});
  node(f, "", "Min", "", {"AlphaMulXAddBeta", "OneCast"}, {"MinOneOrAlphaMulXAddBeta"});
  node(f, "", "Max", "", {"MinOneOrAlphaMulXAddBeta", "ZeroCast"}, {"Y"});
  return f;
}

FunctionDef body_10() {
  FunctionDef f = start("HardSigmoid", 22, {"X"}, {"Y"}, {"beta", "alpha"});
  f.defaults["beta"] = real(0.5);
  f.defaults["alpha"] = real(0.20000000298023224);
  f.opsets[""] = 18;
  node(f, "", "Constant", "", {}, {"Alpha"});
  give(f, "value_float", reference("alpha"));
  node(f, "", "CastLike", "", {"Alpha", "X"}, {"AlphaCast"});
  node(f, "", "Constant", "", {}, {"Beta"});
  give(f, "value_float", reference("beta"));
  node(f, "", "CastLike", "", {"Beta", "X"}, {"BetaCast"});
  node(f, "", "Constant", "", {}, {"Zero"});
  give(f, "value", tensor(FloatTensor{DType::f32, {}, {0.0}}));
  node(f, "", "CastLike", "", {"Zero", "X"}, {"ZeroCast"});
  node(f, "", "Constant", "", {}, {"One"});
  give(f, "value", tensor(FloatTensor{DType::f32, {}, {1.0}}));
  node(f, "", "CastLike", "", {"One", "X"}, {"OneCast"});
  node(f, "", "Mul", "", {"X", "AlphaCast"}, {"AlphaMulX"});
  node(f, "", "Add", "", {"AlphaMulX", "BetaCast"}, {"AlphaMulXAddBeta"});
  node(f, "", "Min", "", {"AlphaMulXAddBeta", "OneCast"}, {"MinOneOrAlphaMulXAddBeta"});
  node(f, "", "Max", "", {"MinOneOrAlphaMulXAddBeta", "ZeroCast"}, {"Y"});
  return f;
}

FunctionDef body_11() {
  FunctionDef f = start("HardSwish", 14, {"X"}, {"Y"}, {});
  f.opsets[""] = 14;
  node(f, "", "HardSigmoid", "", {"X"}, {"HS_X"});
  give(f, "alpha", real(0.1666666716337204));
  give(f, "beta", real(0.5));
  node(f, "", "Mul", "", {"X", "HS_X"}, {"Y"});
  return f;
}

FunctionDef body_12() {
  FunctionDef f = start("HardSwish", 22, {"X"}, {"Y"}, {});
  f.opsets[""] = 22;
  node(f, "", "HardSigmoid", "", {"X"}, {"HS_X"});
  give(f, "alpha", real(0.1666666716337204));
  give(f, "beta", real(0.5));
  node(f, "", "Mul", "", {"X", "HS_X"}, {"Y"});
  return f;
}

FunctionDef body_13() {
  FunctionDef f = start("LeakyRelu", 16, {"X"}, {"Y"}, {"alpha"});
  f.defaults["alpha"] = real(0.009999999776482582);
  f.opsets[""] = 16;
  node(f, "", "Constant", "", {}, {"Alpha"});
  give(f, "value_float", reference("alpha"));
  node(f, "", "CastLike", "", {"Alpha", "X"}, {"AlphaCast"});
  node(f, "", "Constant", "", {}, {"Zero"});
  give(f, "value", tensor(FloatTensor{DType::f32, {}, {0.0}}));
  node(f, "", "CastLike", "", {"Zero", "X"}, {"ZeroCast"});
  node(f, "", "Less", "", {"X", "ZeroCast"}, {"XLessThanZero"});
  node(f, "", "Mul", "", {"AlphaCast", "X"}, {"AlphaMulX"});
  node(f, "", "Where", "", {"XLessThanZero", "AlphaMulX", "X"}, {"Y"});
  return f;
}

FunctionDef body_14() {
  FunctionDef f = start("LessOrEqual", 12, {"A", "B"}, {"C"}, {});
  f.opsets[""] = 12;
  node(f, "", "Less", "", {"A", "B"}, {"O1"});
  node(f, "", "Equal", "", {"A", "B"}, {"O2"});
  node(f, "", "Or", "", {"O1", "O2"}, {"C"});
  return f;
}

FunctionDef body_15() {
  FunctionDef f = start("LessOrEqual", 16, {"A", "B"}, {"C"}, {});
  f.opsets[""] = 16;
  node(f, "", "Less", "", {"A", "B"}, {"O1"});
  node(f, "", "Equal", "", {"A", "B"}, {"O2"});
  node(f, "", "Or", "", {"O1", "O2"}, {"C"});
  return f;
}

FunctionDef body_16() {
  FunctionDef f = start("MeanVarianceNormalization", 9, {"X"}, {"Y"}, {"axes"});
  f.defaults["axes"] = integers({0, 2, 3});
  f.opsets[""] = 9;
  node(f, "", "Constant", "", {}, {"Exponent"});
  give(f, "value", tensor(FloatTensor{DType::f32, {}, {2.0}}));
  node(f, "", "Constant", "", {}, {"Epsilon"});
  give(f, "value", tensor(FloatTensor{DType::f32, {}, {9.999999717180685e-10}}));
  node(f, "", "ReduceMean", "", {"X"}, {"X_RM"});
  give(f, "axes", reference("axes"));
  node(f, "", "Pow", "", {"X_RM", "Exponent"}, {"EX_squared"});
  node(f, "", "Pow", "", {"X", "Exponent"}, {"X_squared"});
  node(f, "", "ReduceMean", "", {"X_squared"}, {"E_Xsquared"});
  give(f, "axes", reference("axes"));
  node(f, "", "Sub", "", {"E_Xsquared", "EX_squared"}, {"Variance"});
  node(f, "", "Sqrt", "", {"Variance"}, {"STD"});
  node(f, "", "Sub", "", {"X", "X_RM"}, {"X_variance"});
  node(f, "", "Add", "", {"STD", "Epsilon"}, {"Processed_STD"});
  node(f, "", "Div", "", {"X_variance", "Processed_STD"}, {"Y"});
  return f;
}

FunctionDef body_17() {
  FunctionDef f = start("MeanVarianceNormalization", 13, {"X"}, {"Y"}, {"axes"});
  f.defaults["axes"] = integers({0, 2, 3});
  f.opsets[""] = 18;
  node(f, "", "Constant", "", {}, {"Exponent"});
  give(f, "value", tensor(FloatTensor{DType::f32, {}, {2.0}}));
  node(f, "", "Constant", "", {}, {"Epsilon"});
  give(f, "value", tensor(FloatTensor{DType::f32, {}, {9.999999717180685e-10}}));
  node(f, "", "Constant", "", {}, {"axes"});
  give(f, "value_ints", reference("axes"));
  node(f, "", "ReduceMean", "", {"X", "axes"}, {"X_RM"});
  node(f, "", "Pow", "", {"X_RM", "Exponent"}, {"EX_squared"});
  node(f, "", "Pow", "", {"X", "Exponent"}, {"X_squared"});
  node(f, "", "ReduceMean", "", {"X_squared", "axes"}, {"E_Xsquared"});
  node(f, "", "Sub", "", {"E_Xsquared", "EX_squared"}, {"Variance"});
  node(f, "", "Sqrt", "", {"Variance"}, {"STD"});
  node(f, "", "Sub", "", {"X", "X_RM"}, {"X_variance"});
  node(f, "", "Add", "", {"STD", "Epsilon"}, {"Processed_STD"});
  node(f, "", "Div", "", {"X_variance", "Processed_STD"}, {"Y"});
  return f;
}

FunctionDef body_18() {
  FunctionDef f = start("Mish", 18, {"X"}, {"Y"}, {});
  f.opsets[""] = 18;
  node(f, "", "Softplus", "", {"X"}, {"Softplus_X"});
  node(f, "", "Tanh", "", {"Softplus_X"}, {"TanHSoftplusX"});
  node(f, "", "Mul", "", {"X", "TanHSoftplusX"}, {"Y"});
  return f;
}

FunctionDef body_19() {
  FunctionDef f = start("Mish", 22, {"X"}, {"Y"}, {});
  f.opsets[""] = 22;
  node(f, "", "Softplus", "", {"X"}, {"Softplus_X"});
  node(f, "", "Tanh", "", {"Softplus_X"}, {"TanHSoftplusX"});
  node(f, "", "Mul", "", {"X", "TanHSoftplusX"}, {"Y"});
  return f;
}

FunctionDef body_20() {
  FunctionDef f = start("PRelu", 16, {"X", "slope"}, {"Y"}, {});
  f.opsets[""] = 16;
  node(f, "", "Constant", "", {}, {"Zero"});
  give(f, "value", tensor(FloatTensor{DType::f32, {}, {0.0}}));
  node(f, "", "CastLike", "", {"Zero", "X"}, {"ZeroCast"});
  node(f, "", "Less", "", {"X", "ZeroCast"}, {"XLessThanZero"});
  node(f, "", "Mul", "", {"slope", "X"}, {"SlopeMulX"});
  node(f, "", "Where", "", {"XLessThanZero", "SlopeMulX", "X"}, {"Y"});
  return f;
}

FunctionDef body_21() {
  FunctionDef f = start("ReduceL1", 18, {"data", "axes"}, {"reduced"}, {"noop_with_empty_axes", "keepdims"});
  f.defaults["noop_with_empty_axes"] = integer(0);
  f.defaults["keepdims"] = integer(1);
  f.opsets[""] = 18;
  node(f, "", "Abs", "", {"data"}, {"data_abs"});
  node(f, "", "ReduceSum", "", {"data_abs", "axes"}, {"reduced"});
  give(f, "keepdims", reference("keepdims"));
  give(f, "noop_with_empty_axes", reference("noop_with_empty_axes"));
  return f;
}

FunctionDef body_22() {
  FunctionDef f = start("ReduceL2", 18, {"data", "axes"}, {"reduced"}, {"noop_with_empty_axes", "keepdims"});
  f.defaults["noop_with_empty_axes"] = integer(0);
  f.defaults["keepdims"] = integer(1);
  f.opsets[""] = 18;
  node(f, "", "Mul", "", {"data", "data"}, {"data_square"});
  node(f, "", "ReduceSum", "", {"data_square", "axes"}, {"sum_square"});
  give(f, "keepdims", reference("keepdims"));
  give(f, "noop_with_empty_axes", reference("noop_with_empty_axes"));
  node(f, "", "Cast", "", {"sum_square"}, {"sum_square_dbl"});
  give(f, "to", integer(1));
  node(f, "", "Sqrt", "", {"sum_square_dbl"}, {"sqrt"});
  node(f, "", "CastLike", "", {"sqrt", "data"}, {"reduced"});
  return f;
}

FunctionDef body_23() {
  FunctionDef f = start("ReduceLogSum", 18, {"data", "axes"}, {"reduced"}, {"noop_with_empty_axes", "keepdims"});
  f.defaults["noop_with_empty_axes"] = integer(0);
  f.defaults["keepdims"] = integer(1);
  f.opsets[""] = 18;
  node(f, "", "ReduceSum", "", {"data", "axes"}, {"reduced_sum"});
  give(f, "keepdims", reference("keepdims"));
  give(f, "noop_with_empty_axes", reference("noop_with_empty_axes"));
  node(f, "", "Log", "", {"reduced_sum"}, {"reduced"});
  return f;
}

FunctionDef body_24() {
  FunctionDef f = start("ReduceLogSum", 28, {"data", "axes"}, {"reduced"}, {"noop_with_empty_axes", "keepdims"});
  f.defaults["noop_with_empty_axes"] = integer(0);
  f.defaults["keepdims"] = integer(1);
  f.opsets[""] = 28;
  node(f, "", "ReduceSum", "", {"data", "axes"}, {"reduced_sum"});
  give(f, "keepdims", reference("keepdims"));
  give(f, "noop_with_empty_axes", reference("noop_with_empty_axes"));
  node(f, "", "Log", "", {"reduced_sum"}, {"reduced"});
  return f;
}

FunctionDef body_25() {
  FunctionDef f = start("ReduceLogSumExp", 18, {"data", "axes"}, {"reduced"}, {"noop_with_empty_axes", "keepdims"});
  f.defaults["noop_with_empty_axes"] = integer(0);
  f.defaults["keepdims"] = integer(1);
  f.opsets[""] = 18;
  node(f, "", "Cast", "", {"data"}, {"data_double"});
  give(f, "to", integer(11));
  node(f, "", "Exp", "", {"data_double"}, {"data_exp"});
  node(f, "", "ReduceSum", "", {"data_exp", "axes"}, {"reduced_sum"});
  give(f, "keepdims", reference("keepdims"));
  give(f, "noop_with_empty_axes", reference("noop_with_empty_axes"));
  node(f, "", "Log", "", {"reduced_sum"}, {"reduced_double"});
  node(f, "", "CastLike", "", {"reduced_double", "data"}, {"reduced"});
  return f;
}

FunctionDef body_26() {
  FunctionDef f = start("ReduceLogSumExp", 28, {"data", "axes"}, {"reduced"}, {"noop_with_empty_axes", "keepdims"});
  f.defaults["noop_with_empty_axes"] = integer(0);
  f.defaults["keepdims"] = integer(1);
  f.opsets[""] = 28;
  node(f, "", "Cast", "", {"data"}, {"data_double"});
  give(f, "to", integer(11));
  node(f, "", "Exp", "", {"data_double"}, {"data_exp"});
  node(f, "", "ReduceSum", "", {"data_exp", "axes"}, {"reduced_sum"});
  give(f, "keepdims", reference("keepdims"));
  give(f, "noop_with_empty_axes", reference("noop_with_empty_axes"));
  node(f, "", "Log", "", {"reduced_sum"}, {"reduced_double"});
  node(f, "", "CastLike", "", {"reduced_double", "data"}, {"reduced"});
  return f;
}

FunctionDef body_27() {
  FunctionDef f = start("ReduceSumSquare", 18, {"data", "axes"}, {"reduced"}, {"noop_with_empty_axes", "keepdims"});
  f.defaults["noop_with_empty_axes"] = integer(0);
  f.defaults["keepdims"] = integer(1);
  f.opsets[""] = 18;
  node(f, "", "Mul", "", {"data", "data"}, {"data_square"});
  node(f, "", "ReduceSum", "", {"data_square", "axes"}, {"reduced"});
  give(f, "keepdims", reference("keepdims"));
  give(f, "noop_with_empty_axes", reference("noop_with_empty_axes"));
  return f;
}

FunctionDef body_28() {
  FunctionDef f = start("Relu", 14, {"X"}, {"Y"}, {});
  f.opsets[""] = 18;
  node(f, "", "Constant", "", {}, {"Zero"});
  give(f, "value", tensor(FloatTensor{DType::f32, {}, {0.0}}));
  node(f, "", "CastLike", "", {"Zero", "X"}, {"ZeroCast"});
  node(f, "", "Max", "", {"X", "ZeroCast"}, {"Y"});
  return f;
}

FunctionDef body_29() {
  FunctionDef f = start("Selu", 6, {"X"}, {"Y"}, {"gamma", "alpha"});
  f.defaults["gamma"] = real(1.0507010221481323);
  f.defaults["alpha"] = real(1.6732631921768188);
  f.opsets[""] = 18;
  node(f, "", "Constant", "", {}, {"Alpha"});
  give(f, "value_float", reference("alpha"));
  node(f, "", "CastLike", "", {"Alpha", "X"}, {"AlphaCast"});
  node(f, "", "Constant", "", {}, {"Gamma"});
  give(f, "value_float", reference("gamma"));
  node(f, "", "CastLike", "", {"Gamma", "X"}, {"GammaCast"});
  node(f, "", "Constant", "", {}, {"Zero"});
  give(f, "value", tensor(FloatTensor{DType::f32, {}, {0.0}}));
  node(f, "", "CastLike", "", {"Zero", "X"}, {"ZeroCast"});
  node(f, "", "Exp", "", {"X"}, {"ExpX"});
  node(f, "", "Mul", "", {"AlphaCast", "ExpX"}, {"AlphaMulExpX"});
  node(f, "", "Sub", "", {"AlphaMulExpX", "AlphaCast"}, {"AlphaMulExpXSubAlpha"});
  node(f, "", "Mul", "", {"GammaCast", "AlphaMulExpXSubAlpha"}, {"Neg"});
  node(f, "", "Mul", "", {"GammaCast", "X"}, {"Pos"});
  node(f, "", "Less", "", {"X", "ZeroCast"}, {"XLessThanZero"});
  node(f, "", "Where", "", {"XLessThanZero", "Neg", "Pos"}, {"Y"});
  return f;
}

FunctionDef body_30() {
  FunctionDef f = start("Selu", 22, {"X"}, {"Y"}, {"gamma", "alpha"});
  f.defaults["gamma"] = real(1.0507010221481323);
  f.defaults["alpha"] = real(1.6732631921768188);
  f.opsets[""] = 18;
  node(f, "", "Constant", "", {}, {"Alpha"});
  give(f, "value_float", reference("alpha"));
  node(f, "", "CastLike", "", {"Alpha", "X"}, {"AlphaCast"});
  node(f, "", "Constant", "", {}, {"Gamma"});
  give(f, "value_float", reference("gamma"));
  node(f, "", "CastLike", "", {"Gamma", "X"}, {"GammaCast"});
  node(f, "", "Constant", "", {}, {"Zero"});
  give(f, "value", tensor(FloatTensor{DType::f32, {}, {0.0}}));
  node(f, "", "CastLike", "", {"Zero", "X"}, {"ZeroCast"});
  node(f, "", "Exp", "", {"X"}, {"ExpX"});
  node(f, "", "Mul", "", {"AlphaCast", "ExpX"}, {"AlphaMulExpX"});
  node(f, "", "Sub", "", {"AlphaMulExpX", "AlphaCast"}, {"AlphaMulExpXSubAlpha"});
  node(f, "", "Mul", "", {"GammaCast", "AlphaMulExpXSubAlpha"}, {"Neg"});
  node(f, "", "Mul", "", {"GammaCast", "X"}, {"Pos"});
  node(f, "", "Less", "", {"X", "ZeroCast"}, {"XLessThanZero"});
  node(f, "", "Where", "", {"XLessThanZero", "Neg", "Pos"}, {"Y"});
  return f;
}

FunctionDef body_31() {
  FunctionDef f = start("Shrink", 9, {"input"}, {"output"}, {"bias", "lambd"});
  f.defaults["bias"] = real(0.0);
  f.defaults["lambd"] = real(0.5);
  f.opsets[""] = 18;
  node(f, "", "Constant", "", {}, {"Lambd"});
  give(f, "value_float", reference("lambd"));
  node(f, "", "CastLike", "", {"Lambd", "input"}, {"LambdCast"});
  node(f, "", "Constant", "", {}, {"Bias"});
  give(f, "value_float", reference("bias"));
  node(f, "", "CastLike", "", {"Bias", "input"}, {"BiasCast"});
  node(f, "", "Constant", "", {}, {"Zero"});
  give(f, "value", tensor(FloatTensor{DType::f32, {}, {0.0}}));
  node(f, "", "CastLike", "", {"Zero", "input"}, {"ZeroCast"});
  node(f, "", "Neg", "", {"LambdCast"}, {"NegLmbda"});
  node(f, "", "Less", "", {"input", "NegLmbda"}, {"InputLessThanNegLambda"});
  node(f, "", "Add", "", {"input", "BiasCast"}, {"InputAddBias"});
  node(f, "", "Sub", "", {"input", "BiasCast"}, {"InputSubBias"});
  node(f, "", "Less", "", {"LambdCast", "input"}, {"LambdaLessThanInput"});
  node(f, "", "Where", "", {"LambdaLessThanInput", "InputSubBias", "ZeroCast"}, {"InputSubBiasOrZero"});
  node(f, "", "Where", "", {"InputLessThanNegLambda", "InputAddBias", "InputSubBiasOrZero"}, {"output"});
  return f;
}

FunctionDef body_32() {
  FunctionDef f = start("Softplus", 1, {"X"}, {"Y"}, {});
  f.opsets[""] = 18;
  node(f, "", "Exp", "", {"X"}, {"exp_x"});
  node(f, "", "Constant", "", {}, {"one"});
  give(f, "value", tensor(FloatTensor{DType::f32, {}, {1.0}}));
  node(f, "", "CastLike", "", {"one", "X"}, {"one_cast"});
  node(f, "", "Add", "", {"exp_x", "one_cast"}, {"exp_x_add_one"});
  node(f, "", "Log", "", {"exp_x_add_one"}, {"Y"});
  return f;
}

FunctionDef body_33() {
  FunctionDef f = start("Softplus", 22, {"X"}, {"Y"}, {});
  f.opsets[""] = 18;
  node(f, "", "Exp", "", {"X"}, {"exp_x"});
  node(f, "", "Constant", "", {}, {"one"});
  give(f, "value", tensor(FloatTensor{DType::f32, {}, {1.0}}));
  node(f, "", "CastLike", "", {"one", "X"}, {"one_cast"});
  node(f, "", "Add", "", {"exp_x", "one_cast"}, {"exp_x_add_one"});
  node(f, "", "Log", "", {"exp_x_add_one"}, {"Y"});
  return f;
}

FunctionDef body_34() {
  FunctionDef f = start("Softsign", 1, {"input"}, {"output"}, {});
  f.opsets[""] = 18;
  node(f, "", "Constant", "", {}, {"One"});
  give(f, "value", tensor(FloatTensor{DType::f32, {}, {1.0}}));
  node(f, "", "CastLike", "", {"One", "input"}, {"OneCast"});
  node(f, "", "Abs", "", {"input"}, {"AbsInput"});
  node(f, "", "Add", "", {"OneCast", "AbsInput"}, {"OneAddAbsInput"});
  node(f, "", "Div", "", {"input", "OneAddAbsInput"}, {"output"});
  return f;
}

FunctionDef body_35() {
  FunctionDef f = start("Softsign", 22, {"input"}, {"output"}, {});
  f.opsets[""] = 18;
  node(f, "", "Constant", "", {}, {"One"});
  give(f, "value", tensor(FloatTensor{DType::f32, {}, {1.0}}));
  node(f, "", "CastLike", "", {"One", "input"}, {"OneCast"});
  node(f, "", "Abs", "", {"input"}, {"AbsInput"});
  node(f, "", "Add", "", {"OneCast", "AbsInput"}, {"OneAddAbsInput"});
  node(f, "", "Div", "", {"input", "OneAddAbsInput"}, {"output"});
  return f;
}

FunctionDef body_36() {
  FunctionDef f = start("SwiGLU", 28, {"A", "B"}, {"Y"}, {"alpha"});
  f.defaults["alpha"] = real(1.0);
  f.opsets[""] = 28;
  node(f, "", "Swish", "", {"A"}, {"SwishGate"});
  give(f, "alpha", reference("alpha"));
  node(f, "", "Mul", "", {"SwishGate", "B"}, {"Y"});
  return f;
}

FunctionDef body_37() {
  FunctionDef f = start("Swish", 24, {"X"}, {"Y"}, {"alpha"});
  f.defaults["alpha"] = real(1.0);
  f.opsets[""] = 24;
  node(f, "", "Constant", "", {}, {"Alpha"});
  give(f, "value_float", reference("alpha"));
  node(f, "", "CastLike", "", {"Alpha", "X"}, {"AlphaCast"});
  node(f, "", "Mul", "", {"AlphaCast", "X"}, {"AlphaMulX"});
  node(f, "", "Sigmoid", "", {"AlphaMulX"}, {"SigmoidAlphaMulX"});
  node(f, "", "Mul", "", {"X", "SigmoidAlphaMulX"}, {"Y"});
  return f;
}

FunctionDef body_38() {
  FunctionDef f = start("ThresholdedRelu", 10, {"X"}, {"Y"}, {"alpha"});
  f.defaults["alpha"] = real(1.0);
  f.opsets[""] = 18;
  node(f, "", "Constant", "", {}, {"Alpha"});
  give(f, "value_float", reference("alpha"));
  node(f, "", "CastLike", "", {"Alpha", "X"}, {"AlphaCast"});
  node(f, "", "Constant", "", {}, {"Zero"});
  give(f, "value", tensor(FloatTensor{DType::f32, {}, {0.0}}));
  node(f, "", "CastLike", "", {"Zero", "X"}, {"ZeroCast"});
  node(f, "", "Less", "", {"AlphaCast", "X"}, {"AlphaLessThanX"});
  node(f, "", "Where", "", {"AlphaLessThanX", "X", "ZeroCast"}, {"Y"});
  return f;
}

FunctionDef body_39() {
  FunctionDef f = start("ThresholdedRelu", 22, {"X"}, {"Y"}, {"alpha"});
  f.defaults["alpha"] = real(1.0);
  f.opsets[""] = 18;
  node(f, "", "Constant", "", {}, {"Alpha"});
  give(f, "value_float", reference("alpha"));
  node(f, "", "CastLike", "", {"Alpha", "X"}, {"AlphaCast"});
  node(f, "", "Constant", "", {}, {"Zero"});
  give(f, "value", tensor(FloatTensor{DType::f32, {}, {0.0}}));
  node(f, "", "CastLike", "", {"Zero", "X"}, {"ZeroCast"});
  node(f, "", "Less", "", {"AlphaCast", "X"}, {"AlphaLessThanX"});
  node(f, "", "Where", "", {"AlphaLessThanX", "X", "ZeroCast"}, {"Y"});
  return f;
}

// clang-format on
}  // namespace

const std::vector<FunctionDef>& onnx_function_bodies() {
  static const std::vector<FunctionDef> bodies = [] {
    std::vector<FunctionDef> all;
    all.push_back(body_0());
    all.push_back(body_1());
    all.push_back(body_2());
    all.push_back(body_3());
    all.push_back(body_4());
    all.push_back(body_5());
    all.push_back(body_6());
    all.push_back(body_7());
    all.push_back(body_8());
    all.push_back(body_9());
    all.push_back(body_10());
    all.push_back(body_11());
    all.push_back(body_12());
    all.push_back(body_13());
    all.push_back(body_14());
    all.push_back(body_15());
    all.push_back(body_16());
    all.push_back(body_17());
    all.push_back(body_18());
    all.push_back(body_19());
    all.push_back(body_20());
    all.push_back(body_21());
    all.push_back(body_22());
    all.push_back(body_23());
    all.push_back(body_24());
    all.push_back(body_25());
    all.push_back(body_26());
    all.push_back(body_27());
    all.push_back(body_28());
    all.push_back(body_29());
    all.push_back(body_30());
    all.push_back(body_31());
    all.push_back(body_32());
    all.push_back(body_33());
    all.push_back(body_34());
    all.push_back(body_35());
    all.push_back(body_36());
    all.push_back(body_37());
    all.push_back(body_38());
    all.push_back(body_39());
    return all;
  }();
  return bodies;
}

}  // namespace ezkl
