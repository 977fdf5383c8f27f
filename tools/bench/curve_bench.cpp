#include <functional>

#include "bench.hpp"
#include "commit/srs.hpp"
#include "curve/fixed_base.hpp"
#include "curve/kernels.hpp"
#include "curve/msm.hpp"
#include "curve/pairing.hpp"

namespace ezkl::bench {
namespace {

/// Bases for all sizes up to 2^18, made on first use.
std::span<const G1Affine> bases(std::size_t n) {
  static const std::vector<G1Affine> all =
      multiply_base(G1Affine::generator(), random_scalars(std::size_t{1} << 18, 99));
  return std::span(all).first(n);
}

/// n small scalars drawn by `draw` from random 64-bit numbers.
std::vector<std::int64_t> small_scalars(std::size_t n, const std::function<std::int64_t(std::uint64_t)>& draw) {
  Random random = Random::from_seed(42);
  std::vector<std::int64_t> out(n);
  for (std::int64_t& v : out) v = draw(random.next_u64());
  return out;
}

void add_small(const std::string& name, const CurveKernels& kernels, unsigned k,
               const std::function<std::int64_t(std::uint64_t)>& draw) {
  add("msm_" + name + "/" + std::to_string(k) + "/" + std::string(kernels.name),
      [&kernels, k, draw](benchmark::State& state) {
        const auto scalars = small_scalars(std::size_t{1} << k, draw);
        const auto points = bases(scalars.size());
        for (auto _ : state) benchmark::DoNotOptimize(msm_small_with(kernels, points, scalars));
      });
}

}  // namespace

void add_curve_benchmarks() {
  for (const unsigned k : {12u, 14u, 16u, 17u, 18u}) {
    for (const CurveKernels* kernels : compiled_curve_kernels()) {
      if (!can_run(*kernels)) continue;
      add("msm_random/" + std::to_string(k) + "/" + std::string(kernels->name), [kernels, k](benchmark::State& state) {
        const auto scalars = random_scalars(std::size_t{1} << k);
        const auto points = bases(scalars.size());
        for (auto _ : state) benchmark::DoNotOptimize(msm_with(*kernels, points, scalars));
      });
      add_small("i16", *kernels, k, [](std::uint64_t u) { return std::int64_t(std::int16_t(u)); });
      add_small("i8", *kernels, k, [](std::uint64_t u) { return std::int64_t(std::int8_t(u)); });
      add_small("bit", *kernels, k, [](std::uint64_t u) { return std::int64_t(u & 1); });
      add_small("i16_90_percent_zero", *kernels, k,
                [](std::uint64_t u) { return (u >> 32) % 10 == 0 ? std::int64_t(std::int16_t(u)) : 0; });
    }
  }
  for (const unsigned k : {12u, 16u}) {
    add("gen_srs/" + std::to_string(k), [k](benchmark::State& state) {
      const Fr secret = random_scalars(1)[0];
      for (auto _ : state) benchmark::DoNotOptimize(srs_from_secret(k, secret));
    });
  }
  add("pairing_check/2", [](benchmark::State& state) {
    const G2Affine g2 = G2Affine::generator();
    const std::vector<std::pair<G1Affine, G2Affine>> pairs{{bases(1)[0], g2}, {-bases(1)[0], g2}};
    for (auto _ : state) benchmark::DoNotOptimize(pairing_product_is_one(pairs));
  });
}

}  // namespace ezkl::bench
