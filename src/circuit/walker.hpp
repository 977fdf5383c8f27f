#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "circuit/affine_index.hpp"
#include "circuit/einsum_tape.hpp"
#include "circuit/ranges.hpp"
#include "circuit/tape.hpp"
#include "graph/claims/elements.hpp"
#include "statement/order.hpp"

namespace ezkl::circuit {

/// Whether a record has products of matrices, which alone may be checked by random combinations.
bool has_matrix_products(const claims::Record& record);

/// Rows that the random combinations of one product [m, k]·[k, n] take, `width` cells a row; 0 where its sums one by one
/// take no more.
std::uint64_t freivalds_rows(std::size_t m, std::size_t n, std::size_t k, std::size_t width);

/// One deterministic walk over the claims of a record, in order, that writes them to a tape. `begin`, each claim once,
/// `end`; with a witness, the values of a claim's tensors must be alive in `values` when it comes.
class Walker {
 public:
  /// Elements of a tensor, flat; only called with a witness.
  using ValueSource = std::function<claims::Elements(claims::Tensor)>;
  /// For counts and keys. errors: Fault::internal, always.
  static claims::Elements no_values(claims::Tensor);

  Walker(const claims::Record& record, Tape& tape, ValueSource values = no_values);

  /// Places what the statement binds before the model: committed and hashed inputs and parameters, public inputs.
  void begin();
  void claim(std::size_t index);
  /// Binds the outputs and finishes the tape.
  void end();

  /// begin, all claims and end: for walks without a witness.
  void run();

  /// Public values used so far, in the order of the instance column; only with a witness.
  const std::vector<Fr>& instances() const { return instances_; }
  /// What remains to be computed once the challenges are known.
  EinsumProgram take_einsums() { return einsum_.take_program(); }
  std::uint64_t einsum_rows() const { return einsum_.rows(); }
  std::size_t num_instances() const { return num_instances_; }
  /// Number of hashes and of rows that hashing took.
  std::size_t num_hashes() const { return num_hashes_; }
  std::size_t hash_rows() const { return hash_rows_; }
  /// Lengths of the committed messages, in column order.
  const std::vector<std::size_t>& committed() const { return committed_; }

 private:
  using Refs = std::vector<Var>;
  struct LinearTerm {
    Int128 coefficient = 1;
    Var var = 0;
  };

  Refs& refs(claims::Tensor t) { return refs_[t.id]; }
  /// New values for all elements of a tensor.
  void define_fresh(claims::Tensor t);
  void define_constants(claims::Tensor t, const claims::Values& values);
  /// Element i of the current claim's (first) new tensor as a new value.
  Var fresh_element(std::size_t i) {
    if (out_values_.felts != nullptr) return tape_.fresh((*out_values_.felts)[i]);
    return tape_.fresh(out_values_.integers != nullptr ? (*out_values_.integers)[i] : 0);
  }
  void lower(std::size_t index, const claims::Claim& claim);
  void lower_range(std::size_t index, const claims::Claim& claim);

  // lower_linear.cpp
  void lower_linear(const claims::Claim& claim);
  /// Σ terms + constant as element i of the claim's tensor: a term itself, a constant, or a new value.
  Var linear_value(std::vector<LinearTerm>& terms, Int128 constant, std::size_t i);
  void linear_into(std::vector<LinearTerm>& terms, Int128 constant, Var out);
  void linear_zero(std::vector<LinearTerm>& terms, Int128 constant);

  // lower_contract.cpp
  /// What one factor of a contraction shows.
  struct Factor {
    AffineIndex index;
    const Refs* refs;
    Var outside;
    Var at(std::size_t s) const {
      const std::int64_t place = index.at(s);
      return place < 0 ? outside : (*refs)[static_cast<std::size_t>(place)];
    }
  };
  void lower_contract(const claims::Claim& claim);
  /// The sum of `inner` products at one index of the output loops, as element i.
  Var contract_element(std::vector<Factor>& factors, std::span<const std::size_t> index, std::size_t inner,
                       std::size_t i);
  /// Σ factors as element i.
  Var products_value(std::vector<Var>& left, std::vector<Var>& right, Int128 constant, std::size_t i);
  Var units_value(std::span<const Var> units, Int128 constant, std::size_t i);

  // count_contract.cpp
  /// The same where only cells are counted, without a look at every product; false where it does not serve.
  bool count_contract(const claims::Claim& claim, const std::vector<Factor>& factors);
  /// lower_contract, with what is counted kept apart where the claim is a product of matrices.
  void profile_contract(const claims::Claim& claim);

  // lower_freivalds.cpp
  /// Lays a product of matrices out in the Freivalds columns, if there are any with room for it and it is worth it.
  bool lower_freivalds(const claims::Claim& claim);

  // lower_other.cpp
  void lower_table(const claims::Claim& claim);
  void lower_is_zero(const claims::Claim& claim);
  /// Whether nothing but "z = value" is said of the tensor; then `value`.
  std::optional<Int128> pinned_value(claims::Tensor z) const;
  void lower_view(const claims::Claim& claim);
  void lower_remap(const claims::Claim& claim);

  // lower_dynamic.cpp
  void lower_gather(const claims::Claim& claim);
  void lower_permute(const claims::Claim& claim);
  /// Which of the settings' lookups against advice columns serves: a record that may use both uses what there is.
  enum class DynamicKind : std::uint8_t { none, lookup, shuffle };
  DynamicKind dynamic_kind(bool prefer_shuffle) const;
  /// Rows (position, value, id) of one table; gives its block.
  std::uint32_t dynamic_table(DynamicKind kind, std::span<const Var> positions, std::span<const Var> values, Var id);
  void dynamic_lookup(DynamicKind kind, std::uint32_t block, Var position, Var value, Var id);
  Var gather_by_hot(std::span<const Var> data, Var index, std::size_t i);
  using Columns = std::vector<std::span<const Var>>;
  void permute_line(DynamicKind kind, Columns ys, Columns xs);
  /// For each row of ys the number of an equal row of xs, each once where ys are a permutation.
  std::vector<Var> permutation_hint(const Columns& ys, const Columns& xs);

  // bind.cpp
  /// The elements of what the statement shows as one.
  /// Places what the statement shows of the outputs, or of inputs and parameters.
  void bind(bool outputs);
  void bind_public(std::span<const Var> message);
  void commit(std::span<const Var> message);
  /// Lays out the Poseidon hash of a message and ties it to the next instance.
  Var hash(std::span<const Var> message);

  const claims::Record& record_;
  Tape& tape_;
  ValueSource values_;
  RangeLowering ranges_;
  EinsumTape einsum_;
  std::vector<Refs> refs_;
  std::vector<std::size_t> last_use_, uses_;
  std::vector<std::vector<std::uint32_t>> dying_;
  std::vector<Fr> instances_;
  std::size_t num_instances_ = 0, num_hashes_ = 0, hash_rows_ = 0;
  std::vector<std::size_t> committed_;
  std::uint32_t dynamic_id_ = 0;
  claims::Elements out_values_;  ///< of the current claim's (first) new tensor; none without a witness
  std::vector<Var> left_, right_;  ///< of the sum of products at hand: vectors that keep their memory
};

}  // namespace ezkl::circuit
