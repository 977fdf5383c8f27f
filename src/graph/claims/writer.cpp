#include <algorithm>

#include "base/ensure.hpp"
#include "graph/claims/claims.hpp"

namespace ezkl::claims {

Tensor Writer::hint(Shape shape, std::vector<Tensor> sources, HintFunction function) {
  return hints({std::move(shape)}, std::move(sources), std::move(function))[0];
}

Tensor Writer::add(Tensor a, Tensor b) {
  const Shape common = broadcast_shape(shape(a), shape(b));
  const Term terms[] = {{1, broadcast(a, common)}, {1, broadcast(b, common)}};
  return linear(terms, 0);
}

Tensor Writer::sub(Tensor a, Tensor b) {
  const Shape common = broadcast_shape(shape(a), shape(b));
  const Term terms[] = {{1, broadcast(a, common)}, {-1, broadcast(b, common)}};
  return linear(terms, 0);
}

Tensor Writer::scale(Tensor a, Int128 c, Int128 c0) {
  if (c == 1 && c0 == 0) return a;
  const Term terms[] = {{c, a}};
  return linear(terms, c0);
}

Tensor Writer::mul(Tensor a, Tensor b) {
  const Shape common = broadcast_shape(shape(a), shape(b));
  const View factors[] = {broadcast_view(a, common), broadcast_view(b, common)};
  return contract(common, {}, factors);
}

View Writer::broadcast_view(Tensor t, const Shape& extents) const {
  const Shape& source = shape(t);
  EZKL_ENSURE(source.size() <= extents.size(), "broadcast to fewer axes");
  View result{t, extents, std::vector<AxisMap>(source.size()), 0};
  const std::size_t skip = extents.size() - source.size();
  for (std::size_t axis = 0; axis < source.size(); ++axis) {
    if (source[axis] == 1) continue;
    EZKL_ENSURE(source[axis] == extents[axis + skip],
                "broadcast of " + to_string(source) + " to " + to_string(extents));
    result.axes[axis].strides.emplace_back(static_cast<std::uint32_t>(axis + skip), 1);
  }
  return result;
}

View Writer::identity(Tensor t) const { return broadcast_view(t, shape(t)); }

Tensor Writer::broadcast(Tensor t, const Shape& extents) {
  if (shape(t) == extents) return t;
  if (volume(shape(t)) == volume(extents)) return reshape(t, extents);
  return view(broadcast_view(t, extents));
}

Tensor Writer::transpose(Tensor t, std::span<const std::size_t> permutation) {
  const Shape source = shape(t);
  EZKL_ENSURE(permutation.size() == source.size(), "a permutation names every axis");
  View result{t, {}, std::vector<AxisMap>(source.size()), 0};
  for (std::size_t axis = 0; axis < source.size(); ++axis) {
    result.extents.push_back(source[permutation[axis]]);
    result.axes[permutation[axis]].strides = {{static_cast<std::uint32_t>(axis), 1}};
  }
  return view(result);
}

Tensor Writer::sum(Tensor t, std::span<const std::size_t> axes) {
  const Shape source = shape(t);
  Shape out = source, summed;
  View factor{t, {}, std::vector<AxisMap>(source.size()), 0};
  for (std::size_t axis = 0; axis < source.size(); ++axis) {
    if (std::find(axes.begin(), axes.end(), axis) == axes.end()) {
      factor.axes[axis].strides = {{static_cast<std::uint32_t>(axis), 1}};
      continue;
    }
    out[axis] = 1;
    factor.axes[axis].strides = {{static_cast<std::uint32_t>(source.size() + summed.size()), 1}};
    summed.push_back(source[axis]);
  }
  factor.extents = out;
  factor.extents.insert(factor.extents.end(), summed.begin(), summed.end());
  return contract(out, summed, std::span(&factor, 1));
}

const SignParts* Writer::sign_parts(Tensor t) const {
  const auto found = sign_parts_.find(t.id);
  return found == sign_parts_.end() ? nullptr : &found->second;
}

}  // namespace ezkl::claims
