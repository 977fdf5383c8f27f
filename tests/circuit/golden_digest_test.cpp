// The key digest hashes every gate, query and lookup of a circuit: it agrees with the published package's only when the
// constraint system that follows from settings.json does, to the last node.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "artifact/settings_file.hpp"
#include "artifact/vk_file.hpp"
#include "base/files.hpp"
#include "circuit/configure.hpp"

namespace ezkl {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> golden_folders() {
  std::vector<fs::path> out;
  for (const char* root : {EZKL_TEST_DATA "/golden", EZKL_SHARED "/vectors/golden"}) {
    if (!fs::is_directory(root)) continue;
    for (const auto& entry : fs::directory_iterator(root)) {
      if (fs::exists(entry.path() / "vka.bytes")) out.push_back(entry.path());
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

TEST(GoldenDigest, EqualsTheFirstWordOfThePublishedKeyArtifact) {
  const auto folders = golden_folders();
  ASSERT_GE(folders.size(), 3u);
  for (const auto& folder : folders) {
    const auto settings = read_settings(folder / "settings.json");
    const auto circuit = configure(settings);
    const auto vk = read_verifying_key(folder / "vk.key", circuit.cs, settings.run_args.logrows, KeyFormat::raw);
    const auto vka = read_file(folder / "vka.bytes");
    ASSERT_GE(vka.size(), 40u);
    const auto digest = vk.transcript_repr.to_bytes_be();
    EXPECT_TRUE(std::equal(digest.begin(), digest.end(), vka.begin() + 8)) << folder;
  }
}

TEST(GoldenDigest, KeyFileIsWrittenBackByteForByte) {
  for (const auto& folder : golden_folders()) {
    const auto settings = read_settings(folder / "settings.json");
    const auto circuit = configure(settings);
    const auto vk = read_verifying_key(folder / "vk.key", circuit.cs, settings.run_args.logrows, KeyFormat::raw);
    EXPECT_EQ(verifying_key_bytes(vk, KeyFormat::raw), read_file(folder / "vk.key")) << folder;
    const auto processed = verifying_key_bytes(vk, KeyFormat::processed);
    ByteReader reader(processed, "processed key");
    const auto again = parse_verifying_key(reader, circuit.cs, settings.run_args.logrows, KeyFormat::processed);
    EXPECT_EQ(again.transcript_repr, vk.transcript_repr) << folder;
  }
}

}  // namespace
}  // namespace ezkl
