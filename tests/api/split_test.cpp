// A model in parts: the chain that holds, and the chains that must not.
#include "api/split.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <set>
#include <thread>

#include "../fault_of.hpp"
#include "../graph/model_text.hpp"
#include "api/accuracy.hpp"
#include "api/links.hpp"
#include "artifact/settings_file.hpp"
#include "artifact/witness_file.hpp"
#include "base/files.hpp"
#include "circuit/configure.hpp"
#include "circuit/rows.hpp"
#include "onnx/export.hpp"
#include "proved_model.hpp"

namespace ezkl {
namespace {

namespace fs = std::filesystem;
using Kind = Visibility::Kind;
using testing::floats;
using testing::node;

const std::string input = R"({"input_data": [[0.5, -0.25, 1.0, 0.75]]})";
const std::string other_input = R"({"input_data": [[0.5, -0.25, 1.0, -0.75]]})";

/// y = (relu(x·u)·w + x) · v + relu(x·u): the input and the first result are read again behind every cut.
ModelDef skipping() {
  return testing::model(
      {testing::value("x", {1, 4})},
      {node("MatMul", {"x", "u"}, {"a"}), node("Relu", {"a"}, {"b"}), node("Mul", {"b", "w"}, {"c"}),
       node("Add", {"c", "x"}, {"d"}), node("Mul", {"d", "v"}, {"e"}), node("Add", {"e", "b"}, {"y"})},
      {{"u", floats({4, 4}, {1, 2, 0, -1, 0.5, 0, 1, 1, -1, 1, 0, 0.25, 2, 0, 0, 1})},
       {"w", floats({4}, {0.5, -1, 2, 1})},
       {"v", floats({4}, {1, 0.25, -0.5, 3})}});
}

RunArgs run_args() {
  RunArgs args;
  args.input_scale = args.param_scale = 8;
  args.decomp_base = 256;
  args.decomp_legs = 3;
  args.param_visibility = {Kind::fixed, {}};
  return args;
}

SplitOptions behind(std::vector<std::string> at, Kind link = Kind::hashed_public) {
  SplitOptions out;
  out.at = std::move(at);
  out.link = link;
  return out;
}

SettingsChoice choosing() { return {{false, false, false, false, true}, input, 2.0, ChoiceTarget::prove}; }

ProveOptions proving(CheckMode check_mode, std::uint64_t seed) {
  ProveOptions out;
  out.check_mode = check_mode;
  out.seed = seed;
  return out;
}

void replace(const fs::path& file, const std::string& from, const std::string& to) {
  std::string text = read_text(file);
  const std::size_t at = text.find(from);
  ASSERT_NE(at, std::string::npos) << file << ": " << from;
  write_file_atomically(file, std::string_view(text.replace(at, from.size(), to)));
}

/// A folder with the model and a setup, and in `split` a chain of three parts that is proved once for all tests.
class Split : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    here_ = fs::temp_directory_path() / ("ezkl_split_" + std::to_string(getpid()));
    fs::create_directories(here_);
    write_file_atomically(here_ / "network.onnx", onnx_bytes(skipping()));
    gen_srs(srs(), 11);
    made_ = split_model(here_ / "network.onnx", here_ / "split", run_args(), behind({"b", "d"}), choosing());
    digest_ = prove_chain(here_ / "split");
  }
  static void TearDownTestSuite() { fs::remove_all(here_); }

  void SetUp() override { copy_ = fresh("copy"); }

