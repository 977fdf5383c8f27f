#include "relations/cost.hpp"

#include <algorithm>
#include <bit>
#include <optional>

#include "commit/rows.hpp"
#include "ezkl/error.hpp"

namespace ezkl::relations {
namespace {

constexpr double leaf = 0.20e-6, value = 0.11e-6, table_row = 0.25e-6, tensor = 50e-6, multiplied = 0.10e-6,
                 contracted = 0.09e-6, dense_point = 1.6e-6;

/// Elements of all that has rows.
std::uint64_t with_rows(const Plan& plan) {
  std::uint64_t out = 0;
  for (const auto* list : {&plan.committed, &plan.keyed}) {
    for (const std::uint32_t id : *list) out += plan.tensors[id].cube.elements();
  }
  return out;
}

}  // namespace

ProverCost prover_cost(const Plan& plan) {
  ProverCost out;
  const auto cells = [&](std::uint32_t id) { return plan.tensors[id].cube.cells(); };
  for (const Tree& tree : plan.trees) {
    std::uint64_t leaves = 0;
    for (const std::uint32_t k : tree.lookups) leaves += cells(plan.lookups[k].shaped_as);
    for (const auto& [table, counts] : tree.tables) {
      leaves += cells(counts);
      out.table_rows += plan.tables[table].rows;
    }
    for (const std::uint32_t k : tree.gathers) leaves += cells(plan.gathers[k].data) + cells(plan.gathers[k].index);
    for (const std::uint32_t k : tree.permutes) leaves += 2 * cells(plan.permutes[k].ys[0]);
    out.leaves += std::bit_ceil(std::max<std::uint64_t>(2, leaves));
  }
  for (const std::uint32_t id : plan.committed) {
    const Cube& cube = plan.tensors[id].cube;
    out.committed += cube.elements();
    out.rows += RowShape(cube, plan.options.row_bits).rows();
  }
  for (const std::uint32_t id : plan.keyed) out.keyed += plan.tensors[id].cube.elements();
  for (const Square& square : plan.squares) out.multiplied += cells(square.tensor);
  for (std::uint32_t id = 0; id < plan.tensors.size(); ++id) {
    if (plan.tensors[id].kind == TensorKind::product) out.multiplied += cells(id);
  }
  for (const std::uint32_t id : plan.contractions) {
    for (const std::uint32_t source : plan.tensors[id].sources) out.contracted += cells(source);
  }
  const auto real = [](std::uint64_t n) { return static_cast<double>(n); };
  out.lookups_s = leaf * real(out.leaves) + table_row * real(out.table_rows);
  out.commit_s = value * real(out.committed) + tensor * real(plan.committed.size());
  out.products_s = multiplied * real(out.multiplied);
  out.contractions_s = contracted * real(out.contracted);
  out.opening_s = 3.5 * dense_point * real(std::uint64_t{1} << plan.options.row_bits);
  return out;
}

PlanOptions choose_options(const claims::Record& record, PlanOptions given, const Choice& choice) {
  constexpr unsigned least_limb = 8, most_limb = 16, least_row = 8, most_row = 14;
  std::optional<Plan> best;
  double least = 0;
  const auto consider = [&](unsigned limb_bits) {
    PlanOptions options = given;
    options.limb_bits = limb_bits;
    Plan plan = make_plan(record, options);
    const double seconds = prover_cost(plan).seconds();
    if (best && seconds >= least) return;
    best = std::move(plan);
    least = seconds;
  };
  if (choice.limb_bits) {
    for (unsigned bits = most_limb; bits >= least_limb; bits -= 2) consider(bits);
  } else {
    consider(given.limb_bits);
  }
  PlanOptions out = best->options;
  if (choice.row_bits) {
    const unsigned bits = axis_bits(std::max<std::uint64_t>(1, with_rows(*best)));
    out.row_bits = std::clamp((bits + 1) / 2, least_row, most_row);
  }
  return out;
}

}  // namespace ezkl::relations
