#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "relations/functional.hpp"
#include "relations/plan.hpp"
#include "relations/witness.hpp"
#include "sumcheck/channel.hpp"

/// What the phases of the protocol hand on to each other. Each phase is one function for both sides.
namespace ezkl::relations {

/// value = Σ anchors
struct LinearClaim {
  sumcheck::Scalar value;
  std::vector<Anchor> anchors;
};

/// How a sum of fractions ended: the value of the leaves' denominators at a point, as a functional.
struct TreeEnd {
  std::vector<Fr> point;         ///< of the tree's leaves; the first tree's is preceded by further coordinates
  sumcheck::Scalar denominator;  ///< what it is said to be
  Functional leaves;             ///< what it has to be
};

/// The value of a tensor's extension at the point of phase 2.
using Values = std::map<std::uint32_t, sumcheck::Scalar>;

struct State {
  const Plan& plan;
  const Witness* witness = nullptr;  ///< the prover's; null for a verifier
  std::vector<LinearClaim> claims;

  bool proving() const { return witness != nullptr; }
};

/// Phase 1. Claims on multiplicities; one end a tree.
std::vector<TreeEnd> prove_lookups(sumcheck::Channel& channel, State& state);

/// Phase 2: lookups' leaves, constraints and squares at one point. Claims on operands; the values of contractions.
struct ProductsEnd {
  std::vector<Fr> point;
  Values contractions;
};
ProductsEnd prove_products(sumcheck::Channel& channel, State& state, const std::vector<TreeEnd>& trees);

/// Phase 3. Claims on the factors.
void prove_contractions(sumcheck::Channel& channel, State& state, const ProductsEnd& products);

/// A claim at a point, of the one sum that all claims become.
struct PointTerm {
  Fr coefficient;
  std::uint32_t tensor = 0;
  std::vector<Fr> point;
};
struct PointClaim {
  sumcheck::Scalar value;
  std::vector<PointTerm> terms;
};
/// Phase 4: all claims as one at points.
PointClaim prove_links(sumcheck::Channel& channel, State& state);

}  // namespace ezkl::relations
