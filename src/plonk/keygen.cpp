#include <algorithm>
#include <string>

#include "base/ensure.hpp"
#include "base/parallel.hpp"
#include "base/profile.hpp"
#include "curve/msm.hpp"
#include "ezkl/error.hpp"
#include "plonk/commitments.hpp"
#include "plonk/keys.hpp"
#include "plonk/permutation.hpp"
#include "plonk/proof_shape.hpp"

namespace ezkl::plonk {
namespace {

void check_sizes(const ConstraintSystem& cs, unsigned k, const Assembly& assembly, const CommitmentKey& setup) {
  const std::size_t n = std::size_t{1} << k;
  if (setup.k() != k) {
    throw Error(Fault::range, "keygen: the setup is for 2^" + std::to_string(setup.k()) + " rows, the circuit has 2^" +
                                  std::to_string(k));
  }
  if (n < cs.blinding_factors() + 3) {
    throw Error(Fault::range, "keygen: 2^" + std::to_string(k) + " rows leave none usable; at least " +
                                  std::to_string(cs.blinding_factors() + 3) + " are needed");
  }
  EZKL_ENSURE(assembly.fixed.size() == cs.num_fixed && assembly.selectors.size() == cs.num_selectors,
              "an assembly has one entry per fixed column and per selector");
  for (const ColumnValues& column : assembly.fixed) EZKL_ENSURE(column.size() == n, "fixed columns have n rows");
  for (const SelectorBits& bits : assembly.selectors) EZKL_ENSURE(bits.size() == n, "selectors have n rows");
  EZKL_ENSURE(assembly.next.size() == cs.permutation.size() * n, "one successor per cell under equality");
}

ColumnValues combination_column(const std::vector<std::uint32_t>& members, const std::vector<SelectorBits>& selectors,
                                std::size_t n) {
  ColumnValues out(n);
  for (std::size_t t = 0; t < members.size(); ++t) {
    const SelectorBits& bits = selectors[members[t]];
    for (std::size_t row = 0; row < n; ++row) {
      if (bits.get(row)) out.set(row, static_cast<std::int64_t>(t + 1));
    }
  }
  return out;
}

/// [sigma_c]. Were no cell copied, sigma_c would be delta^c * X and its commitment delta^c times a point of the setup;
/// only the copied cells, which differ from that, enter a multi-scalar multiplication.
G1 commit_sigma(const CommitmentKey& setup, const CellLabels& labels, std::span<const std::uint32_t> next,
                std::size_t c) {
  const std::size_t n = labels.n();
  std::vector<G1Affine> bases;
  std::vector<Fr> scalars;
  for (std::size_t j = 0; j < n; ++j) {
    const auto cell = static_cast<std::uint32_t>(c * n + j);
    if (next[cell] == cell) continue;
    bases.push_back(setup.g_lagrange()[j]);
    scalars.push_back(labels.label(next[cell]) - labels.label(cell));
  }
  return setup.blinded(G1(setup.g()[1]).mul(labels.column(c)) + msm(bases, scalars), CommitmentKey::public_blind());
}

}  // namespace

std::uint64_t keygen_bytes(const ConstraintSystem& cs, unsigned k) {
  // In bytes a row, by what stands in memory at the same time. Selectors may each become a fixed column.
  constexpr std::size_t integer = 8, element = sizeof(Fr), point = sizeof(G1Affine);
  const std::size_t cells = cs.permutation.size();
  const std::size_t columns = integer * (cs.num_fixed + cs.num_selectors) + cs.num_selectors / 8 + 1;
  const std::size_t cycles = 3 * sizeof(std::uint32_t) * cells;
  // The labels of cells and the tables of roots; a column's digits, and points and scalars picked out, in each thread.
  const std::size_t committing = sizeof(std::uint32_t) * cells + 3 * element +
                                 static_cast<std::size_t>(thread_count()) * (point + element + 3 * element);
  return static_cast<std::uint64_t>(columns + std::max(cycles, committing)) << k;
}

ProvingKey keygen(const ConstraintSystem& cs, unsigned k, Assembly assembly, const CommitmentKey& setup,
                  bool compress_selectors) {
  check_sizes(cs, k, assembly, setup);
  const std::size_t n = std::size_t{1} << k;
  Phase phase("selectors");
  ProvingKey pk;
  pk.vk.k = k;
  pk.vk.compressed_selectors = compress_selectors;
  pk.vk.system = resolve(cs, assembly.selectors, compress_selectors);
  pk.vk.selectors = std::move(assembly.selectors);
  ProofShape(pk.vk.system, k);  // refuses a system that has no sound proof at this size
  pk.fixed = std::move(assembly.fixed);
  for (const auto& members : pk.vk.system.combinations) {
    pk.fixed.push_back(combination_column(members, pk.vk.selectors, n));
  }
  pk.next = std::move(assembly.next);

  std::vector<const ColumnValues*> fixed;
  for (const ColumnValues& column : pk.fixed) fixed.push_back(&column);
  phase.next("commit fixed columns");
  pk.vk.fixed_commitments = commit_columns(setup, fixed, std::vector<Fr>(fixed.size(), CommitmentKey::public_blind()));

  phase.next("commit permutation");
  const CellLabels labels(Domain(k), cs.permutation.size());
  std::vector<G1> sigmas(cs.permutation.size());
  parallel_tasks(sigmas.size(), [&](std::size_t c) { sigmas[c] = commit_sigma(setup, labels, pk.next, c); });
  pk.vk.permutation_commitments = to_affine(sigmas);
  phase.next("digest");
  pk.vk.transcript_repr = key_digest(pk.vk);
  return pk;
}

}  // namespace ezkl::plonk
