#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "field/fr.hpp"
#include "graph/claims/claims.hpp"
#include "poly/cube.hpp"
#include "poly/multilinear.hpp"
#include "tensor/shape.hpp"

/// Linear functionals on tensors, Σ w[i]·T[i]. A point of the extension is one; sums, views and rearrangements lead to
/// others, which factor into parts that have no axis in common. source: docs/spec/sumcheck.md 3.2.4 and 3.4
namespace ezkl::relations {

struct Component {
  std::vector<std::uint32_t> axes;  ///< ascending; loops where it stands for weights of loops
  bool is_point = true;
  /// A point: coordinates of its one axis, eq weights on the whole cube. Else weights on the real extents of its axes,
  /// row-major, and zero outside; none of the axes has extent 1.
  std::vector<Fr> values;
};

/// Every axis in exactly one component, ordered by axes.
using Weights = std::vector<Component>;

Weights point_weights(const Cube& cube, std::span<const Fr> point);
bool is_point(const Weights& weights);
/// Its coordinates, axis by axis. errors: Fault::internal unless is_point.
std::vector<Fr> coordinates(const Weights& weights);
/// The sum of all weights over the shape.
Fr total(const Shape& shape, const Weights& weights);

/// <out, weights> as weights on what `out` is made of, times a factor.
struct Pushed {
  Weights weights;
  Fr factor;
};

/// `weights` on loops, out[loops] = source[axes(loops)]. Nothing where all of it reads outside. `inside` is the sum of
/// the weights that read inside. cost: the product of the extents of loops that drive an axis together
struct ReadThrough {
  std::optional<Pushed> source;
  Fr inside;
};
ReadThrough read_through(const Weights& weights, const Shape& loops, std::span<const claims::AxisMap> axes,
                         const Shape& source);
Pushed reshape_weights(const Weights& weights, const Shape& shape, const Shape& source);

/// All weights of a tensor one after the other. For rearrangements that follow no rule.
std::vector<Fr> listed_weights(const Shape& shape, const Weights& weights);
/// Weights that are one table over all axes.
Pushed table_weights(const Shape& shape, std::vector<Fr> table);

/// Indices and weights of every value of the loops of some components: visit(loop values by loop, weight).
template <class Visit>
void visit_assignments(std::span<const Component> components, const Shape& loops, Visit&& visit);

/// Which components and axes hang together by the loops they share.
struct Connected {
  std::vector<std::size_t> components, axes;  ///< ascending
};
std::vector<Connected> connected(std::span<const Component> components,
                                 const std::vector<std::vector<std::uint32_t>>& loops_of_axes);
std::vector<std::uint32_t> loops_of(const claims::AxisMap& axis);
/// Where `axes` read among some of the axes of a tensor, row-major in those; nothing outside.
std::optional<std::size_t> place_at(std::span<const claims::AxisMap> axes, const Shape& shape,
                                    std::span<const std::size_t> among, std::span<const std::size_t> loops);
/// The number of elements along some axes.
std::size_t extent_of(std::span<const std::size_t> extents, std::span<const std::size_t> axes);
/// The bits of an index, as coordinates.
std::vector<Fr> corner(std::uint64_t index, unsigned bits);

/// Axes of extent 1 taken out of the tables, as points of no coordinates, and the components ordered; times `factor`.
Pushed tidy(const Shape& shape, Weights weights, const Fr& factor);
/// The component of each of so many axes.
std::vector<const Component*> by_axis(const Weights& weights, std::size_t axes);

/// What is left when the axes that are points are bound: bits of the others, in order of axes.
unsigned free_bits(const Shape& shape, const Weights& weights);
/// The weights over those bits, zero outside the shape: 2^free_bits entries.
std::vector<Fr> weight_table(const Shape& shape, const Weights& weights);
/// The extension of those weights at a point of those bits: the product of its components' extensions, none of which is
/// multiplied out with the others.
Fr weights_at(const Shape& shape, const Weights& weights, std::span<const Fr> point);
/// The whole point where those bits are bound to `bound`.
std::vector<Fr> completed(const Shape& shape, const Weights& weights, std::span<const Fr> bound);

template <class Visit>
void visit_assignments(std::span<const Component> components, const Shape& loops, Visit&& visit) {
  // Loops of all components in order; a component's table is row-major over its own.
  std::vector<std::uint32_t> names;
  for (const Component& c : components) names.insert(names.end(), c.axes.begin(), c.axes.end());
  std::sort(names.begin(), names.end());
  struct Spread {
    std::vector<Fr> values;
    std::vector<std::size_t> steps;  ///< by loop
  };
  std::vector<Spread> tables;
  for (const Component& c : components) {
    Spread table{c.is_point ? multilinear::eq_table(c.values) : c.values, std::vector<std::size_t>(loops.size())};
    std::size_t step = 1;
    for (std::size_t k = c.axes.size(); k-- > 0; step *= loops[c.axes[k]]) table.steps[c.axes[k]] = step;
    tables.push_back(std::move(table));
  }
  std::vector<std::size_t> at(loops.size());
  for (;;) {
    Fr weight = Fr::one();
    for (const Spread& table : tables) {
      std::size_t place = 0;
      for (const std::uint32_t loop : names) place += table.steps[loop] * at[loop];
      weight *= table.values[place];
    }
    visit(std::span<const std::size_t>(at), weight);
    std::size_t k = names.size();
    while (k > 0 && ++at[names[k - 1]] == loops[names[k - 1]]) at[names[--k]] = 0;
    if (k == 0) return;
  }
}

}  // namespace ezkl::relations
