#include "plonk/memory_plan.hpp"

#include <algorithm>
#include <string>

#include "base/parallel.hpp"
#include "ezkl/error.hpp"
#include "plonk/quotient.hpp"

namespace ezkl::plonk {
namespace {

/// What an allocator may keep of freed memory, besides an eighth of what is in use.
constexpr std::uint64_t allocator_bytes = std::uint64_t{8} << 20;

std::uint64_t bytes_needed(const VerifyingKey& vk, const PolynomialSlots& slots, Constraints& constraints,
                           MemoryPlan plan) {
  const FinalSystem& system = vk.system;
  const std::size_t products = system.permutation_sets() + system.arguments.size() + system.shuffles.size();
  const std::size_t kept = plan == MemoryPlan::keep_all          ? slots.committed
                           : plan == MemoryPlan::rebuild_columns ? products
                                                                 : 0;
  std::size_t inputs = 0;
  for (const LookupArgument& argument : system.arguments) inputs += argument.inputs.size();
  const auto threads = static_cast<std::size_t>(thread_count());

  // In bytes a row, by what stands in memory at the same time.
  constexpr std::size_t element = sizeof(Fr), integer = 8, point = 64;
  constexpr std::size_t domain = 2 * element;          // tables of roots
  constexpr std::size_t multiplication = 4 * element;  // digits, and scalars and points picked out
  const std::size_t integers = integer * (system.cs.num_instance + system.arguments.size());
  const std::size_t rebuilding =
      plan == MemoryPlan::keep_all
          ? 0
          : integers + element +  // the labels of cells
                (plan == MemoryPlan::rebuild_all ? 4 * inputs + element * std::min<std::size_t>(inputs, 4) : 0);
  const std::size_t in_quotient =
      element * (kept + quotient_vectors(system, slots, constraints, pass_columns(plan)) + 1) + rebuilding;

  // While running products and sums are made: what a ratio is made of, and the difference bases.
  const std::size_t together = plan == MemoryPlan::rebuild_all ? std::min(threads, products) : products;
  const std::size_t ratio = 3 * element + 8;
  const std::size_t in_products = element * together + std::min(threads, system.permutation_sets()) * ratio +
                                  4 * inputs + integers + 2 * element + 2 * point + multiplication;
  const std::size_t in_openings = element * (kept + 10) + rebuilding + multiplication;
  const std::uint64_t in_use = (domain + std::max({in_quotient, in_products, in_openings})) * vk.n();
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

std::vector<MemoryNeed> memory_needs(const VerifyingKey& vk) {
  const PolynomialSlots slots(vk.system);
  // Any scalars do: they decide nothing about the shape of the constraints as long as none is 0 or 1.
  const Fr scalar = Fr::from_u64(0x9e3779b97f4a7c15);
  const std::vector<Fr> challenges(vk.system.cs.num_challenges, scalar);
  Constraints constraints(vk.system, slots, {challenges, scalar, scalar, scalar, scalar}, {});
  std::vector<MemoryNeed> out;
  for (const MemoryPlan plan : {MemoryPlan::keep_all, MemoryPlan::rebuild_columns, MemoryPlan::rebuild_all}) {
    out.push_back({plan, bytes_needed(vk, slots, constraints, plan)});
  }
  return out;
}

MemoryNeed plan_within(const VerifyingKey& vk, std::uint64_t budget) {
  const std::vector<MemoryNeed> needs = memory_needs(vk);
  for (const MemoryNeed& need : needs) {
    if (need.bytes <= budget) return need;
  }
  constexpr std::uint64_t mib = std::uint64_t{1} << 20;
  throw Error(Fault::range, "a proof takes at least about " + std::to_string(needs.back().bytes / mib + 1) +
                                " MiB besides key and setup, and " + std::to_string(budget / mib) +
                                " MiB are left for it: allow more memory or make the circuit smaller (gen-settings "
                                "--target memory)");
}

}  // namespace ezkl::plonk
