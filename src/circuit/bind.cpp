// What the statement shows of inputs, parameters and outputs: instance cells, Poseidon digests, committed columns.
#include <map>

#include "circuit/configure.hpp"
#include "circuit/statement_of.hpp"
#include "circuit/walker.hpp"
#include "ezkl/error.hpp"
#include "transcript/poseidon.hpp"

namespace ezkl::circuit {

void Walker::bind(bool outputs) {
  const StatementOrder order = statement_order_of(record_);
  const BoundTensors bound(record_);
  const auto message = [&](const ShownTensor& shown) {
    Refs out;
    for (const claims::Binding* binding : bound.of(shown)) {
      const Refs& elements = refs_[binding->tensor.id];
      out.insert(out.end(), elements.begin(), elements.end());
    }
    return out;
  };
  std::multimap<std::uint32_t, claims::Tensor> digests;  // what reads the hash of a message, by the message
  for (const claims::Claim& claim : record_.claims) {
    if (claim.kind == claims::Kind::digest) digests.emplace(claim.in[0].id, claim.out[0]);
  }
  const auto of_now = [&](const ShownTensor& shown) { return (shown.group == TensorGroup::outputs) == outputs; };
  for (const ShownTensor& shown : order.commitments) {
    if (of_now(shown)) commit(message(shown));
  }
  for (const ShownTensor& shown : order.instances) {
    if (!of_now(shown)) continue;
    if (shown.manner == Manner::values) {
      bind_public(message(shown));
      continue;
    }
    const Var digest = hash(message(shown));
    if (shown.group != TensorGroup::inputs) continue;
    const auto [first, last] = digests.equal_range(bound.of(shown)[0]->tensor.id);
    for (auto reader = first; reader != last; ++reader) refs(reader->second) = {digest};
  }
}

void Walker::bind_public(std::span<const Var> message) {
  const plonk::Column column = tape_.attached() ? tape_.columns().instance : plonk::Column{};
  if (!tape_.open() && num_instances_ + message.size() > tape_.geometry().usable) {
    throw Error(Fault::range,
                std::to_string(num_instances_ + message.size()) + " public values do not fit 2^" +
                    std::to_string(tape_.settings().run_args.logrows) + " rows",
                {{"logrows", "raise {}"}});
  }
  for (const Var v : message) {
    tape_.use_at(column, num_instances_++, v);
    if (tape_.witness()) instances_.push_back(tape_.felt(v));
  }
}

void Walker::commit(std::span<const Var> message) {
  const std::size_t usable = tape_.geometry().usable;
  const std::size_t number = committed_.size();
  committed_.push_back(message.size());
  const auto& sizes = tape_.settings().polycommit_sizes;
  if (!tape_.open() && (number >= sizes.size() || message.size() > blocks_for(sizes[number], usable) * usable)) {
    throw Error(Fault::range, "the settings' module_sizes.polycommit leave no room for a committed tensor of " +
                                  std::to_string(message.size()) + " elements: run gen-settings again");
  }
  for (std::size_t i = 0; i < message.size(); ++i) {
    const plonk::Column column = tape_.attached() ? tape_.columns().polycommit[number][i / usable][0] : plonk::Column{};
    tape_.use_at(column, i % usable, message[i]);
  }
}

Var Walker::hash(std::span<const Var> message) {
  if (message.empty()) throw Error(Fault::range, "a tensor without elements has no hash");
  const auto& counts = tape_.settings().poseidon_counts;
  if (!tape_.open() && (counts.empty() || counts.front() == 0)) {
    throw Error(Fault::range, "the settings' module_sizes.poseidon have no hash: run gen-settings again");
  }
  const PoseidonColumns columns = tape_.attached() ? tape_.columns().poseidon.front() : PoseidonColumns{};
  const PoseidonParams& params = poseidon_hash_params();
  const auto rc = [&](std::size_t round, std::size_t word) { return params.round_constants[round * 2 + word]; };
  const auto mixed = [&](const Fr& a, const Fr& b) {
    return std::array<Fr, 2>{params.mds[0] * a + params.mds[1] * b, params.mds[2] * a + params.mds[3] * b};
  };
  const auto fifth = [](const Fr& x) { return x.square().square() * x; };

  constexpr std::size_t rows_per_word = 38;  // the word, the sum, 36 rows of rounds
  constexpr std::size_t full_rows = 4, partial_rows = 28;
  std::size_t row = hash_rows_;
  if (row + 1 + rows_per_word * message.size() > tape_.geometry().usable && !tape_.open()) {
    throw Error(Fault::range, "hashing takes " + std::to_string(row + 1 + rows_per_word * message.size()) + " rows",
                {{"logrows", "raise {}"}});
  }
  std::array<Fr, 2> state{Fr::zero(), Fr::from_i128(Int128{1} << 64)};
  tape_.use_at(columns.state[0], row, tape_.zero());
  tape_.use_at(columns.state[1], row, tape_.constant(Int128{1} << 64));
  const auto put_state = [&] {
    tape_.write_at(columns.state[0], row, state[0]);
    tape_.write_at(columns.state[1], row, state[1]);
  };
  for (const Var word : message) {
    tape_.use_at(columns.state[0], ++row, word);
    if (!tape_.attached()) {
      row += rows_per_word - 1;
      continue;
    }
    tape_.select(columns.pad, row);
    if (tape_.witness()) state[0] += tape_.felt(word);
    ++row;
    put_state();
    for (std::size_t step = 0; step < 2 * full_rows + partial_rows; ++step) {
      const bool partial = step >= full_rows && step < full_rows + partial_rows;
      const std::size_t round = step < full_rows ? step : partial ? 2 * step - full_rows : step + partial_rows;
      for (std::size_t k = 0; k < 2; ++k) tape_.write_at(columns.constants_a[k], row, rc(round, k));
      state[0] += rc(round, 0);
      state[1] += rc(round, 1);
      if (partial) {
        for (std::size_t k = 0; k < 2; ++k) tape_.write_at(columns.constants_b[k], row, rc(round + 1, k));
        const Fr middle = fifth(state[0]);
        tape_.write_at(columns.partial_sbox, row, middle);
        state = mixed(middle, state[1]);
        state = mixed(fifth(state[0] + rc(round + 1, 0)), state[1] + rc(round + 1, 1));
      } else {
        state = mixed(fifth(state[0]), fifth(state[1]));
      }
      tape_.select(partial ? columns.partial : columns.full, row);
      ++row;
      put_state();
    }
  }
  hash_rows_ = row + 1;
  ++num_hashes_;
  const Var digest = tape_.fresh(state[0]);
  tape_.use_at(columns.state[0], row, digest);
  tape_.use_at(tape_.attached() ? tape_.columns().instance : plonk::Column{}, num_instances_++, digest);
  if (tape_.witness()) instances_.push_back(state[0]);
  return digest;
}

}  // namespace ezkl::circuit
