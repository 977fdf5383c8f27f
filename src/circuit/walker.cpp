#include "circuit/walker.hpp"

#include <numeric>

#include "base/ensure.hpp"
#include "base/session_state.hpp"
#include "ezkl/error.hpp"

namespace ezkl::circuit {

using claims::Claim;
using claims::Kind;
using claims::Tensor;

claims::Elements Walker::no_values(claims::Tensor) {
  throw Error(Fault::internal, "counts and keys have no values");
}

Walker::Walker(const claims::Record& record, Tape& tape, ValueSource values)
    : record_(record),
      tape_(tape),
      values_(std::move(values)),
      ranges_(tape),
      einsum_(tape),
      refs_(record.tensors.size()),
      last_use_(record.tensors.size(), 0),
      uses_(record.tensors.size(), 0),
      dying_(record.claims.size()) {
  for (std::size_t i = 0; i < record.claims.size(); ++i) {
    for (const Tensor t : record.claims[i].in) {
      last_use_[t.id] = i;
      if (record.claims[i].kind != Kind::hint) ++uses_[t.id];
    }
    for (const Tensor t : record.claims[i].out) last_use_[t.id] = i;
  }
  std::vector<bool> kept(record.tensors.size());
  for (const Tensor t : record.outputs) kept[t.id] = true;
  for (const auto& binding : record.bindings) kept[binding.tensor.id] = true;
  for (std::uint32_t id = 0; id < kept.size(); ++id) {
    if (kept[id]) {
      ++uses_[id];
    } else if (!dying_.empty()) {
      dying_[last_use_[id]].push_back(id);
    }
  }
}

void Walker::define_fresh(Tensor t) {
  const std::size_t count = volume(record_.tensors[t.id].shape);
  const claims::Elements values = tape_.witness() ? values_(t) : claims::Elements();
  Refs& out = refs(t);
  out.resize(count);
  if (values.felts != nullptr) {
    for (std::size_t i = 0; i < count; ++i) out[i] = tape_.fresh((*values.felts)[i]);
    return;
  }
  const auto integers =
      values.integers != nullptr ? std::span<const Int128>(*values.integers) : std::span<const Int128>();
  std::iota(out.begin(), out.end(), tape_.fresh_block(count, integers));
}

void Walker::define_constants(Tensor t, const claims::Values& values) {
  Refs& out = refs(t);
  out.reserve(values.size());
  for (const Int128 value : values) out.push_back(tape_.constant(value));
}

void Walker::begin() {
  for (const Tensor t : record_.inputs) define_fresh(t);
  for (const auto& [t, values] : record_.params) {
    if (record_.tensors[t.id].origin == claims::Origin::fixed) {
      define_constants(t, *values);
    } else {
      define_fresh(t);
    }
  }
  bind(false);
}

void Walker::claim(std::size_t index) {
  const Claim& claim = record_.claims[index];
  check_stop();
  tape_.at_node(claim.node);
  in_context("node '" + record_.node_names[claim.node] + "'", [&] { lower(index, claim); });
  for (const std::uint32_t id : dying_[index]) Refs().swap(refs_[id]);
}

void Walker::lower_range(std::size_t index, const Claim& claim) {
  const auto& [lo, hi] = claim.interval;
  for (const Var v : refs(claim.in[0])) {
    if (tape_.profiled() == nullptr || Tape::is_constant(v)) {
      ranges_.check(v, lo, hi);
    } else {
      ++tape_.profiled()->checked[index];
      tape_.count_use(v);
    }
  }
}

void Walker::lower(std::size_t index, const Claim& claim) {
  const bool one_out = claim.defines && claim.out.size() == 1 && claim.kind != Kind::view &&
                       claim.kind != Kind::reshape && claim.kind != Kind::remap;
  out_values_ = tape_.witness() && one_out ? values_(claim.out[0]) : claims::Elements();
  switch (claim.kind) {
    case Kind::constant:
      return define_constants(claim.out[0], *claim.values);
    case Kind::hint:
      for (const Tensor t : claim.out) define_fresh(t);
      return;
    case Kind::linear:
      return lower_linear(claim);
    case Kind::contract:
      return tape_.profiled() != nullptr ? profile_contract(claim) : lower_contract(claim);
    case Kind::remap:
      return lower_remap(claim);
    case Kind::view:
      return lower_view(claim);
    case Kind::reshape:
      refs(claim.out[0]) = refs(claim.in[0]);
      return;
    case Kind::range:
      return lower_range(index, claim);
    case Kind::table:
      return lower_table(claim);
    case Kind::is_zero:
      return lower_is_zero(claim);
    case Kind::gather:
      return lower_gather(claim);
    case Kind::permute:
      return lower_permute(claim);
    case Kind::digest:
      return;  // laid out with the statement
    case Kind::fixed:
      for (std::size_t i = 0; i < claim.felts->size(); ++i) {
        tape_.equal(refs(claim.in[0])[i], tape_.constant((*claim.felts)[i]));
      }
      return;
  }
  throw Error(Fault::internal, "a claim of unknown kind");
}

void Walker::end() {
  bind(true);
  tape_.finish();
}

void Walker::run() {
  begin();
  for (std::size_t i = 0; i < record_.claims.size(); ++i) claim(i);
  end();
}

}  // namespace ezkl::circuit
