#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "plonk/constraint_system.hpp"
#include "plonk/program.hpp"
#include "plonk/window_columns.hpp"
#include "poly/domain.hpp"

namespace ezkl::plonk {

/// Every polynomial that constraints read, numbered: the slots of a prover's programs.
struct PolynomialSlots {
  explicit PolynomialSlots(const FinalSystem& system);

  std::uint32_t advice = 0, fixed = 0, instance = 0, sigma = 0, z = 0, phi = 0, m = 0, shuffle_z = 0;
  std::uint32_t committed = 0;  ///< slots below this one belong to polynomials that the prover holds
  std::uint32_t first_row = 0;  ///< 1 on row 0, 0 on the other rows; the other Lagrange polynomials are its rotations
  std::uint32_t active = 0;     ///< 1 on the usable rows
  std::uint32_t position = 0;   ///< X
  std::uint32_t count = 0;

  LeafNames names(std::span<const Fr> challenges) const { return {advice, fixed, instance, count, challenges}; }
  /// Whether a slot belongs to the columns that the circuit itself fills.
  bool is_circuit_column(std::uint32_t slot) const { return slot < sigma; }
};

/// What the constraints depend on besides polynomials.
struct ConstraintScalars {
  std::span<const Fr> challenges;
  Fr theta, beta, gamma, y;
};

/// All constraints of a system, each times its power of y (docs/spec/proof-protocol.md 9), as terms factor * body whose
/// sum is the numerator of the quotient. Terms with one factor (a selector, the active rows) are multiplied by it once.
class Constraints {
 public:
  /// `zero` names slots whose polynomial is 0: they are folded away.
  Constraints(const FinalSystem& system, const PolynomialSlots& slots, const ConstraintScalars& scalars,
              std::vector<std::uint32_t> zero);

  struct Term {
    ExpressionGraph::Id factor, body;
    std::uint32_t unit = 0;            ///< terms with the same number belong to one argument
    std::vector<std::uint32_t> slots;  ///< that the term reads, ascending
  };

  ExpressionGraph& graph() { return graph_; }
  const std::vector<Term>& terms() const { return terms_; }
  /// Sum of some terms, as a node of the graph.
  ExpressionGraph::Id sum(std::span<const std::size_t> terms);
  /// The whole numerator at one point.
  Fr evaluate(const std::function<Fr(const Leaf&)>& value);

 private:
  class Builder;

  ExpressionGraph graph_;
  std::vector<Term> terms_;
};

/// How many vectors of n elements build_quotient holds at its peak, its result included, the polynomials it is given
/// not.
std::size_t quotient_vectors(const FinalSystem& system, const PolynomialSlots& slots, Constraints& constraints,
                             std::size_t pass_columns);

/// Gives the n coefficients of a slot's polynomial: a span of its own, or `scratch` (n elements) filled. Called from
/// several threads.
using CoefficientSource = std::function<std::span<const Fr>(std::uint32_t slot, std::span<Fr> scratch)>;

/// The quotient numerator / (X^n - 1) as degree-1 pieces of n coefficients, lowest first.
///
/// The numerator is evaluated on degree-1 cosets of the domain, one after the other, never on a larger domain; within a
/// coset the constraints run in passes that share columns, so that few columns stand in memory at a time.
/// A pass brings in `pass_columns` columns if it can (more keep all threads busy) and one argument's at least.
/// `coefficients` is not asked for slots that `constraints` took as 0, nor for those that `window` has.
std::vector<std::vector<Fr>> build_quotient(const FinalSystem& system, const Domain& domain,
                                            const PolynomialSlots& slots, Constraints& constraints,
                                            std::size_t pass_columns, const CoefficientSource& coefficients,
                                            const std::optional<WindowColumns>& window);

}  // namespace ezkl::plonk
