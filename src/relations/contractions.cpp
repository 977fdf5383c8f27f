// Phase 3: the values of all contractions' outputs from their factors. source: docs/spec/sumcheck.md 3.4
#include <algorithm>

#include "poly/multilinear.hpp"
#include "relations/contraction.hpp"
#include "relations/state.hpp"
#include "sumcheck/batch.hpp"

namespace ezkl::relations {

using sumcheck::Batch;
using sumcheck::Scalar;

void prove_contractions(sumcheck::Channel& channel, State& state, const ProductsEnd& products) {
  const Plan& plan = state.plan;
  const Fr delta = channel.challenge("delta");
  std::vector<ContractionAt> contractions;
  std::vector<Fr> powers;
  Scalar claim;
  unsigned rounds = 0;
  for (const std::uint32_t tensor : plan.contractions) {
    contractions.emplace_back(plan, tensor, multilinear::last(products.point, plan.tensors[tensor].cube.bits()));
    powers.push_back(powers.empty() ? Fr::one() : powers.back() * delta);
    claim.add(products.contractions.at(tensor), powers.back());
    rounds = std::max(rounds, contractions.back().bits());
  }
  Batch batch;
  if (state.proving()) {
    for (std::size_t n = 0; n < contractions.size(); ++n) {
      const std::size_t x = batch.add_table(contractions[n].bound_x(*state.witness));
      const std::size_t a = batch.add_table(contractions[n].table_a(*state.witness));
      batch.items.push_back({powers[n], contractions[n].bits(), Batch::none, {{x, a}}});
    }
  }
  const sumcheck::Reduced end =
      sumcheck::reduce(channel, "contract", claim, rounds, 2, state.proving() ? &batch : nullptr);
  std::vector<Fr> values;
  for (const std::vector<Fr>& table : batch.tables) values.push_back(table[0]);
  const std::vector<Scalar> sent = channel.send("contract", values, 2 * contractions.size());
  std::vector<sumcheck::Product> pairs;
  for (std::size_t n = 0; n < contractions.size(); ++n) {
    const ContractionAt& contraction = contractions[n];
    const auto sigma = multilinear::last(end.point, contraction.bits());
    pairs.push_back({powers[n] * sumcheck::late_factor(contraction.bits(), rounds), sent[2 * n], sent[2 * n + 1]});
    Functional of_x, of_k;
    of_x.add(plan, contraction.x(), contraction.x_weights(sigma), Fr::one());
    const Pushed k = contraction.k_weights(sigma);
    of_k.add(plan, contraction.k(), k.weights, k.factor);
    state.claims.push_back({sent[2 * n] - of_x.constant, std::move(of_x.anchors)});
    state.claims.push_back({sent[2 * n + 1] - of_k.constant, std::move(of_k.anchors)});
  }
  channel.require(end.claim * -Fr::one(), pairs, "contractions");
}

}  // namespace ezkl::relations
