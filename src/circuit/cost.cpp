#include "circuit/cost.hpp"

#include <algorithm>
#include <cmath>

#include "circuit/configure.hpp"

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

}  // namespace

ProvingCost proving_cost(const GraphSettings& settings) {
  const plonk::ConstraintSystem cs = configure(settings).cs;
  ProvingCost c;
  c.logrows = settings.run_args.logrows;
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

  const double n = std::ldexp(1.0, static_cast<int>(c.logrows));
  const double used = std::min(1.0, static_cast<double>(settings.num_rows) / n);
  ProvingCost without = c;
  without.lookups = 0;
  predict(without, used);
  predict(c, used);
  c.lookups_s = c.seconds() - without.seconds();
  return c;
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
