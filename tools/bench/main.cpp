// ezkl-bench: how fast the primitives are, for every implementation this processor can run.
#include <cstdio>

#include "bench.hpp"
#include "environment.hpp"
#include "ezkl/error.hpp"

int main(int argc, char** argv) {
  try {
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
    ezkl::Session session(ezkl::options_from_environment());
    const ezkl::Session::Use use(session);
    benchmark::AddCustomContext("ezkl_cpu", std::string(ezkl::cpu_level()));
    ezkl::bench::add_field_benchmarks();
    ezkl::bench::add_poly_benchmarks();
    ezkl::bench::add_curve_benchmarks();
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    return 0;
  } catch (const ezkl::Error& e) {
    std::fprintf(stderr, "ezkl-bench: %s\n", e.what());
    return e.fault() == ezkl::Fault::usage ? 2 : 1;
  }
}
