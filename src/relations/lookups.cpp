// Phase 1: every lookup, gather and permutation as sums of fractions. source: docs/spec/sumcheck.md 3.3
#include <algorithm>
#include <string>

#include "base/ensure.hpp"
#include "base/parallel.hpp"
#include "ezkl/error.hpp"
#include "field/kernels.hpp"
#include "poly/multilinear.hpp"
#include "relations/state.hpp"
#include "sumcheck/fractions.hpp"

namespace ezkl::relations {
namespace {

constexpr std::size_t grain = 1 << 12;

/// A column of the tuples that a block looks up: an expression, or a public column.
struct Column {
  enum class Kind : std::uint8_t {
    expression,
    keys,      ///< first, first + 1, …: those of a table
    position,  ///< the second index of lines × length
    line       ///< the first
  };
  Kind kind = Kind::expression;
  Expression expression{};
  Int128 first = 0;
};

/// p / q of every cell of a shape: q = 1 + [inside](beta - id - 1) - Σ alpha^i column_i, p the sign inside, or minus
/// the counts. Outside its shape a denominator has no beta in it, so multiplicities and data there, which nothing keeps
/// from being what they should not, stand over no pole and buy nothing.
struct Block {
  int sign = 1;  ///< 0: minus the counts
  std::uint32_t counts = 0, shaped_as = 0, id = 0;
  std::vector<Column> columns;
  std::uint64_t offset = 0;  ///< its first leaf
};

struct Layout {
  std::vector<Block> blocks;  ///< in the order in which they lie: large ones first, so that each is aligned
  unsigned levels = 1;
};

Column tensor_column(std::uint32_t tensor) { return {Column::Kind::expression, {{{Fr::one(), tensor}}, {}}, 0}; }

Layout lay_out(const Plan& plan, const Tree& tree) {
  Layout out;
  const auto number_of = [](std::size_t n) { return static_cast<std::uint32_t>(n); };
  for (const std::uint32_t k : tree.lookups) {
    const Lookup& lookup = plan.lookups[k];
    Block block{1, 0, lookup.shaped_as, lookup.table + 1, {}, 0};
    for (const Expression& column : lookup.columns) block.columns.push_back({Column::Kind::expression, column, 0});
    out.blocks.push_back(std::move(block));
  }
  for (const auto& [number, counts] : tree.tables) {
    const Table& table = plan.tables[number];
    Block block{0, counts, counts, number + 1, {{Column::Kind::keys, {}, table.first}}, 0};
    if (table.function) block.columns.push_back(tensor_column(table.values));
    out.blocks.push_back(std::move(block));
  }
  for (std::size_t i = 0; i < tree.gathers.size(); ++i) {
    const Gather& gather = plan.gathers[tree.gathers[i]];
    const std::uint32_t id = number_of(plan.tables.size()) + tree.gathers[i] + 1;
    out.blocks.push_back(
        {1, 0, gather.index, id, {tensor_column(gather.index), tensor_column(gather.out), {Column::Kind::line}}, 0});
    out.blocks.push_back({0,
                          tree.gather_counts[i],
                          gather.data,
                          id,
                          {{Column::Kind::position}, tensor_column(gather.data), {Column::Kind::line}},
                          0});
  }
  for (const std::uint32_t k : tree.permutes) {
    const Permute& permute = plan.permutes[k];
    const std::uint32_t id = number_of(plan.tables.size() + plan.gathers.size()) + k + 1;
    for (const int sign : {1, -1}) {
      const std::vector<std::uint32_t>& columns = sign == 1 ? permute.ys : permute.xs;
      Block block{sign, 0, columns[0], id, {}, 0};
      for (const std::uint32_t tensor : columns) block.columns.push_back(tensor_column(tensor));
      block.columns.push_back({Column::Kind::line});
      out.blocks.push_back(std::move(block));
    }
  }
  const auto cells = [&](const Block& block) { return plan.tensors[block.shaped_as].cube.cells(); };
  std::stable_sort(out.blocks.begin(), out.blocks.end(),
                   [&](const Block& a, const Block& b) { return cells(a) > cells(b); });
  std::uint64_t leaves = 0;
  for (Block& block : out.blocks) {
    block.offset = leaves;
    leaves += cells(block);
  }
  out.levels = axis_bits(std::max<std::uint64_t>(2, leaves));
  if (out.levels > 32) {
    throw Error(Fault::range, "more than 2^32 lookups in one sum", {{"tree_bits", "a smaller {} is needed"}});
  }
  return out;
}

/// A public column's extension.
Fr public_column_at(const Column& column, const Cube& cube, std::span<const Fr> point) {
  const auto extent = [&](std::size_t axis) { return cube.extents()[axis]; };
  if (column.kind == Column::Kind::keys) return multilinear::iota(extent(0), Fr::from_i128(column.first), point);
  const std::size_t counted = column.kind == Column::Kind::position ? 1 : 0, other = 1 - counted;
  return multilinear::iota(extent(counted), Fr::zero(), cube.part(point, counted)) *
         multilinear::below(extent(other), cube.part(point, other));
}

/// Its elements.
std::vector<Fr> public_column(const Column& column, const Cube& cube) {
  std::vector<Fr> out(cube.elements());
  const std::size_t length = cube.extents().size() == 2 ? cube.extents()[1] : 1;
  parallel_for(out.size(), grain, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      out[i] = column.kind == Column::Kind::keys       ? Fr::from_i128(column.first + static_cast<Int128>(i))
               : column.kind == Column::Kind::position ? Fr::from_u64(i % length)
                                                       : Fr::from_u64(i / length);
    }
  });
  return out;
}

