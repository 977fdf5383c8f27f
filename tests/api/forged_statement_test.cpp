// Statements that are not what the settings give: other counts of instances, visibilities that the counts contradict.
#include <gtest/gtest.h>

#include "api/verify.hpp"
#include "artifact/compiled_file.hpp"
#include "base/files.hpp"
#include "proved_model.hpp"

namespace ezkl {
namespace {

using Kind = Visibility::Kind;
using testing::ProvedModel;

/// The text of the error; empty without one.
template <class Work>
std::string refusal(Fault fault, Work work) {
  try {
    work();
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), fault) << e.what();
    return e.what();
  }
  return {};
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

void push_two(std::vector<Fr>& instances) {
  instances.push_back(Fr::from_u64(5));
  instances.push_back(Fr::from_u64(6));
}

void expect_counted(const ProvedModel& model, const std::string& count) {
  for (const bool reduced : {false, true}) {
    const VerifyReport report = verify(
        VerifyFiles{model / "proof.json", model / "settings.json", model / "vk.key", model / "kzg.srs", reduced});
    EXPECT_FALSE(report.accepted);
    EXPECT_TRUE(contains(report.reason, count)) << report.reason;
  }
}

TEST(InstanceCount, VerifyAndCalldataHoldTheSettingsCount) {
  const ProvedModel model(ProvedModel::run_args(Kind::public_, Kind::fixed, Kind::public_));
  model.prove_with([](std::vector<Fr>&) {});
  const VerifyFiles files{model / "proof.json", model / "settings.json", model / "vk.key", model / "kzg.srs"};
  EXPECT_TRUE(verify(files).accepted);
  create_evm_vka(model / "vk.key", model / "settings.json", model / "vka.bytes", model / "kzg.srs");
  const auto encode = [&](bool vka, bool settings) {
    return refusal(Fault::unsatisfied, [&] {
      encode_evm_calldata(model / "proof.json", std::nullopt, vka ? std::optional(model / "vka.bytes") : std::nullopt,
                          settings ? std::optional(model / "settings.json") : std::nullopt);
    });
  };
  EXPECT_EQ(encode(true, true), "");

  model.prove_with(push_two);
  expect_counted(model, "9 given, 7 expected");
  EXPECT_TRUE(contains(encode(true, false), "has 9 instances"));
  EXPECT_TRUE(contains(encode(false, true), "has 9 instances"));

  model.prove_with([](std::vector<Fr>& instances) { instances.pop_back(); });
  expect_counted(model, "6 given, 7 expected");
  EXPECT_TRUE(contains(encode(false, true), "has 6 instances"));

  // Nothing but the count is wrong with it: under settings that claim another one, it holds.
  std::filesystem::remove(model / "vk.manifest.json");  // which tells that they are others
  model.replace("settings.json", "[1,3]]", "[1,2]]");
  EXPECT_TRUE(verify(files).accepted);
}

TEST(InstanceCount, IpaHoldsItToo) {
  RunArgs args = ProvedModel::run_args(Kind::private_, Kind::fixed, Kind::public_);
  args.commitment = Commitment::ipa;
  const ProvedModel model(args);
  const VerifyFiles files{model / "proof.json", model / "settings.json", model / "vk.key", model / "kzg.srs"};
  model.prove_with([](std::vector<Fr>&) {});
  EXPECT_TRUE(verify(files).accepted);
  for (const std::size_t size : {2u, 5u}) {
    model.prove_with([&](std::vector<Fr>& instances) { instances.resize(size); });
    const VerifyReport report = verify(files);
    EXPECT_FALSE(report.accepted);
    EXPECT_TRUE(contains(report.reason, std::to_string(size) + " given, 3 expected")) << report.reason;
  }
}

TEST(InstanceCount, StoredForgeriesAreRefused) {
  const Path folder = EZKL_TEST_DATA "/attacks/instances";
  for (const auto& [proof, given] : {std::pair("extra.json", "5 given"), std::pair("drop.json", "2 given")}) {
    const VerifyReport report =
        verify(VerifyFiles{folder / proof, folder / "settings.json", folder / "vk.key", folder / "kzg.srs"});
    EXPECT_FALSE(report.accepted);
    EXPECT_TRUE(contains(report.reason, std::string(given) + ", 3 expected")) << report.reason;
  }
}

TEST(InstanceCount, NothingTakesACircuitThatItsSettingsDoNotDescribe) {
  const ProvedModel model(ProvedModel::run_args(Kind::private_, Kind::fixed, Kind::public_));
  CompiledModel compiled = read_compiled(model / "model.compiled");
  compiled.settings.model_instance_shapes = {{1, 5}};
  const auto bytes = compiled_bytes(compiled);
  write_file_atomically(model / "other.compiled", bytes);
  const std::string reason = "the public tensors have the shapes [1, 5], the model's are [1, 3]";
  EXPECT_TRUE(contains(
      refusal(Fault::format,
              [&] { setup(model / "other.compiled", model / "other.vk", model / "other.pk", model / "kzg.srs"); }),
      reason));
  EXPECT_TRUE(
      contains(refusal(Fault::format, [&] { mock(model / "witness.json", model / "other.compiled"); }), reason));
  for (const CheckMode mode : {CheckMode::safe, CheckMode::unsafe}) {
    ProveOptions options;
    options.check_mode = mode;
    EXPECT_TRUE(contains(refusal(Fault::format,
                                 [&] {
                                   prove(model / "witness.json", model / "other.compiled", model / "pk.key",
                                         model / "other.json", model / "kzg.srs", options);
                                 }),
                         reason));
    EXPECT_FALSE(std::filesystem::exists(model / "other.json"));
  }
}

TEST(HashedParameters, AreThoseOfTheManifest) {
  const ProvedModel model(ProvedModel::run_args(Kind::private_, Kind::hashed_public, Kind::public_));
  model.prove_honestly();
  const VerifyFiles files{model / "proof.json", model / "settings.json", model / "vk.key", model / "kzg.srs"};
  const VerifyReport honest = verify(files);
  ASSERT_TRUE(honest.accepted) << honest.reason;
  EXPECT_TRUE(honest.groups[1].known_shown);
  const std::string text = read_text(model / "vk.manifest.json");
  const std::size_t at = text.find("\"hash\":\"0x") + 20;  // one of its digits
  std::string other = text;
  other[at] = other[at] == '0' ? '1' : '0';
  write_file_atomically(model / "vk.manifest.json", std::string_view(other));
  EXPECT_TRUE(contains(verify(files).reason, "the proof is about other parameters, and so another model"));
  std::filesystem::remove(model / "vk.manifest.json");
  EXPECT_TRUE(verify(files).accepted);
  EXPECT_FALSE(verify(files).groups[1].known_shown);
}

/// Whoever calls a contract sees none of verify's page: its comment tells what has to be compared.
TEST(Contracts, SayWhichParametersACallerHasToCompare) {
  for (const Kind kind : {Kind::hashed_public, Kind::polycommit}) {
    const ProvedModel model(ProvedModel::run_args(Kind::public_, kind, Kind::public_));
    create_evm_verifier(model / "vk.key", model / "settings.json", model / "verifier.sol", model / "abi.json",
                        model / "kzg.srs");
    const std::string source = read_text(model / "verifier.sol"), manifest = read_text(model / "vk.manifest.json");
    EXPECT_TRUE(contains(source, "Proofs of ANY parameters are accepted"));
    EXPECT_TRUE(contains(source, ": input 0, numbers times 2^4")) << source.substr(0, 2000);
    if (kind != Kind::hashed_public) continue;
    const std::string hash = manifest.substr(manifest.find("\"hash\":\"") + 8, 66);
    EXPECT_TRUE(hash.starts_with("0x"));
    EXPECT_TRUE(contains(source, hash)) << source.substr(0, 2000);
  }
}

/// A proof file tells people numbers beside the instances that contracts see.
TEST(Contracts, GetNoCalldataOfAProofThatListsOtherNumbers) {
  const ProvedModel model(ProvedModel::run_args(Kind::public_, Kind::fixed, Kind::public_));
  model.prove_honestly();
  const auto encoded = [&] {
    return encode_evm_calldata(model / "proof.json", std::nullopt, std::nullopt, model / "settings.json");
  };
  EXPECT_FALSE(encoded().empty());
  const std::string text = read_text(model / "proof.json"), key = "\"rescaled_outputs\":[[\"";
  const std::size_t at = text.find(key);
  ASSERT_NE(at, std::string::npos) << text.substr(0, 2000);
  std::string other = text;
  other[at + key.size()] = other[at + key.size()] == '9' ? '8' : '9';
  write_file_atomically(model / "proof.json", std::string_view(other));
  EXPECT_TRUE(contains(refusal(Fault::format, encoded), "rescaled_outputs"));
}

TEST(VisibilityClaims, ThatTheCountsContradictAreRefused) {
  const std::string hashed = R"({"Hashed":{"hash_is_public":true,"outlets":[]}})";
  struct Claim {
    Kind inputs, params, outputs;
    std::string group, from, to;
  };
  const Claim claims[] = {
      {Kind::private_, Kind::fixed, Kind::public_, "input", R"("Private")", R"("Public")"},
      {Kind::private_, Kind::fixed, Kind::public_, "output", R"("Public")", R"("Private")"},
      {Kind::private_, Kind::fixed, Kind::public_, "output", R"("Public")", R"("Fixed")"},
      {Kind::public_, Kind::fixed, Kind::public_, "input", R"("Public")", R"("Private")"},
      {Kind::private_, Kind::fixed, Kind::public_, "input", R"("Private")", hashed},
      {Kind::private_, Kind::fixed, Kind::public_, "input", R"("Private")", R"("KZGCommit")"},
      {Kind::private_, Kind::fixed, Kind::public_, "param", R"("Fixed")", R"("Public")"},
      {Kind::hashed_public, Kind::fixed, Kind::public_, "input", hashed, R"("Private")"},
      {Kind::polycommit, Kind::fixed, Kind::public_, "input", R"("KZGCommit")", R"("Private")"},
  };
  for (const Claim& claim : claims) {
    SCOPED_TRACE(claim.group + ": " + claim.from + " as " + claim.to);
    const ProvedModel model(ProvedModel::run_args(claim.inputs, claim.params, claim.outputs));
    model.prove_honestly();
    const VerifyFiles files{model / "proof.json", model / "settings.json", model / "vk.key", model / "kzg.srs"};
    EXPECT_TRUE(verify(files).accepted);
    const std::string key = "\"" + claim.group + "_visibility\":";
    model.replace("settings.json", key + claim.from, key + claim.to);
    const std::string error = refusal(Fault::format, [&] { verify(files); });
    EXPECT_NE(error, "");
  }
}

}  // namespace
}  // namespace ezkl
