// vk.key, with coordinates and compressed, for three circuits.
#include <algorithm>

#include "artifact/settings_file.hpp"
#include "artifact/vk_file.hpp"
#include "circuit/configure.hpp"
#include "fuzz.hpp"

namespace ezkl {
namespace {

struct Circuit {
  explicit Circuit(const char* folder) : settings(read_settings(fuzz::data(folder) / "settings.json")) {
    cs = configure(settings).cs;
  }
  GraphSettings settings;
  plonk::ConstraintSystem cs;
};

}  // namespace
}  // namespace ezkl

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace ezkl;
  static const Circuit circuits[] = {Circuit("golden/default"), Circuit("golden/hashed_input"), Circuit("ipa")};
  for (const Circuit& circuit : circuits) {
    for (const KeyFormat format : {KeyFormat::raw, KeyFormat::processed}) {
      fuzz::takes([&] {
        ByteReader reader({bytes, size}, "key");
        const auto vk = parse_verifying_key(reader, circuit.cs, circuit.settings.run_args.logrows, format);
        const std::span<const std::uint8_t> read(bytes, size - reader.remaining());
        ByteReader again(read, "again");
        const auto second = parse_verifying_key(again, circuit.cs, circuit.settings.run_args.logrows, format);
        fuzz::require(second.transcript_repr == vk.transcript_repr, "another digest of the same bytes");
        const auto written = verifying_key_bytes(vk, format);
        fuzz::require(std::ranges::equal(written, read), "other bytes after writing");
      });
    }
  }
  return 0;
}
