#include "relations/witness.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <unordered_map>

#include "base/ensure.hpp"
#include "base/int128.hpp"
#include "base/parallel.hpp"
#include "field/kernels.hpp"
#include "poly/multilinear.hpp"
#include "tensor/table_function.hpp"

namespace ezkl::relations {
namespace {

constexpr std::size_t grain = 1 << 12;

using Elements = Witness::Elements;

Elements from_integers(const claims::Values& values) {
  const bool small = std::all_of(values.begin(), values.end(), [](Int128 v) {
    return v >= std::numeric_limits<std::int64_t>::min() && v <= std::numeric_limits<std::int64_t>::max();
  });
  if (small) return std::vector<std::int64_t>(values.begin(), values.end());
  std::vector<Fr> out(values.size());
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = Fr::from_i128(values[i]);
  return out;
}

std::vector<Fr> as_felts(const Elements& elements) {
  if (const auto* const wide = std::get_if<std::vector<Fr>>(&elements)) return *wide;
  const auto& small = std::get<std::vector<std::int64_t>>(elements);
  std::vector<Fr> out(small.size());
  parallel_for(out.size(), grain, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) out[i] = Fr::from_i64(small[i]);
  });
  return out;
}

/// Small again where all are: what an expression of small integers gives is small as a rule.
Elements from_felts(std::vector<Fr> values) {
  std::vector<std::int64_t> small(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto v = values[i].to_small();
    if (!v) return values;
    small[i] = *v;
  }
  return small;
}

/// The integer of an element that is one of at most 128 bits, as those of proven tensors are.
Int128 as_integer(const Elements& elements, std::size_t i) {
  if (const auto* const small = std::get_if<std::vector<std::int64_t>>(&elements)) return (*small)[i];
  return std::get<std::vector<Fr>>(elements)[i].to_int128_lossy();
}

std::size_t size_of(const Elements& elements) {
  return std::visit([](const auto& v) { return v.size(); }, elements);
}

}  // namespace

Witness::Witness(const Plan& plan, claims::Trace trace)
    : plan_(plan), trace_(std::move(trace)), made_(plan.tensors.size()) {
  EZKL_ENSURE(trace_.size() == plan.of_record, "values by tensor of the record");
}

const Elements& Witness::elements(std::uint32_t tensor) const {
  if (!made_[tensor]) {
    Elements made = make(tensor);
    EZKL_ENSURE(size_of(made) == plan_.tensors[tensor].cube.elements(), "a value for every element");
    made_[tensor] = std::move(made);
  }
  return *made_[tensor];
}

RowValues Witness::row_values(std::uint32_t tensor) const {
  return std::visit([](const auto& v) -> RowValues { return std::span(v); }, elements(tensor));
}

std::vector<Fr> Witness::felts(std::uint32_t tensor) const { return as_felts(elements(tensor)); }

Elements Witness::make(std::uint32_t tensor) const {
  const Recipe& recipe = plan_.recipes[tensor];
  switch (recipe.kind) {
    case Recipe::Kind::record: {
      const auto& values =
          tensor < trace_.size() && trace_[tensor] != nullptr ? trace_[tensor] : plan_.tensors[tensor].values;
      EZKL_ENSURE(values != nullptr, "the trace has every tensor that is used");
      return from_integers(*values);
    }
    case Recipe::Kind::output:
      return elements(recipe.a);
    case Recipe::Kind::limb:
      return limbs(recipe);
    case Recipe::Kind::inverse: {
      std::vector<Fr> out = felts(recipe.a);
      batch_invert(out);
      return out;
    }
    case Recipe::Kind::derived:
      return derived(tensor);
    case Recipe::Kind::counts:
      return counts(recipe);
    case Recipe::Kind::gather_counts:
      return gather_counts(recipe);
    case Recipe::Kind::table: {
      const Table& table = plan_.tables[recipe.limb];
      claims::Values out(table.rows);
      parallel_for(out.size(), grain, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
          out[i] = table_value(table.function->name, table.function->parameters, table.first + static_cast<Int128>(i));
        }
      });
      return from_integers(out);
    }
  }
  EZKL_ENSURE(false, "a recipe that is none");
}

Elements Witness::derived(std::uint32_t tensor) const {
  const PlanTensor& t = plan_.tensors[tensor];
  switch (t.kind) {
    case TensorKind::linear:
      return from_felts(expression(t.linear, tensor));
    case TensorKind::product: {
      std::vector<Fr> out = felts(t.sources[0]);
      const std::vector<Fr> other = felts(t.sources[1]);
      fr_kernels().mul(out.data(), out.data(), other.data(), out.size());
      return from_felts(std::move(out));
    }
    case TensorKind::view: {
      const std::vector<Fr> source = felts(t.sources[0]);
      const Shape& dims = plan_.tensors[t.sources[0]].shape;
      std::vector<Fr> out(t.cube.elements());
      std::vector<std::size_t> all(dims.size()), at(t.shape.size());
      std::iota(all.begin(), all.end(), 0);
      for (Fr& value : out) {
        const auto place = place_at(t.axes[0], dims, all, at);
        value = place ? source[*place] : Fr::from_i128(t.outside);
        for (std::size_t axis = at.size(); axis-- > 0;) {
          if (++at[axis] < t.shape[axis]) break;
          at[axis] = 0;
        }
      }
      return from_felts(std::move(out));
    }
    default:
      EZKL_ENSURE(false, "the plan makes linear tensors, products and views");
  }
}