  static fs::path srs() { return here_ / "kzg.srs"; }
  static std::string prove_chain(const fs::path& split) {
    gen_witness_split(input, split);
    const std::string digest = setup_split(split, srs());
    prove_split(split, srs(), proving(CheckMode::unsafe, 7));
    return digest;
  }
  /// A copy of the proved chain, for a test to spoil. Whoever does that also takes the keys' manifests away.
  static fs::path fresh(const std::string& name, bool with_manifests = false) {
    fs::remove_all(here_ / name);
    fs::copy(here_ / "split", here_ / name, fs::copy_options::recursive);
    if (with_manifests) return here_ / name;
    for (const char* part : {"part-1", "part-2", "part-3"}) fs::remove(here_ / name / part / "vk.manifest.json");
    return here_ / name;
  }
  static void prove_part(const fs::path& part) {
    const PartFiles f(part);
    prove(f.witness, f.compiled, f.pk, f.proof, srs(), proving(CheckMode::safe, 8));
  }
  void expect_refused(const std::string& phrase, const std::optional<std::string>& digest = std::nullopt) const {
    const SplitVerdict verdict = verify_split(copy_, srs(), false, digest);
    EXPECT_FALSE(verdict.accepted);
    EXPECT_NE(verdict.reason.find(phrase), std::string::npos) << verdict.reason;
  }
  static std::vector<std::vector<Fr>> last_outputs(const fs::path& split, const std::string& part) {
    return read_witness(split / part / "witness.json").outputs;
  }

  static inline fs::path here_;
  static inline SplitFile made_;
  static inline std::string digest_;
  fs::path copy_;
};

TEST_F(Split, TheChainHoldsAndGivesTheModelsIntegers) {
  copy_ = fresh("copy", true);
  const SplitVerdict verdict = verify_split(copy_, srs(), false, digest_);
  EXPECT_TRUE(verdict.accepted) << verdict.reason;
  EXPECT_EQ(verdict.digest, digest_);
  EXPECT_EQ(split_digest(copy_), digest_);
  gen_settings(here_ / "network.onnx", here_ / "settings.json", run_args());
  compile_circuit(here_ / "network.onnx", here_ / "model.compiled", here_ / "settings.json");
  gen_witness(input, here_ / "model.compiled", here_ / "witness.json");
  EXPECT_EQ(read_witness(here_ / "witness.json").outputs, last_outputs(copy_, "part-3"));
}

TEST_F(Split, TheManifestTellsEveryTensorOfEveryLink) {
  ASSERT_EQ(made_.links.size(), 2u);
  EXPECT_EQ(made_.links[0], (std::vector<LinkedTensor>{{"x", {1, 4}, 8, "F32"}, {"b", {1, 4}, 8, "F32"}}));
  EXPECT_EQ(made_.links[1], (std::vector<LinkedTensor>{{"b", {1, 4}, 8, "F32"}, {"d", {1, 4}, 8, "F32"}}));
  const GraphSettings first = read_settings(copy_ / "part-1" / "settings.json");
  EXPECT_EQ(first.run_args.input_visibility.kind, Kind::private_);
  EXPECT_EQ(first.run_args.output_visibility.kind, Kind::hashed_public);
  const GraphSettings last = read_settings(copy_ / "part-3" / "settings.json");
  EXPECT_EQ(last.run_args.input_visibility.kind, Kind::hashed_public);
  EXPECT_EQ(last.run_args.output_visibility.kind, Kind::public_);
}

TEST_F(Split, CommitmentsAndPublicTensorsLinkToo) {
  for (const Kind link : {Kind::polycommit, Kind::public_}) {
    copy_ = here_ / "linked";
    fs::remove_all(copy_);
    split_model(here_ / "network.onnx", copy_, run_args(), behind({"b", "d"}, link), choosing());
    prove_chain(copy_);
    const SplitVerdict verdict = verify_split(copy_, srs());
    EXPECT_TRUE(verdict.accepted) << verdict.reason;
    EXPECT_EQ(last_outputs(copy_, "part-3"), last_outputs(here_ / "split", "part-3"));
    // The middle part, honestly proved on something else.
    const PartFiles part(copy_ / "part-2");
    gen_witness(R"({"input_data": [[0, 0, 0, 0], [1, 2, 3, 4]]})", part.compiled, part.witness);
    prove_part(part.folder);
    EXPECT_TRUE(verify(part.proof, part.settings, part.vk, srs()));
    expect_refused("part-2 was not run on the 'x' that part-1 gives");
  }
}

