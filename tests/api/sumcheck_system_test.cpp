// The sumcheck system by files: the same integers as PLONK's, proofs that verify, and nothing else that does.
#include <gtest/gtest.h>

#include <fstream>
#include <regex>

#include "../temp_folder.hpp"
#include "api/loaded_model.hpp"
#include "api/verify.hpp"
#include "artifact/settings_file.hpp"
#include "artifact/sumcheck_key_file.hpp"
#include "artifact/sumcheck_settings.hpp"
#include "base/files.hpp"
#include "commit/srs.hpp"
#include "ezkl/ezkl.hpp"
#include "ezkl/reports.hpp"
#include "graph/claims/evaluation.hpp"
#include "relations/plan_check.hpp"
#include "relations/protocol.hpp"

namespace ezkl {
namespace {

namespace fs = std::filesystem;
using Kind = Visibility::Kind;

RunArgs run_args(ProofSystem system) {
  RunArgs args = library_run_args();
  args.input_visibility.kind = Kind::public_;
  args.output_visibility.kind = Kind::public_;
  args.param_visibility.kind = Kind::fixed;
  args.input_scale = args.param_scale = 7;
  if (system == ProofSystem::plonk) args.logrows = 16;
  args.proof_system = system;
  args.sumcheck.clear = system == ProofSystem::sumcheck;
  return args;
}

/// A model of the examples taken as far as its proof.
class Folder {
 public:
  explicit Folder(const std::string& example, const RunArgs& args = run_args(ProofSystem::sumcheck))
      : model_(fs::path(EZKL_EXAMPLES) / example) {
    gen_settings(model_ / "network.onnx", at("settings.json"), args);
    compile_circuit(model_ / "network.onnx", at("model.compiled"), at("settings.json"));
    gen_witness((model_ / "input.json").string(), at("model.compiled"), at("witness.json"));
    gen_srs(at("kzg.srs"), read_settings(at("settings.json")).run_args.logrows);
    keys();
    prove_it();
  }

  fs::path at(const std::string& name) const { return folder_ / name; }
  const fs::path& model() const { return model_; }

  void keys(const std::string& vk = "vk.key", const std::string& pk = "pk.key") const {
    const bool fixed = read_settings(at("settings.json")).run_args.output_visibility.kind == Kind::fixed;
    setup(at("model.compiled"), at(vk), at(pk), at("kzg.srs"),
          fixed ? std::optional<Path>(at("witness.json")) : std::nullopt);
  }
  void prove_it(const std::string& pk = "pk.key", const std::string& proof = "proof.json") const {
    ProveOptions options;
    options.check_mode = CheckMode::safe;
    prove(at("witness.json"), at("model.compiled"), at(pk), at(proof), at("kzg.srs"), options);
  }

  VerifyReport report(const std::string& proof = "proof.json", const std::string& settings = "settings.json",
                      const std::string& vk = "vk.key") const {
    VerifyFiles files;
    files.proof = at(proof);
    files.settings = at(settings);
    files.vk = at(vk);
    return verify(files);
  }
  /// Why a verification fails, by an error or by its report; nothing where it does not.
  std::string refusal(const std::string& proof = "proof.json", const std::string& settings = "settings.json",
                      const std::string& vk = "vk.key") const {
    try {
      const VerifyReport out = report(proof, settings, vk);
      return out.accepted ? "" : out.reason;
    } catch (const Error& e) {
      EXPECT_NE(e.fault(), Fault::internal) << e.what();
      return e.what();
    }
  }
  /// A copy of a file with one text in it replaced.
  void changed(const std::string& file, const std::string& from, const std::string& to, const std::string& as) const {
    std::string text = read_text(at(file));
    const std::size_t place = text.find(from);
    ASSERT_NE(place, std::string::npos) << from << " in " << text.substr(0, 2000);
    write_file_atomically(at(as), std::string_view(text.replace(place, from.size(), to)));
  }

