// Operands of element types that no kernel asked for: every operator computes, or refuses in words.
#include <gtest/gtest.h>

#include <exception>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "../graph/node_seeds.hpp"
#include "ezkl/error.hpp"
#include "floatrun/float_run.hpp"

namespace ezkl::testing {
namespace {

using floatrun::NamedTensors;
using floatrun::Tensor;

constexpr DType every_type[] = {DType::boolean, DType::u8,  DType::i8,  DType::i32, DType::i64,
                                DType::u64,     DType::f16, DType::f32, DType::f64};

/// The model's inputs, of ones; those of `retyped` bits have another element type.
NamedTensors inputs_of(const ModelDef& model, std::size_t retyped, DType type) {
  NamedTensors out;
  for (std::size_t i = 0; i < model.graph.inputs.size(); ++i) {
    const ValueDef& input = model.graph.inputs[i];
    FloatTensor ones{(retyped >> i & 1) != 0 ? type : input.type, {}, {}};
    for (const DimensionDef& d : input.shape) ones.shape.push_back(static_cast<std::size_t>(d.value));
    ones.data.assign(volume(ones.shape), 1);
    out.emplace(input.name, std::make_shared<const Tensor>(floatrun::from_stored(ones)));
  }
  return out;
}

/// As an input, so that its type can be changed.
ModelDef without_constants(ModelDef model) {
  for (const auto& [name, tensor] : model.graph.initializers) {
    ValueDef input{name, tensor.type, {}};
    for (const std::size_t extent : tensor.shape) input.shape.push_back({static_cast<std::int64_t>(extent), ""});
    model.graph.inputs.push_back(std::move(input));
  }
  model.graph.initializers.clear();
  return model;
}

void run_retyped(const ModelDef& model, std::size_t& refused) {
  const std::size_t all = (std::size_t{1} << model.graph.inputs.size()) - 1;
  std::vector<std::size_t> sets{all};
  for (std::size_t i = 0; i < model.graph.inputs.size(); ++i) {
    sets.push_back(std::size_t{1} << i);
    sets.push_back(all ^ (std::size_t{1} << i));
  }
  const std::string& op = model.graph.nodes[0].op_type;
  for (const DType type : every_type) {
    for (const std::size_t set : sets) {
      try {
        floatrun::run(model, inputs_of(model, set, type));
      } catch (const Error& e) {
        ++refused;
        EXPECT_NE(e.fault(), Fault::internal) << op << ", " << name(type) << " for " << set << ": " << e.what();
      } catch (const std::exception& e) {
        ADD_FAILURE() << op << ", " << name(type) << " for " << set << ": " << e.what();
      }
    }
  }
}

TEST(FloatRunTypes, NoOperandIsTakenForWhatItIsNot) {
  std::size_t refused = 0;
  for (const Seed& seed : node_seeds()) {
    run_retyped(seed.model, refused);
    run_retyped(without_constants(seed.model), refused);
  }
  EXPECT_GT(refused, 1000u);
}

TEST(FloatRunTypes, ATensorHasTheListOfItsTypeOnly) {
  Tensor whole = floatrun::from_stored({DType::i64, {2}, {1, 2}}), real = floatrun::from_stored({DType::f32, {1}, {3}});
  EXPECT_EQ(whole.ints()[1], 2);
  EXPECT_EQ(real.reals()[0], 3);
  EXPECT_THROW(whole.reals(), Error);
  EXPECT_THROW(std::as_const(real).ints(), Error);
}

}  // namespace
}  // namespace ezkl::testing
