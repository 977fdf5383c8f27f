// The forging prover's attacks on the files that a verifier reads: proofs of forged instances, plain and in a chain of
// parts, settings, manifests, keys and setups that are others than they seem, and data that a proof is not about.
#include <gtest/gtest.h>

#include <functional>
#include <regex>
#include <tuple>

#include "../api/proved_model.hpp"
#include "api/split.hpp"
#include "api/verify.hpp"
#include "artifact/compiled_file.hpp"
#include "artifact/settings_file.hpp"
#include "attack_table.hpp"
#include "base/files.hpp"

namespace ezkl {
namespace {

using Kind = Visibility::Kind;
using test::table;
using testing::ProvedModel;

/// What a refusal says, without folders and figures that follow.
std::string shortened(const std::string& reason) {
  const std::string out = std::regex_replace(reason, std::regex("/[^ ,;:()']*/"), "");
  return out.substr(0, std::min<std::size_t>(out.find_first_of(",;("), 110));
}

VerifyReport accepted() {
  VerifyReport out;
  out.accepted = true;
  return out;
}

/// What refuses the work of a verifier, which gives a report or throws; empty when it accepts.
std::string refusal_of(const std::function<VerifyReport()>& work) {
  try {
    const VerifyReport report = work();
    return report.accepted ? "" : shortened(report.reason);
  } catch (const Error& e) {
    EXPECT_NE(e.fault(), Fault::internal) << e.what();
    return shortened(e.what());
  }
}

VerifyFiles files_of(const ProvedModel& model) {
  return VerifyFiles{model / "proof.json", model / "settings.json", model / "vk.key", model / "kzg.srs"};
}

struct InstanceAttack {
  const char* name;
  void (*change)(std::vector<Fr>& instances);
};

/// Of proofs whose last instance is 0, so that the equations hold without it.
const InstanceAttack instance_attacks[] = {
    {"two instances more, which nothing reads", [](std::vector<Fr>& all) { all.resize(all.size() + 2, Fr::one()); }},
    {"the last instance left out", [](std::vector<Fr>& all) { all.pop_back(); }},
    {"two instances swapped", [](std::vector<Fr>& all) { std::swap(all[0], all[1]); }},
    {"an instance changed", [](std::vector<Fr>& all) { all[0] += Fr::one(); }},
};

TEST(Files, ForgedInstances) {
  for (const Commitment scheme : {Commitment::kzg, Commitment::ipa}) {
    RunArgs args = ProvedModel::run_args(Kind::public_, Kind::fixed, Kind::public_);
    args.commitment = scheme;
    const ProvedModel model(args);
    model.prove_honestly();
    ASSERT_TRUE(verify(files_of(model)).accepted);
    if (scheme == Commitment::kzg) {
      create_evm_vka(model / "vk.key", model / "settings.json", model / "vka.bytes", model / "kzg.srs");
    }
    for (const InstanceAttack& attack : instance_attacks) {
      model.prove_with(attack.change);
      table().add(scheme == Commitment::kzg ? "verify" : "verify (IPA)", attack.name,
                  refusal_of([&] { return verify(files_of(model)); }));
      if (scheme == Commitment::ipa) continue;
      table().add("verify --reduced-srs", attack.name, refusal_of([&] {
                    VerifyFiles files = files_of(model);
                    files.reduced_srs = true;
                    return verify(files);
                  }));
      const auto read_instances = read_proof(model / "proof.json").instances[0];
      if (read_instances.size() == 7) continue;  // a contract checks values, calldata count
      table().add("encode-evm-calldata --settings-path", attack.name, refusal_of([&] {
                    encode_evm_calldata(model / "proof.json", std::nullopt, std::nullopt, model / "settings.json");
                    return accepted();
                  }));
    }
  }
}

TEST(Files, ForgedInstancesInAChain) {
  const ProvedModel model(ProvedModel::run_args(Kind::public_, Kind::fixed, Kind::public_));
  const Path split = model / "split", srs = model / "kzg.srs";
  RunArgs args = ProvedModel::run_args(Kind::public_, Kind::fixed, Kind::public_);
  SplitOptions options;
  options.at = {"a"};
  options.link = Kind::public_;
  split_model(model / "network.onnx", split, args, options,
              SettingsChoice{{true, true, true, true, true}, std::nullopt, 2.0, ChoiceTarget::prove, 0});
  const std::string digest = setup_split(split, srs);
  gen_witness_split(ProvedModel::input(), split);
  prove_split(split, srs);
  ASSERT_TRUE(verify_split(split, srs, false, digest).accepted);
  for (const char* part : {"part-1", "part-2"}) {
    const PartFiles files(split / part);
    const std::string honest = read_text(files.proof);
    for (const InstanceAttack& attack : instance_attacks) {
      testing::prove_forged({files.compiled, files.witness, files.pk, srs, files.proof}, attack.change);
      for (const bool reduced : {false, true}) {
        table().add("verify --split --digest", std::string(attack.name) + " in " + part,
                    refusal_of([&] { return verify_split_report(split, srs, reduced, digest, {}, {}); }));
      }
    }
    write_file_atomically(files.proof, std::string_view(honest));
  }
}

TEST(Files, OtherSettings) {
  const ProvedModel model(ProvedModel::run_args(Kind::private_, Kind::fixed, Kind::public_));
  model.prove_honestly();
  const std::string settings = read_text(model / "settings.json");
  VerifyFiles pinned = files_of(model);
  pinned.manifest.digest = verify(files_of(model)).digest;
  ASSERT_TRUE(pinned.manifest.digest.has_value());
  const auto attempt = [&](const std::string& attack, const std::string& from, const std::string& to) {
    model.replace("settings.json", from, to);
    table().add("settings, manifest beside the key", attack, refusal_of([&] { return verify(files_of(model)); }));
    table().add("settings, --digest", attack, refusal_of([&] { return verify(pinned); }));
    write_file_atomically(model / "settings.json", std::string_view(settings));
  };
  const std::string scale = "\"model_output_scales\":[";
  attempt("another scale of the outputs", scale, scale + "1");
  attempt("range checks waived", "\"ignore_range_check_inputs_outputs\":false",
          "\"ignore_range_check_inputs_outputs\":true");
  attempt("private inputs called fixed", "\"input_visibility\":\"Private\"", "\"input_visibility\":\"Fixed\"");
  attempt("fixed parameters called private", "\"param_visibility\":\"Fixed\"", "\"param_visibility\":\"Private\"");
  attempt("another type of the inputs", "\"input_types\":[\"F32\"]", "\"input_types\":[\"Int\"]");
  // Without a manifest: what the counts contradict.
  std::filesystem::remove(model / "vk.manifest.json");
  for (const auto& [attack, from, to] :
       {std::tuple("private inputs called public", "\"input_visibility\":\"Private\"",
                   "\"input_visibility\":\"Public\""),
        std::tuple("private inputs called committed", "\"input_visibility\":\"Private\"",
                   "\"input_visibility\":\"KZGCommit\""),
        std::tuple("public outputs called private", "\"output_visibility\":\"Public\"",
                   "\"output_visibility\":\"Private\"")}) {
    model.replace("settings.json", from, to);
    table().add("settings alone", attack, refusal_of([&] { return verify(files_of(model)); }));
    write_file_atomically(model / "settings.json", std::string_view(settings));
  }
}

TEST(Files, OtherManifestsKeysAndSetups) {
  const RunArgs args = ProvedModel::run_args(Kind::public_, Kind::fixed, Kind::public_);
  const ProvedModel model(args);
  RunArgs other_args = args;
  other_args.param_scale += 1;
  const ProvedModel other(other_args);  // other integers, and a setup of another secret
  model.prove_honestly();
  other.prove_honestly();
  const auto attempt = [&](const std::string& attack, const std::function<void(VerifyFiles&)>& change) {
    VerifyFiles files = files_of(model);
    change(files);
    table().add("files of one proof", attack, refusal_of([&] { return verify(files); }));
  };
  attempt("the proof of other parameters", [&](VerifyFiles& f) { f.proof = other / "proof.json"; });
  attempt("the key of other parameters", [&](VerifyFiles& f) { f.vk = other / "vk.key"; });
  attempt("another setup", [&](VerifyFiles& f) { f.srs = other / "kzg.srs"; });
  attempt("proof, settings, key and setup of another, --manifest of the owner", [&](VerifyFiles& f) {
    f = files_of(other);
    f.manifest.file = model / "vk.manifest.json";
  });
  attempt("a manifest of one's own, --digest of the owner", [&](VerifyFiles& f) {
    const std::optional<std::string> digest = verify(files_of(model)).digest;
    f = files_of(other);
    f.manifest.digest = digest;
  });
  attempt("an input that it is not about, --input",
          [](VerifyFiles& f) { f.input = R"({"input_data": [[0.5, -0.25, 1.0, 0.5]]})"; });
  attempt("an output that it is not about, --output",
          [](VerifyFiles& f) { f.output = R"({"output_data": [[1, 1, 1]]})"; });

  CompiledModel compiled = read_compiled(model / "model.compiled");
  compiled.settings.model_instance_shapes.back() = {1, 5};
  write_file_atomically(model / "other.compiled", compiled_bytes(compiled));
  table().add("setup", "settings that describe another circuit", refusal_of([&] {
                setup(model / "other.compiled", model / "other.vk", model / "other.pk", model / "kzg.srs");
                return accepted();
              }));
  table().add("mock", "settings that describe another circuit", refusal_of([&] {
                mock(model / "witness.json", model / "other.compiled");
                return accepted();
              }));
  table().add("prove", "settings that describe another circuit", refusal_of([&] {
                prove(model / "witness.json", model / "other.compiled", model / "pk.key", model / "other.json",
                      model / "kzg.srs");
                return accepted();
              }));

  // What the owner's own check would otherwise take over: settings that lie of the model, at compile-circuit.
  const GraphSettings good = read_settings(model / "settings.json");
  const auto lie = [&](const char* what, void (*change)(GraphSettings&)) {
    GraphSettings settings = good;
    change(settings);
    write_file_atomically(model / "lie.json", settings_text(settings));
    table().add("compile-circuit", what, refusal_of([&] {
                  compile_circuit(model / "network.onnx", model / "lie.compiled", model / "lie.json");
                  return accepted();
                }));
  };
  lie("another scale of the outputs", [](GraphSettings& s) { s.model_output_scales.back() += 7; });
  lie("another type of the outputs", [](GraphSettings& s) { s.output_types = {{"Int"}}; });
  lie("public tensors cut elsewhere", [](GraphSettings& s) {
    s.model_instance_shapes.front() = {1, 6};
    s.model_instance_shapes.back() = {1, 1};
  });
}

}  // namespace
}  // namespace ezkl
