#include "bench.hpp"
#include "field/fq.hpp"
#include "field/kernels.hpp"

namespace ezkl::bench {
namespace {

constexpr std::size_t vector_size = 1024;

template <class F>
void chain(benchmark::State& state) {
  F x = F::from_u64(123456789).inverse();
  for (auto _ : state) {
    x = x * x;
    benchmark::DoNotOptimize(x);
  }
}

template <class F>
void inverse(benchmark::State& state) {
  F x = F::from_u64(123456789);
  for (auto _ : state) {
    x = x.inverse() + F::one();
    benchmark::DoNotOptimize(x);
  }
}

void add_kernels(const FrKernels& kernels) {
  const std::string level(kernels.name);
  add("fr_mul_stream/" + level, [&kernels](benchmark::State& state) {
    const auto a = random_scalars(vector_size, 1), b = random_scalars(vector_size, 2);
    std::vector<Fr> out(vector_size);
    for (auto _ : state) kernels.mul(out.data(), a.data(), b.data(), vector_size);
    per_item(state, vector_size);
  });
  add("fr_add_stream/" + level, [&kernels](benchmark::State& state) {
    const auto a = random_scalars(vector_size, 1), b = random_scalars(vector_size, 2);
    std::vector<Fr> out(vector_size);
    for (auto _ : state) kernels.add(out.data(), a.data(), b.data(), vector_size);
    per_item(state, vector_size);
  });
  add("fr_batch_inversion/" + level, [&kernels](benchmark::State& state) {
    constexpr std::size_t n = 8192;
    auto values = random_scalars(n);
    std::vector<Fr> scratch(n);
    for (auto _ : state) kernels.invert(values.data(), scratch.data(), n);
    per_item(state, n);
  });
}

}  // namespace

void add_field_benchmarks() {
  for (const FrKernels* kernels : compiled_fr_kernels()) {
    if (can_run(*kernels)) add_kernels(*kernels);
  }
  // single products: the level in force
  add("fr_mul_chain", chain<Fr>);
  add("fq_mul_chain", chain<Fq>);
  add("fr_inverse", inverse<Fr>);
  add("batch_invert/65536", [](benchmark::State& state) {
    auto values = random_scalars(65536);
    for (auto _ : state) batch_invert(values);
    per_item(state, 65536);
  });
}

}  // namespace ezkl::bench
