// gen-settings on data whose numbers one scale for all does not hold: the circuit that it chooses gives what the float
// model gives, and goes from settings to a witness.
#include <gtest/gtest.h>

#include <cmath>

#include "../graph/model_text.hpp"
#include "../temp_folder.hpp"
#include "api/model_settings.hpp"
#include "base/files.hpp"
#include "ezkl/ezkl.hpp"
#include "onnx/export.hpp"

namespace ezkl {
namespace {

using namespace ezkl::testing;

class ChosenScales : public ::testing::Test {
 protected:
  /// The settings that are chosen; the samples hold by the tolerance of the self-check, and so does a witness.
  GraphSettings chosen(const ModelDef& model, const std::string& data) {
    write_file_atomically(here_ / "network.onnx", onnx_bytes(model));
    SettingsChoice choice;
    choice.data = data;
    const ChosenCircuit circuit = chosen_circuit(here_ / "network.onnx", {}, choice);
    EXPECT_EQ(circuit.check.beyond, 0U);
    return circuit.settings;
  }

  static bool has_scale_of_its_own(const GraphSettings& settings) {
    for (const auto& [name, value] : settings.run_args.variables) {
      if (name.rfind("scale ", 0) == 0) return true;
    }
    return false;
  }

 private:
  TempFolder temp_;
  const std::filesystem::path here_ = temp_.path();
};

FloatTensor row(std::vector<double> values) {
  const std::size_t n = values.size();
  return floats({n}, std::move(values));
}

TEST_F(ChosenScales, BatchNormalizationOfRawFeatures) {
  const ModelDef def = model({value("x", {1, 4})}, {node("BatchNormalization", {"x", "g", "b", "m", "v"}, {"y"})},
                             {{"g", row({1, 1, 1, 1})},
                              {"b", row({0, 0, 0, 0})},
                              {"m", row({1e-3, 1, 1e4, 1e6})},
                              {"v", row({1e-8, 1, 1e8, 1e12})}});
  const GraphSettings settings = chosen(def, R"({"input_data": [[0.002, -0.5, 20000, -700000]]})");
  EXPECT_LE(settings.run_args.param_scale, 13);
}

TEST_F(ChosenScales, SamplesThatHoldByAHairGetAFinerScaleOfAsManyRows) {
  const ModelDef def = model({value("x", {1, 2})}, {node("Mul", {"x", "w"}, {"y"})}, {{"w", row({40, 40})}});
  // 0.49 steps of 2^-13 are none: an error of 0.0024, where 0.0039 is allowed.
  const GraphSettings coarse = chosen(def, R"({"input_data": [[0.5, 1]]})"),
                      fine = chosen(def, R"({"input_data": [[6e-5, 1]]})");
  EXPECT_EQ(coarse.run_args.input_scale, 13);
  EXPECT_EQ(fine.run_args.input_scale, 15);
  EXPECT_EQ(fine.run_args.logrows, coarse.run_args.logrows);
}

TEST_F(ChosenScales, FlatFunctionsNeedTablesToWhereTheyAreFlatOnly) {
  const ModelDef gelu =
      model({value("x", {1, 4})},
            {node("Pow", {"x", "three"}, {"p"}), node("Mul", {"p", "c"}, {"q"}), node("Add", {"x", "q"}, {"s"}),
             node("Mul", {"s", "d"}, {"t"}), node("Tanh", {"t"}, {"u"}), node("Add", {"u", "one"}, {"v"}),
             node("Mul", {"x", "v"}, {"w"}), node("Mul", {"w", "half"}, {"y"})},
            {{"three", floats({}, {3})},
             {"c", floats({}, {0.044715})},
             {"d", floats({}, {0.7978845608})},
             {"one", floats({}, {1})},
             {"half", floats({}, {0.5})}});
  EXPECT_LE(chosen(gelu, R"({"input_data": [[-60, -0.7, 0.3, 90]]})").run_args.logrows, 16U);
  // The mask of BERT: scores of absent places are lowered by 10,000.
  const ModelDef masked =
      model({value("x", {2, 4}), value("k", {1, 4})},
            {node("Sub", {"one", "k"}, {"d"}), node("Mul", {"d", "far"}, {"b"}), node("Add", {"x", "b"}, {"a"}),
             node("Softmax", {"a"}, {"y"}, {{"axis", integer(-1)}})},
            {{"one", floats({}, {1})}, {"far", floats({}, {-10000})}});
  EXPECT_LE(chosen(masked, R"({"input_data": [[1, -2, 3, 0.5, 2, 1, -1, -3], [1, 1, 1, 0]]})").run_args.logrows, 15U);
}

TEST_F(ChosenScales, DivisionByComputedSums) {
  const ModelDef def =
      model({value("x", {1, 3})}, {node("ReduceSum", {"x", "axes"}, {"s"}), node("Div", {"x", "s"}, {"y"})},
            {{"axes", numbers({1})}});
  for (const char* data : {R"({"input_data": [[1000, 3000, 200]]})", R"({"input_data": [[65535, 65535, 1]]})",
                           R"({"input_data": [[1e7, 3e7, 5e6]]})", R"({"input_data": [[0.0001, 0.0003, 0.00002]]})"}) {
    SCOPED_TRACE(data);
    chosen(def, data);
  }
}

TEST_F(ChosenScales, ReciprocalOfLargeNumbersKeepsItsDigits) {
  const ModelDef def = model({value("x", {1, 2})}, {node("Reciprocal", {"x"}, {"y"})});
  EXPECT_TRUE(has_scale_of_its_own(chosen(def, R"({"input_data": [[1000000, 3000000]]})")));
}

TEST_F(ChosenScales, UsualNumbersHaveTheUsualScale) {
  const ModelDef def = model({value("x", {1, 2})}, {node("Reciprocal", {"x"}, {"y"})});
  EXPECT_FALSE(has_scale_of_its_own(chosen(def, R"({"input_data": [[2, 0.5]]})")));
}

}  // namespace
}  // namespace ezkl
