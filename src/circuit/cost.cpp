#include "circuit/cost.hpp"

#include <algorithm>
#include <cmath>

#include "circuit/configure.hpp"
#include "circuit/einsum_plan.hpp"
#include "circuit/tape.hpp"

namespace ezkl {
namespace {

// Seconds an element of one core with AVX-512 IFMA, from profiles of proofs: tools/bench/calibrate_cost.py.
constexpr double dense_point = 1.15e-6;     // commitment to field elements
constexpr double small_point = 0.1e-6;      // commitment to 16-bit integers
constexpr double transform_layer = 3.9e-9;  // one of log2 n layers of a transform
constexpr double product = 8.5e-9;          // one field product in a vector
constexpr double fill = 120e-9;             // one advice cell: evaluation, layout, conversion
constexpr double program_mib = 15;          // what a process takes before it proves
constexpr double kept = 1.1;                // what the allocator keeps, and integers by row, for each byte in use

// What checking costs a chain, from the gas of generated verifiers: a point is hashed, multiplied and added; an
// evaluation is hashed and takes part in the constraints.
constexpr double point_gas = 7600;
constexpr double evaluation_gas = 800;

/// Fills in the predictions from the counts. `used` is the part of the rows that hold cells.
void predict(ProvingCost& c, double used) {
  const double n = std::ldexp(1.0, static_cast<int>(c.logrows));
  const auto sets = static_cast<double>((c.permutation + c.degree - 3) / (c.degree - 2));
  const auto advice = static_cast<double>(c.advice), lookups = static_cast<double>(c.lookups);
  const auto fixed = static_cast<double>(c.fixed), permutation = static_cast<double>(c.permutation);
  const double pieces = c.degree - 1;

  // Running products and sums cost what their used rows do; the random polynomial, the pieces and the openings are full.
  c.commitments_s =
      n * (small_point * (advice * used + lookups * 0.2) + dense_point * ((sets + lookups) * used + pieces + 3));
  const double own = advice + sets + 2 * lookups + 1;
  const double transforms = own + fixed + permutation + pieces * (own + fixed + permutation) + pieces;
  c.transforms_s = n * transforms * c.logrows * transform_layer;
  c.quotient_s = n * pieces * product * (3 * advice + 4 * permutation + 3 * sets + 14 * lookups + 10);
  c.other_s =
      n * (fill * advice * used + product * (8 * permutation + 15 * lookups + 4 * (own + fixed + permutation)));

  const double queries = advice * 1.4 + fixed + permutation + 3 * sets + 3 * lookups + 1;
  c.points = static_cast<std::size_t>(advice + 2 * lookups + sets + 1 + pieces + 2);
  c.evaluations = static_cast<std::size_t>(queries);
  c.peak_mib = program_mib + kept * n * 32 * (own + fixed + permutation + 8) / 1048576;
}

/// The columns of a circuit, without what they are predicted to take.
ProvingCost columns_of(const GraphSettings& settings) {
  const plonk::ConstraintSystem cs = configure(settings).cs;
  ProvingCost c;
  unsigned degree = 3;
  for (const plonk::Gate& gate : cs.gates) {
    for (const plonk::Expression& p : gate.polynomials) degree = std::max(degree, p.degree());
  }
  for (const auto& [key, entry] : cs.lookups) {
    unsigned table = 1;
    for (const auto& e : entry.table) table = std::max(table, e.degree());
    for (const auto& input : entry.inputs) {
      unsigned deg = 1;
      for (const auto& e : input) deg = std::max(deg, e.degree());
      degree = std::max(degree, std::max(3u, table + 2) + deg);
      ++c.lookups;
    }
  }
  c.degree = degree;
  c.advice = cs.num_advice;
  c.permutation = cs.permutation.size();
  std::size_t complex = 0;
  for (const bool simple : cs.simple_selector) complex += !simple;
  // Up to degree - 2 simple selectors of degree 3 share a column.
  c.fixed = cs.num_fixed + complex + (cs.num_selectors - complex + degree - 3) / std::max(1u, degree - 2);

  return c;
}

ProvingCost with_predictions(ProvingCost c, const GraphSettings& settings) {
  c.logrows = settings.run_args.logrows;
  const double n = std::ldexp(1.0, static_cast<int>(c.logrows));
  const double used = std::min(1.0, static_cast<double>(settings.num_rows) / n);
  ProvingCost without = c;
  without.lookups = 0;
  predict(without, used);
  predict(c, used);
  c.lookups_s = c.seconds() - without.seconds();
  return c;
}

/// All that the columns of settings follow from.
std::vector<std::size_t> columns_key(const GraphSettings& settings) {
  const RunArgs& args = settings.run_args;
  const circuit::Geometry geometry(settings);
  std::vector<std::size_t> key{geometry.width,
                               geometry.blocks,
                               geometry.dynamic_blocks,
                               geometry.constant_columns,
                               settings.num_dynamic_lookups > 0 ? 1u : 0u,
                               settings.num_shuffles > 0 ? 1u : 0u,
                               settings.poseidon_counts.empty() || settings.poseidon_counts[0] == 0 ? 0u : 1u,
                               settings.required_lookups.size(),
                               settings.required_range_checks.size(),
                               settings.polycommit_sizes.size()};
  const auto chunks = [&](const CheckedRange& range) {
    return static_cast<std::size_t>((range.second - range.first) / static_cast<Int128>(geometry.table_rows)) + 1;
  };
  if (!settings.required_lookups.empty()) key.push_back(chunks(args.lookup_range));
  for (const CheckedRange& range : settings.required_range_checks) key.push_back(chunks(range));
  for (const std::size_t size : settings.polycommit_sizes) key.push_back(blocks_for(size, geometry.usable));
  if (settings.total_einsum_col_size > 0) {
    std::size_t cells = 0;
    for (const auto& [equation, sizes] : settings.einsum_equations) {
      const EinsumPlan plan = plan_einsum(equation, sizes);
      cells += plan.cells;
      key.push_back(plan.output.size());
    }
    key.push_back(blocks_for(cells, geometry.usable * geometry.width));
  }
  return key;
}

}  // namespace

ProvingCost proving_cost(const GraphSettings& settings) { return with_predictions(columns_of(settings), settings); }

ProvingCost CostModel::of(const GraphSettings& settings) {
  const std::vector<std::size_t> key = columns_key(settings);
  const auto found = columns_.find(key);
  if (found != columns_.end()) return with_predictions(found->second, settings);
  return with_predictions(columns_.emplace(key, columns_of(settings)).first->second, settings);
}

double price(const ProvingCost& c, ChoiceTarget target) {
  const auto bytes = static_cast<double>(c.proof_bytes());
  const double seconds = c.seconds();
  switch (target) {
    // A kilobyte of proof, which everyone who checks it pays for, is held to be worth 15 ms of proving.
    case ChoiceTarget::prove: return seconds + 1.5e-5 * bytes;
    case ChoiceTarget::memory: return c.peak_mib;
    // Between equals, what proves faster.
    case ChoiceTarget::size: return bytes + 1e-3 * seconds;
    case ChoiceTarget::gas: break;
  }
  return point_gas * static_cast<double>(c.points) + evaluation_gas * static_cast<double>(c.evaluations) +
         1e-3 * seconds;
}

}  // namespace ezkl
