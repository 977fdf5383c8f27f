// Setups of both schemes, as verifiers and provers read them.
#include "commit/ipa_params.hpp"
#include "commit/srs.hpp"
#include "fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace ezkl;
  const auto path = fuzz::as_file({bytes, size});
  fuzz::takes([&] { read_srs_verifier(path); });
  fuzz::takes([&] {
    const unsigned k = Srs::file_k(path);
    const Srs srs = Srs::open(path, k);
    fuzz::require(srs.n() == std::size_t{1} << k, "another size than the file's");
    if (k > 0) Srs::open(path, k - 1);
  });
  for (const unsigned k : {0u, 2u, 3u}) {
    fuzz::takes([&] { IpaVerifier::open(path, k); });
    fuzz::takes([&] { IpaParams::open(path, k); });
  }
  return 0;
}
