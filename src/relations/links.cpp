// Phase 4: all linear claims as one, and that at points only. source: docs/spec/sumcheck.md 4.2
#include <algorithm>

#include "field/kernels.hpp"
#include "poly/multilinear.hpp"
#include "relations/state.hpp"
#include "sumcheck/batch.hpp"

namespace ezkl::relations {

using sumcheck::Batch;
using sumcheck::Scalar;

PointClaim prove_links(sumcheck::Channel& channel, State& state) {
  const Plan& plan = state.plan;
  const Fr theta = channel.challenge("theta");
  PointClaim out;
  std::vector<Anchor> links;
  Fr scale = Fr::one();
  for (LinearClaim& claim : state.claims) {
    out.value.add(claim.value, scale);
    for (Anchor& anchor : claim.anchors) {
      anchor.coefficient *= scale;
      if (is_point(anchor.weights)) {
        out.terms.push_back({anchor.coefficient, anchor.tensor, coordinates(anchor.weights)});
      } else {
        links.push_back(std::move(anchor));
      }
    }
    scale *= theta;
  }
  state.claims.clear();

  const auto bits_of = [&](const Anchor& link) { return free_bits(plan.tensors[link.tensor].shape, link.weights); };
  unsigned rounds = 0;
  for (const Anchor& link : links) rounds = std::max(rounds, bits_of(link));
  std::vector<Fr> part;
  Batch batch;
  if (state.proving()) {
    part.resize(1);
    for (const Anchor& link : links) {
      const std::size_t tensor = batch.add_table(state.witness->bound(link.tensor, link.weights));
      const std::size_t weights = batch.add_table(weight_table(plan.tensors[link.tensor].shape, link.weights));
      const std::vector<Fr>&values = batch.tables[tensor], &factors = batch.tables[weights];
      part[0] += link.coefficient * fr_kernels().dot(values.data(), factors.data(), values.size());
      batch.items.push_back({link.coefficient, bits_of(link), Batch::none, {{tensor, weights}}});
    }
  }
  const Scalar link_part = channel.send("link part", part, 1)[0];
  const sumcheck::Reduced end =
      sumcheck::reduce(channel, "link", link_part, rounds, 2, state.proving() ? &batch : nullptr);
  const Fr omega = channel.challenge("omega");
  out.value = out.value - link_part + end.claim * omega;
  for (std::size_t k = 0; k < links.size(); ++k) {
    const Anchor& link = links[k];
    const Shape& shape = plan.tensors[link.tensor].shape;
    const auto own = multilinear::last(end.point, bits_of(link));
    // The prover's table has been bound to this point already.
    const Fr weight =
        state.proving() ? batch.tables[batch.items[k].products[0].b][0] : weights_at(shape, link.weights, own);
    out.terms.push_back({omega * link.coefficient * sumcheck::late_factor(bits_of(link), rounds) * weight, link.tensor,
                         completed(shape, link.weights, own)});
  }
  return out;
}

}  // namespace ezkl::relations