TEST_F(Split, ChainsWithoutATrustedSetupHold) {
  const Path ipa = here_ / "ipa.srs";
  gen_srs(ipa, 11, Commitment::ipa);
  RunArgs args = run_args();
  args.commitment = Commitment::ipa;
  for (const Kind link : {Kind::hashed_public, Kind::polycommit}) {
    copy_ = here_ / "ipa";
    fs::remove_all(copy_);
    split_model(here_ / "network.onnx", copy_, args, behind({"b", "d"}, link), choosing());
    const std::string digest = setup_split(copy_, ipa);
    gen_witness_split(input, copy_, ipa);
    prove_split(copy_, ipa);
    const SplitVerdict verdict = verify_split(copy_, ipa, false, digest);
    EXPECT_TRUE(verdict.accepted) << verdict.reason;
    EXPECT_EQ(last_outputs(copy_, "part-3"), last_outputs(here_ / "split", "part-3"));
    EXPECT_THROW(verify_split(copy_, srs()), Error) << "a KZG setup";
    const PartFiles last(copy_ / "part-3");
    const std::string honest = read_text(last.proof);
    testing::prove_forged({last.compiled, last.witness, last.pk, ipa, last.proof},
                          [](std::vector<Fr>& instances) { instances.push_back(Fr::one()); });
    const SplitVerdict forged = verify_split(copy_, ipa, false, digest);
    EXPECT_FALSE(forged.accepted);
    EXPECT_NE(forged.reason.find("given, "), std::string::npos) << forged.reason;
    write_file_atomically(last.proof, std::string_view(honest));
    // The middle part, honestly proved on something else.
    const PartFiles part(copy_ / "part-2");
    gen_witness(R"({"input_data": [[0, 0, 0, 0], [1, 2, 3, 4]]})", part.compiled, part.witness);
    prove(part.witness, part.compiled, part.pk, part.proof, ipa, proving(CheckMode::safe, 8));
    const SplitVerdict broken = verify_split(copy_, ipa);
    EXPECT_FALSE(broken.accepted);
    EXPECT_NE(broken.reason.find("part-2 was not run on the 'x' that part-1 gives"), std::string::npos)
        << broken.reason;
    // A part of the other scheme among them, whose setup has a maker.
    fs::remove_all(part.folder);
    fs::copy(here_ / "split" / "part-2", part.folder);
    const SplitVerdict mixed = verify_split(copy_, ipa);
    EXPECT_FALSE(mixed.accepted);
    EXPECT_NE(mixed.reason.find("part-2 is proved with KZG commitments, part-1 with IPA"), std::string::npos)
        << mixed.reason;
  }
}

// Parts of other sizes have other files of setups, and none stands for the others.
TEST_F(Split, TheReportHasTheSetupOfEveryPart) {
  copy_ = here_ / "setups";
  fs::remove_all(copy_);
  split_model(here_ / "network.onnx", copy_, run_args(), behind({"b", "d"}), choosing());
  const PartFiles middle(copy_ / "part-2");
  GraphSettings settings = read_settings(middle.settings);
  settings.run_args.logrows = read_settings(copy_ / "part-1" / "settings.json").run_args.logrows + 1;
  write_file_atomically(middle.settings, std::string_view(settings_text(settings)));
  compile_circuit(middle.network, middle.compiled, middle.settings);
  SessionOptions options;
  options.srs_folder = copy_;
  Session session(options);
  const Session::Use use(session);
  for (const char* part : {"part-1", "part-2", "part-3"}) {
    const std::uint32_t k = read_settings(copy_ / part / "settings.json").run_args.logrows;
    gen_srs(copy_ / ("kzg" + std::to_string(k) + ".srs"), k);
  }
  gen_witness_split(input, copy_);
  setup_split(copy_);
  prove_split(copy_, {}, proving(CheckMode::unsafe, 7));
  const VerifyReport report = verify_split_report(copy_, {}, false, {}, {}, {});
  ASSERT_TRUE(report.accepted) << report.reason;
  std::vector<std::string> parts;
  for (const ReportedSetup& setup : report.setups) {
    EXPECT_EQ(setup.origin, SetupOrigin::unknown);
    parts.insert(parts.end(), setup.parts.begin(), setup.parts.end());
  }
  EXPECT_GE(report.setups.size(), 2u);
  std::sort(parts.begin(), parts.end());
  EXPECT_EQ(parts, (std::vector<std::string>{"part-1", "part-2", "part-3"}));
}

