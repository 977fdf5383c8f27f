#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "commit/rows.hpp"
#include "graph/claims/evaluation.hpp"
#include "relations/plan.hpp"
#include "relations/weights.hpp"

namespace ezkl::relations {

/// The values of a plan's tensors, as the prover has them: small integers where they fit 64 bits, else field elements.
/// A tensor is made when it is first asked for, and kept.
class Witness {
 public:
  using Elements = std::variant<std::vector<std::int64_t>, std::vector<Fr>>;

  /// `trace` by tensor of the record, all that are used; the plan must outlive the witness.
  Witness(const Plan& plan, claims::Trace trace);

  /// Elements in row-major order. errors: Fault::internal for what the trace does not have.
  const Elements& elements(std::uint32_t tensor) const;
  RowValues row_values(std::uint32_t tensor) const;
  /// Puts other elements in the place of those that would be made. For provers that lie.
  void replace(std::uint32_t tensor, Elements elements) { made_[tensor] = std::move(elements); }

  /// The tensor on its cube, zero outside its shape.
  std::vector<Fr> cube(std::uint32_t tensor) const;
  /// The same with the axes that are points bound to them: over the bits of the others, in order of axes.
  std::vector<Fr> bound(std::uint32_t tensor, const Weights& weights) const;
  /// <tensor, weights>
  Fr pair(std::uint32_t tensor, const Weights& weights) const;
  /// Values of an expression on the shape of `shaped_as`, as field elements.
  std::vector<Fr> expression(const Expression& expression, std::uint32_t shaped_as) const;

 private:
  Elements make(std::uint32_t tensor) const;
  std::vector<Fr> felts(std::uint32_t tensor) const;
  Elements derived(std::uint32_t tensor) const;
  Elements limbs(const Recipe& recipe) const;
  Elements counts(const Recipe& recipe) const;
  Elements gather_counts(const Recipe& recipe) const;

  const Plan& plan_;
  claims::Trace trace_;
  mutable std::vector<std::optional<Elements>> made_;
};

}  // namespace ezkl::relations
