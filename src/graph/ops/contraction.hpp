#pragma once

#include <span>
#include <vector>

#include "graph/op_table.hpp"

/// Sums of products said once, for real numbers and for claims.
namespace ezkl::ops {

/// out[o] = Σ_s Π_k factors[k](o, s). A factor's source id is the position of its operand.
struct Contraction {
  Shape out, sum;
  std::vector<claims::View> factors;

  /// Adds a factor on operand number `operand`, with one axis map for each of the operand's axes.
  void factor(std::size_t operand, std::vector<claims::AxisMap> axes);
};

/// The index of one loop, `base + stride·loop`.
claims::AxisMap along(std::size_t loop, std::int64_t stride = 1, std::int64_t base = 0);

/// Accumulates in doubles and rounds to the first operand's type.
FloatTensor contract(const Contraction& contraction, std::span<const FloatTensor> operands);
claims::Tensor contract(claims::Writer& w, const Contraction& contraction, std::span<const claims::Tensor> operands);

/// Adds a vector along axis 1 of `x`: a bias of one number for each channel, or one number for all.
FloatTensor add_channels(const FloatTensor& x, const FloatTensor& bias);
claims::Tensor add_channels(claims::Writer& w, claims::Tensor x, claims::Tensor bias);

}  // namespace ezkl::ops
