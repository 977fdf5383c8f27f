#include <algorithm>

#include "bench.hpp"
#include "poly/domain.hpp"
#include "poly/ntt_kernels.hpp"
#include "poly/poly_ops.hpp"

namespace ezkl::bench {

void add_poly_benchmarks() {
  for (const unsigned k : {12u, 14u, 16u, 17u, 18u}) {
    for (const NttKernels* kernels : compiled_ntt_kernels()) {
      if (!can_run(*kernels)) continue;
      add("ntt/" + std::to_string(k) + "/" + std::string(kernels->name), [kernels, k](benchmark::State& state) {
        const std::size_t n = std::size_t{1} << k;
        const std::vector<Fr> twiddles = ntt_twiddles(*kernels, k, Domain(k).omega(), Fr::one());
        std::vector<Fr> values = random_scalars(n);
        for (auto _ : state) transform(*kernels, values, values, k, twiddles.data(), false, Fr::one());
        per_item(state, n / 2 * k);  // butterflies
      });
    }
  }
  add("coset_ntt/16", [](benchmark::State& state) {
    const Domain domain(16);
    const Coset coset(domain, Fr::generator());
    const std::vector<Fr> in = random_scalars(domain.n());
    std::vector<Fr> out(domain.n());
    for (auto _ : state) coset.ntt(in, out);
  });
  add("evaluate/65536", [](benchmark::State& state) {
    const std::vector<Fr> coeffs = random_scalars(65536);
    const Fr x = random_scalars(1, 7)[0];
    for (auto _ : state) benchmark::DoNotOptimize(evaluate(coeffs, x));
    per_item(state, 65536);
  });
}

}  // namespace ezkl::bench
