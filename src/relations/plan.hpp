#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "field/fr.hpp"
#include "graph/claims/claims.hpp"
#include "poly/cube.hpp"
#include "tensor/shape.hpp"

/// From the claims of a record to arguments: what is committed, looked up, multiplied. source: docs/spec/sumcheck.md 3
namespace ezkl::relations {

struct PlanOptions {
  static constexpr unsigned least_row_bits = 3, most_row_bits = 20, most_limb_bits = 20, most_tree_bits = 27;

  unsigned row_bits = 10;   ///< cells of a committed row, as a power of two
  unsigned limb_bits = 14;  ///< of the largest range table: 1 at least
  unsigned tree_bits = 21;  ///< most padded cells of one sum of fractions: 1 at least
};

enum class TensorKind : std::uint8_t {
  instance,     ///< an element of the statement each: the verifier evaluates it
  committed,    ///< the prover's to choose
  keyed,        ///< known to the verifier: its rows are in the key, unblinded
  keyed_param,  ///< a parameter that is not fixed: its rows are in the key
  known,        ///< few values, or equal ones, that stand in the plan: the verifier evaluates them
  linear,       ///< Σ terms + constant
  view,         ///< an affine view, or `outside`
  sum,          ///< a sum over loops of an affine view, zero outside
  reshape,
  remap,       ///< element by element from several tensors and constants
  product,     ///< of two tensors of its shape
  contraction  ///< Σ X[…]·K[…], zero outside; sources[0] is the pivot X
};

struct Term {
  Fr coefficient;
  std::uint32_t tensor = 0;
};

/// Terms are tensors of one shape, or of one element that stands for all; each occurs once, not times 0.
struct Expression {
  std::vector<Term> terms;
  Fr constant;
};

struct PlanTensor {
  TensorKind kind = TensorKind::committed;
  Shape shape;
  Cube cube;
  bool materialised = false;  ///< a product or contraction that is committed as well
  Expression linear;          ///< linear
  std::vector<std::uint32_t>
      sources;  ///< what it is made of; none for a linear one, and for those that stand for themselves
  std::vector<std::vector<claims::AxisMap>>
      axes;     ///< view, sum: one; contraction: two. Strides are not 0, a loop occurs once an axis
  Shape loops;  ///< view: the shape; sum and contraction: it and the summed loops. Loops of extent 1 drive nothing
  Int128 outside = 0;                                    ///< view
  std::shared_ptr<const std::vector<std::int64_t>> map;  ///< remap: as claims::Kind::remap
  std::shared_ptr<const claims::Values>
      values;  ///< known: its elements; keyed: the same, where the record has them; remap: constants

  /// Stands for itself in every linear claim: what it is made of, if anything, is shown elsewhere.
  bool is_anchor() const { return materialised || kind <= TensorKind::known; }
  bool is_committed() const { return materialised || kind == TensorKind::committed; }
  bool is_keyed() const { return kind == TensorKind::keyed || kind == TensorKind::keyed_param; }

  /// Calls visit for every tensor that this one is made of.
  template <class Visit>
  void visit_sources(Visit&& visit) const {
    if (kind == TensorKind::linear) {
      for (const Term& term : linear.terms) visit(term.tensor);
    } else {
      for (const std::uint32_t source : sources) visit(source);
    }
  }
};

/// expression = 0 on the shape of `shaped_as`, or expression = the product or contraction `of`.
struct Constraint {
  Expression expression;
  std::uint32_t shaped_as = 0;
  std::optional<std::uint32_t> of;
};

/// (tensor - lo)(tensor - lo - 1) = 0
struct Square {
  std::uint32_t tensor = 0;
  Int128 lo = 0;
};

/// Rows with keys first, first + 1, …; a range table starts at 0 and has no values.
struct Table {
  /// As many as a sum of fractions may have cells.
  static constexpr std::uint64_t most_rows = std::uint64_t{1} << PlanOptions::most_tree_bits;
  std::uint64_t rows = 0;
  Int128 first = 0;
  std::optional<claims::TableId> function;
  static constexpr std::uint32_t no_values = ~std::uint32_t{0};
  std::uint32_t values = no_values;  ///< tensor of the function's values
};

/// Every element of the columns (a key; a key and a value) is a row of the table.
struct Lookup {
  std::uint32_t table = 0;  ///< numbered from 0
  std::uint32_t shaped_as = 0;
  std::vector<Expression> columns;
};

struct Gather {
  std::uint32_t data = 0, index = 0, out = 0;
};

struct Permute {
  std::vector<std::uint32_t> ys, xs;
};

/// What one sum of fractions shows: numbers of lookups, gathers and permutes; counts are committed tensors.
struct Tree {
  std::vector<std::uint32_t> lookups, gathers, permutes;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> tables;  ///< (table, counts), in order of tables
  std::vector<std::uint32_t> gather_counts;                     ///< by place in `gathers`
};

/// How the prover gets the values of a tensor that the record does not have.
struct Recipe {
  enum class Kind : std::uint8_t {
    record,         ///< the record has it
    output,         ///< those of tensor a, which the statement shows
    limb,           ///< limb `limb` of sign·(a - base), limb_bits each
    inverse,        ///< 1 / a, or 0
    derived,        ///< from its sources, or its terms
    counts,         ///< of table `limb` in tree `tree`
    gather_counts,  ///< of gather `limb` in tree `tree`, numbered within it
    table           ///< the values of table `limb`
  };
  Kind kind = Kind::record;
  std::uint32_t a = 0, limb = 0, tree = 0;
  bool negated = false;
  Int128 base = 0;
};

/// Deterministic, and no function of values of the prover: both sides have it.
struct Plan {
  PlanOptions options;
  std::vector<PlanTensor> tensors;  ///< the record's, then those that the plan makes
  std::size_t of_record = 0;        ///< how many of them are the record's
  std::vector<Recipe> recipes;      ///< by tensor
  std::vector<std::uint32_t> instances, committed, keyed,
      contractions;  ///< numbers of tensors, ascending but for instances
  std::vector<Constraint> constraints;
  std::vector<Square> squares;
  std::vector<Table> tables;
  std::vector<Lookup> lookups;
  std::vector<Gather> gathers;
  std::vector<Permute> permutes;
  std::vector<Tree> trees;  ///< one at least
};

/// errors  Fault::range for options outside their bounds, a tensor of more cells than Cube allows, and a remap or
/// reshape
///         whose elements would have to be listed one by one (2^22 in all); Fault::unsupported, naming group and word,
///         for visibilities other than private, public and fixed; Fault::internal for a record that contradicts itself
Plan make_plan(const claims::Record& record, const PlanOptions& options);

}  // namespace ezkl::relations