/// One part's proof by a prover that shows other instances than its circuit has. Nothing is wrong with the first two
/// but their number: the equations do not read an instance more, and read a zero for one that is missing.
TEST_F(Split, ForgedInstancesInOnePartAreRefused) {
  copy_ = here_ / "forged";
  for (const Kind link : {Kind::hashed_public, Kind::public_}) {
    fs::remove_all(copy_);
    split_model(here_ / "network.onnx", copy_, run_args(), behind({"b", "d"}, link), choosing());
    const std::string digest = setup_split(copy_, srs());
    gen_witness_split(R"({"input_data": [[0.5, -0.25, 1.0, 0]]})", copy_);  // the last output is 0
    prove_split(copy_, srs(), proving(CheckMode::unsafe, 7));
    ASSERT_EQ(last_outputs(copy_, "part-3")[0].back(), Fr::zero());
    ASSERT_TRUE(verify_split(copy_, srs(), false, digest).accepted);
    for (const char* name : {"part-1", "part-2", "part-3"}) {
      const PartFiles part(copy_ / name);
      const std::string honest = read_text(part.proof);
      const std::size_t count = read_proof(part.proof).instances[0].size();
      const auto forge = [&](const std::function<void(std::vector<Fr>&)>& change) {
        testing::prove_forged({part.compiled, part.witness, part.pk, srs(), part.proof}, change);
      };
      const auto expect_refused_as = [&](const std::string& phrase) {
        for (const bool reduced : {false, true}) {
          for (const auto& known : {std::optional<std::string>(), std::optional(digest)}) {
            const SplitVerdict verdict = verify_split(copy_, srs(), reduced, known);
            EXPECT_FALSE(verdict.accepted) << name;
            EXPECT_NE(verdict.reason.find(std::string(name) + "/proof.json: "), std::string::npos) << verdict.reason;
            EXPECT_NE(verdict.reason.find(phrase), std::string::npos) << verdict.reason;
          }
        }
      };
      const auto given = [&](std::size_t found) {
        return std::to_string(found) + " given, " + std::to_string(count) + " expected";
      };
      forge([](std::vector<Fr>& instances) { instances.push_back(Fr::from_u64(5)); });
      expect_refused_as(given(count + 1));
      forge([](std::vector<Fr>& instances) { instances.resize(instances.size() + 40, Fr::one()); });
      expect_refused_as(given(count + 40));
      forge([](std::vector<Fr>& instances) { instances.pop_back(); });
      expect_refused_as(given(count - 1));
      forge([](std::vector<Fr>& instances) { std::rotate(instances.begin(), instances.begin() + 1, instances.end()); });
      expect_refused_as("");
      write_file_atomically(part.proof, std::string_view(honest));
    }
    EXPECT_TRUE(verify_split(copy_, srs(), false, digest).accepted);
  }
}

TEST_F(Split, APartKeepsTheScalesOfItsLinks) {
  const PartFiles part(copy_ / "part-2");
  EXPECT_EQ(split_of_part(part.settings), copy_);
  EXPECT_EQ(split_of_part(here_ / "settings.json"), std::nullopt);
  const std::string before = read_text(part.settings);
  try {
    calibrate_settings(part.input.string(), part.network, part.settings);
    ADD_FAILURE() << "calibrated";
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), Fault::usage);
    EXPECT_NE(std::string(e.what()).find("to split by settings_path"), std::string::npos) << e.what();
  }
  EXPECT_EQ(read_text(part.settings), before);
  // Inputs of other scales than the run arguments give.
  const GraphSettings settings = read_settings(part.settings);
  const AccuracyReport linked =
      accuracy_report(part.network, settings.run_args, part.input.string(), std::vector<int>{8, 9});
  EXPECT_EQ(linked.nodes.at(1).scale, 9);
  EXPECT_TRUE(linked.trials.empty());
  EXPECT_NE(linked.advice.find("those of its links"), std::string::npos) << linked.advice;
}

