// settings.json, and the constraint system that a verifier makes of it.
#include "artifact/settings_file.hpp"
#include "circuit/configure.hpp"
#include "fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace ezkl;
  fuzz::takes([&] {
    const GraphSettings settings = parse_settings(fuzz::text_of({bytes, size}), "settings");
    const std::string text = settings_text(settings);
    fuzz::require(settings_text(parse_settings(text, "again")) == text, "other settings after writing");
    fuzz::takes([&] { configure(settings); });
  });
  return 0;
}
