// Products of matrices by Freivalds' check: for C = A·B with all three laid out before the challenges are drawn,
// Σ_k (Σ_m α^m A[m,k])·(Σ_n β^n B[k,n]) = Σ_m α^m Σ_n β^n C[m,n]. The cells of C that enter the check are the ones that
// the rest of the circuit uses.
#include <algorithm>
#include <array>

#include "circuit/affine_index.hpp"
#include "circuit/walker.hpp"

namespace ezkl::circuit {
namespace {

/// Which loops of a contraction of two factors belong to what.
struct Roles {
  std::vector<std::size_t> left, right, shared;  ///< output loops of one factor, of the other, of both
};

bool depends(const claims::View& view, std::size_t loop) {
  for (const auto& axis : view.axes) {
    for (const auto& [l, stride] : axis.strides) {
      if (l == loop && stride != 0) return true;
    }
  }
  return false;
}

Roles roles_of(const claims::Claim& claim) {
  Roles out;
  for (std::size_t loop = 0; loop < claim.out_extents.size(); ++loop) {
    if (claim.out_extents[loop] == 1) continue;
    const bool a = depends(claim.views[0], loop), b = depends(claim.views[1], loop);
    (a && b ? out.shared : b ? out.right : out.left).push_back(loop);
  }
  return out;
}

std::size_t extent(const Shape& shape, std::span<const std::size_t> loops) {
  std::size_t out = 1;
  for (const std::size_t loop : loops) out *= shape[loop];
  return out;
}

/// Steps through some loops of an index, the others staying as they are.
void advance_some(std::vector<std::size_t>& index, const Shape& shape, std::span<const std::size_t> loops) {
  for (std::size_t i = loops.size(); i-- > 0;) {
    if (++index[loops[i]] < shape[loops[i]]) return;
    index[loops[i]] = 0;
  }
}

/// Rows and columns of the product that each group of a contraction is.
struct Product {
  std::size_t m = 1, n = 1;
  bool is_matrix() const { return m >= 2 && n >= 2; }
};

Product product_of(const claims::Claim& claim, const Roles& roles) {
  return {extent(claim.out_extents, roles.left), extent(claim.out_extents, roles.right)};
}

}  // namespace

bool has_matrix_products(const claims::Record& record) {
  return std::any_of(record.claims.begin(), record.claims.end(), [](const claims::Claim& claim) {
    return claim.kind == claims::Kind::contract && claim.views.size() == 2 &&
           product_of(claim, roles_of(claim)).is_matrix();
  });
}

std::uint64_t freivalds_rows(std::size_t m, std::size_t n, std::size_t k, std::size_t width) {
  const auto rows = [&](std::size_t length) -> std::uint64_t { return (length + width - 1) / width; };
  const std::uint64_t combined = m * rows(n) + rows(m) + k * rows(m) + k * rows(n) + rows(k);
  return combined >= std::uint64_t(m) * n * rows(k) ? 0 : combined;
}

bool Walker::lower_freivalds(const claims::Claim& claim) {
  if (einsum_.challenges() < 2 || claim.views.size() != 2) return false;
  const Shape& out_shape = claim.out_extents;
  const Roles roles = roles_of(claim);
  const std::size_t groups = extent(out_shape, roles.shared);
  const Product product = product_of(claim, roles);
  const std::size_t m = product.m, n = product.n, k = volume(claim.sum_extents);
  if (groups == 0 || !product.is_matrix() || k == 0) return false;
  if (LayoutProfile* profile = tape_.profiled()) {
    profile->products.push_back({m, n, k, groups, {}, 0});
    tape_.count_for(&profile->products.back());
    return false;
  }
  const std::uint64_t group_rows = freivalds_rows(m, n, k, tape_.geometry().width);
  if (group_rows == 0 || !einsum_.fits(group_rows * groups)) return false;

  std::vector<Factor> factors;
  for (const auto& view : claim.views) {
    factors.push_back({AffineIndex(view, record_.tensors[view.source.id].shape, out_shape.size()), &refs(view.source),
                       tape_.constant(view.outside)});
  }
  Refs& result = refs(claim.out[0]);
  result.resize(volume(out_shape));
  for (std::size_t i = 0; i < result.size(); ++i) result[i] = fresh_element(i);

  const auto out_strides = strides(out_shape);
  std::vector<std::size_t> index(out_shape.size(), 0);
  const auto combine_factor = [&](Factor& f, std::span<const std::size_t> loops, std::size_t length,
                                  std::uint32_t challenge) {
    std::vector<Var> elements(length * k);  // [k][length]
    for (std::size_t i = 0; i < length; ++i) {
      f.index.set_outer(index);
      for (std::size_t s = 0; s < k; ++s) elements[s * length + i] = f.at(s);
      advance_some(index, out_shape, loops);
    }
    std::vector<EinsumTape::Result> out;
    for (std::size_t s = 0; s < k; ++s) {
      out.push_back(einsum_.combine(challenge, std::span(elements).subspan(s * length, length)));
    }
    return out;
  };
  for (std::size_t group = 0; group < groups; ++group) {
    const auto left = combine_factor(factors[0], roles.left, m, 0);
    const auto right = combine_factor(factors[1], roles.right, n, 1);
    std::vector<EinsumTape::Result> lines;
    std::vector<Var> line(n);
    for (std::size_t i = 0; i < m; ++i) {
      for (std::size_t j = 0; j < n; ++j) {
        std::size_t flat = 0;
        for (std::size_t loop = 0; loop < index.size(); ++loop) flat += index[loop] * out_strides[loop];
        line[j] = result[flat];
        advance_some(index, out_shape, roles.right);
      }
      lines.push_back(einsum_.combine(1, line));
      advance_some(index, out_shape, roles.left);
    }
    einsum_.dot(left, right, einsum_.combine(0, lines));
    advance_some(index, out_shape, roles.shared);
  }
  return true;
}

}  // namespace ezkl::circuit