TEST_F(Split, WhatHoldsDataOrWeightsIsItsOwnersAlone) {
  const auto mode = [](const fs::path& path) { return fs::status(path).permissions(); };
  const PartFiles part(here_ / "split" / "part-2");
  for (const fs::path& file : {part.witness, part.pk, part.compiled, part.input, part.network}) {
    EXPECT_EQ(mode(file), fs::perms::owner_read | fs::perms::owner_write) << file;
  }
  for (const fs::path& file : {part.settings, part.vk, part.proof}) {
    EXPECT_EQ(mode(file), mode(here_ / "network.onnx")) << file;
  }
  gen_random_data(here_ / "network.onnx", here_ / "random.json");
  EXPECT_EQ(mode(here_ / "random.json"), fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(Split, EachFileIsReadOnce) {
  for (const char* name : {"proof.json", "settings.json", "vk.key", "vk.manifest.json"}) {
    copy_ = fresh("copy", true);
    const fs::path file = copy_ / "part-2" / name, bad = copy_ / "bad";
    const std::string good = read_text(file);
    write_file_atomically(bad, std::string_view("something else"));
    fs::remove(file);
    ASSERT_EQ(::mkfifo(file.c_str(), 0600), 0);
    // Whoever opens the file first gets the good bytes, everybody after that the others.
    std::thread writer([&] {
      std::ofstream pipe(file, std::ios::binary);
      fs::rename(bad, file);
      pipe << good;
    });
    const SplitVerdict verdict = verify_split(copy_, srs(), false, digest_);
    writer.join();
    EXPECT_TRUE(verdict.accepted) << name << ": " << verdict.reason;
    EXPECT_THROW(verify_split(copy_, srs()), Error) << name;
  }
}

TEST_F(Split, APartProvedOnOtherValuesIsRefused) {
  for (const char* name : {"part-1", "part-2", "part-3"}) {
    copy_ = fresh("copy");
    const PartFiles part(copy_ / name);
    const bool first = std::string(name) == "part-1";
    gen_witness(first ? other_input : R"({"input_data": [[1, 2, 3, 4], [1, 2, 3, 4]]})", part.compiled, part.witness);
    prove_part(part.folder);
    EXPECT_TRUE(verify(part.proof, part.settings, part.vk, srs())) << "the proof itself is honest";
    expect_refused("the link is broken");
  }
}

TEST_F(Split, SwappedTensorsOfALinkAreRefused) {
  const PartFiles part(copy_ / "part-2");
  Witness witness = read_witness(part.witness);
  std::string text = R"({"input_data": [)";
  for (const std::size_t i : {1, 0}) {
    text += i == 1 ? "[" : ",[";
    for (std::size_t j = 0; j < 4; ++j) {
      text += (j ? "," : "") + std::to_string(static_cast<double>(witness.inputs[i][j].to_int128_lossy()) / 256);
    }
    text += "]";
  }
  gen_witness(text + "]}", part.compiled, part.witness);
  prove_part(part.folder);
  expect_refused("part-2 was not run on the 'x' that part-1 gives");
}

TEST_F(Split, AnAlteredHashIsRefused) {
  std::string text = read_text(copy_ / "part-1" / "proof.json");
  const std::size_t at = text.find("[[\"") + 3;
  text[at] = text[at] == '0' ? '1' : '0';
  write_file_atomically(copy_ / "part-1" / "proof.json", std::string_view(text));
  expect_refused("part-1/proof.json");
}

TEST_F(Split, PartsLeftOutReorderedOrRepeatedAreRefused) {
  const std::string good = read_text(split_path(copy_));
  const auto with = [&](const std::string& from, const std::string& to) {
    write_file_atomically(split_path(copy_), std::string_view(good));
    replace(split_path(copy_), from, to);
  };
  with(R"("part-1","part-2","part-3")", R"("part-2","part-1","part-3")");
  expect_refused("part-1's inputs are not hashed");
  with(R"("part-1","part-2","part-3")", R"("part-1","part-2","part-2")");
  EXPECT_THROW(verify_split(copy_, srs()), Error);
  SplitFile shorter = made_;
  shorter.parts = {"part-1", "part-3"};
  shorter.links.pop_back();
  write_file_atomically(split_path(copy_), std::string_view(split_text(shorter)));
  expect_refused("part-3");
  // A chain that ends early is a chain of its own: the digest tells it from the whole one.
  shorter.parts = {"part-1", "part-2"};
  write_file_atomically(split_path(copy_), std::string_view(split_text(shorter)));
  EXPECT_TRUE(verify_split(copy_, srs()).accepted);
  for (const char* part : {"part-1", "part-2"}) {
    fs::copy(here_ / "split" / part / "vk.manifest.json", copy_ / part / "vk.manifest.json");
  }
  expect_refused("not the parts asked for", digest_);
}

// The digest is of the manifests, so it binds setups and the names of tensors as well.
TEST_F(Split, TheDigestBindsSetupAndNames) {
  // Without a part's manifest nothing tells its setup: no digest holds then.
  try {
    verify_split(copy_, srs(), false, digest_);
    ADD_FAILURE() << "accepted";
  } catch (const Error& e) {
    EXPECT_NE(std::string(e.what()).find("part-1/vk.manifest.json"), std::string::npos) << e.what();
  }
  EXPECT_EQ(verify_split(copy_, srs()).digest, "");
  copy_ = fresh("copy", true);
  const fs::path other = here_ / "other.srs";
  gen_srs(other, 11);
  EXPECT_NE(setup_split(copy_, other), digest_);
  prove_split(copy_, other, proving(CheckMode::unsafe, 7));
  EXPECT_TRUE(verify_split(copy_, other).accepted);
  EXPECT_NE(verify_split(copy_, other, false, digest_).reason.find("not the parts asked for"), std::string::npos);
  copy_ = fresh("copy", true);
  replace(copy_ / "part-1" / "vk.manifest.json", R"("name":")", R"("name":"x)");
  EXPECT_TRUE(verify_split(copy_, srs()).accepted);
  expect_refused("not the parts asked for", digest_);
}

TEST_F(Split, AProofInAnothersPlaceIsRefused) {
  fs::copy_file(copy_ / "part-1" / "proof.json", copy_ / "part-2" / "proof.json", fs::copy_options::overwrite_existing);
  expect_refused("part-2/proof.json");
  fs::remove(copy_ / "part-2" / "proof.json");
  EXPECT_THROW(verify_split(copy_, srs()), Error);
}

TEST_F(Split, AManifestThatLeavesTensorsOutIsRefused) {
  SplitFile file = made_;
  file.links[0].pop_back();
  write_file_atomically(split_path(copy_), std::string_view(split_text(file)));
  expect_refused("part-1's outputs are 2 tensors, split.json lists 1");
  file = made_;
  file.link = Kind::public_;
  write_file_atomically(split_path(copy_), std::string_view(split_text(file)));
  expect_refused("part-1's outputs are not public");
  file = made_;
  file.links[1][0].scale = 9;
  write_file_atomically(split_path(copy_), std::string_view(split_text(file)));
  expect_refused("'b' has the scale 8, split.json says 9");
  file = made_;
  file.links[1][1].type = "Bool";
  write_file_atomically(split_path(copy_), std::string_view(split_text(file)));
  expect_refused("'d' has the type F32, split.json says Bool");
}

TEST_F(Split, SettingsThatHideALinkAreRefused) {
  replace(copy_ / "part-2" / "settings.json", R"("ignore_range_check_inputs_outputs":false)",
          R"("ignore_range_check_inputs_outputs":true)");
  expect_refused("does not check how large its inputs are");
  fs::copy(here_ / "split" / "part-2" / "vk.manifest.json", copy_ / "part-2");
  expect_refused("settings.json is not the one");
  copy_ = fresh("copy");
  replace(copy_ / "part-2" / "settings.json", R"("model_input_scales":[8,8])", R"("model_input_scales":[8,7])");
  expect_refused("'b' has the scale 7, split.json says 8");
  replace(copy_ / "part-2" / "settings.json", R"("model_input_scales":[8,7])", R"("model_input_scales":[8])");
  // Two hashes of inputs contradict settings that know of one.
  try {
    verify_split(copy_, srs());
    ADD_FAILURE() << "settings that contradict themselves";
  } catch (const Error& e) {
    EXPECT_NE(std::string(e.what()).find("module_sizes.poseidon counts 4"), std::string::npos) << e.what();
  }
}

TEST_F(Split, LinkedValuesStandWhereTheSettingsSayAndNowhereElse) {
  const GraphSettings settings = read_settings(copy_ / "part-2" / "settings.json");
  const CircuitColumns columns = configure(settings).columns;
  ProofFile proof = read_proof(copy_ / "part-2" / "proof.json");
  EXPECT_EQ(shown_tensors(proof, settings, columns, TensorGroup::inputs).size(), 2u);
  EXPECT_EQ(shown_tensors(proof, settings, columns, TensorGroup::outputs).size(), 2u);
  // One instance more would push unconstrained values into the outputs' place.
  ProofFile longer = proof;
  longer.instances[0].push_back(Fr::one());
  EXPECT_THROW(shown_tensors(longer, settings, columns, TensorGroup::outputs), Error);
  ProofFile shorter = proof;
  shorter.instances[0].pop_back();
  EXPECT_THROW(shown_tensors(shorter, settings, columns, TensorGroup::inputs), Error);
  GraphSettings fewer = settings;
  fewer.poseidon_counts = {3};
  EXPECT_THROW(shown_tensors(proof, fewer, columns, TensorGroup::inputs), Error);
  GraphSettings hidden = settings;
  hidden.run_args.input_visibility = {Kind::private_, {}};
  EXPECT_THROW(shown_tensors(proof, hidden, columns, TensorGroup::inputs), Error);
}

TEST_F(Split, FixedInputsAndOutputsAreInTheKeys) {
  RunArgs args = run_args();
  args.input_visibility = args.output_visibility = {Kind::fixed, {}};
  copy_ = here_ / "fixed";
  split_model(here_ / "network.onnx", copy_, args, behind({"c"}), choosing());
  prove_chain(copy_);
  EXPECT_TRUE(verify_split(copy_, srs()).accepted);
}

TEST_F(Split, RowsStayBelowTheLimit) {
  SplitOptions options;
  options.max_rows = 100;
  for (const Kind link : {Kind::public_, Kind::polycommit}) {
    options.link = link;
    const SplitFile file = split_model(here_ / "network.onnx", here_ / "rows", run_args(), options, choosing());
    EXPECT_GE(file.parts.size(), 2u);
    std::set<std::uint32_t> sizes;
    for (const PartFiles& part : part_files(here_ / "rows", file)) {
      const GraphSettings settings = read_settings(part.settings);
      EXPECT_LE(rows_of(settings), 100u);
      sizes.insert(settings.run_args.logrows);
    }
    if (link == Kind::polycommit) {
      EXPECT_EQ(sizes.size(), 1u) << "commitments link circuits of one size";
    }
  }
  options.max_rows = 3;
  EXPECT_THROW(split_model(here_ / "network.onnx", here_ / "rows", run_args(), options, choosing()), Error);
  options.max_rows = 1 << 20;
  EXPECT_THROW(split_model(here_ / "network.onnx", here_ / "rows", run_args(), options, choosing()), Error);
}

// The disk is full for the last file of the last part.
TEST_F(Split, AFullDiskLeavesTheOldOneOrNone) {
  std::vector<std::vector<std::uint8_t>> before;
  std::uint64_t largest = 0;
  const auto files = [&] {
    std::vector<fs::path> out{split_path(copy_)};
    for (const char* part : {"part-1", "part-2", "part-3"}) {
      const PartFiles f(copy_ / part);
      out.insert(out.end(), {f.network, f.settings, f.compiled});
    }
    return out;
  };
  for (const fs::path& file : files()) {
    before.push_back(read_file(file));
    largest = std::max<std::uint64_t>(largest, before.back().size());
  }
  const fs::path other = here_ / "other_model.onnx";
  write_file_atomically(other, onnx_bytes(skipping()));
  RunArgs args = run_args();
  args.input_scale = 7;
  const auto full = [&](const fs::path& output) {
    struct rlimit limits {};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &limits), 0);
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    const struct rlimit small { largest - 1, limits.rlim_max };
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
    EXPECT_THROW(split_model(other, output, args, behind({"b", "d"}), choosing()), Error);
    ::setrlimit(RLIMIT_FSIZE, &limits);
    std::signal(SIGXFSZ, handler);
  };
  const auto count = std::distance(fs::directory_iterator(copy_), {});
  full(copy_);
  std::size_t i = 0;
  for (const fs::path& file : files()) EXPECT_EQ(read_file(file), before[i++]) << file;
  EXPECT_EQ(std::distance(fs::directory_iterator(copy_), {}), count);
  full(here_ / "none");
  EXPECT_FALSE(fs::exists(here_ / "none"));
  split_model(other, copy_, args, behind({"b", "d"}), choosing());
  EXPECT_EQ(std::distance(fs::directory_iterator(copy_), {}), count);
  EXPECT_NE(read_file(PartFiles(copy_ / "part-1").settings), before[2]);
}

