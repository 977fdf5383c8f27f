#include "relations/opening.hpp"

#include <algorithm>
#include <map>

#include "base/ensure.hpp"
#include "commit/row_opening.hpp"
#include "commit/rows.hpp"
#include "field/kernels.hpp"
#include "poly/multilinear.hpp"
#include "sumcheck/batch.hpp"

namespace ezkl::relations {
namespace {

using sumcheck::Batch;
using sumcheck::Scalar;

/// The extension of elements that a verifier has, at a point.
Fr value_at(const Cube& cube, std::span<const Fr> elements, std::span<const Fr> point) {
  std::vector<Fr> table(cube.cells());
  cube.scatter(elements, table);
  return multilinear::evaluate(std::move(table), point);
}

Fr known_at(const PlanTensor& tensor, std::span<const Fr> point) {
  const claims::Values& values = *tensor.values;
  if (std::all_of(values.begin(), values.end(), [&](Int128 v) { return v == values[0]; })) {
    return Fr::from_i128(values[0]) * tensor.cube.ones(point);
  }
  std::vector<Fr> elements;
  for (const Int128 value : values) elements.push_back(Fr::from_i128(value));
  return value_at(tensor.cube, elements, point);
}

/// Terms whose points agree in the column.
struct Group {
  std::vector<Fr> column;
  std::vector<PointTerm> terms;
};

struct LessElements {
  bool operator()(const std::vector<Fr>& a, const std::vector<Fr>& b) const {
    return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(), [](const Fr& x, const Fr& y) {
      return std::lexicographical_compare(x.limb, x.limb + 4, y.limb, y.limb + 4);
    });
  }
};

}  // namespace

void prove_opening(sumcheck::Channel& channel, const State& state, PointClaim claim,
                   std::span<const std::vector<G1Affine>> rows, std::span<const Fr> instances, const Srs* srs,
                   const SrsVerifier& bases) {
  const Plan& plan = state.plan;
  const unsigned c = plan.options.row_bits;
  std::map<std::uint32_t, std::span<const Fr>> shown;
  for (std::size_t at = 0; const std::uint32_t tensor : plan.instances) {
    const std::size_t n = plan.tensors[tensor].cube.elements();
    shown.emplace(tensor, instances.subspan(at, n));
    at += n;
  }

  // What the verifier has itself; the rest by columns.
  std::vector<Group> groups;
  std::map<std::vector<Fr>, std::size_t, LessElements> number;
  for (PointTerm& term : claim.terms) {
    const PlanTensor& tensor = plan.tensors[term.tensor];
    if (tensor.kind == TensorKind::instance) {
      claim.value.add(value_at(tensor.cube, shown.at(term.tensor), term.point), -term.coefficient);
    } else if (tensor.kind == TensorKind::known) {
      claim.value.add(known_at(tensor, term.point), -term.coefficient);
    } else {
      std::vector<Fr> column = RowShape(tensor.cube, c).column_part(term.point);
      const auto [found, fresh] = number.try_emplace(column, groups.size());
      if (fresh) groups.push_back({std::move(column), {}});
      groups[found->second].terms.push_back(std::move(term));
    }
  }

  std::vector<std::vector<Fr>> combined;
  Batch batch;
  if (state.proving()) {
    for (const Group& group : groups) {
      std::vector<Fr>& row = combined.emplace_back(std::size_t{1} << c);
      for (const PointTerm& term : group.terms) {
        const RowTensor tensor{RowShape(plan.tensors[term.tensor].cube, c), state.witness->row_values(term.tensor)};
        add_combined_rows(row, term.coefficient, tensor, term.point);
      }
      batch.items.push_back({Fr::one(), c, batch.points.size(), {{batch.add_table(row), Batch::none}}});
      batch.points.push_back(group.column);
    }
  }
  const sumcheck::Reduced end =
      sumcheck::reduce(channel, "columns", claim.value, c, 2, state.proving() ? &batch : nullptr);
  std::vector<Fr> values;
  for (const std::vector<Fr>& table : batch.tables) values.push_back(table[0]);
  const std::vector<Scalar> sent = channel.send("column values", values, groups.size());
  Scalar check = end.claim * -Fr::one();
  for (std::size_t g = 0; g < groups.size(); ++g) check.add(sent[g], multilinear::eq(groups[g].column, end.point));
  channel.require(check, "columns");

  const Fr delta = channel.challenge("delta2");
  Scalar value;
  Fr power = Fr::one();
  std::vector<Fr> row(std::size_t{1} << c);
  std::map<std::uint32_t, std::vector<Fr>> weights;  // of a tensor's rows
  for (std::size_t g = 0; g < groups.size(); ++g, power *= delta) {
    value.add(sent[g], power);
    if (state.proving()) {
      fr_kernels().mul_scalar_add(row.data(), combined[g].data(), power, row.data(), row.size());
      continue;
    }
    for (const PointTerm& term : groups[g].terms) {
      const std::vector<Fr> own =
          RowShape(plan.tensors[term.tensor].cube, c).weights(term.point, power * term.coefficient);
      std::vector<Fr>& sum = weights[term.tensor];
      sum.resize(own.size());
      for (std::size_t k = 0; k < own.size(); ++k) sum[k] += own[k];
    }
  }
  if (state.proving()) {
    open_row(*srs, std::move(row), end.point, channel.writer("opening", c));
    return;
  }
  ClaimedRow claimed;
  for (const auto& [tensor, own] : weights) {
    EZKL_ENSURE(rows[tensor].size() == own.size(), "a commitment for every row of a tensor");
    claimed.bases.insert(claimed.bases.end(), rows[tensor].begin(), rows[tensor].end());
    claimed.scalars.insert(claimed.scalars.end(), own.begin(), own.end());
  }
  if (auto problem = check_row(bases, claimed, end.point, value.value(), channel.reader("opening", c))) {
    throw sumcheck::Refused{std::move(*problem)};
  }
}

}  // namespace ezkl::relations
