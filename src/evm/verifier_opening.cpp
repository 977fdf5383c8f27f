// The multi-point opening: every commitment gets its scalar explicitly. Commitments of the key that are sums of others
// hand their scalars on and are not multiplied.
#include <algorithm>
#include <optional>

#include "evm/verifier_parts.hpp"

namespace ezkl::evm::detail {
namespace {

using Kind = plonk::PolynomialId::Kind;

constexpr std::size_t function_size = 3000;
constexpr Address point_size = 0x40;
constexpr std::size_t shortest_loop = 3;
constexpr unsigned largest_bound = 5;  // 5r < 2^256 < 6r

bool in_proof(const plonk::PolynomialId& polynomial) {
  return polynomial.kind != Kind::fixed && polynomial.kind != Kind::sigma && polynomial.kind != Kind::quotient;
}

std::string weighted(const std::string& weight, const std::string& value) {
  return weight == "1" ? value : "mulmod(" + weight + ", " + value + ", r)";
}

/// sum of weight_j * evaluation_j; `place` names an evaluation.
template <class Place>
std::string interpolated(const std::vector<std::string>& weights, Place place) {
  std::string out;
  for (std::size_t j = 0; j < weights.size(); ++j) {
    const std::string term = weighted(weights[j], "calldataload(" + place(j) + ')');
    out = out.empty() ? term : "addmod(" + term + ", " + out + ", r)";
  }
  return out;
}

/// The common distance from every evaluation of `a` to its counterpart of `b`, if there is one.
std::optional<Address> step_between(const std::vector<Address>& a, const std::vector<Address>& b) {
  const Address step = b.front() - a.front();
  for (std::size_t j = 0; j < a.size(); ++j) {
    if (b[j] - a[j] != step) return std::nullopt;
  }
  return step;
}

std::string offset(Address from, Address to) {
  if (to == from) return "q";
  return to > from ? "add(q, " + hex(to - from) + ')' : "sub(q, " + hex(from - to) + ')';
}

}  // namespace

std::vector<Address> VerifierBuilder::evaluations_of(std::size_t set, std::size_t polynomial) const {
  const auto& shape = layout_.shape.sets[set];
  std::vector<Address> out;
  if (shape.polynomials[polynomial].kind == Kind::quotient) return out;
  for (const std::int32_t r : shape.rotations) out.push_back(layout_.evaluation(shape.polynomials[polynomial], r));
  return out;
}

void VerifierBuilder::close_opening(std::size_t limit) {
  if (contract_.block_size() <= limit) return;
  finish_points();
  if (contract_.block_mentions("z")) contract_.put_first("let z := " + load("zeta"));
  contract_.put_first("s := s0 e := e0");
  contract_.close({{"s0", "s"}, {"e0", "e"}, {"r", "r"}}, {{"s", "s"}, {"e", "e"}}, {"mac"});
}

/// Written out, the curve operations of a block leave in `ok` whether every point was one. A precompile that refuses a
/// point takes all the gas it is given: that is three times the price of a multiplication, no more.
void VerifierBuilder::finish_points() {
  if (!contract_.block_mentions("ok")) return;
  contract_.put_first("let ok := 1");
  contract_.put("if iszero(ok) { " + revert_with(invalid_point) + " }");
}

/// e := e + s * value. The sum is reduced only when it might pass 256 bits.
void VerifierBuilder::put_claim(const std::string& value) {
  const std::string term = "mulmod(s, " + value + ", r)";
  if (claim_bound_ + 1 > largest_bound) {
    contract_.put("e := addmod(e, " + term + ", r)");
    claim_bound_ = 1;
    return;
  }
  contract_.put("e := add(e, " + term + ')');
  ++claim_bound_;
}

/// accumulator at 0x00 += scalar at 0x80 * point at 0x40; arguments are evaluated from right to left.
std::string VerifierBuilder::accumulate() const {
  if (!is_unrolled_) return "mac()";
  return "ok := and(ok, and(staticcall(20000, 6, 0x00, 0x80, 0x00, 0x40), staticcall(20000, 7, 0x40, 0x60, 0x40, "
         "0x40)))";
}

void VerifierBuilder::open_one(const plonk::PolynomialId& polynomial, const std::vector<Address>& evaluations,
                               const std::vector<std::string>& weights) {
  if (polynomial.kind == Kind::quotient) {
    put_claim(load("identity"));
    if (is_unrolled_) {
      contract_.put("let q := s");
      for (std::size_t i = 0; i < vk_.system.quotient_pieces(); ++i) {
        if (i > 0) contract_.put("q := mulmod(q, " + load("xn") + ", r)");
        copy(0x40, layout_.quotient + point_size * i, point_size);
        contract_.put("mstore(0x80, q) " + accumulate());
      }
      return;
    }
    contract_.put("let q := s for { let p := " + hex(layout_.quotient) + " } lt(p, " +
                  hex(layout_.quotient + point_size * vk_.system.quotient_pieces()) + ") { p := add(p, 0x40) } {");
    contract_.put("calldatacopy(0x40, p, 0x40) mstore(0x80, q) mac()", 4);
    contract_.put("q := mulmod(q, " + load("xn") + ", r)", 4);
    contract_.put("}");
    return;
  }
  const std::string value = interpolated(weights, [&](std::size_t j) { return hex(evaluations[j]); });
  put_claim(value);
  if (in_proof(polynomial)) {
    contract_.put("calldatacopy(0x40, " + hex(layout_.commitment(polynomial)) + ", 0x40) mstore(0x80, s) " +
                  accumulate());
    return;
  }
  add_key_scalar(key_index(polynomial));
}

/// The generator stands first: the claim is paid with it.
void VerifierBuilder::relate_key(std::span<const Fr> fixed_factors) {
  key_points_.push_back({srs_.g});
  for (std::size_t i = 0; i < vk_.fixed_commitments.size(); ++i) {
    key_points_.push_back({vk_.fixed_commitments[i], i < fixed_factors.size() ? fixed_factors[i] : Fr::one()});
  }
  Fr label = Fr::one();  // sigma of a column without copies is its label times the row's power of omega
  for (const G1Affine& point : vk_.permutation_commitments) {
    key_points_.push_back({point, label});
    label *= Fr::delta();
  }
  key_combinations_ = key_relations(key_points_);
  key_uses_.assign(key_points_.size(), 0);
  for (const auto& set : layout_.shape.sets) {
    for (const auto& polynomial : set.polynomials) {
      if (in_proof(polynomial) || polynomial.kind == Kind::quotient) continue;
      for (const auto& [basis, coefficient] : key_combinations_[key_index(polynomial)]) ++key_uses_[basis];
    }
  }
}

std::size_t VerifierBuilder::key_index(const plonk::PolynomialId& polynomial) const {
  return (polynomial.kind == Kind::fixed ? 1 : 1 + vk_.fixed_commitments.size()) + polynomial.index;
}

/// accumulator += scalar * point
void VerifierBuilder::put_point(const G1Affine& point, const std::string& scalar) {
  contract_.put("mstore(0x40, " + hex(point.x) + ") mstore(0x60, " + hex(point.y) + ") mstore(0x80, " + scalar + ")");
  contract_.put(accumulate());
}

/// Adds s to the scalar of a commitment of the key, or to the scalars of those that stand for it. One that stands for
/// nothing else is done with at once.
void VerifierBuilder::add_key_scalar(std::size_t key_point) {
  if (key_uses_[key_point] == 1 && key_combinations_[key_point].front().first == key_point) {
    put_point(key_points_[key_point].point, "s");
    return;
  }
  for (const auto& [basis, coefficient] : key_combinations_[key_point]) {
    std::string term = "mulmod(s, " + hex(coefficient) + ", r)";
    if (coefficient == Fr::one()) term = "s";
    if (coefficient == -Fr::one()) term = "sub(r, s)";
    const auto place = key_scalars_.find(basis);
    if (place == key_scalars_.end()) {
      const Address word = yul_.take_word();
      key_scalars_[basis] = {word, 1};
      contract_.put("mstore(" + hex(word) + ", " + term + ')');
      continue;
    }
    KeyScalar& scalar = place->second;
    const std::string at = hex(scalar.word);
    const bool fits = scalar.bound < largest_bound;
    scalar.bound = fits ? scalar.bound + 1 : 1;
    contract_.put("mstore(" + at + (fits ? ", add(mload(" : ", addmod(mload(") + at + "), " + term +
                  (fits ? "))" : ", r))"));
  }
}

/// Commitments of the proof that lie next to each other, and so do their evaluations, become a loop. Gives how many
/// polynomials were done; 0 when there is no run.
std::size_t VerifierBuilder::open_run(std::size_t index, std::size_t polynomial,
                                      const std::vector<std::string>& weights) {
  const auto& polynomials = layout_.shape.sets[index].polynomials;
  if (is_unrolled_ || !in_proof(polynomials[polynomial])) return 0;
  const Address first = layout_.commitment(polynomials[polynomial]);
  const auto evaluations = evaluations_of(index, polynomial);
  std::optional<Address> step;
  auto previous = evaluations;
  std::size_t count = 1;
  while (polynomial + count < polynomials.size() && in_proof(polynomials[polynomial + count]) &&
         layout_.commitment(polynomials[polynomial + count]) == first + point_size * count) {
    auto next = evaluations_of(index, polynomial + count);
    const auto distance = step_between(previous, next);
    if (!distance || (step && *step != *distance)) break;
    step = distance;
    previous = std::move(next);
    ++count;
  }
  if (count < shortest_loop) return 0;
  claim_bound_ = 1;
  contract_.put("for { let p := " + hex(first) + " let q := " + hex(evaluations.front()) + " } lt(p, " +
                hex(first + point_size * count) + ") { p := add(p, 0x40) q := add(q, " + hex(*step) + ") } {");
  const std::string value =
      interpolated(weights, [&](std::size_t j) { return offset(evaluations.front(), evaluations[j]); });
  contract_.put("e := addmod(e, mulmod(s, " + value + ", r), r)", 4);
  contract_.put("calldatacopy(0x40, p, 0x40) mstore(0x80, s) mac()", 4);
  contract_.put("s := mulmod(s, z, r)", 4);
  contract_.put("}");
  close_opening(0);
  return count;
}

void VerifierBuilder::open_set(std::size_t index, Id nu_power) {
  const auto& set = layout_.shape.sets[index];
  close_opening(0);
  contract_.put("// set " + std::to_string(index) + ": " + std::to_string(set.polynomials.size()) + " commitments at " +
                std::to_string(set.rotations.size()) + " points");
  Id factor = graph_.constant(Fr::one());
  if (index > 0) {
    std::vector<Id> outside;
    for (const std::int32_t r : layout_.shape.rotations) {
      if (!std::binary_search(set.rotations.begin(), set.rotations.end(), r)) outside.push_back(distance(r));
    }
    factor = graph_.mul(nu_power, graph_.mul(word("z0_inv"), product(outside)));
  }
  // Lagrange weights at mu: the differences of the points are x times constants of the circuit.
  std::vector<Id> basis;
  for (const std::int32_t j : set.rotations) {
    Fr difference = Fr::one();
    std::vector<Id> factors;
    for (const std::int32_t k : set.rotations) {
      if (k == j) continue;
      difference *= omega_power(j) - omega_power(k);
      factors.push_back(word("x_inv"));
    }
    factors.insert(factors.begin(), graph_.constant(difference.inverse()));
    for (const std::int32_t k : set.rotations) {
      if (k != j) factors.push_back(distance(k));
    }
    basis.push_back(product(factors));
  }
  yul_.forget_uses();
  for (const Id weight : basis) yul_.count(weight);
  yul_.count(factor);
  std::vector<std::string> lines;
  std::vector<std::string> weights;
  for (const Id weight : basis) {
    if (graph_.is_constant(weight, 1)) {
      weights.emplace_back("1");
      continue;
    }
    const std::string text = yul_.text(weight, lines);
    contract_.put_all(lines);
    const std::string at = hex(yul_.take_word());
    contract_.put("mstore(" + at + ", " + text + ')');
    weights.push_back("mload(" + at + ')');
  }
  const std::string text = yul_.text(factor, lines);
  contract_.put_all(lines);
  contract_.put("s := " + text);
  close_opening(0);

  const bool is_last_set = index + 1 == layout_.shape.sets.size();
  std::size_t next = 0;
  if (index == 0 && in_proof(set.polynomials.front())) {
    // The very first commitment has scalar 1: it starts the accumulator.
    const auto evaluations = evaluations_of(0, 0);
    contract_.put("e := " + interpolated(weights, [&](std::size_t j) { return hex(evaluations[j]); }));
    contract_.put("calldatacopy(0x00, " + hex(layout_.commitment(set.polynomials.front())) + ", 0x40)");
    claim_bound_ = 1;
    contract_.put("s := " + load("zeta"));
    next = 1;
  }
  while (next < set.polynomials.size()) {
    if (const std::size_t done = open_run(index, next, weights); done > 0) {
      next += done;
      continue;
    }
    open_one(set.polynomials[next], evaluations_of(index, next), weights);
    ++next;
    if (!is_last_set || next < set.polynomials.size()) contract_.put("s := mulmod(s, z, r)");
    close_opening(set.polynomials[next - 1].kind == Kind::quotient ? 0 : function_size);
  }
}

void VerifierBuilder::key_commitments() {
  close_opening(0);
  contract_.section(
      "key", "Commitments of the key that stand for others, with the scalars that were collected, and the claim.");
  std::string claim = "sub(r, mod(e, r))";
  for (const auto& [point, scalar] : key_scalars_) {
    const std::string value = "mload(" + hex(scalar.word) + ')';
    if (point == 0) {
      claim = "addmod(" + value + ", " + claim + ", r)";
    } else {
      put_point(key_points_[point].point, value);
    }
  }
  put_point(srs_.g, claim);
}

void VerifierBuilder::pairing() {
  std::vector<Id> factors;
  for (const std::int32_t r : layout_.shape.sets.front().rotations) factors.push_back(distance(r));
  const Id vanishing = product(factors);
  yul_.forget_uses();
  std::vector<std::string> lines;
  const std::string text = yul_.reduced_text(vanishing, lines);
  contract_.put_all(lines);
  const std::string w = hex(layout_.opening);
  const std::string w_prime = hex(layout_.opening + point_size);
  contract_.put("calldatacopy(0x40, " + w + ", 0x40) mstore(0x80, sub(r, " + text + ")) " + accumulate());
  contract_.put("calldatacopy(0x40, " + w_prime + ", 0x40) mstore(0x80, " + load("mu") + ") " + accumulate());
  const auto put_g2 = [&](Address at, const G2Affine& point) {
    // The precompile takes the imaginary part first.
    for (const Fq& part : {point.x.c1, point.x.c0, point.y.c1, point.y.c0}) {
      contract_.put("mstore(" + hex(at) + ", " + hex(part) + ')');
      at += 0x20;
    }
  };
  finish_points();
  put_g2(0x40, srs_.g2);
  contract_.put("calldatacopy(0xc0, " + w_prime + ", 0x40)");
  put_g2(0x100, -srs_.s_g2);
  // Arguments are evaluated from right to left: the result is read in a statement of its own.
  contract_.put("let done := staticcall(gas(), 8, 0x00, 0x180, 0x00, 0x20)");
  contract_.put("if iszero(and(done, eq(mload(0x00), 1))) { " + revert_with(invalid_proof) + " }");
  contract_.close({{"e", "e"}, {"r", "r"}}, {}, {"mac"});
}

void VerifierBuilder::opening() {
  contract_.section("opening",
                    "The proof's commitments and evaluations: s is a commitment's scalar, e the claimed sum.");
  contract_.statement("uint256 s; uint256 e;");
  Id nu_power = graph_.constant(Fr::one());
  for (std::size_t i = 0; i < layout_.shape.sets.size(); ++i) {
    open_set(i, nu_power);
    nu_power = graph_.mul(nu_power, word("nu"));
  }
  key_commitments();
  pairing();
}

}  // namespace ezkl::evm::detail
