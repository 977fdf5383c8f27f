// Einsum of one to three operands; letters are axes, a letter that only the result has is an axis of 1.
#include "graph/ops/einsum.hpp"

#include <algorithm>
#include <numeric>

#include "graph/ops/contraction.hpp"
#include "graph/ops/families.hpp"
#include "graph/ops/placement.hpp"

namespace ezkl::ops {

Equation parse_equation(const OpContext& ctx) {
  const std::string& text = ctx.op.text("equation");
  const std::size_t arrow = text.find("->");
  require(ctx, arrow != std::string::npos, "equation '" + text + "' has no arrow");
  Equation result;
  result.output = text.substr(arrow + 2);
  for (std::size_t start = 0, end = 0; start <= arrow; start = end + 1) {
    end = std::min(text.find(',', start), arrow);
    result.inputs.push_back(text.substr(start, end - start));
  }
  require(ctx, result.inputs.size() == ctx.shapes.size() && ctx.shapes.size() <= 3,
          "equation '" + text + "' with " + std::to_string(ctx.shapes.size()) + " operands");
  for (std::size_t k = 0; k < ctx.shapes.size(); ++k) {
    require(ctx, result.inputs[k].size() == ctx.shapes[k].size(),
            "'" + result.inputs[k] + "' of '" + text + "' for a tensor " + to_string(ctx.shapes[k]));
    for (std::size_t axis = 0; axis < ctx.shapes[k].size(); ++axis) {
      std::size_t& extent = result.extents.try_emplace(result.inputs[k][axis], 1).first->second;
      require(ctx, extent == 1 || ctx.shapes[k][axis] == 1 || extent == ctx.shapes[k][axis],
              std::string("axis '") + result.inputs[k][axis] + "' of '" + text + "' has two extents");
      extent = std::max(extent, ctx.shapes[k][axis]);
    }
  }
  for (std::size_t i = 0; i < result.output.size(); ++i) {
    const char letter = result.output[i];
    require(ctx, result.output.find(letter) == i,
            std::string("the result of '") + text + "' has axis '" + letter + "' twice");
    result.extents.try_emplace(letter, 1);
  }
  return result;
}

namespace {

using claims::Tensor;
using claims::Writer;

Shape shape_of(const Equation& equation, const std::string& letters) {
  Shape shape;
  for (const char letter : letters) shape.push_back(equation.extents.at(letter));
  return shape;
}

/// One operand's letters and shape.
struct Operand {
  std::string letters;
  Shape shape;
};

/// The contraction of one or two operands to `output`; letters that it lacks are summed.
Contraction pairing(const Equation& equation, const std::vector<Operand>& operands, const std::string& output) {
  std::string loops = output;
  Contraction result;
  result.out = shape_of(equation, output);
  for (const Operand& operand : operands) {
    for (const char letter : operand.letters) {
      if (loops.find(letter) != std::string::npos) continue;
      loops += letter;
      result.sum.push_back(equation.extents.at(letter));
    }
  }
  for (std::size_t k = 0; k < operands.size(); ++k) {
    std::vector<claims::AxisMap> axes;
    for (std::size_t axis = 0; axis < operands[k].shape.size(); ++axis) {
      const bool repeats = operands[k].shape[axis] == 1;
      axes.push_back(repeats ? claims::AxisMap{} : along(loops.find(operands[k].letters[axis])));
    }
    result.factor(k, std::move(axes));
  }
  return result;
}

/// What two operands of three are contracted to first: the letters that the third or the result still needs.
std::string between(const Equation& equation) {
  std::string letters;
  for (const std::size_t k : {0, 1}) {
    for (const char letter : equation.inputs[k]) {
      const bool needed =
          equation.inputs[2].find(letter) != std::string::npos || equation.output.find(letter) != std::string::npos;
      if (needed && letters.find(letter) == std::string::npos) letters += letter;
    }
  }
  return letters;
}

template <class Item, class Contract>
Item evaluate(const OpContext& ctx, std::span<const Item> in, const Contract& contract_pair) {
  const Equation equation = parse_equation(ctx);
  std::vector<Operand> operands;
  for (std::size_t k = 0; k < in.size(); ++k) operands.push_back({equation.inputs[k], ctx.shapes[k]});
  if (in.size() < 3) return contract_pair(pairing(equation, operands, equation.output), in);
  const std::string middle = between(equation);
  const Item first = contract_pair(pairing(equation, {operands[0], operands[1]}, middle), in.first(2));
  const std::vector<Item> rest{first, in[2]};
  return contract_pair(pairing(equation, {{middle, shape_of(equation, middle)}, operands[2]}, equation.output),
                       std::span<const Item>(rest));
}

Shape einsum_shape(const OpContext& ctx) {
  const Equation equation = parse_equation(ctx);
  return shape_of(equation, equation.output);
}

int einsum_scale(const OpContext& ctx) { return std::accumulate(ctx.scales.begin(), ctx.scales.end(), 0); }

FloatTensor einsum_reference(const OpContext& ctx, std::span<const FloatTensor> in) {
  return evaluate<FloatTensor>(
      ctx, in, [](const Contraction& c, std::span<const FloatTensor> operands) { return contract(c, operands); });
}

Tensor einsum_emit(Writer& w, const OpContext& ctx, std::span<const Tensor> in) {
  return evaluate<Tensor>(
      ctx, in, [&w](const Contraction& c, std::span<const Tensor> operands) { return contract(w, c, operands); });
}

constexpr AttributeRule einsum_attributes[] = {attribute::text("equation")};

const OpEntry entries[] = {
    {"Einsum", {1, 3, einsum_attributes}, einsum_shape, einsum_scale, no_positions, einsum_reference, einsum_emit},
};

}  // namespace

std::span<const OpEntry> einsum_ops() { return entries; }

}  // namespace ezkl::ops