Elements Witness::limbs(const Recipe& recipe) const {
  const Elements& source = elements(recipe.a);
  const unsigned bits = plan_.options.limb_bits;
  std::vector<std::int64_t> out(size_of(source));
  parallel_for(out.size(), grain, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      // Of an integer outside the range the limbs are some, and the proof will not hold.
      const auto distance = Uint128(as_integer(source, i)) - Uint128(recipe.base);
      const auto rest = static_cast<Int128>(recipe.negated ? 0 - distance : distance);
      out[i] = static_cast<std::int64_t>(rest >> (bits * recipe.limb) & ((Int128{1} << bits) - 1));
    }
  });
  return out;
}

Elements Witness::counts(const Recipe& recipe) const {
  const Table& table = plan_.tables[recipe.limb];
  std::vector<std::int64_t> out(table.rows);
  for (const std::uint32_t k : plan_.trees[recipe.tree].lookups) {
    const Lookup& lookup = plan_.lookups[k];
    if (lookup.table != recipe.limb) continue;
    for (const Fr& key : expression(lookup.columns[0], lookup.shaped_as)) {
      const auto small = key.to_small();
      if (small && *small >= table.first && *small - table.first < static_cast<Int128>(table.rows)) {
        ++out[static_cast<std::size_t>(*small - table.first)];
      }
    }
  }
  return out;
}

Elements Witness::gather_counts(const Recipe& recipe) const {
  const Gather& gather = plan_.gathers[plan_.trees[recipe.tree].gathers[recipe.limb]];
  const Shape& data = plan_.tensors[gather.data].shape;
  const Elements& index = elements(gather.index);
  const std::size_t length = data[1], count = plan_.tensors[gather.index].shape[1];
  std::vector<std::int64_t> out(data[0] * length);
  for (std::size_t i = 0; i < size_of(index); ++i) {
    const Int128 at = as_integer(index, i);
    if (at >= 0 && at < static_cast<Int128>(length)) ++out[i / count * length + static_cast<std::size_t>(at)];
  }
  return out;
}

std::vector<Fr> Witness::expression(const Expression& expression, std::uint32_t shaped_as) const {
  const std::size_t n = plan_.tensors[shaped_as].cube.elements();
  std::vector<Fr> out(n, expression.constant);
  for (const Term& term : expression.terms) {
    const std::vector<Fr> values = felts(term.tensor);
    if (values.size() == 1) {
      const Fr all = values[0] * term.coefficient;
      fr_kernels().add_scalar(out.data(), out.data(), all, n);
      continue;
    }
    parallel_for(n, grain, [&](std::size_t begin, std::size_t end) {
      fr_kernels().mul_scalar_add(&out[begin], &values[begin], term.coefficient, &out[begin], end - begin);
    });
  }
  return out;
}

std::vector<Fr> Witness::cube(std::uint32_t tensor) const {
  const Cube& cube = plan_.tensors[tensor].cube;
  std::vector<Fr> values = felts(tensor);
  if (cube.cells() == cube.elements()) return values;
  std::vector<Fr> out(cube.cells());
  cube.scatter(values, out);
  return out;
}

std::vector<Fr> Witness::bound(std::uint32_t tensor, const Weights& weights) const {
  const Cube& cube = plan_.tensors[tensor].cube;
  std::vector<Fr> table = this->cube(tensor);
  const std::vector<const Component*> of = by_axis(weights, cube.extents().size());
  // From the last axis on: what is behind an axis is that of the free axes behind it.
  std::size_t inner = 1;
  for (std::size_t axis = of.size(); axis-- > 0;) {
    const std::size_t length = std::size_t{1} << cube.bits_of(axis);
    if (!of[axis]->is_point) {
      inner *= length;
      continue;
    }
    if (length == 1) continue;
    const std::vector<Fr> eq = multilinear::eq_table(of[axis]->values);
    const std::size_t outer = table.size() / length / inner;
    std::vector<Fr> next(outer * inner);
    parallel_for(outer, std::max<std::size_t>(1, grain / (length * inner)), [&](std::size_t begin, std::size_t end) {
      const FrKernels& kernels = fr_kernels();
      for (std::size_t o = begin; o < end; ++o) {
        const Fr* const from = &table[o * length * inner];
        if (inner == 1) {
          next[o] = kernels.dot(from, eq.data(), length);
          continue;
        }
        for (std::size_t k = 0; k < length; ++k) {
          kernels.mul_scalar_add(&next[o * inner], from + k * inner, eq[k], &next[o * inner], inner);
        }
      }
    });
    table = std::move(next);
  }
  return table;
}

Fr Witness::pair(std::uint32_t tensor, const Weights& weights) const {
  const std::vector<Fr> table = bound(tensor, weights);
  if (is_point(weights)) return table[0];
  const std::vector<Fr> other = weight_table(plan_.tensors[tensor].shape, weights);
  return fr_kernels().dot(table.data(), other.data(), table.size());
}

}  // namespace ezkl::relations
