#pragma once

#include <benchmark/benchmark.h>

#include <cstddef>
#include <string>
#include <vector>

#include "base/cpu.hpp"
#include "base/random.hpp"
#include "field/random.hpp"

namespace ezkl::bench {

void add_field_benchmarks();
void add_poly_benchmarks();
void add_curve_benchmarks();

inline std::vector<Fr> random_scalars(std::size_t n, std::uint64_t seed = 42) {
  Random random = Random::from_seed(seed);
  std::vector<Fr> out(n);
  for (Fr& v : out) v = random_fr(random);
  return out;
}

/// Registers `body(state)` under the name. Time is CPU time of the whole process, so that sharing the machine matters
/// little; OMP_NUM_THREADS=1 gives figures of one thread.
template <class Body>
void add(const std::string& name, Body body) {
  benchmark::RegisterBenchmark(name.c_str(), body)->MeasureProcessCPUTime();
}

/// Adds the column "per_item": CPU seconds for each of the `items` of an iteration.
inline void per_item(benchmark::State& state, std::size_t items) {
  state.counters["per_item"] =
      benchmark::Counter(double(items), benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

/// Whether this processor, at the level in force, can run an implementation.
template <class Kernels>
bool can_run(const Kernels& kernels) {
  return (cpu_bits() & kernels.needs) == kernels.needs;
}

}  // namespace ezkl::bench
