#include "evm/verifier_source.hpp"

#include <algorithm>

#include "base/ensure.hpp"
#include "evm/verifier_parts.hpp"
#include "ezkl/error.hpp"

namespace ezkl::evm {
namespace detail {
namespace {

constexpr Address calldata_proof = 0x64;  // behind the selector, two head words and the length
constexpr Address word_size = 0x20;
constexpr Address point_size = 0x40;
// Up to this many proof bytes loops are written out: about 40 gas less a point, for twice the code.
constexpr std::size_t largest_unrolled_proof = 7000;
constexpr std::size_t largest_unrolled_scalars = 256;
constexpr std::size_t largest_unrolled_instances = 32;
constexpr std::size_t entry_bytes = 400;  // of the compiled entry function, about

std::vector<std::string> challenge_names(const ProofLayout& layout) {
  std::vector<std::string> out(layout.challenge_slot.size());
  for (std::size_t i = 0; i < out.size(); ++i) out[layout.challenge_slot[i]] = "challenge" + std::to_string(i);
  for (const char* name : {"theta", "beta", "gamma", "y", "x", "zeta", "nu", "mu"}) out.emplace_back(name);
  return out;
}

std::vector<std::string> all_names(std::vector<std::string> names) {
  for (const char* name :
       {"xn", "l_0", "l_last", "l_off", "instance", "numerator", "xn1_inv", "x_inv", "z0_inv", "identity"}) {
    names.emplace_back(name);
  }
  return names;
}

}  // namespace

NamedWords::NamedWords(std::vector<std::string> names) {
  for (auto& name : names) {
    const Address address = end();
    addresses_.emplace(std::move(name), address);
  }
}

Address NamedWords::at(const std::string& name) const {
  const auto place = addresses_.find(name);
  EZKL_ENSURE(place != addresses_.end(), "no memory word has the name " + name);
  return place->second;
}

VerifierBuilder::VerifierBuilder(const plonk::VerifyingKey& vk, const SrsVerifier& srs, std::size_t instances,
                                 std::span<const Fr> fixed_factors)
    : vk_(vk),
      srs_(srs),
      instances_(instances),
      layout_(vk, calldata_proof),
      challenges_(challenge_names(layout_)),
      words_(all_names(challenges_)),
      yul_(graph_, words_.end()),
      omega_(Fr::root_of_unity()),
      is_unrolled_(layout_.proof_size <= largest_unrolled_proof) {
  refuse_more_than_rows(vk, instances);
  for (unsigned i = vk.k; i < Fr::two_adicity; ++i) omega_ = omega_.square();
  relate_key(fixed_factors);
}

Fr VerifierBuilder::omega_power(std::int64_t exponent) const {
  const auto n = static_cast<std::int64_t>(vk_.n());
  return omega_.pow(static_cast<std::uint64_t>(((exponent % n) + n) % n));
}

Arithmetic::Id VerifierBuilder::distance(std::int32_t rotation) {
  return graph_.sub(word("mu"), graph_.mul(word("x"), graph_.constant(omega_power(rotation))));
}

Arithmetic::Id VerifierBuilder::product(const std::vector<Id>& factors) {
  Id out = graph_.constant(Fr::one());
  for (const Id factor : factors) out = graph_.mul(out, factor);
  return out;
}

void VerifierBuilder::store(const std::string& name, Id value) {
  yul_.forget_uses();
  yul_.count(value);
  std::vector<std::string> lines;
  const std::string text = yul_.reduced_text(value, lines);
  contract_.put_all(lines);
  contract_.put("mstore(" + hex(words_.at(name)) + ", " + text + ')');
}

/// Every byte is read from one fixed address, here and in the arithmetic: the head words must be the canonical ones.
void VerifierBuilder::read_transcript() {
  const Address buffer = words_.end();
  const Address instances_length = layout_.opening + 2 * point_size;
  const Address instances = instances_length + word_size;
  contract_.section("transcript", "Checks the form of the calldata and draws all challenges.");
  contract_.put("let ok := 1");
  contract_.put("mstore(" + hex(buffer) + ", " + hex(vk_.transcript_repr) + ')');
  const auto expect = [&](Address at, Address value) {
    contract_.put("ok := and(ok, eq(calldataload(" + hex(at) + "), " + hex(value) + "))");
  };
  expect(0x04, 0x40);
  expect(0x24, 0x60 + layout_.proof_size);
  expect(0x44, layout_.proof_size);
  expect(instances_length, instances_);
  contract_.put("ok := and(ok, iszero(lt(calldatasize(), " + hex(instances + word_size * instances_) + ")))");

  Address at = buffer + word_size;
  if (instances_ > 0) copy(at, instances, word_size * instances_);
  check_scalars(instances, instances_);
  check_points(calldata_proof, layout_.evaluations);
  check_scalars(layout_.evaluations, layout_.shape.evaluations.size());
  check_points(layout_.opening, instances_length);
  contract_.put("if iszero(ok) { " + revert_with(invalid_calldata) + " }");

  contract_.put("let h");
  at += word_size * instances_;
  Address calldata = calldata_proof;
  std::size_t next = 0;
  for (std::size_t round = 0; round < layout_.points.size(); ++round) {
    const Address size = point_size * layout_.points[round];
    copy(at, calldata, size);
    calldata += size;
    for (std::size_t i = 0; i < layout_.squeezed[round]; ++i) squeeze(i == 0 ? at + size : 0, challenges_[next++]);
    // With nothing drawn the next points follow; else the hash starts the next buffer.
    at = layout_.squeezed[round] > 0 ? buffer + word_size : at + size;
  }
  const Address scalars = word_size * layout_.shape.evaluations.size();
  copy(at, calldata, scalars);
  squeeze(at + scalars, "zeta");
  squeeze(0, "nu");
  copy(buffer + word_size, layout_.opening, point_size);
  squeeze(buffer + word_size + point_size, "mu");
  contract_.close({{"r", "r"}}, {}, {"points", "scalars"});
}

void VerifierBuilder::copy(Address to, Address from, Address size) {
  contract_.put("calldatacopy(" + hex(to) + ", " + hex(from) + ", " + hex(size) + ')');
}

/// Draws a challenge; the hash starts the next buffer. `end` is the end of the buffer, or 0 when nothing was absorbed.
void VerifierBuilder::squeeze(Address end, const std::string& name) {
  const Address buffer = words_.end();
  if (end == 0) {
    contract_.put("mstore8(" + hex(buffer + word_size) + ", 1)");
    end = buffer + word_size + 1;
  }
  contract_.put("h := keccak256(" + hex(buffer) + ", " + hex(end - buffer) + ')');
  contract_.put("mstore(" + hex(buffer) + ", h) mstore(" + hex(words_.at(name)) + ", mod(h, r))");
}

/// Every point of a proof is given to a curve precompile once, which refuses what is off the curve or not canonical.
/// What is left to look for is (0, 0), the identity there: no other point has y = 0.
void VerifierBuilder::check_points(Address from, Address end) {
  if (!is_unrolled_) {
    contract_.put("ok := points(" + hex(from) + ", " + hex(end) + ", ok)");
    return;
  }
  for (; from < end; from += point_size) {
    contract_.put("ok := and(ok, lt(0, calldataload(" + hex(from + word_size) + ")))");
  }
}

void VerifierBuilder::check_scalars(Address from, std::size_t count) {
  const std::size_t looped = is_unrolled_ && count <= largest_unrolled_scalars ? 0 : count / 4 * 4;
  const Address middle = from + word_size * looped;
  if (looped > 0) contract_.put("ok := scalars(" + hex(from) + ", " + hex(middle) + ", ok, r)");
  for (Address at = middle; at < from + word_size * count; at += word_size) {
    contract_.put("ok := and(lt(calldataload(" + hex(at) + "), r), ok)");
  }
}

void VerifierBuilder::powers_of_x() {
  contract_.section("lagrange", "Lagrange polynomials at x, and everything else that needs an inversion, in one.");
  contract_.put("let t := " + load("x"));
  for (unsigned i = 0; i < vk_.k; ++i) contract_.put("t := mulmod(t, t, r)");
  contract_.put("mstore(" + hex(words_.at("xn")) + ", t)");
  contract_.close({{"r", "r"}}, {}, {});
}

/// Puts what must be inverted where its inverse will stand. The sum over the blinding rows is kept as one fraction.
std::vector<std::string> VerifierBuilder::denominators() {
  const Id x = word("x");
  const auto& first_set = layout_.shape.sets.front().rotations;
  std::vector<Id> outside;
  for (const std::int32_t rotation : layout_.shape.rotations) {
    if (!std::binary_search(first_set.begin(), first_set.end(), rotation)) outside.push_back(distance(rotation));
  }
  Id blind = graph_.constant(Fr::one());
  for (std::int32_t row = -1; row > layout_.shape.last_rotation; --row) {
    blind = graph_.mul(blind, graph_.sub(x, graph_.constant(omega_power(row))));
  }
  const Id one = graph_.constant(Fr::one());
  const std::vector<std::pair<std::string, Id>> items = {
      {"l_off", blind},
      {"l_last", graph_.sub(x, graph_.constant(omega_power(layout_.shape.last_rotation)))},
      {"l_0", graph_.sub(x, one)},
      {"x_inv", x},
      {"xn1_inv", graph_.sub(word("xn"), one)},
      {"z0_inv", product(outside)}};
  std::vector<std::string> names;
  for (const auto& [name, node] : items) {
    store(name, node);
    names.push_back(name);
  }
  contract_.close({{"r", "r"}}, {}, {});
  return names;
}

/// Sum of value_i omega^i / (x - omega^i) as one fraction: numerator and `instance` for the denominator.
void VerifierBuilder::instance_sum() {
  const Address begin = layout_.opening + 2 * point_size + word_size;
  contract_.put("let x := " + load("x"));
  if (is_unrolled_ && instances_ <= largest_unrolled_instances) {
    instance_terms(begin);
  } else {
    instance_loop(begin);
  }
  contract_.put("mstore(" + hex(words_.at("instance")) + ", d)");
  contract_.put("mstore(" + hex(words_.at("numerator")) + ", mod(num, r))");
  contract_.close({{"r", "r"}}, {}, {});
}

void VerifierBuilder::instance_terms(Address begin) {
  contract_.put("let num := calldataload(" + hex(begin) + ')');
  contract_.put("let d := add(x, sub(r, 1))");
  if (instances_ > 1) contract_.put("let e");
  for (std::size_t i = 1; i < instances_; ++i) {
    const Fr root = omega_power(static_cast<std::int64_t>(i));
    contract_.put("e := add(x, " + hex(-root) + ')');
    contract_.put("num := add(mulmod(num, e, r), mulmod(mulmod(calldataload(" + hex(begin + word_size * i) + "), " +
                  hex(root) + ", r), d, r))");
    contract_.put("d := mulmod(d, e, r)");
  }
}

void VerifierBuilder::instance_loop(Address begin) {
  contract_.put("let num := 0 let d := 1 let wi := 1 let omega := " + hex(omega_));
  contract_.put("for { let p := " + hex(begin) + " } lt(p, " + hex(begin + word_size * instances_) +
                ") { p := add(p, 0x20) } {");
  contract_.put("let v := calldataload(p)", 4);
  contract_.put("if v {", 4);
  contract_.put("let e := add(x, sub(r, wi))", 5);
  contract_.put("num := add(mulmod(num, e, r), mulmod(mulmod(v, wi, r), d, r))", 5);
  contract_.put("d := mulmod(d, e, r)", 5);
  contract_.put("}", 4);
  contract_.put("wi := mulmod(wi, omega, r)", 4);
  contract_.put("}");
}

/// All words at once: prefix products in scratch, one modular exponentiation, then backwards.
void VerifierBuilder::invert(const std::vector<std::string>& names) {
  const Address scratch = yul_.free();
  contract_.put("let a := 1");
  for (std::size_t i = 0; i < names.size(); ++i) {
    contract_.put("mstore(" + hex(scratch + word_size * i) + ", a) a := mulmod(a, " + load(names[i]) + ", r)");
  }
  contract_.put("mstore(0x00, 0x20) mstore(0x20, 0x20) mstore(0x40, 0x20) mstore(0x60, a)");
  contract_.put("mstore(0x80, sub(r, 2)) mstore(0xa0, r)");
  contract_.put("let done := staticcall(gas(), 5, 0x00, 0xc0, 0x00, 0x20)");
  contract_.put("if iszero(and(iszero(iszero(a)), done)) { " + revert_with(invalid_proof) + " }");
  contract_.put("a := mload(0x00) let v");
  for (std::size_t i = names.size(); i-- > 0;) {
    const std::string at = hex(words_.at(names[i]));
    contract_.put("v := mload(" + at + ") mstore(" + at + ", mulmod(a, mload(" + hex(scratch + word_size * i) +
                  "), r)) a := mulmod(a, v, r)");
  }
}

/// l_i(x) = omega^i * scale / (x - omega^i).
void VerifierBuilder::lagrange_values() {
  const std::int32_t last = layout_.shape.last_rotation;
  const Id x = word("x");
  const Id scale =
      graph_.mul(graph_.sub(word("xn"), graph_.constant(Fr::one())), graph_.constant(Fr::from_u64(vk_.n()).inverse()));
  if (instances_ > 0) {
    store("instance", graph_.mul(graph_.mul(word("instance"), word("numerator")), scale));
  } else {
    contract_.put("mstore(" + hex(words_.at("instance")) + ", 0)");
  }
  store("l_last", graph_.mul(graph_.mul(word("l_last"), graph_.constant(omega_power(last))), scale));
  Id numerator = graph_.constant(Fr::zero());
  Id denominator = graph_.constant(Fr::one());
  for (std::int32_t row = -1; row > last; --row) {
    const Id factor = graph_.sub(x, graph_.constant(omega_power(row)));
    numerator = graph_.add(graph_.mul(numerator, factor), graph_.mul(graph_.constant(omega_power(row)), denominator));
    denominator = graph_.mul(denominator, factor);
  }
  store("l_off", graph_.add(graph_.mul(graph_.mul(word("l_off"), numerator), scale), word("l_last")));
  store("l_0", graph_.mul(word("l_0"), scale));
  contract_.close({{"r", "r"}}, {}, {});
}

VerifierContract VerifierBuilder::build(const std::vector<std::string>& notes) {
  read_transcript();
  powers_of_x();
  auto inverted = denominators();
  if (instances_ > 0) {
    instance_sum();
    inverted.emplace_back("instance");
  }
  invert(inverted);
  lagrange_values();
  identity();
  opening();
  VerifierContract out;
  std::vector<std::string> comment{
      "Verifies proofs of one circuit: " + std::to_string(instances_) + " instances, " +
          std::to_string(layout_.proof_size) + " proof bytes, 2^" + std::to_string(vk_.k) + " rows.",
      "Key digest " + vk_.transcript_repr.to_hex_be() + '.',
      "verifyProof reverts unless the proof holds. The calldata must be in the canonical encoding; bytes behind it are",
      "ignored."};
  comment.insert(comment.end(), notes.begin(), notes.end());
  out.source = contract_.render(comment);
  out.sections = contract_.costs();
  out.proof_bytes = layout_.proof_size;
  out.instances = instances_;
  for (const auto& [name, cost] : out.sections) out.code_bytes += cost.bytes;
  out.code_bytes += entry_bytes;
  return out;
}

}  // namespace detail

VerifierContract verifier_contract(const plonk::VerifyingKey& vk, const SrsVerifier& srs, std::size_t instances,
                                   std::span<const Fr> fixed_factors, const std::vector<std::string>& notes) {
  return detail::VerifierBuilder(vk, srs, instances, fixed_factors).build(notes);
}

}  // namespace ezkl::evm
