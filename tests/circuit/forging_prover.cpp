#include "forging_prover.hpp"

#include <gtest/gtest.h>

#include <map>

#include "base/int128.hpp"
#include "commit/ipa_params.hpp"
#include "commit/srs.hpp"
#include "graph/claims/compound.hpp"
#include "graph/claims/sort.hpp"

namespace ezkl::test {

using claims::Rounding;
using claims::Tensor;
using claims::Values;
using claims::Writer;

namespace {

Tensor element(Writer& w, Tensor x, std::int64_t i) { return w.view({x, {1}, {{i, {}}}, 0}); }

}  // namespace

std::vector<ClaimCircuit> claim_circuits() {
  using namespace claims;
  const auto number = [](Writer& w, Int128 v) { return w.constant({1}, {v}); };
  std::vector<ClaimCircuit> out{
      {"linear", {1}, {4}, [](Writer& w, Tensor x) { return w.scale(x, 3, 1); }},
      {"linear (constant)", {1}, {4}, [=](Writer& w, Tensor x) { return w.add(x, number(w, 5)); }},
      {"contract", {2}, {3, 4}, [](Writer& w, Tensor x) { return w.mul(element(w, x, 0), element(w, x, 1)); }},
      {"view", {3}, {3, 4, 5}, [](Writer& w, Tensor x) { return w.scale(element(w, x, 2), 2); }},
      {"remap",
       {3},
       {3, 4, 5},
       [](Writer& w, Tensor x) {
         return w.scale(w.remap({2}, std::span(&x, 1), {2, -1}, {7}), 2);
       }},
      {"range",
       {1},
       {9},
       [](Writer& w, Tensor x) {
         w.range(x, {3, 12});
         return w.scale(x, 2);
       }},
      {"table",
       {1},
       {9},
       [](Writer& w, Tensor x) {
         return w.table(x, {"Sigmoid", {{"scale", 8.0F}}});
       }},
      {"is_zero", {2}, {0, 4}, [](Writer& w, Tensor x) { return w.is_zero(x); }},
      {"gather",
       {1, 2},
       {2, 0},
       [](Writer& w, Tensor x) {
         return w.gather(w.constant({1, 4}, {3, 5, 7, 9}), x);
       }},
      {"permute",
       {1, 3},
       {1, 2, 2},
       [](Writer& w, Tensor x) {
         const Tensor y =
             w.hint(w.shape(x), {x}, [](std::span<const Values* const> in) { return std::vector<Values>{*in[0]}; });
         const Tensor places = w.hint(w.shape(x), {x}, [](std::span<const Values* const>) {
           return std::vector<Values>{{0, 1, 2}};
         });
         const Tensor iota = w.constant({1, 3}, {0, 1, 2}), ys[] = {y, places}, xs[] = {x, iota};
         w.permute(ys, xs);
         // Positions in order leave one permutation.
         const Term order[] = {{1, places}, {-1, iota}};
         w.zero(order, 0);
         return w.scale(y, 1, 1);
       }},
      {"relu", {1}, {-3}, [](Writer& w, Tensor x) { return relu(w, x); }},
      {"absolute", {1}, {-3}, [](Writer& w, Tensor x) { return absolute(w, x); }},
      {"sign", {2}, {-3, 0}, [](Writer& w, Tensor x) { return sign(w, x); }},
      {"greater", {1}, {5}, [=](Writer& w, Tensor x) { return greater(w, x, number(w, 5)); }},
      {"equals", {1}, {5}, [=](Writer& w, Tensor x) { return equals(w, x, number(w, 5)); }},
      {"select",
       {3},
       {1, 7, 9},
       [](Writer& w, Tensor x) { return select(w, element(w, x, 0), element(w, x, 1), element(w, x, 2)); }},
      {"max_of", {2}, {4, 4}, [](Writer& w, Tensor x) { return max_of(w, element(w, x, 0), element(w, x, 1)); }},
      {"truncated_division",
       {2},
       {-7, 2},
       [](Writer& w, Tensor x) { return truncated_division(w, element(w, x, 0), element(w, x, 1)).quotient; }},
      {"reciprocal", {2}, {0, 7}, [](Writer& w, Tensor x) { return reciprocal(w, x, 16, 40); }},
      {"root", {1}, {12}, [](Writer& w, Tensor x) { return root(w, x); }},
      {"maximum", {1, 3}, {3, 3, 1}, [](Writer& w, Tensor x) { return maximum(w, x, 1); }},
      {"argmax", {1, 3}, {3, 3, 1}, [](Writer& w, Tensor x) { return argmax(w, x, 1); }},
      {"one_hot", {1}, {2}, [](Writer& w, Tensor x) { return one_hot(w, x, 3); }},
      {"sort",
       {1, 3},
       {3, 5, 3},
       [](Writer& w, Tensor x) {
         const Sorted s = sort(w, x, Order::descending, true);
         return w.add(s.values, w.scale(s.indices, 100));
       }},
  };
  for (const auto& [name, mode] :
       {std::pair("divide half_away", Rounding::half_away), std::pair("divide half_even", Rounding::half_even),
        std::pair("divide floor", Rounding::floor), std::pair("divide ceil", Rounding::ceil),
        std::pair("divide truncate", Rounding::truncate)}) {
    out.push_back({name, {1}, {-3}, [mode = mode](Writer& w, Tensor x) { return divide(w, x, 6, mode); }});
  }
  return out;
}

RunArgs shown_args() {
  RunArgs args = small_args(2);
  args.input_visibility.kind = Visibility::Kind::public_;
  return args;
}

const CommitmentKey& setup_of(unsigned logrows, Commitment scheme) {
  static std::map<std::pair<unsigned, Commitment>, std::unique_ptr<CommitmentKey>> setups;
  std::unique_ptr<CommitmentKey>& setup = setups[{logrows, scheme}];
  if (!setup && scheme == Commitment::ipa) setup = std::make_unique<IpaParams>(generate_ipa_params(logrows));
  if (!setup) setup = std::make_unique<Srs>(srs_from_secret(logrows, Fr::from_u64(1234567)));
  return *setup;
}

plonk::ProvingKey key_of(const Bench& bench, Commitment scheme) {
  const unsigned k = bench.settings.run_args.logrows;
  return plonk::keygen(bench.circuit.cs, k, bench.assembly, setup_of(k, scheme), true);
}

std::vector<std::uint8_t> proof_of(const plonk::ProvingKey& key, plonk::AdviceSource& cells, const Instances& shown,
                                   const plonk::Forging& forging, Commitment scheme) {
  Random random = Random::from_seed(1);
  plonk::ProverOptions options;
  options.forging = &forging;
  return plonk::create_proof(setup_of(key.vk.k, scheme), key, cells, shown, random, options);
}

std::vector<std::uint8_t> proof_of(const plonk::ProvingKey& key, const Columns& columns, const Instances& shown,
                                   const plonk::Forging& forging, Commitment scheme) {
  Given cells(columns);
  return proof_of(key, cells, shown, forging, scheme);
}

plonk::Verdict verdict_on(const plonk::VerifyingKey& vk, const Instances& honest, const Instances& shown,
                          const std::vector<std::uint8_t>& proof, Commitment scheme) {
  std::vector<std::size_t> counts;
  for (const auto& column : honest) counts.push_back(column.size());
  return plonk::verify_proof(*setup_of(vk.k, scheme).make_verifier(), vk, counts, shown, proof);
}

Forger::Forger(const ClaimCircuit& c, bool published)
    : circuit(c),
      bench(record(), published ? published_settings(record(), args) : own_settings(record(), args)),
      witness(bench.record, bench.settings, bench.circuit, {c.input}),
      cells(bench, witness) {
  for (std::size_t i = 0; i < c.input.size(); ++i) cells.pin(cells.shown(i));
  EXPECT_EQ(text(cells.mock()), "") << c.claim;
}

}  // namespace ezkl::test
