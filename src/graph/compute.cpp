#include "graph/compute.hpp"

namespace ezkl {

FloatTensor compute(const OpEntry& entry, const OpContext& ctx, std::vector<FloatTensor> operands, DType result) {
  FloatTensor& first = operands.front();
  if (!is_float(first.type) && result != DType::boolean) first.type = result;
  FloatTensor out = entry.reference(ctx, operands);
  if (out.type == result) return out;
  out.type = result;
  for (double& value : out.data) value = round_to(result, value);
  return out;
}

}  // namespace ezkl
