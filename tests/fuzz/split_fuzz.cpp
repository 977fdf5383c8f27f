// split.json.
#include "artifact/split_file.hpp"
#include "fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace ezkl;
  fuzz::takes([&] {
    const SplitFile split = parse_split(fuzz::text_of({bytes, size}), "split");
    const SplitFile again = parse_split(split_text(split), "again");
    fuzz::require(again.parts == split.parts && again.links == split.links && again.link == split.link,
                  "another split after writing");
    for (const std::string& part : split.parts) {
      fuzz::require(part.find('/') == std::string::npos && part != "." && part != ".." && !part.empty(),
                    "a part lies outside the split");
    }
  });
  return 0;
}
