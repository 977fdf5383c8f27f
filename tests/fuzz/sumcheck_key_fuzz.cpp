// vk.key of the sumcheck system, its checksum made right: what is taken is what would be written.
#include "artifact/sumcheck_key_file.hpp"
#include "fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ezkl;
  fuzz::takes([&] { parse_sumcheck_key({data, size}, "as it is"); });
  const std::vector<std::uint8_t> bytes = fuzz::resealed({data, size});
  fuzz::takes([&] {
    const SumcheckKey key = parse_sumcheck_key(bytes, "key");
    fuzz::require(sumcheck_key_bytes(key) == bytes, "another key after writing");
  });
  return 0;
}
