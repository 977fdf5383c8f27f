// vk.manifest.json, of which no other bytes than those that are written are taken.
#include "artifact/manifest_file.hpp"
#include "fuzz.hpp"
#include "statement/meaning.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace ezkl;
  const std::string_view text = fuzz::text_of({bytes, size});
  fuzz::takes([&] {
    const Manifest manifest = parse_manifest(text, "manifest");
    fuzz::require(manifest_text(manifest) == text, "another manifest after writing");
    for (const auto& [group, visibility] : {std::pair(TensorGroup::inputs, manifest.input_visibility),
                                            std::pair(TensorGroup::params, manifest.param_visibility),
                                            std::pair(TensorGroup::outputs, manifest.output_visibility)}) {
      fuzz::require(!meaning_of(group, visibility, manifest.trees).empty(), "a visibility without a meaning");
    }
  });
  return 0;
}
