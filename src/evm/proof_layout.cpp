#include "evm/proof_layout.hpp"

#include <algorithm>

#include "base/ensure.hpp"
#include "ezkl/error.hpp"
#include "plonk/instance_room.hpp"

namespace ezkl::evm {
namespace {

using Kind = plonk::PolynomialId::Kind;

constexpr Address point_size = 0x40;
constexpr Address word_size = 0x20;

}  // namespace

ProofLayout::ProofLayout(const plonk::VerifyingKey& vk, Address proof) : shape(vk.system, vk.k) {
  const auto& system = vk.system;
  const auto& cs = system.cs;
  if (!system.shuffles.empty()) throw Error(Fault::unsupported, "on-chain verifiers have no shuffle arguments");
  if (cs.num_instance > 1) throw Error(Fault::unsupported, "on-chain verifiers have one instance column at most");
  for (const auto& query : cs.instance_queries) {
    if (query.rotation != 0) throw Error(Fault::unsupported, "on-chain verifiers query instances on their row only");
  }
  if (cs.permutation.empty()) throw Error(Fault::unsupported, "on-chain verifiers need a permutation argument");
  arguments = system.arguments.size();
  sets = system.permutation_sets();

  for (std::size_t phase = 0; phase < shape.phases; ++phase) {
    points.push_back(static_cast<std::size_t>(std::count(cs.advice_phase.begin(), cs.advice_phase.end(), phase)));
    squeezed.push_back(
        static_cast<std::size_t>(std::count(cs.challenge_phase.begin(), cs.challenge_phase.end(), phase)));
  }
  if (arguments > 0) {
    squeezed.back() += 1;  // theta
    points.insert(points.end(), {arguments, sets + arguments + 1, system.quotient_pieces()});
    squeezed.insert(squeezed.end(), {2, 1, 1});
  } else {
    squeezed.back() += 3;  // theta, beta, gamma
    points.insert(points.end(), {sets + 1, system.quotient_pieces()});
    squeezed.insert(squeezed.end(), {1, 1});
  }
  advice_place.resize(cs.num_advice);
  challenge_slot.resize(cs.num_challenges);
  std::size_t next_column = 0;
  std::size_t next_challenge = 0;
  for (std::size_t phase = 0; phase < shape.phases; ++phase) {
    for (std::size_t i = 0; i < cs.num_advice; ++i) {
      if (cs.advice_phase[i] == phase) advice_place[i] = next_column++;
    }
    for (std::size_t i = 0; i < cs.num_challenges; ++i) {
      if (cs.challenge_phase[i] == phase) challenge_slot[i] = next_challenge++;
    }
  }
  advice = proof;
  lookup_counts = advice + point_size * cs.num_advice;
  products = lookup_counts + point_size * arguments;
  lookup_sums = products + point_size * sets;
  random = lookup_sums + point_size * arguments;
  quotient = random + point_size;
  evaluations = quotient + point_size * system.quotient_pieces();
  opening = evaluations + word_size * shape.evaluations.size();
  proof_size = shape.proof_size;
  EZKL_ENSURE(opening + 2 * point_size == proof + proof_size, "the parts of a proof do not add up");
}

Address ProofLayout::commitment(const plonk::PolynomialId& polynomial) const {
  switch (polynomial.kind) {
    case Kind::advice:
      return advice + point_size * advice_place.at(polynomial.index);
    case Kind::lookup_count:
      return lookup_counts + point_size * polynomial.index;
    case Kind::permutation_product:
      return products + point_size * polynomial.index;
    case Kind::lookup_sum:
      return lookup_sums + point_size * polynomial.index;
    case Kind::random:
      return random;
    default:
      break;
  }
  throw Error(Fault::internal, plonk::to_string(polynomial) + " has no commitment of its own in a proof");
}

Address ProofLayout::evaluation(const plonk::Expression::Node& query) const {
  const bool is_fixed = query.op == plonk::Expression::Op::fixed;
  EZKL_ENSURE(is_fixed || query.op == plonk::Expression::Op::advice, "not a query with an evaluation in the proof");
  return evaluation({is_fixed ? Kind::fixed : Kind::advice, query.index}, query.rotation);
}

void refuse_more_than_rows(const plonk::VerifyingKey& vk, std::size_t instances) {
  if (const auto refusal = plonk::instance_room_refusal(vk.system.cs, vk.k, instances))
    throw Error(Fault::format, *refusal);
}

}  // namespace ezkl::evm
