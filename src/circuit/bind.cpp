// What the statement shows of inputs, parameters and outputs: instance cells, Poseidon digests, committed columns.
#include "circuit/configure.hpp"
#include "circuit/hashed_tensors.hpp"
#include "circuit/walker.hpp"
#include "ezkl/error.hpp"
#include "transcript/poseidon.hpp"

namespace ezkl::circuit {
namespace {

using Group = claims::Slot::Group;

bool is_committed(const Visibility& v) { return v.kind == Visibility::Kind::polycommit; }
bool is_public(const Visibility& v) { return v.kind == Visibility::Kind::public_; }

}  // namespace

std::vector<Walker::Refs> Walker::messages(Group group, const std::function<bool(const Visibility&)>& wanted) const {
  std::vector<Refs> out;
  for (const auto& binding : record_.bindings) {
    if (binding.slot.group != group || !wanted(binding.visibility)) continue;
    const Refs& elements = refs_[binding.tensor.id];
    if (group == Group::param && !out.empty()) {
      out[0].insert(out[0].end(), elements.begin(), elements.end());
    } else {
      out.push_back(elements);
    }
  }
  return out;
}

std::vector<Walker::Refs> Walker::hashed_messages(Group group) const {
  const std::vector<Refs> all = messages(group, [](const Visibility& v) { return v.is_hashed(); });
  std::vector<Refs> out;
  for (const auto& binding : record_.bindings) {
    if (all.empty() || binding.slot.group != group) continue;
    // The published package puts the hash in the input's place and lists it as an instance that no constraint reads.
    if (group == Group::input && binding.visibility.kind == Visibility::Kind::hashed_private) {
      throw Error(Fault::unsupported,
                  "input visibility hashed/private puts the hash in the input's place: the model would compute with a "
                  "number of 254 bits, for which no range check, scale or comparison holds. Use hashed, which shows "
                  "the same hash and computes with the values");
    }
    for (const std::size_t i : hashed_tensors(binding.visibility, all.size())) out.push_back(all[i]);
    break;
  }
  return out;
}

void Walker::bind_group(Group group) {
  std::vector<Group> groups{group};
  if (group == Group::input) groups.push_back(Group::param);
  for (const Group g : groups) {
    for (const Refs& message : messages(g, is_committed)) commit(message);
  }
  for (const Group g : groups) {
    for (const Refs& message : hashed_messages(g)) hash(message);
  }
  for (const Refs& message : messages(group, is_public)) bind_public(message);
}

void Walker::bind_public(std::span<const Var> message) {
  const plonk::Column column = tape_.attached() ? tape_.columns().instance : plonk::Column{};
  if (!tape_.open() && num_instances_ + message.size() > tape_.geometry().usable) {
    throw Error(Fault::range, std::to_string(num_instances_ + message.size()) + " public values do not fit 2^" +
                                  std::to_string(tape_.settings().run_args.logrows) + " rows: raise --logrows");
  }
  for (const Var v : message) {
    tape_.use_at(column, num_instances_++, v);
    if (tape_.witness()) instances_.push_back(Fr::from_i128(tape_.value(v)));
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

void Walker::hash(std::span<const Var> message) {
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
    throw Error(Fault::range,
                "hashing takes " + std::to_string(row + 1 + rows_per_word * message.size()) + " rows: raise --logrows");
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
    if (tape_.witness()) state[0] += Fr::from_i128(tape_.value(word));
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
  if (tape_.attached()) tape_.copy_at(columns.state[0], row, tape_.columns().instance, num_instances_);
  ++num_instances_;
  if (tape_.witness()) instances_.push_back(state[0]);
}

}  // namespace ezkl::circuit
