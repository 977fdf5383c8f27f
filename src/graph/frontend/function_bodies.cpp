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

}  // namespace

const std::vector<FunctionDef>& onnx_function_bodies() {
  static const std::vector<FunctionDef> bodies = {
      // clang-format off
      {"BlackmanWindow", "", 17, {"size"}, {"output"}, {"periodic", "output_datatype"}, {{"periodic", integer(1)}, {"output_datatype", integer(1)}},
       {
       {"", "Constant", "", {}, {"A0"}, {{"value", tensor(FloatTensor{DType::f32, {}, {0.41999998688697815}})}}},
       {"", "Constant", "", {}, {"A1"}, {{"value", tensor(FloatTensor{DType::f32, {}, {0.5}})}}},
       {"", "Constant", "", {}, {"A2"}, {{"value", tensor(FloatTensor{DType::f32, {}, {0.07999999821186066}})}}},
       {"", "Constant", "", {}, {"Zero"}, {{"value", tensor(FloatTensor{DType::f32, {}, {0.0}})}}},
       {"", "Constant", "", {}, {"One"}, {{"value", tensor(FloatTensor{DType::f32, {}, {1.0}})}}},
       {"", "Constant", "", {}, {"Two"}, {{"value", tensor(FloatTensor{DType::f32, {}, {2.0}})}}},
       {"", "Constant", "", {}, {"Tau"}, {{"value", tensor(FloatTensor{DType::f32, {}, {6.2831854820251465}})}}},
       {"", "Cast", "", {"size"}, {"Periodic_Size_FP"}, {{"to", integer(1)}}},
       {"", "Sub", "", {"Periodic_Size_FP", "One"}, {"Symmetric_Size_FP"}, {}},
       {"", "Constant", "", {}, {"IsPeriodic"}, {{"value_int", reference("periodic")}}},
       {"", "Cast", "", {"IsPeriodic"}, {"IsPeriodic_FP"}, {{"to", integer(1)}}},
       {"", "Sub", "", {"One", "IsPeriodic_FP"}, {"IsSymmetric_FP"}, {}},
       {"", "Mul", "", {"Periodic_Size_FP", "IsPeriodic_FP"}, {"Periodic_Component"}, {}},
       {"", "Mul", "", {"Symmetric_Size_FP", "IsSymmetric_FP"}, {"Symmetric_Component"}, {}},
       {"", "Add", "", {"Periodic_Component", "Symmetric_Component"}, {"Size_FP"}, {}},
       {"", "Div", "", {"Tau", "Size_FP"}, {"AngularIncrement"}, {}},
       {"", "Range", "", {"Zero", "Periodic_Size_FP", "One"}, {"Range"}, {}},
       {"", "Mul", "", {"Range", "AngularIncrement"}, {"RangeAngular"}, {}},
       {"", "Mul", "", {"RangeAngular", "Two"}, {"TwoRangeAngular"}, {}},
       {"", "Cos", "", {"TwoRangeAngular"}, {"CosTwoRangeAngular"}, {}},
       {"", "Mul", "", {"A2", "CosTwoRangeAngular"}, {"A2_Component"}, {}},
       {"", "Cos", "", {"RangeAngular"}, {"CosRangeAngular"}, {}},
       {"", "Mul", "", {"A1", "CosRangeAngular"}, {"A1_Component"}, {}},
       {"", "Sub", "", {"A0", "A1_Component"}, {"Temp0"}, {}},
       {"", "Add", "", {"Temp0", "A2_Component"}, {"Temp1"}, {}},
       {"", "Cast", "", {"Temp1"}, {"output"}, {{"to", reference("output_datatype")}}},
       },
       {{"", 17}}},
      {"Celu", "", 28, {"X"}, {"Y"}, {"alpha"}, {{"alpha", real(1.0)}},
       {
       {"", "Constant", "", {}, {"Alpha"}, {{"value_float", reference("alpha")}}},
       {"", "CastLike", "", {"Alpha", "X"}, {"AlphaCast"}, {}},
       {"", "Div", "", {"X", "AlphaCast"}, {"XScaled"}, {}},
       {"", "Elu", "", {"XScaled"}, {"EluResult"}, {{"alpha", real(1.0)}}},
       {"", "Mul", "", {"AlphaCast", "EluResult"}, {"Y"}, {}},
       },
       {{"", 28}}},
      {"DynamicQuantizeLinear", "", 11, {"x"}, {"y", "y_scale", "y_zero_point"}, {}, {},
       {
       {"", "Constant", "", {}, {"Q_Min"}, {{"value", tensor(FloatTensor{DType::f32, {}, {0.0}})}}},
       {"", "Constant", "", {}, {"Q_Max"}, {{"value", tensor(FloatTensor{DType::f32, {}, {255.0}})}}},
       {"", "ReduceMin", "", {"x"}, {"X_Min"}, {{"keepdims", integer(0)}}},
       {"", "Min", "", {"X_Min", "Q_Min"}, {"X_Min_Adjusted"}, {}},
       {"", "ReduceMax", "", {"x"}, {"X_Max"}, {{"keepdims", integer(0)}}},
       {"", "Max", "", {"X_Max", "Q_Min"}, {"X_Max_Adjusted"}, {}},
       {"", "Sub", "", {"X_Max_Adjusted", "X_Min_Adjusted"}, {"X_Range"}, {}},
       {"", "Div", "", {"X_Range", "Q_Max"}, {"Scale"}, {}},
       {"", "Div", "", {"X_Min_Adjusted", "Scale"}, {"Min_Scaled"}, {}},
       {"", "Sub", "", {"Q_Min", "Min_Scaled"}, {"Initial_ZeroPoint_FP"}, {}},
       {"", "Clip", "", {"Initial_ZeroPoint_FP", "Q_Min", "Q_Max"}, {"Clipped_ZeroPoint_FP"}, {}},
       {"", "Round", "", {"Clipped_ZeroPoint_FP"}, {"Rounded_ZeroPoint_FP"}, {}},
       {"", "Cast", "", {"Rounded_ZeroPoint_FP"}, {"Zeropoint"}, {{"to", integer(2)}}},
       {"", "Identity", "", {"Scale"}, {"y_scale"}, {}},
       {"", "Identity", "", {"Zeropoint"}, {"y_zero_point"}, {}},
       {"", "QuantizeLinear", "", {"x", "Scale", "Zeropoint"}, {"y"}, {}},
       },
       {{"", 11}}},
      {"Elu", "", 6, {"X"}, {"Y"}, {"alpha"}, {{"alpha", real(1.0)}},
       {
       {"", "Constant", "", {}, {"Alpha"}, {{"value_float", reference("alpha")}}},
       {"", "CastLike", "", {"Alpha", "X"}, {"AlphaCast"}, {}},
       {"", "Constant", "", {}, {"Zero"}, {{"value", tensor(FloatTensor{DType::f32, {}, {0.0}})}}},
       {"", "CastLike", "", {"Zero", "X"}, {"ZeroCast"}, {}},
       {"", "Constant", "", {}, {"One"}, {{"value", tensor(FloatTensor{DType::f32, {}, {1.0}})}}},
       {"", "CastLike", "", {"One", "X"}, {"OneCast"}, {}},
       {"", "Less", "", {"X", "ZeroCast"}, {"XLessThanZero"}, {}},
       {"", "Exp", "", {"X"}, {"ExpX"}, {}},
       {"", "Sub", "", {"ExpX", "OneCast"}, {"ExpXSubOne"}, {}},
       {"", "Mul", "", {"AlphaCast", "ExpXSubOne"}, {"AlphaMulExpXSubOne"}, {}},
       {"", "Where", "", {"XLessThanZero", "AlphaMulExpXSubOne", "X"}, {"Y"}, {}},
       },
       {{"", 18}}},
      {"Elu", "", 22, {"X"}, {"Y"}, {"alpha"}, {{"alpha", real(1.0)}},
       {
       {"", "Constant", "", {}, {"Alpha"}, {{"value_float", reference("alpha")}}},
       {"", "CastLike", "", {"Alpha", "X"}, {"AlphaCast"}, {}},
       {"", "Constant", "", {}, {"Zero"}, {{"value", tensor(FloatTensor{DType::f32, {}, {0.0}})}}},
       {"", "CastLike", "", {"Zero", "X"}, {"ZeroCast"}, {}},
       {"", "Constant", "", {}, {"One"}, {{"value", tensor(FloatTensor{DType::f32, {}, {1.0}})}}},
       {"", "CastLike", "", {"One", "X"}, {"OneCast"}, {}},
       {"", "Less", "", {"X", "ZeroCast"}, {"XLessThanZero"}, {}},
       {"", "Exp", "", {"X"}, {"ExpX"}, {}},
       {"", "Sub", "", {"ExpX", "OneCast"}, {"ExpXSubOne"}, {}},
       {"", "Mul", "", {"AlphaCast", "ExpXSubOne"}, {"AlphaMulExpXSubOne"}, {}},
       {"", "Where", "", {"XLessThanZero", "AlphaMulExpXSubOne", "X"}, {"Y"}, {}},
       },
       {{"", 18}}},
      {"GreaterOrEqual", "", 12, {"A", "B"}, {"C"}, {}, {},
       {
       {"", "Greater", "", {"A", "B"}, {"O1"}, {}},
       {"", "Equal", "", {"A", "B"}, {"O2"}, {}},
       {"", "Or", "", {"O1", "O2"}, {"C"}, {}},
       },
       {{"", 12}}},
      {"GreaterOrEqual", "", 16, {"A", "B"}, {"C"}, {}, {},
       {
       {"", "Greater", "", {"A", "B"}, {"O1"}, {}},
       {"", "Equal", "", {"A", "B"}, {"O2"}, {}},
       {"", "Or", "", {"O1", "O2"}, {"C"}, {}},
       },
       {{"", 16}}},
      {"HammingWindow", "", 17, {"size"}, {"output"}, {"periodic", "output_datatype"}, {{"periodic", integer(1)}, {"output_datatype", integer(1)}},
       {
       {"", "Constant", "", {}, {"A0"}, {{"value", tensor(FloatTensor{DType::f32, {}, {0.54347825050354}})}}},
       {"", "Constant", "", {}, {"A1"}, {{"value", tensor(FloatTensor{DType::f32, {}, {0.45652174949645996}})}}},
       {"", "Constant", "", {}, {"A2"}, {{"value", tensor(FloatTensor{DType::f32, {}, {0.0}})}}},
       {"", "Constant", "", {}, {"Zero"}, {{"value", tensor(FloatTensor{DType::f32, {}, {0.0}})}}},
       {"", "Constant", "", {}, {"One"}, {{"value", tensor(FloatTensor{DType::f32, {}, {1.0}})}}},
       {"", "Constant", "", {}, {"Two"}, {{"value", tensor(FloatTensor{DType::f32, {}, {2.0}})}}},
       {"", "Constant", "", {}, {"Tau"}, {{"value", tensor(FloatTensor{DType::f32, {}, {6.2831854820251465}})}}},
       {"", "Cast", "", {"size"}, {"Periodic_Size_FP"}, {{"to", integer(1)}}},
       {"", "Sub", "", {"Periodic_Size_FP", "One"}, {"Symmetric_Size_FP"}, {}},
       {"", "Constant", "", {}, {"IsPeriodic"}, {{"value_int", reference("periodic")}}},
       {"", "Cast", "", {"IsPeriodic"}, {"IsPeriodic_FP"}, {{"to", integer(1)}}},
       {"", "Sub", "", {"One", "IsPeriodic_FP"}, {"IsSymmetric_FP"}, {}},
       {"", "Mul", "", {"Periodic_Size_FP", "IsPeriodic_FP"}, {"Periodic_Component"}, {}},
       {"", "Mul", "", {"Symmetric_Size_FP", "IsSymmetric_FP"}, {"Symmetric_Component"}, {}},
       {"", "Add", "", {"Periodic_Component", "Symmetric_Component"}, {"Size_FP"}, {}},
       {"", "Div", "", {"Tau", "Size_FP"}, {"AngularIncrement"}, {}},
       {"", "Range", "", {"Zero", "Periodic_Size_FP", "One"}, {"Range"}, {}},
       {"", "Mul", "", {"Range", "AngularIncrement"}, {"RangeAngular"}, {}},
       {"", "Mul", "", {"RangeAngular", "Two"}, {"TwoRangeAngular"}, {}},
       {"", "Cos", "", {"TwoRangeAngular"}, {"CosTwoRangeAngular"}, {}},
       {"", "Mul", "", {"A2", "CosTwoRangeAngular"}, {"A2_Component"}, {}},
       {"", "Cos", "", {"RangeAngular"}, {"CosRangeAngular"}, {}},
       {"", "Mul", "", {"A1", "CosRangeAngular"}, {"A1_Component"}, {}},
       {"", "Sub", "", {"A0", "A1_Component"}, {"Temp0"}, {}},
       {"", "Add", "", {"Temp0", "A2_Component"}, {"Temp1"}, {}},
       {"", "Cast", "", {"Temp1"}, {"output"}, {{"to", reference("output_datatype")}}},
       },
       {{"", 17}}},
      {"HannWindow", "", 17, {"size"}, {"output"}, {"periodic", "output_datatype"}, {{"periodic", integer(1)}, {"output_datatype", integer(1)}},
       {
       {"", "Constant", "", {}, {"A0"}, {{"value", tensor(FloatTensor{DType::f32, {}, {0.5}})}}},
       {"", "Constant", "", {}, {"A1"}, {{"value", tensor(FloatTensor{DType::f32, {}, {0.5}})}}},
       {"", "Constant", "", {}, {"A2"}, {{"value", tensor(FloatTensor{DType::f32, {}, {0.0}})}}},
       {"", "Constant", "", {}, {"Zero"}, {{"value", tensor(FloatTensor{DType::f32, {}, {0.0}})}}},
       {"", "Constant", "", {}, {"One"}, {{"value", tensor(FloatTensor{DType::f32, {}, {1.0}})}}},
       {"", "Constant", "", {}, {"Two"}, {{"value", tensor(FloatTensor{DType::f32, {}, {2.0}})}}},
       {"", "Constant", "", {}, {"Tau"}, {{"value", tensor(FloatTensor{DType::f32, {}, {6.2831854820251465}})}}},
       {"", "Cast", "", {"size"}, {"Periodic_Size_FP"}, {{"to", integer(1)}}},
       {"", "Sub", "", {"Periodic_Size_FP", "One"}, {"Symmetric_Size_FP"}, {}},
       {"", "Constant", "", {}, {"IsPeriodic"}, {{"value_int", reference("periodic")}}},
       {"", "Cast", "", {"IsPeriodic"}, {"IsPeriodic_FP"}, {{"to", integer(1)}}},
       {"", "Sub", "", {"One", "IsPeriodic_FP"}, {"IsSymmetric_FP"}, {}},
       {"", "Mul", "", {"Periodic_Size_FP", "IsPeriodic_FP"}, {"Periodic_Component"}, {}},
       {"", "Mul", "", {"Symmetric_Size_FP", "IsSymmetric_FP"}, {"Symmetric_Component"}, {}},
       {"", "Add", "", {"Periodic_Component", "Symmetric_Component"}, {"Size_FP"}, {}},
       {"", "Div", "", {"Tau", "Size_FP"}, {"AngularIncrement"}, {}},
       {"", "Range", "", {"Zero", "Periodic_Size_FP", "One"}, {"Range"}, {}},
       {"", "Mul", "", {"Range", "AngularIncrement"}, {"RangeAngular"}, {}},
       {"", "Mul", "", {"RangeAngular", "Two"}, {"TwoRangeAngular"}, {}},
       {"", "Cos", "", {"TwoRangeAngular"}, {"CosTwoRangeAngular"}, {}},
       {"", "Mul", "", {"A2", "CosTwoRangeAngular"}, {"A2_Component"}, {}},
       {"", "Cos", "", {"RangeAngular"}, {"CosRangeAngular"}, {}},
       {"", "Mul", "", {"A1", "CosRangeAngular"}, {"A1_Component"}, {}},
       {"", "Sub", "", {"A0", "A1_Component"}, {"Temp0"}, {}},
       {"", "Add", "", {"Temp0", "A2_Component"}, {"Temp1"}, {}},
       {"", "Cast", "", {"Temp1"}, {"output"}, {{"to", reference("output_datatype")}}},
       },
       {{"", 17}}},
      {"HardSigmoid", "", 6, {"X"}, {"Y"}, {"beta", "alpha"}, {{"beta", real(0.5)}, {"alpha", real(0.20000000298023224)}},
       {
       {"", "Constant", "", {}, {"Alpha"}, {{"value_float", reference("alpha")}}},
       {"", "CastLike", "", {"Alpha", "X"}, {"AlphaCast"}, {}},
       {"", "Constant", "", {}, {"Beta"}, {{"value_float", reference("beta")}}},
       {"", "CastLike", "", {"Beta", "X"}, {"BetaCast"}, {}},
       {"", "Constant", "", {}, {"Zero"}, {{"value", tensor(FloatTensor{DType::f32, {}, {0.0}})}}},
       {"", "CastLike", "", {"Zero", "X"}, {"ZeroCast"}, {}},
       {"", "Constant", "", {}, {"One"}, {{"value", tensor(FloatTensor{DType::f32, {}, {1.0}})}}},
       {"", "CastLike", "", {"One", "X"}, {"OneCast"}, {}},
       {"", "Mul", "", {"X", "AlphaCast"}, {"AlphaMulX"}, {}},
       {"", "Add", "", {"AlphaMulX", "BetaCast"}, {"AlphaMulXAddBeta"}, {}},
       {"", "Min", "", {"AlphaMulXAddBeta", "OneCast"}, {"MinOneOrAlphaMulXAddBeta"}, {}},
       {"", "Max", "", {"MinOneOrAlphaMulXAddBeta", "ZeroCast"}, {"Y"}, {}},
       },
       {{"", 18}}},
      {"HardSigmoid", "", 22, {"X"}, {"Y"}, {"beta", "alpha"}, {{"beta", real(0.5)}, {"alpha", real(0.20000000298023224)}},
       {
       {"", "Constant", "", {}, {"Alpha"}, {{"value_float", reference("alpha")}}},
       {"", "CastLike", "", {"Alpha", "X"}, {"AlphaCast"}, {}},
       {"", "Constant", "", {}, {"Beta"}, {{"value_float", reference("beta")}}},
       {"", "CastLike", "", {"Beta", "X"}, {"BetaCast"}, {}},
       {"", "Constant", "", {}, {"Zero"}, {{"value", tensor(FloatTensor{DType::f32, {}, {0.0}})}}},
       {"", "CastLike", "", {"Zero", "X"}, {"ZeroCast"}, {}},
       {"", "Constant", "", {}, {"One"}, {{"value", tensor(FloatTensor{DType::f32, {}, {1.0}})}}},
       {"", "CastLike", "", {"One", "X"}, {"OneCast"}, {}},
       {"", "Mul", "", {"X", "AlphaCast"}, {"AlphaMulX"}, {}},
       {"", "Add", "", {"AlphaMulX", "BetaCast"}, {"AlphaMulXAddBeta"}, {}},
       {"", "Min", "", {"AlphaMulXAddBeta", "OneCast"}, {"MinOneOrAlphaMulXAddBeta"}, {}},
       {"", "Max", "", {"MinOneOrAlphaMulXAddBeta", "ZeroCast"}, {"Y"}, {}},
       },
       {{"", 18}}},
      {"HardSwish", "", 14, {"X"}, {"Y"}, {}, {},
       {
       {"", "HardSigmoid", "", {"X"}, {"HS_X"}, {{"alpha", real(0.1666666716337204)}, {"beta", real(0.5)}}},
       {"", "Mul", "", {"X", "HS_X"}, {"Y"}, {}},
       },
       {{"", 14}}},
      {"HardSwish", "", 22, {"X"}, {"Y"}, {}, {},
       {
       {"", "HardSigmoid", "", {"X"}, {"HS_X"}, {{"alpha", real(0.1666666716337204)}, {"beta", real(0.5)}}},
       {"", "Mul", "", {"X", "HS_X"}, {"Y"}, {}},
       },
       {{"", 22}}},
      {"LeakyRelu", "", 16, {"X"}, {"Y"}, {"alpha"}, {{"alpha", real(0.009999999776482582)}},
       {
       {"", "Constant", "", {}, {"Alpha"}, {{"value_float", reference("alpha")}}},
       {"", "CastLike", "", {"Alpha", "X"}, {"AlphaCast"}, {}},
       {"", "Constant", "", {}, {"Zero"}, {{"value", tensor(FloatTensor{DType::f32, {}, {0.0}})}}},
       {"", "CastLike", "", {"Zero", "X"}, {"ZeroCast"}, {}},
       {"", "Less", "", {"X", "ZeroCast"}, {"XLessThanZero"}, {}},
       {"", "Mul", "", {"AlphaCast", "X"}, {"AlphaMulX"}, {}},
       {"", "Where", "", {"XLessThanZero", "AlphaMulX", "X"}, {"Y"}, {}},
       },
       {{"", 16}}},
      {"LessOrEqual", "", 12, {"A", "B"}, {"C"}, {}, {},
       {
       {"", "Less", "", {"A", "B"}, {"O1"}, {}},
       {"", "Equal", "", {"A", "B"}, {"O2"}, {}},
       {"", "Or", "", {"O1", "O2"}, {"C"}, {}},
       },
       {{"", 12}}},
      {"LessOrEqual", "", 16, {"A", "B"}, {"C"}, {}, {},
       {
       {"", "Less", "", {"A", "B"}, {"O1"}, {}},
       {"", "Equal", "", {"A", "B"}, {"O2"}, {}},
       {"", "Or", "", {"O1", "O2"}, {"C"}, {}},
       },
       {{"", 16}}},
      {"MeanVarianceNormalization", "", 9, {"X"}, {"Y"}, {"axes"}, {{"axes", integers({0, 2, 3})}},
       {
       {"", "Constant", "", {}, {"Exponent"}, {{"value", tensor(FloatTensor{DType::f32, {}, {2.0}})}}},
       {"", "Constant", "", {}, {"Epsilon"}, {{"value", tensor(FloatTensor{DType::f32, {}, {9.999999717180685e-10}})}}},
       {"", "ReduceMean", "", {"X"}, {"X_RM"}, {{"axes", reference("axes")}}},
       {"", "Pow", "", {"X_RM", "Exponent"}, {"EX_squared"}, {}},
       {"", "Pow", "", {"X", "Exponent"}, {"X_squared"}, {}},
       {"", "ReduceMean", "", {"X_squared"}, {"E_Xsquared"}, {{"axes", reference("axes")}}},
       {"", "Sub", "", {"E_Xsquared", "EX_squared"}, {"Variance"}, {}},
       {"", "Sqrt", "", {"Variance"}, {"STD"}, {}},
       {"", "Sub", "", {"X", "X_RM"}, {"X_variance"}, {}},
       {"", "Add", "", {"STD", "Epsilon"}, {"Processed_STD"}, {}},
       {"", "Div", "", {"X_variance", "Processed_STD"}, {"Y"}, {}},
       },
       {{"", 9}}},
      {"MeanVarianceNormalization", "", 13, {"X"}, {"Y"}, {"axes"}, {{"axes", integers({0, 2, 3})}},
       {
       {"", "Constant", "", {}, {"Exponent"}, {{"value", tensor(FloatTensor{DType::f32, {}, {2.0}})}}},
       {"", "Constant", "", {}, {"Epsilon"}, {{"value", tensor(FloatTensor{DType::f32, {}, {9.999999717180685e-10}})}}},
       {"", "Constant", "", {}, {"axes"}, {{"value_ints", reference("axes")}}},
       {"", "ReduceMean", "", {"X", "axes"}, {"X_RM"}, {}},
       {"", "Pow", "", {"X_RM", "Exponent"}, {"EX_squared"}, {}},
       {"", "Pow", "", {"X", "Exponent"}, {"X_squared"}, {}},
       {"", "ReduceMean", "", {"X_squared", "axes"}, {"E_Xsquared"}, {}},
       {"", "Sub", "", {"E_Xsquared", "EX_squared"}, {"Variance"}, {}},
       {"", "Sqrt", "", {"Variance"}, {"STD"}, {}},
       {"", "Sub", "", {"X", "X_RM"}, {"X_variance"}, {}},
       {"", "Add", "", {"STD", "Epsilon"}, {"Processed_STD"}, {}},
       {"", "Div", "", {"X_variance", "Processed_STD"}, {"Y"}, {}},
       },
       {{"", 18}}},
      {"Mish", "", 18, {"X"}, {"Y"}, {}, {},
       {
       {"", "Softplus", "", {"X"}, {"Softplus_X"}, {}},
       {"", "Tanh", "", {"Softplus_X"}, {"TanHSoftplusX"}, {}},
       {"", "Mul", "", {"X", "TanHSoftplusX"}, {"Y"}, {}},
       },
       {{"", 18}}},
      {"Mish", "", 22, {"X"}, {"Y"}, {}, {},
       {
       {"", "Softplus", "", {"X"}, {"Softplus_X"}, {}},
       {"", "Tanh", "", {"Softplus_X"}, {"TanHSoftplusX"}, {}},
       {"", "Mul", "", {"X", "TanHSoftplusX"}, {"Y"}, {}},
       },
       {{"", 22}}},
      {"PRelu", "", 16, {"X", "slope"}, {"Y"}, {}, {},
       {
       {"", "Constant", "", {}, {"Zero"}, {{"value", tensor(FloatTensor{DType::f32, {}, {0.0}})}}},
       {"", "CastLike", "", {"Zero", "X"}, {"ZeroCast"}, {}},
       {"", "Less", "", {"X", "ZeroCast"}, {"XLessThanZero"}, {}},
       {"", "Mul", "", {"slope", "X"}, {"SlopeMulX"}, {}},
       {"", "Where", "", {"XLessThanZero", "SlopeMulX", "X"}, {"Y"}, {}},
       },
       {{"", 16}}},
      {"ReduceL1", "", 18, {"data", "axes"}, {"reduced"}, {"noop_with_empty_axes", "keepdims"}, {{"noop_with_empty_axes", integer(0)}, {"keepdims", integer(1)}},
       {
       {"", "Abs", "", {"data"}, {"data_abs"}, {}},
       {"", "ReduceSum", "", {"data_abs", "axes"}, {"reduced"}, {{"keepdims", reference("keepdims")}, {"noop_with_empty_axes", reference("noop_with_empty_axes")}}},
       },
       {{"", 18}}},
      {"ReduceL2", "", 18, {"data", "axes"}, {"reduced"}, {"noop_with_empty_axes", "keepdims"}, {{"noop_with_empty_axes", integer(0)}, {"keepdims", integer(1)}},
       {
       {"", "Mul", "", {"data", "data"}, {"data_square"}, {}},
       {"", "ReduceSum", "", {"data_square", "axes"}, {"sum_square"}, {{"keepdims", reference("keepdims")}, {"noop_with_empty_axes", reference("noop_with_empty_axes")}}},
       {"", "Cast", "", {"sum_square"}, {"sum_square_dbl"}, {{"to", integer(1)}}},
       {"", "Sqrt", "", {"sum_square_dbl"}, {"sqrt"}, {}},
       {"", "CastLike", "", {"sqrt", "data"}, {"reduced"}, {}},
       },
       {{"", 18}}},
      {"ReduceLogSum", "", 18, {"data", "axes"}, {"reduced"}, {"noop_with_empty_axes", "keepdims"}, {{"noop_with_empty_axes", integer(0)}, {"keepdims", integer(1)}},
       {
       {"", "ReduceSum", "", {"data", "axes"}, {"reduced_sum"}, {{"keepdims", reference("keepdims")}, {"noop_with_empty_axes", reference("noop_with_empty_axes")}}},
       {"", "Log", "", {"reduced_sum"}, {"reduced"}, {}},
       },
       {{"", 18}}},
      {"ReduceLogSum", "", 28, {"data", "axes"}, {"reduced"}, {"noop_with_empty_axes", "keepdims"}, {{"noop_with_empty_axes", integer(0)}, {"keepdims", integer(1)}},
       {
       {"", "ReduceSum", "", {"data", "axes"}, {"reduced_sum"}, {{"keepdims", reference("keepdims")}, {"noop_with_empty_axes", reference("noop_with_empty_axes")}}},
       {"", "Log", "", {"reduced_sum"}, {"reduced"}, {}},
       },
       {{"", 28}}},
      {"ReduceLogSumExp", "", 18, {"data", "axes"}, {"reduced"}, {"noop_with_empty_axes", "keepdims"}, {{"noop_with_empty_axes", integer(0)}, {"keepdims", integer(1)}},
       {
       {"", "Cast", "", {"data"}, {"data_double"}, {{"to", integer(11)}}},
       {"", "Exp", "", {"data_double"}, {"data_exp"}, {}},
       {"", "ReduceSum", "", {"data_exp", "axes"}, {"reduced_sum"}, {{"keepdims", reference("keepdims")}, {"noop_with_empty_axes", reference("noop_with_empty_axes")}}},
       {"", "Log", "", {"reduced_sum"}, {"reduced_double"}, {}},
       {"", "CastLike", "", {"reduced_double", "data"}, {"reduced"}, {}},
       },
       {{"", 18}}},
      {"ReduceLogSumExp", "", 28, {"data", "axes"}, {"reduced"}, {"noop_with_empty_axes", "keepdims"}, {{"noop_with_empty_axes", integer(0)}, {"keepdims", integer(1)}},
       {
       {"", "Cast", "", {"data"}, {"data_double"}, {{"to", integer(11)}}},
       {"", "Exp", "", {"data_double"}, {"data_exp"}, {}},
       {"", "ReduceSum", "", {"data_exp", "axes"}, {"reduced_sum"}, {{"keepdims", reference("keepdims")}, {"noop_with_empty_axes", reference("noop_with_empty_axes")}}},
       {"", "Log", "", {"reduced_sum"}, {"reduced_double"}, {}},
       {"", "CastLike", "", {"reduced_double", "data"}, {"reduced"}, {}},
       },
       {{"", 28}}},
      {"ReduceSumSquare", "", 18, {"data", "axes"}, {"reduced"}, {"noop_with_empty_axes", "keepdims"}, {{"noop_with_empty_axes", integer(0)}, {"keepdims", integer(1)}},
       {
       {"", "Mul", "", {"data", "data"}, {"data_square"}, {}},
       {"", "ReduceSum", "", {"data_square", "axes"}, {"reduced"}, {{"keepdims", reference("keepdims")}, {"noop_with_empty_axes", reference("noop_with_empty_axes")}}},
       },
       {{"", 18}}},
      {"Relu", "", 14, {"X"}, {"Y"}, {}, {},
       {
       {"", "Constant", "", {}, {"Zero"}, {{"value", tensor(FloatTensor{DType::f32, {}, {0.0}})}}},
       {"", "CastLike", "", {"Zero", "X"}, {"ZeroCast"}, {}},
       {"", "Max", "", {"X", "ZeroCast"}, {"Y"}, {}},
       },
       {{"", 18}}},
      {"Selu", "", 6, {"X"}, {"Y"}, {"gamma", "alpha"}, {{"gamma", real(1.0507010221481323)}, {"alpha", real(1.6732631921768188)}},
       {
       {"", "Constant", "", {}, {"Alpha"}, {{"value_float", reference("alpha")}}},
       {"", "CastLike", "", {"Alpha", "X"}, {"AlphaCast"}, {}},
       {"", "Constant", "", {}, {"Gamma"}, {{"value_float", reference("gamma")}}},
       {"", "CastLike", "", {"Gamma", "X"}, {"GammaCast"}, {}},
       {"", "Constant", "", {}, {"Zero"}, {{"value", tensor(FloatTensor{DType::f32, {}, {0.0}})}}},
       {"", "CastLike", "", {"Zero", "X"}, {"ZeroCast"}, {}},
       {"", "Exp", "", {"X"}, {"ExpX"}, {}},
       {"", "Mul", "", {"AlphaCast", "ExpX"}, {"AlphaMulExpX"}, {}},
       {"", "Sub", "", {"AlphaMulExpX", "AlphaCast"}, {"AlphaMulExpXSubAlpha"}, {}},
       {"", "Mul", "", {"GammaCast", "AlphaMulExpXSubAlpha"}, {"Neg"}, {}},
       {"", "Mul", "", {"GammaCast", "X"}, {"Pos"}, {}},
       {"", "Less", "", {"X", "ZeroCast"}, {"XLessThanZero"}, {}},
       {"", "Where", "", {"XLessThanZero", "Neg", "Pos"}, {"Y"}, {}},
       },
       {{"", 18}}},
      {"Selu", "", 22, {"X"}, {"Y"}, {"gamma", "alpha"}, {{"gamma", real(1.0507010221481323)}, {"alpha", real(1.6732631921768188)}},
       {
       {"", "Constant", "", {}, {"Alpha"}, {{"value_float", reference("alpha")}}},
       {"", "CastLike", "", {"Alpha", "X"}, {"AlphaCast"}, {}},
       {"", "Constant", "", {}, {"Gamma"}, {{"value_float", reference("gamma")}}},
       {"", "CastLike", "", {"Gamma", "X"}, {"GammaCast"}, {}},
       {"", "Constant", "", {}, {"Zero"}, {{"value", tensor(FloatTensor{DType::f32, {}, {0.0}})}}},
       {"", "CastLike", "", {"Zero", "X"}, {"ZeroCast"}, {}},
       {"", "Exp", "", {"X"}, {"ExpX"}, {}},
       {"", "Mul", "", {"AlphaCast", "ExpX"}, {"AlphaMulExpX"}, {}},
       {"", "Sub", "", {"AlphaMulExpX", "AlphaCast"}, {"AlphaMulExpXSubAlpha"}, {}},
       {"", "Mul", "", {"GammaCast", "AlphaMulExpXSubAlpha"}, {"Neg"}, {}},
       {"", "Mul", "", {"GammaCast", "X"}, {"Pos"}, {}},
       {"", "Less", "", {"X", "ZeroCast"}, {"XLessThanZero"}, {}},
       {"", "Where", "", {"XLessThanZero", "Neg", "Pos"}, {"Y"}, {}},
       },
       {{"", 18}}},
      {"Shrink", "", 9, {"input"}, {"output"}, {"bias", "lambd"}, {{"bias", real(0.0)}, {"lambd", real(0.5)}},
       {
       {"", "Constant", "", {}, {"Lambd"}, {{"value_float", reference("lambd")}}},
       {"", "CastLike", "", {"Lambd", "input"}, {"LambdCast"}, {}},
       {"", "Constant", "", {}, {"Bias"}, {{"value_float", reference("bias")}}},
       {"", "CastLike", "", {"Bias", "input"}, {"BiasCast"}, {}},
       {"", "Constant", "", {}, {"Zero"}, {{"value", tensor(FloatTensor{DType::f32, {}, {0.0}})}}},
       {"", "CastLike", "", {"Zero", "input"}, {"ZeroCast"}, {}},
       {"", "Neg", "", {"LambdCast"}, {"NegLmbda"}, {}},
       {"", "Less", "", {"input", "NegLmbda"}, {"InputLessThanNegLambda"}, {}},
       {"", "Add", "", {"input", "BiasCast"}, {"InputAddBias"}, {}},
       {"", "Sub", "", {"input", "BiasCast"}, {"InputSubBias"}, {}},
       {"", "Less", "", {"LambdCast", "input"}, {"LambdaLessThanInput"}, {}},
       {"", "Where", "", {"LambdaLessThanInput", "InputSubBias", "ZeroCast"}, {"InputSubBiasOrZero"}, {}},
       {"", "Where", "", {"InputLessThanNegLambda", "InputAddBias", "InputSubBiasOrZero"}, {"output"}, {}},
       },
       {{"", 18}}},
      {"Softplus", "", 1, {"X"}, {"Y"}, {}, {},
       {
       {"", "Exp", "", {"X"}, {"exp_x"}, {}},
       {"", "Constant", "", {}, {"one"}, {{"value", tensor(FloatTensor{DType::f32, {}, {1.0}})}}},
       {"", "CastLike", "", {"one", "X"}, {"one_cast"}, {}},
       {"", "Add", "", {"exp_x", "one_cast"}, {"exp_x_add_one"}, {}},
       {"", "Log", "", {"exp_x_add_one"}, {"Y"}, {}},
       },
       {{"", 18}}},
      {"Softplus", "", 22, {"X"}, {"Y"}, {}, {},
       {
       {"", "Exp", "", {"X"}, {"exp_x"}, {}},
       {"", "Constant", "", {}, {"one"}, {{"value", tensor(FloatTensor{DType::f32, {}, {1.0}})}}},
       {"", "CastLike", "", {"one", "X"}, {"one_cast"}, {}},
       {"", "Add", "", {"exp_x", "one_cast"}, {"exp_x_add_one"}, {}},
       {"", "Log", "", {"exp_x_add_one"}, {"Y"}, {}},
       },
       {{"", 18}}},
      {"Softsign", "", 1, {"input"}, {"output"}, {}, {},
       {
       {"", "Constant", "", {}, {"One"}, {{"value", tensor(FloatTensor{DType::f32, {}, {1.0}})}}},
       {"", "CastLike", "", {"One", "input"}, {"OneCast"}, {}},
       {"", "Abs", "", {"input"}, {"AbsInput"}, {}},
       {"", "Add", "", {"OneCast", "AbsInput"}, {"OneAddAbsInput"}, {}},
       {"", "Div", "", {"input", "OneAddAbsInput"}, {"output"}, {}},
       },
       {{"", 18}}},
      {"Softsign", "", 22, {"input"}, {"output"}, {}, {},
       {
       {"", "Constant", "", {}, {"One"}, {{"value", tensor(FloatTensor{DType::f32, {}, {1.0}})}}},
       {"", "CastLike", "", {"One", "input"}, {"OneCast"}, {}},
       {"", "Abs", "", {"input"}, {"AbsInput"}, {}},
       {"", "Add", "", {"OneCast", "AbsInput"}, {"OneAddAbsInput"}, {}},
       {"", "Div", "", {"input", "OneAddAbsInput"}, {"output"}, {}},
       },
       {{"", 18}}},
      {"SwiGLU", "", 28, {"A", "B"}, {"Y"}, {"alpha"}, {{"alpha", real(1.0)}},
       {
       {"", "Swish", "", {"A"}, {"SwishGate"}, {{"alpha", reference("alpha")}}},
       {"", "Mul", "", {"SwishGate", "B"}, {"Y"}, {}},
       },
       {{"", 28}}},
      {"Swish", "", 24, {"X"}, {"Y"}, {"alpha"}, {{"alpha", real(1.0)}},
       {
       {"", "Constant", "", {}, {"Alpha"}, {{"value_float", reference("alpha")}}},
       {"", "CastLike", "", {"Alpha", "X"}, {"AlphaCast"}, {}},
       {"", "Mul", "", {"AlphaCast", "X"}, {"AlphaMulX"}, {}},
       {"", "Sigmoid", "", {"AlphaMulX"}, {"SigmoidAlphaMulX"}, {}},
       {"", "Mul", "", {"X", "SigmoidAlphaMulX"}, {"Y"}, {}},
       },
       {{"", 24}}},
      {"ThresholdedRelu", "", 10, {"X"}, {"Y"}, {"alpha"}, {{"alpha", real(1.0)}},
       {
       {"", "Constant", "", {}, {"Alpha"}, {{"value_float", reference("alpha")}}},
       {"", "CastLike", "", {"Alpha", "X"}, {"AlphaCast"}, {}},
       {"", "Constant", "", {}, {"Zero"}, {{"value", tensor(FloatTensor{DType::f32, {}, {0.0}})}}},
       {"", "CastLike", "", {"Zero", "X"}, {"ZeroCast"}, {}},
       {"", "Less", "", {"AlphaCast", "X"}, {"AlphaLessThanX"}, {}},
       {"", "Where", "", {"AlphaLessThanX", "X", "ZeroCast"}, {"Y"}, {}},
       },
       {{"", 18}}},
      {"ThresholdedRelu", "", 22, {"X"}, {"Y"}, {"alpha"}, {{"alpha", real(1.0)}},
       {
       {"", "Constant", "", {}, {"Alpha"}, {{"value_float", reference("alpha")}}},
       {"", "CastLike", "", {"Alpha", "X"}, {"AlphaCast"}, {}},
       {"", "Constant", "", {}, {"Zero"}, {{"value", tensor(FloatTensor{DType::f32, {}, {0.0}})}}},
       {"", "CastLike", "", {"Zero", "X"}, {"ZeroCast"}, {}},
       {"", "Less", "", {"AlphaCast", "X"}, {"AlphaLessThanX"}, {}},
       {"", "Where", "", {"AlphaLessThanX", "X", "ZeroCast"}, {"Y"}, {}},
       },
       {{"", 18}}},
      // clang-format on
  };
  return bodies;
}

}  // namespace ezkl
