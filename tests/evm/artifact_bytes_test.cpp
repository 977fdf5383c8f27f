// Calldata and verifying-key artifacts are files that others read: byte for byte those of the published package.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "artifact/proof_file.hpp"
#include "artifact/settings_file.hpp"
#include "artifact/vk_file.hpp"
#include "base/files.hpp"
#include "circuit/configure.hpp"
#include "evm/calldata.hpp"
#include "evm/vka.hpp"
#include "ezkl/error.hpp"

namespace ezkl::evm {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> golden_folders() {
  std::vector<fs::path> out;
  for (const char* root : {EZKL_TEST_DATA "/golden", EZKL_SHARED "/vectors/golden"}) {
    if (!fs::is_directory(root)) continue;
    for (const auto& entry : fs::directory_iterator(root)) {
      if (fs::exists(entry.path() / "calldata_vka.bytes")) out.push_back(entry.path());
    }
  }
  return out;
}

std::vector<Fr> flat(const std::vector<std::vector<Fr>>& columns) {
  std::vector<Fr> out;
  for (const auto& column : columns) out.insert(out.end(), column.begin(), column.end());
  return out;
}

std::vector<Word> vka_of(const fs::path& folder, unsigned decimals = default_decimals) {
  const auto settings = read_settings(folder / "settings.json");
  const auto circuit = configure(settings);
  const auto vk = read_verifying_key(folder / "vk.key", circuit.cs, settings.run_args.logrows, KeyFormat::raw);
  return make_vka(settings, vk, read_srs_verifier(EZKL_TEST_DATA "/golden/kzg4.srs"), decimals);
}

TEST(GoldenCalldata, SameBytes) {
  const auto folders = golden_folders();
  ASSERT_GE(folders.size(), 3u);
  for (const auto& folder : folders) {
    const auto proof = read_proof(folder / "proof.json");
    const auto instances = flat(proof.instances);
    EXPECT_EQ(encode_calldata(proof.proof, instances, std::nullopt), read_file(folder / "calldata.bytes")) << folder;
    const auto vka = parse_vka_file(read_file(folder / "vka.bytes"), "vka.bytes");
    EXPECT_EQ(encode_calldata(proof.proof, instances, vka), read_file(folder / "calldata_vka.bytes")) << folder;
  }
}

TEST(GoldenVka, SameBytes) {
  for (const auto& folder : golden_folders()) {
    const auto words = vka_of(folder);
    const auto expected = parse_vka_file(read_file(folder / "vka.bytes"), "vka.bytes");
    ASSERT_EQ(words.size(), expected.size()) << folder;
    const auto difference = std::mismatch(words.begin(), words.end(), expected.begin());
    EXPECT_EQ(difference.first - words.begin(), static_cast<std::ptrdiff_t>(words.size())) << folder << ": first word";
  }
}

TEST(Vka, OnlyTheLastWordCarriesTheDecimals) {
  const fs::path folder = EZKL_TEST_DATA "/golden/default";
  const auto words = vka_of(folder);
  auto others = vka_of(folder, 6);
  ASSERT_EQ(words.size(), others.size());
  EXPECT_NE(words.back(), others.back());
  others.back() = words.back();
  EXPECT_EQ(words, others);
  EXPECT_THROW(vka_of(folder, 39), Error);
}

TEST(Vka, CountsTheInstancesOfAPrivateHashAsAsked) {
  // Two inputs, one of them hashed privately: the published package counts a hash for each, a proof has one.
  const fs::path folder = EZKL_TEST_DATA "/golden/default";
  auto settings = read_settings(folder / "settings.json");
  const auto vk =
      read_verifying_key(folder / "vk.key", configure(settings).cs, settings.run_args.logrows, KeyFormat::raw);
  const auto srs = read_srs_verifier(EZKL_TEST_DATA "/golden/kzg4.srs");
  settings.run_args.input_visibility = {Visibility::Kind::hashed_private, {0}};
  settings.model_input_scales = {0, 0};
  settings.model_instance_shapes.resize(1);
  settings.poseidon_counts = {2};
  const auto published = make_vka(settings, vk, srs);
  const auto of_proof = make_vka(settings, vk, srs, default_decimals, VkaInstances::of_proof);
  ASSERT_EQ(published.size(), of_proof.size());
  constexpr std::size_t num_instances_word = 2;
  EXPECT_EQ(published[num_instances_word], Word::of(announced_instances(settings, VkaInstances::published)));
  EXPECT_EQ(of_proof[num_instances_word], Word::of(announced_instances(settings, VkaInstances::of_proof)));
  EXPECT_EQ(announced_instances(published), announced_instances(of_proof) + 1);
  // byte 2 of the rescaling section: 32 for each hash among the instances
  EXPECT_EQ(published.back().limb[0] - of_proof.back().limb[0], std::uint64_t{32} << 16);
}

}  // namespace
}  // namespace ezkl::evm
