#pragma once

#include <cstdint>
#include <optional>

#include "base/saturating.hpp"
#include "relations/plan.hpp"
#include "relations/weights.hpp"

/// What a verifier reserves and computes for weights (functional.hpp), known from a plan before any of it is done. The
/// axes that stand together, and whether as a point, decide; so weights without values, called a form, stand for all
/// weights of their kind here.
namespace ezkl::relations {

/// Adds up work. A plan is run only if all of it stays within these bounds: some half a minute and a gigabyte.
/// errors: Fault::range, saying of what there is too much, as soon as there is.
class WeightWork {
 public:
  static constexpr std::uint64_t most_steps = std::uint64_t{1} << 28;    ///< products of field elements, about
  static constexpr std::uint64_t most_entries = std::uint64_t{1} << 25;  ///< of one table, and of all that are kept
  static constexpr unsigned most_depth = 1024;                           ///< of tensors that are made of each other
  static constexpr std::size_t most_readings = std::size_t{1} << 20;     ///< of a tensor by weights of one form

  void add_steps(std::uint64_t count);
  /// A table that is made and gone through.
  void add_table(std::uint64_t entries);
  /// One that is kept until all claims are one.
  void keep(std::uint64_t entries);
  std::uint64_t steps() const { return steps_; }
  std::uint64_t kept() const { return kept_; }

 private:
  std::uint64_t steps_ = 0, kept_ = 0;
};

Weights point_form(const Cube& cube);
Weights form_of(Weights weights);
/// The entries of a component's table: for a point, those of its eq table.
std::uint64_t entries_of(const Component& form, const Shape& loops);
/// visit_assignments
void add_assignments(WeightWork& work, std::span<const Component> forms, const Shape& loops);

/// The forms of what read_through, reshape_weights and tidy give. Nothing where all of it reads outside.
std::optional<Weights> read_form(const Weights& form, const Shape& loops, std::span<const claims::AxisMap> axes,
                                 const Shape& source, WeightWork& work);
Weights reshape_form(const Weights& form, const Shape& shape, const Shape& source, WeightWork& work);
Weights tidy_form(const Shape& shape, Weights form);

/// All that a verifier of the plan does with weights. errors: as WeightWork.
WeightWork weight_work(const Plan& plan);

}  // namespace ezkl::relations
