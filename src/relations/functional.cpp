#include "relations/functional.hpp"

#include "base/ensure.hpp"

namespace ezkl::relations {

void Functional::add_terms(const Plan& plan, const Expression& expression, const Shape& shape, const Weights& weights,
                           const Fr& factor) {
  const Fr all = factor * total(shape, weights);
  constant += expression.constant * all;
  for (const Term& term : expression.terms) {
    const PlanTensor& t = plan.tensors[term.tensor];
    if (t.shape == shape) {
      add(plan, term.tensor, weights, factor * term.coefficient);
    } else {
      // One element, which stands for all. (Where there is only one, the weight of all is its own.)
      EZKL_ENSURE(t.cube.elements() == 1, "terms of one shape, or of one element");
      add(plan, term.tensor, point_weights(t.cube, {}), all * term.coefficient);
    }
  }
}

void Functional::add(const Plan& plan, const Expression& expression, std::uint32_t shaped_as, std::span<const Fr> point,
                     const Fr& factor) {
  const PlanTensor& t = plan.tensors[shaped_as];
  add_terms(plan, expression, t.shape, point_weights(t.cube, point), factor);
}

void Functional::add(const Plan& plan, std::uint32_t tensor, const Weights& weights, const Fr& factor) {
  if (factor.is_zero()) return;
  const PlanTensor& t = plan.tensors[tensor];
  if (t.is_anchor()) {
    anchors.push_back({factor, tensor, weights});
    return;
  }
  const auto shape_of = [&](std::uint32_t source) -> const Shape& { return plan.tensors[source].shape; };
  switch (t.kind) {
    case TensorKind::linear:
      add_terms(plan, t.linear, t.shape, weights, factor);
      break;
    case TensorKind::view:
    case TensorKind::sum: {
      Weights loops = weights;
      for (std::uint32_t l = static_cast<std::uint32_t>(t.shape.size()); l < t.loops.size(); ++l) {
        loops.push_back({{l}, false, std::vector<Fr>(t.loops[l], Fr::one())});
      }
      const ReadThrough read = read_through(loops, t.loops, t.axes[0], shape_of(t.sources[0]));
      if (t.kind == TensorKind::view && t.outside != 0) {
        constant += factor * Fr::from_i128(t.outside) * (total(t.shape, weights) - read.inside);
      }
      if (read.source) add(plan, t.sources[0], read.source->weights, factor * read.source->factor);
      break;
    }
    case TensorKind::reshape: {
      const Pushed pushed = reshape_weights(weights, t.shape, shape_of(t.sources[0]));
      add(plan, t.sources[0], pushed.weights, factor * pushed.factor);
      break;
    }
    case TensorKind::remap: {
      const std::vector<Fr> listed = listed_weights(t.shape, weights);
      std::int64_t first = 0;
      for (const std::uint32_t source : t.sources) {
        std::vector<Fr> table(plan.tensors[source].cube.elements());
        const auto size = static_cast<std::int64_t>(table.size());
        for (std::size_t i = 0; i < listed.size(); ++i) {
          const std::int64_t at = (*t.map)[i] - first;
          if (at >= 0 && at < size) table[static_cast<std::size_t>(at)] += listed[i];
        }
        first += size;
        const Pushed pushed = table_weights(shape_of(source), std::move(table));
        add(plan, source, pushed.weights, factor * pushed.factor);
      }
      Fr constants;
      for (std::size_t i = 0; i < listed.size(); ++i) {
        const std::int64_t at = (*t.map)[i];
        if (at < 0) constants += listed[i] * Fr::from_i128((*t.values)[static_cast<std::size_t>(-1 - at)]);
      }
      constant += factor * constants;
      break;
    }
    default:
      EZKL_ENSURE(is_point(weights), "a product is read at points only");
      raws.push_back({factor, tensor, coordinates(weights)});
  }
}

}  // namespace ezkl::relations
