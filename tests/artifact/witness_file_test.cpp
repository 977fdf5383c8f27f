#include "artifact/witness_file.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/files.hpp"
#include "ezkl/error.hpp"

namespace ezkl {
namespace {

Witness sample() {
  Witness w;
  w.inputs = {{Fr::from_u64(4096), Fr::from_i64(-2048)}};
  w.outputs = {{Fr::from_i64(-7618)}, {}};
  w.pretty = PrettyElements{};
  w.pretty->rescaled_inputs = {{"0.5", "-0.25"}};
  w.processed_inputs = ModuleResult{std::vector<Fr>{Fr::one()}, std::nullopt};
  w.processed_outputs = ModuleResult{std::nullopt, {{{G1Affine::generator(), -G1Affine::generator()}}}};
  w.max_lookup_inputs = (Int128(1) << 126) + 5;
  w.min_lookup_inputs = -3;
  w.max_range_size = 127;
  w.version = "23.0.5";
  return w;
}

TEST(WitnessFile, ReadsWhatItWrites) {
  const std::string text = witness_text(sample());
  EXPECT_EQ(witness_text(parse_witness(text, "w")), text);
}

TEST(WitnessFile, OnlyTheValuesAreRequired) {
  EXPECT_NO_THROW(parse_witness(
      R"({"max_range_size":1,"min_lookup_inputs":0,"max_lookup_inputs":0,"outputs":[],"inputs":[],"more":[1]})", "w"));
  EXPECT_THROW(parse_witness(R"({"inputs":[],"outputs":[],"max_lookup_inputs":0,"min_lookup_inputs":0})", "w"), Error);
}

TEST(WitnessFile, RewritesThePublishedPackagesFilesToTheByte) {
  const std::filesystem::path golden = std::filesystem::path(EZKL_SHARED) / "vectors" / "golden";
  if (!std::filesystem::exists(golden)) GTEST_SKIP() << "no golden artifacts here";
  for (const auto& folder : std::filesystem::directory_iterator(golden)) {
    const auto path = folder.path() / "witness.json";
    if (!std::filesystem::exists(path)) continue;
    const std::string text = read_text(path);
    EXPECT_EQ(witness_text(parse_witness(text, path.string())), text) << path;
  }
}

}  // namespace
}  // namespace ezkl
