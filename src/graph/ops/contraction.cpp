#include "graph/ops/contraction.hpp"

#include "graph/claims/kernels.hpp"
#include "graph/ops/elementwise.hpp"

namespace ezkl::ops {

void Contraction::factor(std::size_t operand, std::vector<claims::AxisMap> axes) {
  claims::View view{{static_cast<std::uint32_t>(operand)}, out, std::move(axes), 0};
  view.extents.insert(view.extents.end(), sum.begin(), sum.end());
  factors.push_back(std::move(view));
}

claims::AxisMap along(std::size_t loop, std::int64_t stride, std::int64_t base) {
  return {base, {{static_cast<std::uint32_t>(loop), stride}}};
}

FloatTensor contract(const Contraction& contraction, std::span<const FloatTensor> operands) {
  std::vector<Shape> shapes;
  std::vector<std::vector<double>> data;
  for (const claims::View& factor : contraction.factors) {
    shapes.push_back(operands[factor.source.id].shape);
    data.push_back(operands[factor.source.id].data);
  }
  FloatTensor out{operands[0].type, contraction.out,
                  claims::contract_reals(contraction.out, contraction.sum, contraction.factors, shapes, data)};
  for (double& value : out.data) value = round_to(out.type, value);
  return out;
}

claims::Tensor contract(claims::Writer& w, const Contraction& contraction, std::span<const claims::Tensor> operands) {
  std::vector<claims::View> factors = contraction.factors;
  for (claims::View& factor : factors) factor.source = operands[factor.source.id];
  return w.contract(contraction.out, contraction.sum, factors);
}

namespace {

/// The shape that lines a bias up with axis 1 of a tensor of `rank`.
Shape channel_shape(std::size_t size, std::size_t rank) {
  Shape shape(rank, 1);
  if (size != 1) shape[1] = size;
  return shape;
}

}  // namespace

FloatTensor add_channels(const FloatTensor& x, const FloatTensor& bias) {
  const FloatTensor lined{bias.type, channel_shape(bias.data.size(), x.shape.size()), bias.data};
  return map_reals(x, lined, x.type, [](double a, double b) { return a + b; });
}

claims::Tensor add_channels(claims::Writer& w, claims::Tensor x, claims::Tensor bias) {
  return w.add(x, w.reshape(bias, channel_shape(volume(w.shape(bias)), w.shape(x).size())));
}

}  // namespace ezkl::ops