struct Challenges {
  Fr alpha, beta;
};

void fill(const State& state, const Layout& layout, const Challenges& c, std::vector<Fr>& numerators,
          std::vector<Fr>& denominators) {
  numerators.assign(std::size_t{1} << layout.levels, Fr::zero());
  denominators.assign(std::size_t{1} << layout.levels, Fr::one());
  for (const Block& block : layout.blocks) {
    const Cube& cube = state.plan.tensors[block.shaped_as].cube;
    std::vector<Fr> values(cube.elements(), c.beta - Fr::from_u64(block.id));
    Fr power = Fr::one();
    for (const Column& column : block.columns) {
      power *= c.alpha;
      const std::vector<Fr> own = column.kind == Column::Kind::expression
                                      ? state.witness->expression(column.expression, block.shaped_as)
                                      : public_column(column, cube);
      const Fr factor = -power;
      parallel_for(values.size(), grain, [&](std::size_t begin, std::size_t end) {
        fr_kernels().mul_scalar_add(&values[begin], &own[begin], factor, &values[begin], end - begin);
      });
    }
    cube.scatter(values, std::span(denominators).subspan(block.offset, cube.cells()));
    if (block.sign != 0) {
      std::fill(values.begin(), values.end(), block.sign == 1 ? Fr::one() : -Fr::one());
    } else {
      values = state.witness->expression({{{-Fr::one(), block.counts}}, {}}, block.shaped_as);
    }
    cube.scatter(values, std::span(numerators).subspan(block.offset, cube.cells()));
  }
}

/// Numerators: public, or a claim on counts. Denominators: a functional.
void conclude(State& state, const Layout& layout, const Challenges& c, const sumcheck::FractionClaims& claims,
              TreeEnd& end) {
  LinearClaim counts{claims.numerator, {}};
  end.leaves.constant = Fr::one();
  for (const Block& block : layout.blocks) {
    const Cube& cube = state.plan.tensors[block.shaped_as].cube;
    const std::span<const Fr> point = multilinear::last(claims.point, cube.bits());
    const std::size_t above = layout.levels - cube.bits();
    const Fr head = multilinear::eq_at(block.offset >> cube.bits(), std::span<const Fr>(claims.point).first(above));
    const Fr inside = cube.ones(point);
    if (block.sign != 0) {
      counts.value = counts.value - (block.sign == 1 ? head : -head) * inside;
    } else {
      counts.anchors.push_back({-head, block.counts, point_weights(cube, point)});
    }
    end.leaves.constant += head * (c.beta - Fr::from_u64(block.id) - Fr::one()) * inside;
    Fr power = -head;
    for (const Column& column : block.columns) {
      power *= c.alpha;
      if (column.kind == Column::Kind::expression) {
        end.leaves.add(state.plan, column.expression, block.shaped_as, point, power);
      } else {
        end.leaves.constant += power * public_column_at(column, cube, point);
      }
    }
  }
  state.claims.push_back(std::move(counts));
}

/// Most bits of what is constrained at the first tree's point.
unsigned most_bits(const Plan& plan) {
  unsigned out = 0;
  for (const Constraint& constraint : plan.constraints)
    out = std::max(out, plan.tensors[constraint.shaped_as].cube.bits());
  for (const Square& square : plan.squares) out = std::max(out, plan.tensors[square.tensor].cube.bits());
  return out;
}

}  // namespace

std::vector<TreeEnd> prove_lookups(sumcheck::Channel& channel, State& state) {
  const Challenges c{channel.challenge("alpha"), channel.challenge("beta")};
  std::vector<Layout> layouts;
  std::vector<sumcheck::FractionClaims> claims;
  for (const Tree& tree : state.plan.trees) {
    const std::string name = layouts.empty() ? "gkr" : "gkr" + std::to_string(layouts.size());
    layouts.push_back(lay_out(state.plan, tree));
    std::vector<Fr> numerators, denominators;
    if (state.proving()) fill(state, layouts.back(), c, numerators, denominators);
    claims.push_back(sumcheck::prove_fractions(channel, name, layouts.back().levels, std::move(numerators),
                                               std::move(denominators)));
  }
  const unsigned most = most_bits(state.plan);
  const std::vector<Fr> further = channel.challenges("extend", most > layouts[0].levels ? most - layouts[0].levels : 0);
  std::vector<TreeEnd> out(layouts.size());
  for (std::size_t t = 0; t < layouts.size(); ++t) {
    out[t].denominator = claims[t].denominator;
    conclude(state, layouts[t], c, claims[t], out[t]);
    out[t].point = std::move(claims[t].point);
  }
  out[0].point.insert(out[0].point.begin(), further.begin(), further.end());
  return out;
}

}  // namespace ezkl::relations
