// The whole way without a trusted setup.
#include <gtest/gtest.h>

#include "program.hpp"

namespace {

namespace fs = std::filesystem;

TEST(IpaPipeline, ProvesAndTellsFilesOfTheOtherSchemeApart) {
  const Scratch here;
  const auto ok = [&](const std::vector<std::string>& arguments) {
    const Outcome o = here.run(arguments);
    EXPECT_EQ(o.code, 0) << arguments[0] << ": " << o.err;
    return o;
  };
  const auto refused = [&](const std::vector<std::string>& arguments) {
    const Outcome o = here.run(arguments);
    EXPECT_EQ(o.code, 1) << arguments[0] << ": " << o.out << o.err;
    return o.err;
  };
  fs::copy(EZKL_TEST_DATA "/models/mlp.onnx", here / "network.onnx");
  fs::copy(EZKL_TEST_DATA "/models/mlp_input.json", here / "input.json");
  const std::vector<std::string> small{"gen-settings", "-K", "8", "--decomp-base", "64", "--decomp-legs", "4"};
  auto settings = small;
  settings.insert(settings.end(), {"--commitment", "ipa"});
  ok(settings);
  EXPECT_TRUE(contains(here.read("settings.json"), R"("check_mode":"UNSAFE","commitment":"IPA")"));
  EXPECT_TRUE(contains(here.read("settings.json"), R"("disable_freivalds":true)"));
  EXPECT_FALSE(contains(here.read("settings.json"), "einsum_params"));
  ok({"calibrate-settings", "--data", "input.json", "--scales", "7", "--max-logrows", "9"});
  EXPECT_TRUE(contains(here.read("settings.json"), R"("commitment":"IPA")"));
  ok(settings);
  ok({"compile-circuit"});
  EXPECT_TRUE(contains(refused({"setup"}), "get-srs --commitment ipa"));
  ok({"get-srs"});
  EXPECT_TRUE(here.has("home/srs/ipa8.srs"));
  ok({"gen-srs", "--commitment", "IPA", "--srs-path", "ipa.srs", "--logrows", "8"});
  EXPECT_EQ(here.read("ipa.srs"), here.read("home/srs/ipa8.srs"));
  ok({"setup"});
  ok({"gen-witness"});
  ok({"prove", "--srs-path", "ipa.srs", "--check-mode", "safe"});
  EXPECT_TRUE(contains(here.read("proof.json"), R"("transcript_type":"EVM")"));
  EXPECT_TRUE(contains(here.read("proof.json"), R"("commitment":"IPA")"));
  EXPECT_TRUE(ok({"verify", "--srs-path", "ipa.srs"}).out.ends_with("\nverified: true\n"));
  std::string altered = here.read("proof.json");
  altered[altered.find("[[\"") + 3] ^= 1;
  here.write("altered.json", altered);
  EXPECT_EQ(here.run({"verify", "--proof-path", "altered.json"}).code, 1);

  ok({"gen-srs", "--srs-path", "kzg.srs", "--logrows", "8"});
  for (const char* command : {"setup", "prove", "verify"}) {
    EXPECT_TRUE(contains(refused({command, "--srs-path", "kzg.srs"}), "this is a KZG setup")) << command;
  }
  auto other = small;
  other.insert(other.end(), {"-O", "kzg.json"});
  ok(other);
  ok({"compile-circuit", "-S", "kzg.json", "--compiled-circuit", "kzg.compiled"});
  const std::vector<std::string> setup{"setup", "-M", "kzg.compiled", "--vk-path", "kzg.vk", "--pk-path", "kzg.pk"};
  auto with = [](std::vector<std::string> arguments, const char* srs) {
    arguments.insert(arguments.end(), {"--srs-path", srs});
    return arguments;
  };
  EXPECT_TRUE(contains(refused(with(setup, "ipa.srs")), "this is an IPA setup"));
  ok(with(setup, "kzg.srs"));
  EXPECT_TRUE(contains(refused({"verify", "-S", "kzg.json", "--vk-path", "kzg.vk", "--srs-path", "kzg.srs"}),
                       "IPA commitments, the settings say KZG"));
  refused({"prove", "--pk-path", "kzg.pk", "--srs-path", "ipa.srs", "--proof-path", "x.json"});
  EXPECT_FALSE(here.has("x.json"));
  const std::string one = "01" + std::string(62, '0');
  EXPECT_EQ(ok({"ipa-commit", "--message", one}).out.find('\n'), 64u);
  EXPECT_TRUE(contains(refused({"kzg-commit", "--message", one}), "ipa-commit"));
  EXPECT_EQ(here.run({"gen-srs", "--srs-path", "x", "--logrows", "4", "--commitment", "fri"}).code, 2);
}

}  // namespace
