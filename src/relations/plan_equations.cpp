// Steps 3, 4 and 6: what equations determine, what is constant, what has to be committed.
#include <algorithm>
#include <unordered_map>

#include "base/ensure.hpp"
#include "relations/plan_check.hpp"
#include "relations/plan_steps.hpp"
#include "relations/reshape.hpp"

namespace ezkl::relations {
namespace {

/// Whether `tensor` is made of `target`, through whatever lies between.
bool depends_on(const PlanBuilder& builder, std::uint32_t tensor, std::uint32_t target,
                std::vector<std::uint32_t>& seen, std::uint32_t stamp) {
  std::vector<std::uint32_t> todo{tensor};
  while (!todo.empty()) {
    const std::uint32_t at = todo.back();
    todo.pop_back();
    if (at == target) return true;
    if (seen[at] == stamp) continue;
    seen[at] = stamp;
    builder.plan.tensors[at].visit_sources([&](std::uint32_t source) { todo.push_back(source); });
  }
  return false;
}

bool is_unit(const Fr& c) { return c == Fr::one() || c == -Fr::one(); }

}  // namespace

std::vector<Term> merged(std::vector<Term> terms) {
  std::vector<Term> out;
  std::unordered_map<std::uint32_t, std::size_t> places;
  for (const Term& term : terms) {
    const auto [place, fresh] = places.try_emplace(term.tensor, out.size());
    if (fresh) {
      out.push_back(term);
    } else {
      out[place->second].coefficient += term.coefficient;
    }
  }
  std::erase_if(out, [](const Term& term) { return term.coefficient.is_zero(); });
  return out;
}

void eliminate(PlanBuilder& builder, const Equation& equation) {
  std::vector<PlanTensor>& tensors = builder.plan.tensors;
  const std::vector<Term> terms = merged(equation.terms);
  if (terms.empty()) {
    EZKL_ENSURE(equation.constant.is_zero(), "an equation that no value satisfies");
    return;
  }
  const auto elements = [&](std::uint32_t t) { return tensors[t].cube.elements(); };
  std::uint32_t shaped_as = terms[0].tensor;
  for (const Term& term : terms) {
    if (elements(term.tensor) > elements(shaped_as)) shaped_as = term.tensor;
  }
  std::vector<std::size_t> order(terms.size());
  for (std::size_t k = 0; k < order.size(); ++k) order[k] = k;
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const bool unit_a = is_unit(terms[a].coefficient), unit_b = is_unit(terms[b].coefficient);
    return unit_a != unit_b ? unit_a : terms[a].tensor > terms[b].tensor;
  });
  std::vector<std::uint32_t> seen;
  std::uint32_t stamp = 0;
  for (const std::size_t k : order) {
    const std::uint32_t hint = terms[k].tensor;
    if (!builder.candidate[hint] || tensors[hint].kind != TensorKind::committed ||
        elements(hint) != elements(shaped_as))
      continue;
    seen.resize(tensors.size());
    ++stamp;
    const bool circular = std::any_of(terms.begin(), terms.end(), [&](const Term& term) {
      return term.tensor != hint && depends_on(builder, term.tensor, hint, seen, stamp);
    });
    if (circular) continue;
    const Fr factor = -terms[k].coefficient.inverse();
    Expression& linear = tensors[hint].linear;
    for (const Term& term : terms) {
      if (term.tensor != hint) linear.terms.push_back({term.coefficient * factor, term.tensor});
    }
    linear.constant = equation.constant * factor;
    tensors[hint].kind = TensorKind::linear;
    return;
  }
  builder.plan.constraints.push_back({{terms, equation.constant}, shaped_as, std::nullopt});
}

bool PlanBuilder::is_constant(std::uint32_t tensor) const {
  const PlanTensor& t = plan.tensors[tensor];
  return t.kind == TensorKind::linear && t.linear.terms.empty();
}

void fold_constants(PlanBuilder& builder) {
  std::vector<PlanTensor>& tensors = builder.plan.tensors;
  for (bool changed = true; changed;) {
    changed = false;
    for (PlanTensor& tensor : tensors) {
      if (tensor.kind == TensorKind::linear) {
        std::erase_if(tensor.linear.terms, [&](const Term& term) {
          if (!builder.is_constant(term.tensor)) return false;
          tensor.linear.constant += term.coefficient * tensors[term.tensor].linear.constant;
          changed = true;
          return true;
        });
      } else if (tensor.kind == TensorKind::product) {
        const std::uint32_t a = tensor.sources[0], b = tensor.sources[1];
        if (!builder.is_constant(a) && !builder.is_constant(b)) continue;
        const std::uint32_t constant = builder.is_constant(a) ? a : b, other = constant == a ? b : a;
        const Fr factor = tensors[constant].linear.constant;
        tensor.kind = TensorKind::linear;
        tensor.sources.clear();
        if (!factor.is_zero()) tensor.linear.terms = {{factor, other}};
        changed = true;
      }
    }
  }
}

namespace {

/// Marks the products, and the contractions unless these may stand there, that keep a tensor from being linear in what
/// is committed.
void flatten(PlanBuilder& builder, std::uint32_t tensor, bool with_contractions) {
  std::vector<std::pair<std::uint32_t, bool>> todo{{tensor, with_contractions}};
  while (!todo.empty()) {
    const auto [at, allowed] = todo.back();
    todo.pop_back();
    PlanTensor& t = builder.plan.tensors[at];
    if (t.materialised) continue;
    if (t.kind == TensorKind::product || (t.kind == TensorKind::contraction && !allowed)) {
      t.materialised = true;
      continue;
    }
    if (t.kind == TensorKind::contraction) continue;
    const bool of_sources = allowed && keeps_points(builder.plan, t);
    t.visit_sources([&](std::uint32_t source) { todo.emplace_back(source, of_sources); });
  }
}

}  // namespace

void materialise(PlanBuilder& builder) {
  Plan& plan = builder.plan;
  const std::vector<bool> needed = needed_tensors(plan);
  for (const Gather& gather : plan.gathers) {
    for (const std::uint32_t tensor : {gather.data, gather.index, gather.out}) flatten(builder, tensor, false);
  }
  for (const Permute& permute : plan.permutes) {
    for (const std::uint32_t tensor : permute.ys) flatten(builder, tensor, false);
    for (const std::uint32_t tensor : permute.xs) flatten(builder, tensor, false);
  }
  for (std::uint32_t id = 0; id < plan.tensors.size(); ++id) {
    const PlanTensor& tensor = plan.tensors[id];
    if (!needed[id] || keeps_points(plan, tensor)) continue;
    for (const std::uint32_t source : tensor.sources) flatten(builder, source, tensor.kind == TensorKind::product);
  }
  for (const Square& square : plan.squares) flatten(builder, square.tensor, true);
  for (std::uint32_t id = 0; id < plan.tensors.size(); ++id) {
    if (plan.tensors[id].materialised) plan.constraints.push_back({{{{Fr::one(), id}}, {}}, id, id});
  }
}

}  // namespace ezkl::relations
