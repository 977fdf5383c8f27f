// numpy's array files and archives of them.
#include "artifact/npy_file.hpp"
#include "fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ezkl;
  const std::span<const std::uint8_t> bytes(data, size);
  if (is_npy(bytes)) fuzz::takes([&] { parse_npy(bytes, "array"); });
  if (is_npz(bytes)) fuzz::takes([&] { parse_npz(bytes, "archive"); });
  return 0;
}
