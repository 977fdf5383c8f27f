#pragma once

// The parts of verifier_contract(), in the order in which the contract runs them.

#include <map>
#include <span>
#include <string>
#include <vector>

#include "commit/srs.hpp"
#include "evm/arithmetic.hpp"
#include "evm/contract_writer.hpp"
#include "evm/key_relations.hpp"
#include "evm/proof_layout.hpp"
#include "evm/verifier_source.hpp"
#include "plonk/keys.hpp"

namespace ezkl::evm::detail {

/// Memory words of the contract that have a name. They begin behind the scratch of the curve precompiles.
class NamedWords {
 public:
  explicit NamedWords(std::vector<std::string> names);
  Address at(const std::string& name) const;
  Address end() const { return first + 0x20 * addresses_.size(); }

 private:
  static constexpr Address first = 0xc0;
  std::map<std::string, Address> addresses_;
};

class VerifierBuilder {
 public:
  VerifierBuilder(const plonk::VerifyingKey& vk, const SrsVerifier& srs, std::size_t instances,
                  std::span<const Fr> fixed_factors);
  VerifierContract build(const std::vector<std::string>& notes);

 private:
  using Id = Arithmetic::Id;

  // verifier_source.cpp: transcript, Lagrange values
  void read_transcript();
  void copy(Address to, Address from, Address size);
  void squeeze(Address end, const std::string& name);
  void check_points(Address from, Address end);
  void check_scalars(Address from, std::size_t count);
  void powers_of_x();
  std::vector<std::string> denominators();
  void instance_sum();
  void instance_terms(Address begin);
  void instance_loop(Address begin);
  void invert(const std::vector<std::string>& names);
  void lagrange_values();
  /// name := value
  void store(const std::string& name, Id value);

  // verifier_identity.cpp
  void identity();
  /// Constraints folded by powers of y: what came before counts `shift` times, a power of y.
  struct Term {
    Id value;
    Id shift;
  };
  std::vector<Term> constraints();
  void permutation_constraints(std::vector<Term>& out);
  void lookup_constraints(std::size_t index, std::vector<Term>& out);
  Id y_power(std::size_t exponent) { return product(std::vector<Id>(exponent, word("y"))); }
  Id expression(const plonk::Expression& e);
  Id compress(const std::vector<plonk::Expression>& tuple);
  void close_terms();

  // verifier_opening.cpp
  void opening();
  void open_set(std::size_t index, Id nu_power);
  std::size_t open_run(std::size_t index, std::size_t polynomial, const std::vector<std::string>& weights);
  void open_one(const plonk::PolynomialId& polynomial, const std::vector<Address>& evaluations,
                const std::vector<std::string>& weights);
  void close_opening(std::size_t limit);
  void put_claim(const std::string& value);
  std::string accumulate() const;
  void finish_points();
  void relate_key(std::span<const Fr> fixed_factors);
  std::size_t key_index(const plonk::PolynomialId& polynomial) const;
  void add_key_scalar(std::size_t key_point);
  void put_point(const G1Affine& point, const std::string& scalar);
  void key_commitments();
  void pairing();
  std::vector<Address> evaluations_of(std::size_t set, std::size_t polynomial) const;

  Id word(const std::string& name) { return graph_.memory(words_.at(name)); }
  std::string load(const std::string& name) const { return "mload(" + hex(words_.at(name)) + ')'; }
  Id value(plonk::PolynomialId::Kind kind, std::size_t index, std::int32_t rotation) {
    return graph_.calldata(layout_.evaluation({kind, static_cast<std::uint32_t>(index)}, rotation));
  }
  Fr omega_power(std::int64_t exponent) const;
  Id distance(std::int32_t rotation);  ///< mu - x omega^rotation
  Id product(const std::vector<Id>& factors);

  const plonk::VerifyingKey& vk_;
  const SrsVerifier& srs_;
  std::size_t instances_;
  ProofLayout layout_;
  std::vector<std::string> challenges_;  ///< in the order of drawing
  NamedWords words_;
  Arithmetic graph_;
  YulWriter yul_;
  ContractWriter contract_;
  Fr omega_;
  bool is_unrolled_;                                 ///< loops are written out
  unsigned claim_bound_ = 0;                         ///< in the opening: `e` is at most this times r
  std::vector<KeyPoint> key_points_;                 ///< the generator, fixed columns, sigma columns
  std::vector<LinearCombination> key_combinations_;  ///< of each of them
  std::vector<std::size_t> key_uses_;  ///< how many opened commitments of the key each of them stands for
  struct KeyScalar {
    Address word;
    unsigned bound;  ///< the scalar is at most this times r
  };
  std::map<std::size_t, KeyScalar> key_scalars_;  ///< by key point that stands for itself
};

}  // namespace ezkl::evm::detail
