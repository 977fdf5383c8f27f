// Contractions: a product without summed axes is one MULT, a sum of plain terms is additions or SUM rows, everything
// else is a dot product that leaves out what is known to be zero.
#include <optional>

#include "base/ensure.hpp"
#include "base/int128.hpp"
#include "circuit/affine_index.hpp"
#include "circuit/constant_arithmetic.hpp"
#include "circuit/walker.hpp"

namespace ezkl::circuit {

Var Walker::units_value(std::span<const Var> units, Int128 constant, std::size_t i) {
  std::vector<Var> terms(units.begin(), units.end());
  if (constant != 0) terms.push_back(tape_.constant(constant));
  if (terms.size() == 1) return terms[0];
  const Var out = fresh_element(i);
  if (PlainCells* cells = tape_.profiled_cells()) {
    ++cells->units[terms.size()];
    for (const Var v : terms) tape_.count_use(v);
    tape_.count_use(out);
    return out;
  }
  // Additions take the fewest cells, but three values each; rows of SUM hardly more cells and a third of the values.
  if (terms.size() >= 4 * tape_.geometry().width) {
    tape_.sum(terms, out);
    return out;
  }
  Var so_far = terms[0];
  Tape::Sum sum;
  tape_.add_to(sum, so_far);
  for (std::size_t k = 1; k < terms.size(); ++k) {
    tape_.add_to(sum, terms[k]);
    const Var next = k + 1 == terms.size() ? out : tape_.fresh(sum);
    tape_.add(so_far, terms[k], next);
    so_far = next;
  }
  return out;
}

Var Walker::products_value(std::vector<Var>& left, std::vector<Var>& right, Int128 constant, std::size_t i) {
  if (left.empty()) return tape_.constant(constant);
  bool plain = true;
  for (std::size_t k = 0; k < left.size() && plain; ++k) plain = tape_.is(left[k], 1) || tape_.is(right[k], 1);
  if (plain) {
    for (std::size_t k = 0; k < left.size(); ++k) {
      if (tape_.is(left[k], 1)) left[k] = right[k];
    }
    return units_value(left, constant, i);
  }
  const Var out = fresh_element(i);
  if (left.size() == 1 && constant == 0) {
    tape_.mult(left[0], right[0], out);
    return out;
  }
  if (constant != 0) {
    left.push_back(tape_.constant(constant));
    right.push_back(tape_.constant(1));
  }
  tape_.dot(left, right, out);
  return out;
}

Var Walker::contract_element(std::vector<Factor>& factors, std::span<const std::size_t> index, std::size_t inner,
                             std::size_t i) {
  for (Factor& f : factors) f.index.set_outer(index);
  std::vector<Var>&left = left_, &right = right_;
  left.clear();
  right.clear();
  Int128 constant = 0;
  const Var one = tape_.constant(1);
  for (std::size_t s = 0; s < inner; ++s) {
    const Var a = factors[0].at(s);
    const Var b = factors.size() == 2 ? factors[1].at(s) : one;
    if (Tape::is_constant(a) && Tape::is_constant(b)) {
      constant = constant_sum(constant, constant_product(tape_.constant_value(a), tape_.constant_value(b)));
    } else if (!tape_.is(a, 0) && !tape_.is(b, 0)) {
      left.push_back(a);
      right.push_back(b);
    }
  }
  return products_value(left, right, constant, i);
}

void Walker::lower_contract(const claims::Claim& claim) {
  EZKL_ENSURE(claim.defines && !claim.views.empty() && claim.views.size() <= 2, "a contraction of one or two factors");
  if (lower_freivalds(claim)) return;
  const std::size_t outer = claim.out_extents.size();
  const std::size_t count = volume(claim.out_extents), inner = volume(claim.sum_extents);
  std::vector<Factor> factors;
  for (const auto& view : claim.views) {
    factors.push_back({AffineIndex(view, record_.tensors[view.source.id].shape, outer), &refs(view.source),
                       tape_.constant(view.outside)});
  }
  if (count_contract(claim, factors)) return;
  Refs result;
  result.reserve(count);
  std::vector<std::size_t> index(outer, 0);
  for (std::size_t i = 0; i < count; ++i) {
    result.push_back(contract_element(factors, index, inner, i));
    advance(index, claim.out_extents);
  }
  refs(claim.out[0]) = std::move(result);
}

}  // namespace ezkl::circuit
