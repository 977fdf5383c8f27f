#include "relations/protocol.hpp"

#include <string>

#include "base/ensure.hpp"
#include "commit/rows.hpp"
#include "ezkl/error.hpp"
#include "relations/opening.hpp"
#include "relations/state.hpp"

namespace ezkl::relations {
namespace {

std::size_t statement_size(const Plan& plan) {
  std::size_t out = 0;
  for (const std::uint32_t tensor : plan.instances) out += plan.tensors[tensor].cube.elements();
  return out;
}

std::vector<std::vector<G1Affine>> rows_of(const Plan& plan, const std::vector<std::uint32_t>& tensors,
                                           const Witness& witness, const Srs& srs) {
  std::vector<RowTensor> out;
  for (const std::uint32_t tensor : tensors) {
    out.push_back({RowShape(plan.tensors[tensor].cube, plan.options.row_bits), witness.row_values(tensor)});
  }
  return commit_rows(srs.g(), out);
}

/// The schedule, for both sides. source: docs/spec/sumcheck.md 4
void run(sumcheck::Channel& channel, State& state, const VerifyingKey& key, const Srs* srs,
         std::span<const Fr> instances) {
  const Plan& plan = state.plan;
  channel.absorb("key", std::span(&key.digest, 1));
  channel.absorb("instances", instances);

  std::vector<std::vector<G1Affine>> committed;
  if (state.proving()) committed = rows_of(plan, plan.committed, *state.witness, *srs);
  std::vector<std::vector<G1Affine>> rows(plan.tensors.size());
  for (std::size_t k = 0; k < plan.keyed.size(); ++k) rows[plan.keyed[k]] = key.rows[k];
  for (std::size_t i = 0; i < plan.committed.size(); ++i) {
    const std::uint32_t tensor = plan.committed[i];
    const RowShape shape(plan.tensors[tensor].cube, plan.options.row_bits);
    for (std::uint64_t k = 0; k < shape.rows(); ++k) {
      const std::string name = "row " + std::to_string(tensor) + "." + std::to_string(shape.number(k));
      rows[tensor].push_back(channel.point(name, state.proving() ? &committed[i][k] : nullptr));
    }
  }
  const std::vector<TreeEnd> trees = prove_lookups(channel, state);
  const ProductsEnd products = prove_products(channel, state, trees);
  prove_contractions(channel, state, products);
  PointClaim claim = prove_links(channel, state);
  prove_opening(channel, state, std::move(claim), rows, instances, srs, key.bases);
}

}  // namespace

std::vector<std::vector<G1Affine>> keyed_rows(const Plan& plan, const Witness& witness, const Srs& srs) {
  return rows_of(plan, plan.keyed, witness, srs);
}

void prove(sumcheck::Channel& channel, const Plan& plan, const VerifyingKey& key, const Srs& srs,
           std::span<const Fr> instances, const Witness& witness) {
  EZKL_ENSURE(channel.proving() && instances.size() == statement_size(plan),
              "an instance for every element that is shown");
  EZKL_ENSURE(key.rows.size() == plan.keyed.size() && srs.k() > plan.options.row_bits,
              "a key and a setup of this plan");
  State state{plan, &witness, {}};
  run(channel, state, key, &srs, instances);
}

std::optional<std::string> verify(std::span<const std::uint8_t> proof, const Plan& plan, const VerifyingKey& key,
                                  std::span<const Fr> instances) {
  EZKL_ENSURE(key.rows.size() == plan.keyed.size(), "rows for every keyed tensor");
  if (instances.size() != statement_size(plan)) {
    throw Error(Fault::format, "the proof shows " + std::to_string(instances.size()) + " elements, its key says " +
                                   std::to_string(statement_size(plan)));
  }
  sumcheck::ClearReader channel(proof);
  State state{plan, nullptr, {}};
  try {
    run(channel, state, key, nullptr, instances);
  } catch (const sumcheck::Refused& refused) {
    return refused.why;
  }
  channel.finish();
  return std::nullopt;
}

}  // namespace ezkl::relations
