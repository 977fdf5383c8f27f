#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "commit/commitment_key.hpp"
#include "curve/g1.hpp"
#include "plonk/constraint_system.hpp"

namespace ezkl::plonk {

/// What keygen is given: everything about a circuit that does not depend on a witness.
struct Assembly {
  std::vector<ColumnValues> fixed;      ///< num_fixed columns before selectors were resolved, n rows each
  std::vector<SelectorBits> selectors;  ///< one per selector
  /// sigma as successor lists: for permutation column c (position in cs.permutation) and row r, `next[c * n + r]` is
  /// the position c' * n + r' of the cell that follows in its cycle of equal cells. Cells never copied map to themselves.
  std::vector<std::uint32_t> next;
};

/// Builds Assembly::next: starts with singletons, each copy joins two cycles.
class CopyConstraints {
 public:
  CopyConstraints(std::size_t columns, std::size_t n);
  void copy(std::size_t column_a, std::size_t row_a, std::size_t column_b, std::size_t row_b);
  std::vector<std::uint32_t> take();  ///< leaves the object empty

 private:
  std::size_t n_;
  std::vector<std::uint32_t> next_, cycle_, size_;
};

struct VerifyingKey {
  unsigned k = 0;
  bool compressed_selectors = true;
  FinalSystem system;
  std::vector<SelectorBits> selectors;
  std::vector<G1Affine> fixed_commitments;        ///< after selectors were resolved
  std::vector<G1Affine> permutation_commitments;  ///< one per cs.permutation column
  Fr transcript_repr;                             ///< the key digest, first thing in the transcript

  std::size_t n() const { return std::size_t{1} << k; }
};

/// A verifying key with what only a prover needs. Everything else is rebuilt from this.
struct ProvingKey {
  VerifyingKey vk;
  std::vector<ColumnValues> fixed;  ///< after selectors were resolved: their columns included
  std::vector<std::uint32_t> next;  ///< as Assembly::next
};

/// The digest of a key (pinned text hashed by Blake2b): docs/spec/proof-protocol.md 5. Needs all other members of vk.
Fr key_digest(const VerifyingKey& vk);

/// Deterministic. errors: Fault::range when the setup is of another size than 2^k.
ProvingKey keygen(const ConstraintSystem& cs, unsigned k, Assembly assembly, const CommitmentKey& setup,
                  bool compress_selectors);

/// About what keygen takes at its peak, its assembly included and the setup not, and what it is handed back and keeps.
std::uint64_t keygen_bytes(const ConstraintSystem& cs, unsigned k);

}  // namespace ezkl::plonk
