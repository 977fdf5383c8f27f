#include "plonk/memory_plan.hpp"

#include <algorithm>
#include <set>
#include <string>

#include "base/parallel.hpp"
#include "ezkl/error.hpp"
#include "plonk/lookup_prover.hpp"
#include "plonk/permutation.hpp"
#include "plonk/proof_shape.hpp"
#include "plonk/quotient.hpp"
#include "plonk/window_columns.hpp"

namespace ezkl::plonk {
namespace {

/// What an allocator may keep of freed memory, besides an eighth of what is in use.
constexpr std::uint64_t allocator_bytes = std::uint64_t{8} << 20;

/// After how many rows each polynomial is a line up to the blinding rows, as far as can be told without a witness.
std::vector<std::size_t> most_extents(const ProvingKey& key, const PolynomialSlots& slots, std::size_t rows) {
  const FinalSystem& system = key.vk.system;
  const std::size_t n = key.vk.n(), usable = system.cs.usable_rows(key.vk.k);
  std::vector<std::size_t> out(slots.committed, n);
  const std::size_t used = std::min(rows, usable);
  std::fill_n(out.begin() + slots.advice, system.cs.num_advice, used);
  std::fill_n(out.begin() + slots.instance, system.cs.num_instance, used);
  std::size_t table = 0;
  for (std::size_t i = 0; i < key.fixed.size(); ++i) {
    table = std::max(table, out[slots.fixed + i] = constant_from(key.fixed[i], usable));
  }
  // Multiplicities stand on rows of tables, which are fixed columns.
  std::fill_n(out.begin() + slots.m, system.arguments.size(), table);
  for (std::size_t c = 0; c < system.cs.permutation.size(); ++c) {
    const std::size_t copied = copied_rows(key.next, n, c, usable);
    out[slots.sigma + c] = copied;
    std::size_t& product = out[slots.z + c / system.permutation_chunk()];
    product = std::max(product == n ? 0 : product, copied);
  }
  return out;
}

/// The polynomials of a proof in numbers of vectors of n elements.
struct Kept {
  double polynomials = 0;
  bool window = false;
};

/// What is kept when all is: columns of zeros are not, and those in the window of rows are short.
Kept keep_all(const ProvingKey& key, const PolynomialSlots& slots, std::size_t rows) {
  const std::size_t usable = key.vk.system.cs.usable_rows(key.vk.k);
  const WindowColumns columns(Domain(key.vk.k), usable, most_extents(key, slots, rows));
  Kept out;
  out.window = columns.window().has_value();
  const double short_one = out.window ? double(columns.window()->size()) / double(key.vk.n()) : 0;
  for (std::uint32_t slot = 0; slot < slots.committed; ++slot) {
    const bool fixed = slot >= slots.fixed && slot < slots.instance;
    if (fixed && key.fixed[slot - slots.fixed].is_zero()) continue;
    out.polynomials += columns.takes(slot) ? short_one : 1;
  }
  return out;
}

std::uint64_t bytes_needed(const ProvingKey& key, const PolynomialSlots& slots, Constraints& constraints,
                           MemoryPlan plan, std::size_t rows) {
  const FinalSystem& system = key.vk.system;
  const std::size_t products = system.permutation_sets() + system.arguments.size() + system.shuffles.size();
  const Kept kept = plan == MemoryPlan::keep_all
                        ? keep_all(key, slots, rows)
                        : Kept{plan == MemoryPlan::rebuild_columns ? double(products) : 0, false};
  std::size_t inputs = 0;
  std::set<std::string> tables;
  for (const LookupArgument& argument : system.arguments) {
    inputs += argument.inputs.size();
    tables.insert(table_name(argument.table));
  }
  const auto threads = static_cast<std::size_t>(thread_count());
  const std::size_t pieces = system.quotient_pieces(), sets = ProofShape(system, key.vk.k).sets.size();

  // In bytes a row, by what stands in memory at the same time.
  constexpr std::size_t element = sizeof(Fr), integer = 8, point = sizeof(G1Affine);
  constexpr std::size_t domain = 2 * element;          // tables of roots
  constexpr std::size_t multiplication = 5 * element;  // digits, and scalars and points picked out
  const std::size_t integers = integer * (system.cs.num_instance + system.arguments.size());
  const std::size_t found = 4 * inputs + element * tables.size();  // rows of tables, and the tables inverted
  // What ratios of the permutation are made of.
  const std::size_t ratios = std::min(threads, system.permutation_sets()) * (3 * element + 8);
  const std::size_t rebuilding = plan == MemoryPlan::keep_all
                                     ? 0
                                     : integers + element +  // the labels of cells
                                           (plan == MemoryPlan::rebuild_all ? found + ratios : 0);
  const auto of_kept = static_cast<std::size_t>(kept.polynomials * element);
  const std::size_t in_quotient =
      element * (quotient_vectors(system, slots, constraints, pass_columns(plan)) + 1 + (kept.window ? 1 : 0)) +
      rebuilding;
  const std::size_t in_quotient_commit = element * pieces + std::min(threads, pieces) * multiplication + rebuilding;

  // While running products and sums are made, and then committed to with the difference bases.
  const std::size_t together = plan == MemoryPlan::rebuild_all ? std::min(threads, products) : products;
  const std::size_t in_products = element * together + found + integers + element +
                                  std::max(ratios, 2 * point + std::min(threads, together) * multiplication);
  // The quotient, the combined polynomial of each set, their sum, what columns of the window are brought back by; and
  // what each set being combined takes, or a multiplication.
  const std::size_t in_openings = element * (2 + sets + (kept.window ? 2 : 0)) + rebuilding +
                                  std::max(std::min(threads, sets) * (kept.window ? 2 : 1) * element, multiplication);
  const std::uint64_t in_use =
      (domain + std::max({of_kept + std::max({in_quotient, in_quotient_commit, in_openings}), in_products})) *
      key.vk.n();
  return in_use + in_use / 8 + allocator_bytes;
}

}  // namespace

const char* name_of(MemoryPlan plan) {
  switch (plan) {
    case MemoryPlan::keep_all:
      return "all coefficients are kept";
    case MemoryPlan::rebuild_columns:
      return "coefficients of columns are made again when they are read";
    case MemoryPlan::rebuild_all:
      break;
  }
  return "all coefficients are made again when they are read";
}

std::size_t pass_columns(MemoryPlan plan) {
  return plan == MemoryPlan::keep_all ? std::clamp<std::size_t>(2 * static_cast<std::size_t>(thread_count()), 4, 16)
                                      : 1;
}

std::vector<MemoryNeed> memory_needs(const ProvingKey& key, std::size_t rows) {
  const VerifyingKey& vk = key.vk;
  const PolynomialSlots slots(vk.system);
  // Any scalars do: they decide nothing about the shape of the constraints as long as none is 0 or 1.
  const Fr scalar = Fr::from_u64(0x9e3779b97f4a7c15);
  const std::vector<Fr> challenges(vk.system.cs.num_challenges, scalar);
  std::vector<std::uint32_t> zero;
  for (std::uint32_t i = 0; i < key.fixed.size(); ++i) {
    if (key.fixed[i].is_zero()) zero.push_back(slots.fixed + i);
  }
  Constraints constraints(vk.system, slots, {challenges, scalar, scalar, scalar, scalar}, zero);
  std::vector<MemoryNeed> out;
  for (const MemoryPlan plan : {MemoryPlan::keep_all, MemoryPlan::rebuild_columns, MemoryPlan::rebuild_all}) {
    out.push_back({plan, bytes_needed(key, slots, constraints, plan, rows)});
  }
  return out;
}

MemoryNeed plan_within(const ProvingKey& key, std::size_t rows, std::uint64_t budget) {
  const std::vector<MemoryNeed> needs = memory_needs(key, rows);
  for (const MemoryNeed& need : needs) {
    if (need.bytes <= budget) return need;
  }
  const std::uint64_t least = std::min_element(needs.begin(), needs.end(), [](const auto& a, const auto& b) {
                                return a.bytes < b.bytes;
                              })->bytes;
  constexpr std::uint64_t mib = std::uint64_t{1} << 20;
  throw Error(
      Fault::limit,
      "a proof takes at least about " + std::to_string(least / mib + 1) + " MiB besides key and setup, and " +
          std::to_string(budget / mib) + " MiB are left for it",
      {{"max_memory", "allow more with {}"}, {"target", "or make the circuit smaller: gen-settings, {} memory"}});
}

}  // namespace ezkl::plonk
