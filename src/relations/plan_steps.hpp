#pragma once

#include <optional>
#include <vector>

#include "graph/claims/interval.hpp"
#include "relations/plan.hpp"

/// The steps from claims to a plan, in the order of docs/spec/sumcheck.md 3.1.
namespace ezkl::relations {

/// Σ terms + constant = 0; terms may repeat a tensor.
struct Equation {
  std::vector<Term> terms;
  Fr constant;
};

struct PlanBuilder {
  explicit PlanBuilder(const PlanOptions& options) { plan.options = options; }

  Plan plan;
  std::vector<bool> candidate;  ///< by tensor: an equation may determine it

  /// A new tensor. errors: Fault::range as Cube.
  std::uint32_t add(Shape shape, TensorKind kind, const Recipe& recipe);
  std::uint32_t add_product(std::uint32_t a, std::uint32_t b);
  /// Numbers of tables, which are made where they are first asked for.
  std::uint32_t range_table(std::uint64_t rows);
  std::uint32_t function_table(const claims::TableId& id, claims::Interval keys);
  bool is_constant(std::uint32_t tensor) const;
};

/// Terms of one tensor added up, in order of first occurrence, those that vanish left out.
std::vector<Term> merged(std::vector<Term> terms);

/// Strides of one loop on one axis added up, by loops; loops of extent 1 left out, they only ever read the base.
std::vector<claims::AxisMap> normal(const std::vector<claims::AxisMap>& axes, const Shape& loops);
std::vector<claims::AxisMap> whole_axes(const Shape& shape);
bool same_axes(const std::vector<claims::AxisMap>& a, const std::vector<claims::AxisMap>& b);
/// Base 0, one loop of the axis' extent, stride 1.
bool is_plain(const claims::AxisMap& axis, const Shape& loops, std::size_t extent);
/// Every axis plain or at one index inside, no loop on two axes.
bool is_plain_factor(const std::vector<claims::AxisMap>& axes, const Shape& loops, const Shape& dims);

/// Step 3: a hint that the equation determines becomes the linear tensor that the equation makes it, else the equation
/// becomes a constraint. errors: Fault::internal for an equation without terms that does not hold.
void eliminate(PlanBuilder& builder, const Equation& equation);
/// Step 4.
void fold_constants(PlanBuilder& builder);
/// Step 5. errors: Fault::internal where limbs would not be integers modulo the field.
void add_range(PlanBuilder& builder, std::uint32_t tensor, Int128 lo, Int128 hi);
/// `bounds` only where they are proven.
void add_zero_test(PlanBuilder& builder, std::uint32_t x, std::uint32_t flag, std::optional<claims::Interval> bounds);
/// Step 6: products that stand in the way of reading something linearly are marked.
void materialise(PlanBuilder& builder);
/// Step 8.
void plant_trees(PlanBuilder& builder);

}  // namespace ezkl::relations