 private:
  testing::TempFolder folder_;
  fs::path model_;
};

class SumcheckSystem : public ::testing::TestWithParam<const char*> {};

TEST_P(SumcheckSystem, ProvesTheIntegersOfPlonk) {
  const Folder here(GetParam());
  const VerifyReport report = here.report();
  EXPECT_TRUE(report.accepted) << report.reason;
  EXPECT_FALSE(report.hides);
  mock(here.at("witness.json"), here.at("model.compiled"));

  gen_settings(here.model() / "network.onnx", here.at("plonk.json"), run_args(ProofSystem::plonk));
  compile_circuit(here.model() / "network.onnx", here.at("plonk.compiled"), here.at("plonk.json"));
  gen_witness((here.model() / "input.json").string(), here.at("plonk.compiled"), here.at("plonk.witness"));
  const Witness mine = read_witness(here.at("witness.json")), plonk = read_witness(here.at("plonk.witness"));
  EXPECT_EQ(mine.inputs, plonk.inputs);
  EXPECT_EQ(mine.outputs, plonk.outputs);
  EXPECT_EQ(mine.min_lookup_inputs, plonk.min_lookup_inputs);
  EXPECT_EQ(mine.max_lookup_inputs, plonk.max_lookup_inputs);
  // Every input and output is an instance, in this order.
  std::vector<Fr> all;
  for (const auto* lists : {&plonk.inputs, &plonk.outputs}) {
    for (const auto& list : *lists) all.insert(all.end(), list.begin(), list.end());
  }
  const ProofFile proof = read_proof(here.at("proof.json"), ProofSystem::sumcheck);
  EXPECT_EQ(proof.instances, std::vector<std::vector<Fr>>{all});
}

TEST_P(SumcheckSystem, NothingElseIsProved) {
  const Folder here(GetParam());
  const ProofFile honest = read_proof(here.at("proof.json"), ProofSystem::sumcheck);
  const auto refused = [&](const ProofFile& bad) {
    write_file_atomically(here.at("bad.json"), std::string_view(proof_text(bad)));
    return !here.refusal("bad.json").empty();
  };
  EXPECT_FALSE(refused(honest));
  ProofFile bad = honest;
  bad.pretty.reset();
  EXPECT_FALSE(refused(bad)) << "what people read may be left out";
  const std::size_t shown = honest.instances[0].size();
  for (std::size_t i = 0; i < shown; i += 1 + shown / 9) {
    ProofFile other = bad;
    other.instances[0][i] += Fr::one();
    EXPECT_TRUE(refused(other)) << "instance " << i;
  }
  for (const bool longer : {false, true}) {
    ProofFile other = bad;
    longer ? other.instances[0].push_back(Fr::zero()) : other.instances[0].pop_back();
    EXPECT_TRUE(refused(other)) << "number of instances";
  }
  for (std::size_t byte = 0; byte < honest.proof.size(); byte += 1 + honest.proof.size() / 40) {
    ProofFile other = bad;
    other.proof[byte] ^= 1;
    EXPECT_TRUE(refused(other)) << "byte " << byte;
  }
  for (const std::size_t length : {std::size_t{0}, honest.proof.size() / 2, honest.proof.size() - 1}) {
    ProofFile other = bad;
    other.proof.resize(length);
    EXPECT_TRUE(refused(other)) << "length " << length;
  }
  ProofFile other = bad;
  other.proof.push_back(0);
  EXPECT_TRUE(refused(other)) << "bytes behind it";
  other = bad;
  other.zero_knowledge = true;
  EXPECT_TRUE(refused(other)) << "says that it hides something";
}

INSTANTIATE_TEST_SUITE_P(Examples, SumcheckSystem,
                         ::testing::Values("digits", "models/decision_tree", "models/gpt", "models/gru"),
                         [](const auto& given) {
                           std::string name = given.param;
                           return name.substr(name.find('/') + 1);
                         });

TEST(SumcheckFiles, ThatDoNotBelongTogetherAreRefused) {
  const Folder here("digits");
  EXPECT_EQ(here.refusal(), "");
  // The key of other weights, beside its own manifest.
  std::vector<std::uint8_t> vk = read_file(here.at("vk.key"));
  write_file_atomically(here.at("cut.key"), std::span(vk).first(vk.size() - 1));
  EXPECT_NE(here.refusal("proof.json", "settings.json", "cut.key").find("cut.key"), std::string::npos);
  const Folder tree("models/decision_tree");
  fs::copy(tree.at("vk.key"), here.at("tree.key"));
  fs::copy(tree.at("settings.json"), here.at("tree.json"));
  EXPECT_NE(here.refusal("proof.json", "settings.json", "tree.key").find("other settings"), std::string::npos);
  EXPECT_NE(here.refusal("proof.json", "tree.json", "tree.key"), "");
  // Settings that say something else: of what a number means, of what is shown, of sizes.
  const auto other_settings = [&](const char* from, const char* to) {
    here.changed("settings.json", from, to, "other.json");
    const std::string why = here.refusal("proof.json", "other.json");
    EXPECT_NE(why, "") << to;
    return why;
  };
  EXPECT_NE(other_settings("\"model_output_scales\":[", "\"model_output_scales\":[1").find("other settings"),
            std::string::npos);
  other_settings("\"input_visibility\":\"Public\"", "\"input_visibility\":\"Fixed\"");
  other_settings("\"limb_bits\":", "\"limb_bits\":1");
  other_settings("\"check_mode\":\"UNSAFE\"", "\"check_mode\":\"SAFE\"");
  here.changed("settings.json", "\"timestamp\":", "\"timestamp\":9", "later.json");
  EXPECT_EQ(here.refusal("proof.json", "later.json"), "") << "when they were made does not count";
  // Another setup: keys of it are others, and an SRS file that is named has to be the key's.
  gen_srs(here.at("other.srs"), read_settings(here.at("settings.json")).run_args.logrows);
  EXPECT_THROW(
      verify(VerifyFiles{here.at("proof.json"), here.at("settings.json"), here.at("vk.key"), here.at("other.srs")}),
      Error);
  EXPECT_TRUE(
      verify(VerifyFiles{here.at("proof.json"), here.at("settings.json"), here.at("vk.key"), here.at("kzg.srs")})
          .accepted);
  EXPECT_THROW(prove(here.at("witness.json"), here.at("model.compiled"), here.at("pk.key"), here.at("x.json"),
                     here.at("other.srs")),
               Error);
  EXPECT_FALSE(fs::exists(here.at("x.json")));
  // Keys of other models, and the files of the other kind.
  const auto cannot_prove_with = [&](const fs::path& pk) {
    EXPECT_THROW(prove(here.at("witness.json"), here.at("model.compiled"), pk, here.at("x.json"), here.at("kzg.srs")),
                 Error);
  };
  cannot_prove_with(tree.at("pk.key"));
  cannot_prove_with(here.at("vk.key"));
  cannot_prove_with(here.at("settings.json"));
  // A verifying key can be taken out of a proving key.
  gen_vk_from_pk_single(here.at("pk.key"), here.at("settings.json"), here.at("again.key"));
  EXPECT_EQ(read_file(here.at("again.key")), vk);
  // The same settings, model and setup give the same key.
  here.keys("second.key", "second.pk");
  EXPECT_EQ(read_file(here.at("second.key")), vk);
  // A witness of other outputs.
  Witness lie = read_witness(here.at("witness.json"));
  lie.outputs[0][0] += Fr::one();
  write_file_atomically(here.at("lie.json"), std::string_view(witness_text(lie)));
  EXPECT_THROW(
      prove(here.at("lie.json"), here.at("model.compiled"), here.at("pk.key"), here.at("x.json"), here.at("kzg.srs")),
      Error);
  EXPECT_THROW(mock(here.at("lie.json"), here.at("model.compiled")), Error);
}

TEST(SumcheckFiles, FixedOutputsAreThoseOfTheKey) {
  RunArgs args = run_args(ProofSystem::sumcheck);
  args.output_visibility.kind = Kind::fixed;
  const Folder here("models/decision_tree", args);
  const VerifyReport report = here.report();
  EXPECT_TRUE(report.accepted) << report.reason;
  const std::string page = std::regex_replace(report_page(report), std::regex("\n +"), " ");  // as if no line were full
  EXPECT_NE(page.find("no secret of whoever has key or proof"), std::string::npos) << page;
  EXPECT_NE(page.find("NOT hidden"), std::string::npos);
  // Another input with other outputs is not one of this key.
  const auto other = R"({"input_data": [[6.5, 3.0, 5.5, 2.0]]})";
  gen_witness(other, here.at("model.compiled"), here.at("other.json"));
  ASSERT_NE(read_witness(here.at("other.json")).outputs, read_witness(here.at("witness.json")).outputs);
  EXPECT_THROW(
      prove(here.at("other.json"), here.at("model.compiled"), here.at("pk.key"), here.at("x.json"), here.at("kzg.srs")),
      Error);
}

/// A key without the claim that the outputs shown are the model's, and a proof under it of another output: for each
/// output tensor the shown elements are new ones, and the old ones are the prover's own.
void strip(relations::Plan& plan, std::size_t inputs) {
  for (std::size_t k = inputs; k < plan.instances.size(); ++k) {
    const std::uint32_t bound = plan.instances[k];
    plan.tensors.push_back(plan.tensors[bound]);
    plan.recipes.push_back(plan.recipes[bound]);
    plan.tensors[bound].kind = relations::TensorKind::committed;
    plan.instances[k] = static_cast<std::uint32_t>(plan.tensors.size() - 1);
  }
  for (auto* list : {&plan.committed, &plan.keyed, &plan.contractions}) list->clear();
  relations::list_tensors(plan);
}

/// vk.key and forged.json of a forger who has the model and the owner's setup.
void forge_key(const Folder& here, const ProofFile& honest) {
  const LoadedModel model(here.at("model.compiled"));
  claims::Evaluation run(model.record, witness_inputs(read_witness(here.at("witness.json")), model.compiled.graph, "w"),
                         {true, true});
  run.run();
  SumcheckKey key;
  key.settings = settings_digest(model.settings());
  key.plan = relations::make_plan(model.record, plan_options(model.settings().run_args));
  strip(key.plan, model.record.inputs.size());
  const Srs srs = Srs::open(here.at("kzg.srs"), model.logrows());
  const relations::Witness witness(key.plan, run.trace());
  key.key.rows = relations::keyed_rows(key.plan, witness, srs);
  key.key.bases = srs.verifier();
  key.key.digest = sumcheck_key_digest(sumcheck_key_payload(key));
  ProofFile forged = honest;
  forged.pretty.reset();
  forged.instances[0].back() += Fr::one();
  sumcheck::ClearWriter writer;
  relations::prove(writer, key.plan, key.key, srs, forged.instances[0], witness);
  forged.proof = writer.proof();
  write_file_atomically(here.at("vk.key"), sumcheck_key_bytes(key));
  write_file_atomically(here.at("forged.json"), std::string_view(proof_text(forged)));
}

// A key is the statement: one that claims less has proofs of false outputs, which are told by the manifest's digest, or
// the owner's manifest, and by nothing that a forger can write.
TEST(SumcheckFiles, OnlyThePinTellsAStrippedKey) {
  const Folder here("models/decision_tree");
  const ProofFile honest = read_proof(here.at("proof.json"), ProofSystem::sumcheck);
  const ManifestFile owner = read_manifest(here.at("vk.manifest.json"));
  fs::rename(here.at("vk.manifest.json"), here.at("owner.json"));
  fs::copy(here.at("vk.key"), here.at("owner.key"));
  forge_key(here, honest);
  const auto checked = [&](const std::string& proof, ManifestChoice manifest) {
    VerifyFiles files;
    files.proof = here.at(proof);
    files.settings = here.at("settings.json");
    files.vk = here.at("vk.key");
    files.manifest = std::move(manifest);
    return verify(files);
  };
  const auto refused = [&](const ManifestChoice& manifest, const std::string& words) {
    const VerifyReport report = checked("forged.json", manifest);
    EXPECT_FALSE(report.accepted);
    EXPECT_NE(report.reason.find(words), std::string::npos) << report.reason;
  };
  // Without a pin the false output is believed, and the page says how little that means.
  const VerifyReport alone = checked("forged.json", {});
  ASSERT_TRUE(alone.accepted) << alone.reason;
  EXPECT_EQ(alone.trust, Trust::on_trust);
  EXPECT_NE(report_page(alone).find("taken on trust"), std::string::npos) << report_page(alone);
  // So with the owner's manifest brought to the forger's key, in the form that the program writes.
  Manifest forged = owner.manifest;
  forged.key = sha256_text(read_file(here.at("vk.key")));
  write_file_atomically(here.at("vk.manifest.json"), std::string_view(manifest_text(forged)));
  const VerifyReport beside = checked("forged.json", {});
  ASSERT_TRUE(beside.accepted) << beside.reason;
  EXPECT_EQ(beside.trust, Trust::consistent);
  EXPECT_NE(*beside.digest, owner.digest);
  EXPECT_NE(report_page(beside).find("nobody vouches for it"), std::string::npos) << report_page(beside);

  refused({std::nullopt, owner.digest}, "its digest is " + *beside.digest + ", not " + owner.digest);
  refused({here.at("owner.json"), std::nullopt}, "vk.key is another key");
  refused({here.at("owner.json"), owner.digest}, "vk.key is another key");
  refused({here.at("vk.manifest.json"), owner.digest}, "not the manifest asked for");
  // The owner's manifest in another form is not the owner's, and is no manifest.
  write_file_atomically(here.at("vk.manifest.json"), std::string_view(manifest_text(owner.manifest) + "\n"));
  EXPECT_THROW(checked("forged.json", {std::nullopt, owner.digest}), Error);

  // Of the owner's own key: another name for the model, which the digest does not let pass either.
  fs::copy(here.at("owner.key"), here.at("vk.key"), fs::copy_options::overwrite_existing);
  Manifest renamed = owner.manifest;
  renamed.model.front().name = "audited.onnx";
  write_file_atomically(here.at("vk.manifest.json"), std::string_view(manifest_text(renamed)));
  EXPECT_TRUE(checked("proof.json", {}).accepted);
  EXPECT_FALSE(checked("proof.json", {std::nullopt, owner.digest}).accepted);
  const VerifyReport pinned = checked("proof.json", {here.at("owner.json"), owner.digest});
  EXPECT_TRUE(pinned.accepted) << pinned.reason;
  EXPECT_EQ(pinned.trust, Trust::pinned);
  EXPECT_EQ(checked("forged.json", {here.at("owner.json"), owner.digest}).accepted, false);
}

/// Callers that say which arguments they gave, as the Python package's choose_settings: also the usual value is one.
TEST(SumcheckFiles, OptionsInVainAreRefusedWhereTheyAreNamed) {
  const testing::TempFolder here;
  const fs::path model = fs::path(EZKL_EXAMPLES) / "models/decision_tree/network.onnx";
  const auto refused = [&](const std::vector<std::string>& given, const std::string& target, const char* words) {
    SettingsOptions options;
    options.given = given;
    options.target = target;
    for (const bool checked : {false, true}) {
      try {
        checked ? void(check_model(model, run_args(ProofSystem::sumcheck), options))
                : void(choose_settings(model, here / "settings.json", run_args(ProofSystem::sumcheck), options));
        ADD_FAILURE() << words;
      } catch (const Error& e) {
        EXPECT_EQ(e.fault(), Fault::usage) << e.what();
        EXPECT_NE(std::string(e.what()).find(words), std::string::npos) << e.what();
      }
    }
    EXPECT_FALSE(fs::exists(here / "settings.json"));
  };
  refused({"logrows"}, "prove", "row_bits");
  refused({"num_inner_cols"}, "prove", "leave num_inner_cols out");
  refused({}, "gas", "leave target out");
}

TEST(SumcheckFiles, WhatTheSystemCannotDoIsRefusedByName) {
  const testing::TempFolder here;
  const fs::path model = fs::path(EZKL_EXAMPLES) / "models/decision_tree/network.onnx";
  const auto refused = [&](const auto& change, const char* words) {
    RunArgs args = run_args(ProofSystem::sumcheck);
    change(args);
    try {
      gen_settings(model, here / "settings.json", args);
      ADD_FAILURE() << words;
    } catch (const Error& e) {
      EXPECT_EQ(e.fault(), Fault::usage) << e.what();
      EXPECT_NE(std::string(e.what()).find(words), std::string::npos) << e.what();
    }
    EXPECT_FALSE(fs::exists(here / "settings.json"));
  };
  refused([](RunArgs& a) { a.input_visibility.kind = Kind::private_; }, "inputs of visibility private");
  refused([](RunArgs& a) { a.param_visibility.kind = Kind::private_; }, "parameters of visibility private");
  refused([](RunArgs& a) { a.output_visibility.kind = Kind::private_; }, "outputs of visibility private");
  refused([](RunArgs& a) { a.input_visibility.kind = Kind::hashed_public; }, "inputs of visibility hashed");
  refused([](RunArgs& a) { a.output_visibility.kind = Kind::polycommit; }, "outputs of visibility polycommit");
  refused([](RunArgs& a) { a.commitment = Commitment::ipa; }, "IPA");
  refused([](RunArgs& a) { a.ignore_range_check_inputs_outputs = true; }, "waives no range checks");
  refused([](RunArgs& a) { a.disable_freivalds = true; }, "disable_freivalds");
  refused([](RunArgs& a) { a.num_inner_cols = 3; }, "num_inner_cols");
  refused([](RunArgs& a) { a.logrows = 16; }, "row_bits");
  refused([](RunArgs& a) { a.sumcheck.clear = false; }, "hide nothing yet");
  refused([](RunArgs& a) { a.sumcheck.row_bits = 21; }, "row_bits of 21");
  refused([](RunArgs& a) { a.proof_system = ProofSystem::plonk; }, "for PLONK");

  const Folder proved("models/decision_tree");
  const auto unsupported = [&](const auto& body) {
    try {
      body();
      ADD_FAILURE();
    } catch (const Error& e) {
      EXPECT_EQ(e.fault(), Fault::unsupported) << e.what();
      EXPECT_NE(std::string(e.what()).find("PLONK"), std::string::npos) << e.what();
    }
  };
  unsupported(
      [&] { create_evm_verifier(proved.at("vk.key"), proved.at("settings.json"), here / "v.sol", here / "v.abi"); });
  unsupported([&] { encode_evm_calldata(proved.at("proof.json"), here / "calldata"); });
  unsupported([&] { swap_proof_commitments(proved.at("proof.json"), proved.at("witness.json")); });
  unsupported([&] {
    SplitOptions options;
    options.parts = 2;
    split_model(model, here / "split", run_args(ProofSystem::sumcheck), options);
  });
  unsupported(
      [&] { calibrate_settings((proved.model() / "samples.json").string(), model, proved.at("settings.json")); });
  EXPECT_NE(print_proof_hex(proved.at("proof.json")), "");
}

}  // namespace
}  // namespace ezkl
