#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "relations/plan.hpp"
#include "relations/weights.hpp"

namespace ezkl::relations {

/// coefficient · <tensor, weights>
struct Anchor {
  Fr coefficient;
  std::uint32_t tensor = 0;
  Weights weights;
};

/// coefficient · the extension of a product or contraction at a point
struct Raw {
  Fr coefficient;
  std::uint32_t tensor = 0;
  std::vector<Fr> point;
};

/// A functional taken down to what stands for itself.
struct Functional {
  Fr constant;
  std::vector<Anchor> anchors;
  std::vector<Raw> raws;

  /// Adds factor · <tensor, weights>, through linear tensors and views. errors: Fault::internal where a product is read
  /// by other weights than a point: the plan commits to those.
  void add(const Plan& plan, std::uint32_t tensor, const Weights& weights, const Fr& factor);
  /// Adds factor · the extension of an expression on the shape of `shaped_as`, at a point.
  void add(const Plan& plan, const Expression& expression, std::uint32_t shaped_as, std::span<const Fr> point,
           const Fr& factor);

 private:
  void add_terms(const Plan& plan, const Expression& expression, const Shape& shape, const Weights& weights,
                 const Fr& factor);
};

}  // namespace ezkl::relations
