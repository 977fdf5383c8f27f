// Linear claims: products with constants go to dot rows, whose free places take further terms; terms with factor ±1
// are cheapest as additions, one cell each.
#include <algorithm>

#include "base/ensure.hpp"
#include "base/int128.hpp"
#include "circuit/constant_arithmetic.hpp"
#include "circuit/walker.hpp"
#include "ezkl/error.hpp"
#include "graph/claims/kernels.hpp"

namespace ezkl::circuit {
namespace {

bool is_unit(Int128 coefficient) { return coefficient == 1 || coefficient == -1; }

}  // namespace

void Walker::linear_into(std::vector<LinearTerm>& terms, Int128 constant, Var out) {
  if (PlainCells* cells = tape_.profiled_cells()) {
    std::size_t scaled = 0;
    for (const LinearTerm& term : terms) {
      if (!is_unit(term.coefficient)) ++scaled;
      tape_.count_use(term.var);
    }
    ++cells->linear[{scaled, terms.size() - scaled, constant != 0}];
    tape_.count_use(out);
    return;
  }
  const auto has_factor = [](const LinearTerm& t) { return !is_unit(t.coefficient); };
  // Mostly there is nothing to part, which costs std::stable_partition a buffer to find out.
  const auto first_unit = std::is_partitioned(terms.begin(), terms.end(), has_factor)
                              ? std::partition_point(terms.begin(), terms.end(), has_factor)
                              : std::stable_partition(terms.begin(), terms.end(), has_factor);
  const auto scaled = std::size_t(first_unit - terms.begin());
  std::size_t next = 0;
  bool constant_left = constant != 0;
  Tape::Sum sum;
  Var so_far = tape_.zero();
  bool started = false;
  const auto left = [&] { return terms.size() - next + (constant_left ? 1 : 0); };
  const auto target = [&] { return left() == 0 ? out : tape_.fresh(sum); };

  if (scaled > 0) {
    const std::size_t width = tape_.geometry().width;
    const std::size_t room = (scaled + width - 1) / width * width;
    std::vector<Var>&a = left_, &b = right_;
    a.clear();
    b.clear();
    while (next < terms.size() && a.size() < room) {
      a.push_back(terms[next].var);
      b.push_back(tape_.constant(terms[next].coefficient));
      tape_.add_to(sum, terms[next].var, terms[next].coefficient);
      ++next;
    }
    if (constant_left && a.size() < room) {
      a.push_back(tape_.constant(constant));
      b.push_back(tape_.constant(1));
      tape_.add_to(sum, constant);
      constant_left = false;
    }
    so_far = target();
    started = true;
    if (a.size() == 1) {
      tape_.mult(a[0], b[0], so_far);
    } else {
      tape_.dot(a, b, so_far);
    }
  }
  if (!started) {
    const auto positive =
        std::find_if(terms.begin(), terms.end(), [](const LinearTerm& t) { return t.coefficient == 1; });
    if (positive != terms.end()) {
      std::rotate(terms.begin(), positive, positive + 1);
      so_far = terms[0].var;
      tape_.add_to(sum, so_far);
      next = 1;
    } else {
      so_far = tape_.constant(constant);
      tape_.add_to(sum, constant);
      constant_left = false;
    }
    if (left() == 0) {
      tape_.equal(so_far, out);
      return;
    }
  }
  while (left() > 0) {
    if (next < terms.size()) {
      const LinearTerm term = terms[next++];
      tape_.add_to(sum, term.var, term.coefficient);
      const Var result = target();
      if (term.coefficient == 1) {
        tape_.add(so_far, term.var, result);
      } else {
        tape_.sub(so_far, term.var, result);
      }
      so_far = result;
    } else {
      constant_left = false;
      tape_.add(so_far, tape_.constant(constant), out);
    }
  }
}

Var Walker::linear_value(std::vector<LinearTerm>& terms, Int128 constant, std::size_t i) {
  if (terms.empty()) return tape_.constant(constant);
  if (terms.size() == 1 && terms[0].coefficient == 1 && constant == 0) return terms[0].var;
  const Var out = fresh_element(i);
  linear_into(terms, constant, out);
  return out;
}

void Walker::linear_zero(std::vector<LinearTerm>& terms, Int128 constant) {
  if (terms.empty()) {
    if (constant != 0) throw Error(Fault::unsatisfied, "an equation between constants does not hold");
    return;
  }
  if (terms.size() == 1) {
    if (constant % terms[0].coefficient != 0) throw Error(Fault::unsatisfied, "an equation that no integer satisfies");
    tape_.equal(terms[0].var, tape_.constant(-constant / terms[0].coefficient));
    return;
  }
  // One term with factor ±1 becomes the result; one that waits for a range check is better off as an operand.
  auto result = terms.end();
  for (auto term = terms.begin(); term != terms.end(); ++term) {
    if (!is_unit(term->coefficient) || tape_.pending(term->var)) continue;
    if (result == terms.end() || (tape_.placed(result->var) && !tape_.placed(term->var))) result = term;
  }
  if (result == terms.end() && constant == 0) {
    result = std::find_if(terms.begin(), terms.end(), [](const LinearTerm& t) { return is_unit(t.coefficient); });
  }
  if (result == terms.end()) {
    linear_into(terms, 0, tape_.constant(-constant));
    return;
  }
  const LinearTerm chosen = *result;
  terms.erase(result);
  if (chosen.coefficient == 1) {
    for (LinearTerm& term : terms) term.coefficient = -term.coefficient;
    constant = -constant;
  }
  linear_into(terms, constant, chosen.var);
}

void Walker::lower_linear(const claims::Claim& claim) {
  const std::size_t count = claims::equations(record_, claim);
  std::vector<const Refs*> in;
  for (const claims::Tensor t : claim.in) in.push_back(&refs(t));
  EZKL_ENSURE(in.size() == claim.coefficients.size(), "one coefficient per term");
  Refs result;
  if (claim.defines) result.reserve(count);
  const bool constrains_tensor = !claim.defines && !claim.out.empty();
  std::vector<LinearTerm> terms;
  for (std::size_t i = 0; i < count; ++i) {
    terms.clear();
    Int128 constant = claim.constant;
    const auto take = [&](Int128 coefficient, Var var) {
      if (Tape::is_constant(var)) {
        constant = constant_sum(constant, constant_product(coefficient, tape_.constant_value(var)));
      } else if (coefficient != 0) {
        terms.push_back({coefficient, var});
      }
    };
    for (std::size_t k = 0; k < in.size(); ++k) take(claim.coefficients[k], (*in[k])[in[k]->size() == 1 ? 0 : i]);
    if (claim.defines) {
      result.push_back(linear_value(terms, constant, i));
    } else {
      if (constrains_tensor) take(-1, refs(claim.out[0])[i]);
      linear_zero(terms, constant);
    }
  }
  if (claim.defines) refs(claim.out[0]) = std::move(result);
}

}  // namespace ezkl::circuit
