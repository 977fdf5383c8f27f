#include "artifact/manifest_file.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/hex.hpp"
#include "commit/ceremony.hpp"
#include "commit/srs.hpp"
#include "ezkl/error.hpp"

namespace ezkl {
namespace {

Manifest sample() {
  Manifest m;
  m.program = "23.0.5";
  m.settings = std::string(64, '1');
  m.key = std::string(64, '2');
  m.compiled = std::string(64, '3');
  m.model = {{"network.onnx", std::string(64, '4')}, {"weights.bin", std::string(64, '5')}};
  m.layout = 1;
  m.setup = std::string(64, '6');
  m.param_visibility = {Visibility::Kind::fixed, {}};
  m.output_visibility = {Visibility::Kind::hashed_private, {2, 0}};
  m.trees = false;
  m.inputs = {{"x", Shape{1, 4}, "F32", 7}};
  m.outputs = {{"y", Shape{}, "F32", 14}, {std::nullopt, std::nullopt, std::nullopt, -3}};
  return m;
}

/// What parsing says, or "accepted".
std::string said(const std::string& text) {
  try {
    parse_manifest(text, "m");
  } catch (const Error& e) {
    EXPECT_TRUE(e.fault() == Fault::format || e.fault() == Fault::unsupported) << e.what();
    return e.what();
  }
  return "accepted";
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(ManifestFile, ReadsWhatItWrites) {
  Manifest m = sample();
  EXPECT_EQ(parse_manifest(manifest_text(m), "m"), m);
  m.compiled.reset();
  m.model.clear();
  m.layout.reset();
  m.range_checks_waived = true;
  m.trees.reset();
  m.params_hash = "0x" + std::string(64, '7');
  m.params_commitments = {std::string(64, '8'), std::string(64, '9')};
  EXPECT_EQ(parse_manifest(manifest_text(m), "m"), m);
  m.param_visibility.kind = Visibility::Kind::private_;
  for (const std::optional<bool> trees : {std::optional<bool>(), std::optional(true), std::optional(false)}) {
    m.trees = trees;
    EXPECT_EQ(parse_manifest(manifest_text(m), "m"), m);
  }
  m.scheme = Commitment::ipa;
  m.setup.clear();
  m.origin = SetupOrigin::no_secret;
  EXPECT_EQ(parse_manifest(manifest_text(m), "m"), m);
}

// The text is what digests are of, so it may not change: a change of form is another format.
TEST(ManifestFile, BytesAreThoseOfTheFormat) {
  const std::string text = manifest_text(sample());
  const auto digits = [](char c) { return std::string(64, c); };
  EXPECT_EQ(
      text,
      "{\"format\":3,\"program\":\"23.0.5\",\"sha256\":{\"settings\":\"" + digits('1') + "\",\"vk\":\"" + digits('2') +
          "\",\"compiled\":\"" + digits('3') + "\",\"model\":[{\"name\":\"network.onnx\",\"sha256\":\"" + digits('4') +
          "\"},{\"name\":\"weights.bin\",\"sha256\":\"" + digits('5') +
          "\"}]},\"layout\":1,\"setup\":{\"commitment\":\"KZG\",\"fingerprint\":\"" + digits('6') +
          "\",\"origin\":\"unknown\"},\"inputs\":{\"visibility\":\"private\",\"means\":\"hidden and bound to nothing: "
          "the proof says only that SOME inputs exist of which the rest is "
          "true\",\"tensors\":[{\"name\":\"x\",\"shape\":[1,4],\"type\":"
          "\"F32\",\"scale\":7}]},\"parameters\":{\"visibility\":\"fixed\",\"means\":\"part of the verifying key: the "
          "proof is about the parameters that the key was made "
          "with\",\"trees\":false,\"hash\":null,\"commitments\":[]},\"outputs\":{\"visibility\":\"hashed/private/"
          "2,0\",\"means\":"
          "\"hidden, with hashes that keys of this program bind and keys of the published package do not: with those a "
          "prover is free to choose them\",\"tensors\":[{\"name\":\"y\","
          "\"shape\":[],\"type\":\"F32\",\"scale\":14},{\"name\":null,\"shape\":null,\"type\":null,\"scale\":-3}]},"
          "\"range_checks_waived\":false}\n");
}

TEST(ManifestFile, EveryMemberIsInTheDigest) {
  const std::vector<void (*)(Manifest&)> changes = {
      [](Manifest& m) { m.program = "23.0.6"; },
      [](Manifest& m) { m.params_hash = "0x" + std::string(64, '7'); },
      [](Manifest& m) { m.params_commitments = {std::string(64, '8')}; },
      [](Manifest& m) { m.settings[0] = '0'; },
      [](Manifest& m) { m.key[0] = '0'; },
      [](Manifest& m) { m.compiled.reset(); },
      [](Manifest& m) { m.model[0].name = "other.onnx"; },
      [](Manifest& m) { m.model[1].sha256[0] = '0'; },
      [](Manifest& m) { m.model.pop_back(); },
      [](Manifest& m) { m.layout = 2; },
      [](Manifest& m) { m.setup[0] = '0'; },
      [](Manifest& m) { m.scheme = Commitment::ipa; },
      [](Manifest& m) { m.origin = SetupOrigin::public_ceremony; },
      [](Manifest& m) { m.input_visibility.kind = Visibility::Kind::public_; },
      [](Manifest& m) { m.param_visibility.kind = Visibility::Kind::private_; },
      [](Manifest& m) {
        m.output_visibility.outlets = {0, 2};
      },
      [](Manifest& m) { m.range_checks_waived = true; },
      [](Manifest& m) { m.trees = true; },
      [](Manifest& m) { m.trees.reset(); },
      [](Manifest& m) { m.inputs[0].scale = 8; },
      [](Manifest& m) { m.inputs[0].name = "z"; },
      [](Manifest& m) {
        m.inputs[0].shape = Shape{4, 1};
      },
      [](Manifest& m) { m.outputs[0].type = "Int"; },
      [](Manifest& m) { m.outputs.pop_back(); },
  };
  std::vector<std::string> texts{manifest_text(sample())};
  for (const auto& change : changes) {
    Manifest m = sample();
    change(m);
    texts.push_back(manifest_text(m));
  }
  std::sort(texts.begin(), texts.end());
  EXPECT_EQ(std::adjacent_find(texts.begin(), texts.end()), texts.end());
}

TEST(ManifestFile, RefusalsNameTheField) {
  const std::string text = manifest_text(sample());
  const auto expect = [&](const std::string& from, const std::string& to, const std::string& part) {
    const std::string error = said(replaced(text, from, to));
    EXPECT_TRUE(contains(error, part)) << error;
  };
  expect("\"format\":3", "\"format\":1", "format 1 of a key's manifest");
  expect("\"scale\":-3", "\"scale\":-2147483648", "scale: scale -2147483648, expected -1000 to 1000");
  expect("\"scale\":-3", "\"scale\":1001", "scale 1001, expected");
  expect("[1,4]", "[1,18446744073709551615]", "shape: ");
  expect("\"format\":3,", "", "missing field `format`");
  expect("\"settings\":\"1", "\"settings\":\"g", "m: sha256: settings: ");
  expect("\"settings\":\"1", "\"settings\":\"", "m: sha256: settings: ");
  expect("\"vk\":\"2222", "\"vk\":\"222A", "m: sha256: vk: ");
  expect("\"layout\":1", "\"layout\":-1", "m: layout: ");
  expect("\"layout\":1", "\"layout\":4294967296", "m: layout: ");
  expect("\"commitment\":\"KZG\"", "\"commitment\":\"FRI\"", "m: setup: commitment: unknown commitment 'FRI'");
  expect("\"commitment\":\"KZG\"", "\"commitment\":\"IPA\"", "m: setup: fingerprint: ");
  expect("\"origin\":\"unknown\"", "\"origin\":\"public ceremony\"", "m: setup: origin: ");
  expect("\"visibility\":\"fixed\"", "\"visibility\":\"Fixed\"",
         "m: parameters: visibility: unknown visibility 'Fixed'");
  expect("\"visibility\":\"fixed\"", "\"visibility\":\"private\"", "m: parameters: means: ");
  expect("SOME inputs", "these inputs", "m: inputs: means: ");
  expect("\"trees\":false", "\"trees\":0", "m: parameters: trees: ");
  const std::string hash = "m: parameters: hash: ";
  expect("\"hash\":null", "\"hash\":\"" + std::string(64, '7') + "\"", hash);
  expect("\"hash\":null", "\"hash\":\"0x" + std::string(63, '7') + "\"", hash);
  expect("\"hash\":null", "\"hash\":\"0x" + std::string(64, 'A') + "\"", hash);
  expect("hashed/private/2,0\"", "hashed/private/2,\"", "m: outputs: visibility: ");
  expect("[1,4]", "[1,-4]", "m: inputs: tensors: element 0: shape: element 1: ");
  expect("\"scale\":7", "\"scale\":7.0", "m: inputs: tensors: element 0: scale: ");
  expect("\"scale\":7", "\"scale\":99999999999", "m: inputs: tensors: element 0: scale: ");
  expect("\"range_checks_waived\":false", "\"range_checks_waived\":0", "m: range_checks_waived: ");
  expect("\"name\":\"network.onnx\"", "\"name\":7", "m: sha256: model: element 0: name: ");
}

TEST(ManifestFile, OneContentHasOneText) {
  const std::string text = manifest_text(sample());
  const std::string form = "not written as this program writes them";
  EXPECT_TRUE(contains(said(replaced(text, "\"format\":3,", "\"format\": 3,")), form));
  EXPECT_TRUE(contains(said(text + "\n"), form));
  EXPECT_TRUE(contains(said(text.substr(0, text.size() - 1)), form));
  EXPECT_TRUE(contains(said(replaced(text, "\"layout\":1,", "\"layout\":1,\"note\":\"trust me\",")), form));
  EXPECT_TRUE(contains(said(replaced(text, "\"scale\":14", "\"scale\":14,\"scale\":14")), "twice"));
  EXPECT_TRUE(contains(said(replaced(text, "network", "n\\u0065twork")), form));
}

// Every bit of the file: refused, or read as something else.
TEST(ManifestFile, NoFlippedBitGoesUnnoticed) {
  const Manifest m = sample();
  const std::string text = manifest_text(m);
  for (std::size_t i = 0; i < text.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string flipped = text;
      flipped[i] = static_cast<char>(flipped[i] ^ (1 << bit));
      try {
        EXPECT_NE(parse_manifest(flipped, "m"), m) << i;
      } catch (const Error&) {
      }
    }
  }
  for (std::size_t i = 0; i < text.size(); ++i) EXPECT_NE(said(text.substr(0, i)), "accepted");
}

TEST(ManifestFile, NamesOfForeignBytesStayReadable) {
  Manifest m = sample();
  m.inputs[0].name = "a\xff\"\n\xc3";
  m.model[0].name = "\xed\xa0\x80.onnx";
  const Manifest read = parse_manifest(manifest_text(m), "m");
  EXPECT_EQ(read.inputs[0].name, "a?\"\n?");
  EXPECT_EQ(read.model[0].name, "???.onnx");
}

TEST(ManifestFile, TheCeremonyIsKnownByItsFingerprint) {
  const SrsVerifier ceremony(G1Affine::generator(), G2Affine::generator(), ceremony_s_g2(), 1);
  Manifest m = sample();
  m.setup = hex_text(ceremony.fingerprint());
  m.origin = ceremony.origin();
  EXPECT_EQ(parse_manifest(manifest_text(m), "m").origin, SetupOrigin::public_ceremony);
  m.origin = SetupOrigin::unknown;
  EXPECT_TRUE(contains(said(manifest_text(m)), "m: setup: origin: "));
}

}  // namespace
}  // namespace ezkl
