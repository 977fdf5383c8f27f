#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "relations/plan.hpp"
#include "relations/weight_cost.hpp"
#include "relations/weights.hpp"
#include "relations/witness.hpp"

namespace ezkl::relations {

/// One contraction at a point y of its output: out~(y) = Σ_j X_y(j)·A(j) over the cube of X's residual axes, where X_y
/// is X with its free axes bound to y, and A is what K and the other loops make of j. A free axis is plain, its loop is
/// an out loop that drives no other axis of X and none of K. source: docs/spec/sumcheck.md 3.4
class ContractionAt {
 public:
  ContractionAt(const Plan& plan, std::uint32_t tensor, std::span<const Fr> point);

  std::uint32_t x() const { return t_.sources[0]; }
  std::uint32_t k() const { return t_.sources[1]; }
  /// Variables of the sumcheck.
  unsigned bits() const { return residual_cube_.bits(); }

  /// The two tables, 2^bits() entries each.
  std::vector<Fr> bound_x(const Witness& witness) const;
  std::vector<Fr> table_a(const Witness& witness) const;

  /// What their values at sigma say of X and of K.
  Weights x_weights(std::span<const Fr> sigma) const;
  Pushed k_weights(std::span<const Fr> sigma) const;
  /// The form of those of K, adding what making them takes; nothing where all of K is read outside.
  std::optional<Weights> k_form(WeightWork& work) const;

 private:
  /// Loops, residual axes of X (numbered as in residual_) and axes of K that hang together.
  struct Part {
    std::vector<Component> loops;
    std::vector<std::size_t> x_axes, k_axes;
  };
  /// Loops without their weights of 1, where they are summed.
  std::vector<Part> parts() const;
  /// With them.
  std::vector<Part> weighted_parts() const;
  bool k_is_plain(const Part& part) const;
  bool x_is_plain(const Part& part) const;
  /// What lies outside a fixed tensor's shape is 0: the key says so.
  bool k_is_fixed() const;
  /// Whether an axis of K is read at sigma as it is.
  bool reads_sigma(const Part& part) const;
  /// Visits (place among the x_axes, place among the k_axes, weight) of every value of the part's loops that reads
  /// inside.
  template <class Visit>
  void visit_part(const Part& part, Visit&& visit) const;

  const Plan& plan_;
  const PlanTensor& t_;
  Cube out_cube_;
  std::vector<Fr> point_;
  std::vector<std::uint32_t> residual_;  ///< axes of X that are not free
  std::vector<bool> free_;
  Cube residual_cube_;
  std::vector<Component> loops_;  ///< of all loops that drive no free axis: points of out loops, summed ones bare
};

}  // namespace ezkl::relations