// A split from a stranger: what is written into it must not land in other files, nor in a pipe that he reads.
TEST_F(Split, WaysOutOfItsFolderAreNotFollowed) {
  const fs::path victim = here_ / "victim";
  const auto refused = [&](const fs::path& way, const std::string& phrase, const auto& work) {
    try {
      work();
      ADD_FAILURE() << way << " was followed";
    } catch (const Error& e) {
      EXPECT_EQ(e.fault(), Fault::io);
      EXPECT_NE(std::string(e.what()).find(way.string() + " is " + phrase), std::string::npos) << e.what();
    }
    EXPECT_EQ(read_text(victim), "old");
  };
  const auto each_command = [&](const fs::path& way, const std::string& phrase) {
    refused(way, phrase, [&] { gen_witness_split(input, copy_); });
    refused(way, phrase, [&] { setup_split(copy_, srs()); });
    refused(way, phrase, [&] { prove_split(copy_, srs(), proving(CheckMode::unsafe, 7)); });
    refused(way, phrase, [&] {
      split_model(here_ / "network.onnx", copy_, run_args(), behind({"b", "d"}), choosing());
    });
  };
  write_file_atomically(victim, std::string_view("old"));
  for (const char* name : {"witness.json", "input.json", "vk.key", "pk.key", "vk.manifest.json", "proof.json"}) {
    copy_ = fresh("copy");
    const fs::path way = copy_ / "part-2" / name;
    fs::remove(way);
    fs::create_symlink(victim, way);
    each_command(way, "a link");
  }
  copy_ = fresh("copy");
  fs::remove(copy_ / "part-3" / "witness.json");
  ASSERT_EQ(::mkfifo((copy_ / "part-3" / "witness.json").c_str(), 0600), 0);
  each_command(copy_ / "part-3" / "witness.json", "no regular file");
  copy_ = fresh("copy");
  fs::rename(copy_ / "part-2", here_ / "elsewhere");
  fs::create_directory_symlink(here_ / "elsewhere", copy_ / "part-2");
  each_command(copy_ / "part-2", "a link");
  // The folder that somebody typed may be one.
  copy_ = fresh("copy");
  fs::create_directory_symlink(copy_, here_ / "typed");
  gen_witness_split(input, here_ / "typed");
}

