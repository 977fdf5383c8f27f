#include "api/verify_report.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

#include "api/verify.hpp"
#include "base/text.hpp"

namespace ezkl {
namespace {

using Kind = Visibility::Kind;

std::vector<Fr> elements(const std::vector<std::int64_t>& values) {
  std::vector<Fr> out;
  for (const std::int64_t v : values) out.push_back(Fr::from_i64(v));
  return out;
}

ReportedTensor shown(const std::vector<std::int64_t>& values, int scale, Shape shape) {
  ReportedTensor out;
  out.values = elements(values);
  out.scale = scale;
  out.shape = std::move(shape);
  return out;
}

VerifyReport sample() {
  VerifyReport out;
  out.accepted = true;
  out.proof = "proof.json";
  out.setups = {{"kzg.srs"}};
  ReportedTensor input = shown({128, -64, 1}, 7, {1, 3});
  input.name = "pixels";
  input.type = "F32";
  ReportedTensor hash;
  hash.hash = Fr::from_u64(0xabc);
  ReportedTensor output = shown({}, 14, {20});
  output.values = elements(std::vector<std::int64_t>(20, 8192));
  out.groups = {{TensorGroup::inputs, {Kind::public_, {}}, {}, {input}},
                {TensorGroup::params, {Kind::hashed_public, {}}, {}, {hash}},
                {TensorGroup::outputs, {Kind::public_, {}}, {}, {output}}};
  return out;
}

TEST(VerifyPage, SaysInPlainWordsWhatWasProved) {
  EXPECT_EQ(report_page(sample()), R"(proof.json: the proof holds
model       not named: only a manifest names the model
settings    taken on trust: scales, visibilities and waivers are what
            settings.json says, and the key is the one given. Have both from who
            made them, not from the prover
inputs      public: shown: the proof is about these values
  input 0 'pixels' [1, 3], at scale 7: 1, -0.5, 0.0078125
parameters  hashed: hidden, bound by the hash: the proof is about the parameters
            that have it
            NOT COMPARED: compare them with those that the model's owner
            published
  all       hash
            0x0000000000000000000000000000000000000000000000000000000000000abc
outputs     public: shown: the model in fixed point gives these values (how near
            the original's they are, no proof says)
  output 0  [20], at scale 14: 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5,
            0.5, 0.5, 0.5, 0.5, 0.5, 0.5, ... (20 values, the first 16 shown)
setup       kzg.srs
)");
}

TEST(VerifyPage, NamesWhatPinsAndWhatIsWaived) {
  VerifyReport report = sample();
  report.groups.clear();
  report.model_name = "digits.onnx";
  report.model_digest = std::string(8, 'a');
  report.trust = Trust::pinned;
  report.pinned_by = "vk.manifest.json";
  report.by_digest = true;
  report.setups[0].origin = SetupOrigin::unknown;
  report.waived = {"ranges"};
  report.compared = {"input.json holds the inputs that the proof is about"};
  EXPECT_EQ(report_page(report), R"(proof.json: the proof holds
model       "digits.onnx", SHA-256 aaaaaaaa
settings    pinned by the digest that was given, of vk.manifest.json
setup       kzg.srs: NOT the public ceremony's. Whoever made it may know its
            secret and can forge proofs
NOT checked ranges
compared    input.json holds the inputs that the proof is about
)");
  report.accepted = false;
  report.reason = "no";
  EXPECT_EQ(report_page(report), "proof.json: REFUSED\nreason      no\n");
}

// Who can forge one part of a split can forge the whole.
TEST(VerifyPage, EverySetupIsSaidAndTheWeakestFirst) {
  VerifyReport report = sample();
  report.groups.clear();
  report.setups = {{"kzg11.srs", SetupOrigin::unknown, {"part-2"}},
                   {"kzg10.srs", SetupOrigin::public_ceremony, {"part-1", "part-3"}}};
  const std::string page = report_page(report);
  EXPECT_NE(page.find(R"(
setup       of part-2: kzg11.srs: NOT the public ceremony's. Whoever made it may
            know its secret and can forge proofs
            of part-1, part-3: of the public ceremony
)"),
            std::string::npos)
      << page;
  const auto setup = nlohmann::json::parse(report_json(report))["setup"];
  EXPECT_EQ(setup["origin"], "unknown");
  EXPECT_EQ(setup["file"], "kzg11.srs");
  ASSERT_EQ(setup["all"].size(), 2u);
  EXPECT_EQ(setup["all"][1]["origin"], "public ceremony");
  EXPECT_EQ(setup["all"][1]["parts"], nlohmann::json({"part-1", "part-3"}));
}

// How far a name goes depends on who says it, and on what binds the parameters.
TEST(VerifyPage, TheModelsNameIsQualified) {
  VerifyReport report = sample();
  report.model_name = "m.onnx";
  report.pinned_by = "vk.manifest.json";
  report.trust = Trust::pinned;
  const auto line = [&](const char* label) {
    const std::string page = report_page(report);
    const std::size_t at = page.find(std::string("\n") + label);
    std::size_t end = page.find('\n', at + 1);
    while (page.compare(end, 3, "\n  ") == 0 && page[end + 12] == ' ') end = page.find('\n', end + 1);
    std::string out = page.substr(at + 13, end - at - 13);
    for (std::size_t i; (i = out.find("\n            ")) != std::string::npos;) out.replace(i, 13, " ");
    return out;
  };
  EXPECT_EQ(line("settings"), "pinned by vk.manifest.json, which was named as the owner's: no digest was compared");
  EXPECT_EQ(line("model"), "of the form of \"m.onnx\"; with WHICH parameters, only their hash or commitments tell");
  report.groups[1].known_shown = true;
  EXPECT_EQ(line("model"), "\"m.onnx\"");
  EXPECT_EQ(report_page(report).find("NOT COMPARED"), std::string::npos);
  report.groups[1] = {TensorGroup::params, {Kind::private_, {}}, {}, {}};
  EXPECT_EQ(line("model"), "NONE in particular: some model of the form of \"m.onnx\"");
  report.groups[1].trees = true;
  EXPECT_EQ(line("model"), "NONE in particular but for its trees: some model with the trees of \"m.onnx\"");
  report.groups[1] = {TensorGroup::params, {Kind::fixed, {}}, {}, {}};
  report.trust = Trust::consistent;
  EXPECT_EQ(line("model"), "\"m.onnx\" (as the manifest says that lay beside the key; nobody vouches for it)");
  report.model_name.reset();
  EXPECT_EQ(line("model"), "not named by vk.manifest.json");
  report.trust = Trust::pinned;
  report.parts = {{"part-1", "a.onnx", "12"}, {"part-2", "b.onnx", {}}};
  EXPECT_EQ(line("model"), "a chain of parts: part-1 \"a.onnx\", SHA-256 12; part-2 \"b.onnx\"");
  report.groups.insert(report.groups.begin() + 1,
                       ReportedGroup{TensorGroup::params, {Kind::private_, {}}, "part-1", {}});
  EXPECT_TRUE(line("model").starts_with("NONE in particular")) << "the weakest part counts";
  report.parts[1].model_name.reset();
  EXPECT_EQ(line("model"), "not named by vk.manifest.json");
}

TEST(VerifyPage, CoarseNumbersSaySo) {
  VerifyReport report = sample();
  report.groups[0].tensors[0].scale = 1;
  EXPECT_NE(report_page(report).find("[1, 3], at scale 1, in steps of 0.5: 64, -32, 0.5"), std::string::npos);
  report.groups[0].tensors[0].type = "Int";
  EXPECT_EQ(report_page(report).find("in steps of"), std::string::npos);
}

TEST(VerifyPage, NoNameInAFileLooksLikeALineOfThePage) {
  VerifyReport report = sample();
  report.model_name = "m.onnx\nsettings    pinned by the digest\x1b[8m";
  report.groups[0].tensors[0].name = "x\r\nsetup       of the public ceremony\u202e";
  const std::string page = report_page(report);
  EXPECT_EQ(page.find("\nsettings    pinned"), std::string::npos) << page;
  EXPECT_EQ(page.find("\nsetup       of the public"), std::string::npos) << page;
  for (const char c : page) EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20) << page;
}

// Whatever a file's names hold, its text begins no line of a terminal of 80 columns.
TEST(VerifyPage, OnlyItsOwnWordsBeginLines) {
  const std::string forged = "settings    pinned by the digest that was given, of vk.manifest.json";
  const std::vector<std::string> gaps{" ", "\u00a0", "\u3000", "\u2800", "模", "\u00a0\u0301", "x"};
  for (const std::string& gap : gaps) {
    for (std::size_t count = 0; count < 100; ++count) {
      std::string name;
      for (std::size_t i = 0; i < count; ++i) name += gap;
      VerifyReport report = sample();
      report.groups[0].tensors[0].name = name + forged;
      report.model_name = name + forged;
      report.waived = {name + forged};
      report.pinned_by = name + forged;
      report.trust = Trust::consistent;
      std::string line;
      for (const char c : report_page(report)) {
        if (c != '\n') {
          line += c;
          continue;
        }
        const auto wide = std::count_if(line.begin(), line.end(), [](char b) { return (b & 0xc0) == 0xc0; });
        EXPECT_LE(character_count(line) + static_cast<std::size_t>(wide), 80u) << line;
        if (line.starts_with("settings")) EXPECT_TRUE(line.starts_with("settings    consistent with")) << line;
        line.clear();
      }
    }
  }
  VerifyReport report = sample();
  report.groups[0].tensors[0].name = std::string(1 << 20, 'n');
  EXPECT_LT(report_page(report).size(), 4000u);
}

TEST(VerifyPage, AnElementThatIsNoNumberIsNotShownAsOne) {
  EXPECT_EQ(shown_number(Fr::from_u64(3), 1), "1.5");
  const Fr huge = Fr::from_u64(7).inverse();
  EXPECT_EQ(number_of(huge, 7), std::nullopt);
  EXPECT_TRUE(shown_number(huge, 7).starts_with("field element 0x"));
  EXPECT_EQ(number_of(Fr::one(), -2000), std::nullopt);
}

TEST(VerifyPage, NumbersBeyondADoubleHaveAllTheirDigits) {
  const Int128 odd = (Int128{1} << 53) + 1;
  const auto shown = [](Int128 value, int scale) { return shown_number(Fr::from_i128(value), scale); };
  EXPECT_EQ(shown(odd, 0), "9007199254740993");
  EXPECT_EQ(shown(-odd, 1), "-4503599627370496.5");
  EXPECT_EQ(shown(odd, 53), "1.00000000000000011102230246251565404236316680908203125");
  EXPECT_EQ(shown(odd, 60), "0.007812500000000000867361737988403547205962240695953369140625");
  EXPECT_EQ(shown(odd * 128, 7), "9007199254740993");
  EXPECT_EQ(shown(odd, -7), "1152921504606847104");
  EXPECT_EQ(shown(std::numeric_limits<Int128>::max(), 0), "170141183460469231731687303715884105727");
  EXPECT_EQ(shown(std::numeric_limits<Int128>::min(), 0), "-170141183460469231731687303715884105728");
  EXPECT_EQ(shown(odd - 1, 60), "0.0078125");
  EXPECT_EQ(shown(1, 26), "0.000000014901161193847656");  // the shortest that is this double
  EXPECT_EQ(number_of(Fr::from_i128(odd), 1000), std::nullopt);
}

TEST(VerifyJson, HoldsEverythingUncut) {
  VerifyReport report = sample();
  report.groups[2].tensors[0].values[1] = Fr::from_u64(7).inverse();
  const auto json = nlohmann::json::parse(report_json(report));
  EXPECT_EQ(json["accepted"], true);
  EXPECT_EQ(json["reason"], nullptr);
  EXPECT_EQ(json["settings"]["trust"], "on trust");
  EXPECT_EQ(json["setup"]["scheme"], "KZG");
  ASSERT_EQ(json["groups"].size(), 3u);
  const auto& input = json["groups"][0]["tensors"][0];
  EXPECT_EQ(input["name"], "pixels");
  EXPECT_EQ(input["values"], nlohmann::json({1, -0.5, 0.0078125}));
  EXPECT_EQ(input["shape"], nlohmann::json({1, 3}));
  EXPECT_EQ(input["instances"][0], "80" + std::string(62, '0'));
  EXPECT_EQ(json["groups"][1]["tensors"][0]["hash"], "bc0a" + std::string(60, '0'));
  EXPECT_EQ(json["groups"][1]["tensors"][0]["hash_big_endian"], "0x" + std::string(61, '0') + "abc");
  EXPECT_EQ(json["groups"][1]["visibility"], "hashed");
  const auto& values = json["groups"][2]["tensors"][0]["values"];
  ASSERT_EQ(values.size(), 20u);
  EXPECT_EQ(values[0], 0.5);
  EXPECT_EQ(values[1], nullptr) << "no number of the model";
  report.accepted = false;
  report.reason = "\"quoted\"";
  EXPECT_EQ(nlohmann::json::parse(report_json(report))["reason"], report.reason);
}

TEST(VerifyReport, OfAStoredProofHoldsItsInstances) {
  const std::string folder = EZKL_TEST_DATA "/golden/hashed_input/";
  const VerifyReport report = verify(VerifyFiles{folder + "proof.json", folder + "settings.json", folder + "vk.key",
                                                 EZKL_TEST_DATA "/golden/kzg4.srs", true});
  ASSERT_TRUE(report.accepted) << report.reason;
  ASSERT_EQ(report.groups.size(), 3u);
  ASSERT_EQ(report.groups[0].tensors.size(), 1u);
  EXPECT_TRUE(report.groups[0].tensors[0].hash);
  EXPECT_TRUE(report.groups[1].tensors.empty());
  const ReportedTensor& output = report.groups[2].tensors.at(0);
  EXPECT_EQ(output.shape, (Shape{1, 3}));
  EXPECT_EQ(number_of(output.values.at(0), output.scale), "-0.929931640625");
}

}  // namespace
}  // namespace ezkl
