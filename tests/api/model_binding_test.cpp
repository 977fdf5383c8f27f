// What binds a proof to a model: the same network with its weights shuffled must not prove under the key of the first.
#include <gtest/gtest.h>

#include <algorithm>

#include "../temp_folder.hpp"
#include "artifact/compiled_file.hpp"
#include "base/files.hpp"
#include "ezkl/ezkl.hpp"
#include "onnx/export.hpp"
#include "onnx/import.hpp"

namespace ezkl {
namespace {

namespace fs = std::filesystem;
using Kind = Visibility::Kind;

class ModelBinding : public ::testing::Test {
 protected:
  fs::path at(const std::string& name) const { return folder_ / name; }

  /// The network of the demo, and one of the same form whose weights stand in another order.
  void write_models() const {
    ModelDef model = read_onnx(EZKL_EXAMPLES "/digits/network.onnx");
    write_file_atomically(at("honest.onnx"), onnx_bytes(model));
    for (auto& [name, tensor] : model.graph.initializers) {
      if (tensor.data.size() > 64) std::reverse(tensor.data.begin(), tensor.data.end());
    }
    write_file_atomically(at("shuffled.onnx"), onnx_bytes(model));
  }

  void make_settings(Kind params) const {
    RunArgs args = library_run_args();
    args.input_visibility.kind = Kind::private_;
    args.param_visibility.kind = params;
    args.logrows = 13;
    args.decomp_base = 1024;
    args.decomp_legs = 3;
    gen_settings(at("honest.onnx"), at("settings.json"), args);
    gen_srs(at("kzg.srs"), args.logrows);
  }

  /// From model to proof with keys of its own.
  void prove_model(const std::string& name) const {
    compile_circuit(at(name + ".onnx"), at(name + ".compiled"), at("settings.json"));
    setup(at(name + ".compiled"), at(name + ".vk"), at(name + ".pk"), at("kzg.srs"));
    gen_witness(EZKL_EXAMPLES "/digits/input.json", at(name + ".compiled"), at(name + ".witness"));
    prove(at(name + ".witness"), at(name + ".compiled"), at(name + ".pk"), at(name + ".proof"), at("kzg.srs"));
  }

  /// What verifying a proof under a key says; empty when it is accepted.
  std::string refusal(const std::string& proof, const std::string& key) const {
    try {
      verify(at(proof + ".proof"), at("settings.json"), at(key + ".vk"), at("kzg.srs"));
    } catch (const Error& e) {
      EXPECT_EQ(e.fault(), Fault::unsatisfied);
      return e.what();
    }
    return "";
  }

  std::string bytes(const std::string& name) const { return read_text(at(name)); }

 private:
  testing::TempFolder folder_;
};

TEST_F(ModelBinding, FixedWeightsArePartOfTheKey) {
  write_models();
  make_settings(RunArgs().param_visibility.kind);
  prove_model("honest");
  prove_model("shuffled");
  EXPECT_NE(bytes("honest.vk"), bytes("shuffled.vk"));
  EXPECT_EQ(refusal("honest", "honest"), "");
  EXPECT_EQ(refusal("shuffled", "shuffled"), "");
  EXPECT_NE(refusal("shuffled", "honest"), "");
  EXPECT_NE(refusal("honest", "shuffled"), "");
  // Nor does the key of one prove the other.
  EXPECT_THROW(prove(at("honest.witness"), at("honest.compiled"), at("shuffled.pk"), at("x.proof"), at("kzg.srs")),
               Error);
  EXPECT_FALSE(fs::exists(at("x.proof")));
}

// Why they are not the default, and why every step warns of them.
TEST_F(ModelBinding, PrivateWeightsAreAnybodys) {
  write_models();
  make_settings(Kind::private_);
  prove_model("honest");
  prove_model("shuffled");
  EXPECT_EQ(bytes("honest.vk"), bytes("shuffled.vk"));
  EXPECT_EQ(refusal("shuffled", "honest"), "");
}

// The key does not bind hidden weights, so the manifest has what every proof of the model shows of them.
TEST_F(ModelBinding, HiddenWeightsAreBoundByTheManifest) {
  write_models();
  make_settings(Kind::polycommit);
  prove_model("honest");
  prove_model("shuffled");
  EXPECT_EQ(bytes("honest.vk"), bytes("shuffled.vk"));
  EXPECT_EQ(refusal("honest", "honest"), "");
  EXPECT_NE(refusal("shuffled", "honest").find("the proof is about other parameters, and so another model"),
            std::string::npos)
      << refusal("shuffled", "honest");
  // Without it the proof holds, and the reader has to compare.
  fs::remove(at("honest.manifest.json"));
  EXPECT_EQ(refusal("shuffled", "honest"), "");
}

TEST_F(ModelBinding, AManifestNamesNoModelThatTheKeyIsNotOf) {
  write_models();
  make_settings(Kind::fixed);
  prove_model("honest");
  prove_model("shuffled");
  const auto manifest = [&](const std::string& name, const std::string& onnx) {
    try {
      write_manifest(at("settings.json"), at(name + ".vk"), at("kzg.srs"), at(name + ".compiled"), at(onnx),
                     at("m.json"));
    } catch (const Error& e) {
      EXPECT_EQ(e.fault(), Fault::unsatisfied);
      return std::string(e.what());
    }
    return std::string();
  };
  EXPECT_EQ(manifest("honest", "honest.onnx"), "");
  EXPECT_NE(manifest("shuffled", "honest.onnx").find("it was compiled from another model"), std::string::npos);
  // What model.compiled says of where it is from is what somebody wrote there.
  CompiledModel forged = read_compiled(at("shuffled.compiled"));
  forged.source = read_compiled(at("honest.compiled")).source;
  write_file_atomically(at("shuffled.compiled"), compiled_bytes(forged));
  EXPECT_NE(manifest("shuffled", "honest.onnx").find("it was compiled from another model"), std::string::npos);
}

TEST_F(ModelBinding, ACommitmentToHiddenWeightsShowsWhichTheyAre) {
  write_models();
  make_settings(Kind::polycommit);
  prove_model("honest");
  prove_model("shuffled");
  const auto commitment = [&](const std::string& name) {
    const std::string proof = bytes(name + ".proof");
    const std::size_t begin = proof.find("\"hex_proof\":\"0x") + 15;
    return proof.substr(begin, 128);
  };
  EXPECT_NE(commitment("honest"), commitment("shuffled"));
  const std::string first = commitment("honest");
  prove_model("honest");
  EXPECT_EQ(commitment("honest"), first);
}

}  // namespace
}  // namespace ezkl