TEST_F(Split, AFileOfItsOwnIsNoData) {
  const Path own = copy_ / "part-1" / "input.json";
  const std::string before = read_text(own);
  EXPECT_EQ(testing::fault_of([&] { gen_witness_split(own.string(), copy_); }), Fault::usage);
  EXPECT_EQ(read_text(own), before);
}

TEST_F(Split, WhatMakesNoChainIsRefused) {
  const auto fault = [&](const RunArgs& args, const SplitOptions& options) {
    try {
      split_model(here_ / "network.onnx", here_ / "refused", args, options, choosing());
    } catch (const Error& e) {
      return e.fault();
    }
    return Fault::internal;
  };
  EXPECT_EQ(fault(run_args(), {}), Fault::usage);
  SplitOptions twice = behind({"b"});
  twice.parts = 2;
  EXPECT_EQ(fault(run_args(), twice), Fault::usage);
  EXPECT_EQ(fault(run_args(), behind({"b"}, Kind::private_)), Fault::usage);
  RunArgs unchecked = run_args();
  unchecked.ignore_range_check_inputs_outputs = true;
  EXPECT_EQ(fault(unchecked, behind({"b"})), Fault::usage);
  EXPECT_FALSE(fs::exists(here_ / "refused"));
  EXPECT_THROW(verify_split(copy_, srs(), false, "abc"), Error);
}

}  // namespace
}  // namespace ezkl
