// gen-settings and chains of operators on one tensor: one table stands for them where that is cheaper and needs no more
// rows, and such a circuit is proved by both systems.
#include <gtest/gtest.h>

#include <cmath>

#include "../graph/model_text.hpp"
#include "../temp_folder.hpp"
#include "api/model_settings.hpp"
#include "api/verify.hpp"
#include "artifact/settings_file.hpp"
#include "artifact/sumcheck_settings.hpp"
#include "base/files.hpp"
#include "ezkl/ezkl.hpp"
#include "graph/passes/chains.hpp"
#include "onnx/export.hpp"

namespace ezkl {
namespace {

using namespace ezkl::testing;

class ChosenChains : public ::testing::Test {
 protected:
  /// x·W, GELU, ·V: the middle of a transformer's block, for `rows` tokens.
  static ModelDef block(std::int64_t rows) {
    constexpr std::size_t in = 4, hidden = 64;
    std::vector<double> w, v;
    for (std::size_t i = 0; i < in * hidden; ++i) {
      w.push_back(0.5 * std::sin(static_cast<double>(3 * i + 1)));
      v.push_back(0.1 * std::cos(static_cast<double>(5 * i + 2)));
    }
    ModelDef out =
        model({value("x", {rows, in})},
              {node("MatMul", {"x", "w"}, {"h"}), node("Gelu", {"h"}, {"g"}), node("MatMul", {"g", "v"}, {"y"})},
              {{"w", floats({in, hidden}, w)}, {"v", floats({hidden, in}, v)}});
    out.opsets[""] = 20;
    return out;
  }

  static std::string data(std::int64_t rows, double size = 1) {
    std::string list;
    for (std::int64_t i = 0; i < 4 * rows; ++i) {
      list += (i == 0 ? "" : ", ") + std::to_string(size * std::sin(static_cast<double>(i * i)));
    }
    return R"({"input_data": [[)" + list + "]]}";
  }

  GraphSettings chosen(std::int64_t rows, RunArgs args, bool given_scales = true) {
    write_file_atomically(at("network.onnx"), onnx_bytes(block(rows)));
    SettingsChoice choice;
    choice.data = data(rows);
    choice.given.scales = given_scales;
    return gen_settings(at("network.onnx"), at("settings.json"), args, choice);
  }

  static RunArgs args_at(int scale, ProofSystem system = ProofSystem::plonk) {
    RunArgs args;
    args.input_scale = args.param_scale = scale;
    args.input_visibility.kind = Visibility::Kind::public_;
    args.proof_system = system;
    args.sumcheck.clear = system == ProofSystem::sumcheck;
    return args;
  }

  bool proves(const std::string& input) {
    compile_circuit(at("network.onnx"), at("model.compiled"), at("settings.json"));
    gen_witness(input, at("model.compiled"), at("witness.json"));
    gen_srs(at("kzg.srs"), read_settings(at("settings.json")).run_args.logrows);
    setup(at("model.compiled"), at("vk.key"), at("pk.key"), at("kzg.srs"));
    prove(at("witness.json"), at("model.compiled"), at("pk.key"), at("proof.json"), at("kzg.srs"), {});
    VerifyFiles files;
    files.proof = at("proof.json");
    files.settings = at("settings.json");
    files.vk = at("vk.key");
    files.srs = at("kzg.srs");
    return verify(files).accepted;
  }

  std::filesystem::path at(const std::string& name) const { return temp_.path() / name; }

 private:
  TempFolder temp_;
};

TEST_F(ChosenChains, AreTakenWhereTheyAreCheaper) {
  const GraphSettings with = chosen(32, args_at(7));
  EXPECT_TRUE(has_chains(with.run_args));
  EXPECT_TRUE(with.required_lookups.empty()) << "the table of erf is no more";
  RunArgs hidden = args_at(7);
  hidden.param_visibility.kind = Visibility::Kind::private_;
  const GraphSettings without = chosen(32, hidden);
  EXPECT_FALSE(has_chains(without.run_args));
  EXPECT_LT(2 * with.total_assignments, without.total_assignments);
  EXPECT_LE(with.run_args.logrows, without.run_args.logrows);
}

TEST_F(ChosenChains, AreNotTakenWhereTheirTablesNeedMoreRows) {
  // Keys of 13 bits behind the point, to both sides of zero, are more than the circuit has rows without the table.
  const GraphSettings fine = chosen(32, args_at(13));
  EXPECT_FALSE(has_chains(fine.run_args));
  EXPECT_FALSE(fine.required_lookups.empty());
  EXPECT_LE(fine.run_args.logrows, 15U);
}

TEST_F(ChosenChains, AreNoneOfThePublishedSemantics) {
  RunArgs args = args_at(7);
  args.semantics = Semantics::published;
  EXPECT_FALSE(has_chains(chosen(32, args).run_args));
}

TEST_F(ChosenChains, AreProvedByBothSystems) {
  for (const ProofSystem system : {ProofSystem::plonk, ProofSystem::sumcheck}) {
    ASSERT_TRUE(has_chains(chosen(16, args_at(7, system)).run_args)) << int(system);
    EXPECT_TRUE(proves(data(16))) << int(system);
    // Ten times as far as the samples the table has no keys.
    try {
      gen_witness(data(16, 10), at("model.compiled"), at("other.json"));
      ADD_FAILURE() << "a witness for keys outside of the table";
    } catch (const Error& e) {
      EXPECT_EQ(e.fault(), Fault::range) << e.what();
      EXPECT_NE(std::string(e.what()).find("gen-settings"), std::string::npos) << e.what();
    }
  }
}

}  // namespace
}  // namespace ezkl
