// get-srs, gen-random-data and the commands on field elements.
#include <gtest/gtest.h>

#include "program.hpp"

namespace {

namespace fs = std::filesystem;

TEST(GetSrs, NeverWritesOrDeletesAFileOfAnotherHash) {
  const Scratch here;
  ASSERT_EQ(here.run({"gen-srs", "--srs-path", "kzg5.srs", "--logrows", "5"}).code, 0);
  const std::string mirror = "file://" + here.path().string();
  Outcome o = here.run({"get-srs", "--logrows", "5", "--mirror", mirror, "--srs-path", "new.srs"});
  EXPECT_EQ(o.code, 1);
  EXPECT_TRUE(contains(o.err, "5b950e3b76e7a9923d69f6d6585ce6b5f9458e5ec57a71c9de5005d32d544692")) << o.err;
  EXPECT_FALSE(here.has("new.srs"));
  o = here.run({"get-srs", "--logrows", "5"}, {"EZKL_SRS_MIRROR=" + mirror});
  EXPECT_EQ(o.code, 1);
  EXPECT_FALSE(here.has("home/srs/kzg5.srs"));
  const std::string before = here.read("kzg5.srs");
  o = here.run({"get-srs", "--logrows", "5", "--srs-path", "kzg5.srs"});
  EXPECT_EQ(o.code, 1);
  EXPECT_TRUE(contains(o.err, "left as it is")) << o.err;
  EXPECT_EQ(here.read("kzg5.srs"), before);
  o = here.run({"get-srs", "--logrows", "6", "--mirror", mirror});
  EXPECT_TRUE(contains(o.err, "put it at")) << o.err;
  EXPECT_EQ(here.run({"get-srs", "--logrows", "27"}).code, 1);
}

TEST(GenSettings, ScalesAreChosenWithTheRestUnlessGiven) {
  const Scratch here;
  std::filesystem::copy(EZKL_TEST_DATA "/models/mlp_input.json", here / "input.json");
  const auto scale = [&](std::vector<std::string> more) {
    std::vector<std::string> arguments{"gen-settings", "-M", EZKL_TEST_DATA "/models/mlp.onnx"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Outcome o = here.run(arguments);
    EXPECT_EQ(o.code, 0) << o.err;
    const std::string text = here.read("settings.json"), key = "\"param_scale\":";
    return std::stoi(text.substr(text.find(key) + key.size()));
  };
  EXPECT_EQ(scale({}), 13);
  EXPECT_EQ(scale({"--input-scale", "8", "--param-scale", "8"}), 8);
  EXPECT_EQ(scale({"--logrows", "10", "--decomp-base", "64", "--decomp-legs", "4", "-B=-10->10"}), 7);
  // The circuit holds the values that it was chosen by, with room before the point to spare.
  ASSERT_EQ(scale({}), 13);
  EXPECT_EQ(here.run({"compile-circuit", "-M", EZKL_TEST_DATA "/models/mlp.onnx"}).code, 0);
  here.write("large.json", R"({"input_data":[[90.5,-70.25,60.0,80.0]]})");
  const Outcome large = here.run({"gen-witness", "-D", "large.json"});
  EXPECT_EQ(large.code, 0) << large.err;
}

TEST(Table, CostsAddUpAndFollowTheTarget) {
  const Scratch here;
  const std::string mlp = EZKL_TEST_DATA "/models/mlp.onnx";
  const Outcome nodes = here.run({"table", "-M", mlp});
  EXPECT_FALSE(contains(nodes.out, "predicted")) << nodes.out;
  const Outcome o = here.run({"table", "-M", mlp, "--cost"});
  ASSERT_EQ(o.code, 0) << o.err;
  for (const char* part : {"circuit    2^", " lookup arguments\n", "predicted  ", " lookups ", "(unused rows)\n"}) {
    EXPECT_TRUE(contains(o.out, part)) << part << o.out;
  }
  EXPECT_TRUE(contains(here.run({"table", "-M", mlp, "--cost", "-K", "9"}).out, "circuit    2^9 rows"));
  EXPECT_EQ(here.run({"table", "-M", mlp, "--cost", "--target", "beauty"}).code, 2);
}

TEST(GenRandomData, GivesThePublishedPackagesNumbers) {
  const Scratch here;
  const std::string mlp = EZKL_TEST_DATA "/models/mlp.onnx", gather = EZKL_TEST_DATA "/models/topk_gather.onnx";
  ASSERT_EQ(here.run({"gen-random-data", "-M", mlp, "-D", "a.json"}).code, 0);
  EXPECT_EQ(
      here.read("a.json"),
      R"({"input_data":[[0.2909665107727051,0.3558194637298584,0.1625751256942749,0.5522083044052124]],"output_data":null})");
  ASSERT_EQ(here.run({"gen-random-data", "-M", mlp, "-D", "b.json", "-V", "batch_size=2", "--seed", "1", "--min=-1",
                      "--max", "1"})
                .code,
            0);
  EXPECT_EQ(
      here.read("b.json"),
      R"({"input_data":[[0.6499052047729492,0.9484894275665283,0.5941591262817383,0.38247108459472656,)"
      R"(-0.6071538925170898,-0.14405059814453125,-0.5672564506530762,-0.6488280296325684]],"output_data":null})");
  ASSERT_EQ(here.run({"gen-random-data", "-M", gather, "-D", "c.json", "--seed", "1", "--min", "0", "--max", "6"}).code,
            0);
  EXPECT_TRUE(here.read("c.json").ends_with(R"(,[4.0,5.0,4.0,4.0,1.0,2.0]],"output_data":null})"))
      << here.read("c.json");
}

std::string first_line(const Outcome& o) { return o.out.substr(0, o.out.find('\n')); }

TEST(Felts, KnownAnswers) {
  const Scratch here;
  const std::string minus_five = "fcffffef93f5e1439170b97948e833285d588181b64550b829a031e1724e6430";
  EXPECT_EQ(first_line(here.run({"felt-to-int", "--felt", minus_five})), "-5");
  EXPECT_EQ(first_line(here.run({"felt-to-float", "--felt", minus_five, "--scale", "1"})), "-2.5");
  EXPECT_EQ(first_line(here.run({"felt-to-big-endian", "--felt", minus_five})),
            "0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593effffffc");
  EXPECT_EQ(first_line(here.run({"float-to-felt", "--input=-2.5", "--scale", "1"})), minus_five);
  EXPECT_EQ(first_line(here.run({"buffer-to-felts", "--buffer", "0x01"})), "01" + std::string(62, '0'));
  EXPECT_EQ(
      first_line(here.run({"poseidon-hash", "--message", "01" + std::string(62, '0') + ",02" + std::string(62, '0')})),
      "8c2bde792da25f9124562e03e8b5a4883b3eaf481bf6e15866f38a53315b8729");
  EXPECT_EQ(here.run({"felt-to-int", "--felt", "05"}).code, 1);
}

TEST(Felts, AreTakenAsVerifyWritesThem) {
  const Scratch here;
  const std::string minus_five = "0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593effffffc";
  EXPECT_EQ(first_line(here.run({"felt-to-int", "--felt", minus_five})), "-5");
  EXPECT_EQ(first_line(here.run({"felt-to-float", "--felt", "0x" + std::string(62, '0') + "05", "--scale", "1"})),
            "2.5");
  EXPECT_EQ(
      first_line(here.run({"poseidon-hash", "--message", "0x" + std::string(63, '0') + "1,02" + std::string(62, '0')})),
      "8c2bde792da25f9124562e03e8b5a4883b3eaf481bf6e15866f38a53315b8729");
  for (const std::string& wrong : {std::string("0x05"), "0x" + std::string(64, 'g'), "0x" + std::string(64, 'f')}) {
    EXPECT_EQ(here.run({"felt-to-int", "--felt", wrong}).code, 1) << wrong;
  }
}

TEST(Felts, WhatIsEasilyForgottenIsSaid) {
  const Scratch here;
  EXPECT_TRUE(contains(here.run({"float-to-felt", "--input", "0.5"}).err, "--scale"));
  EXPECT_FALSE(contains(here.run({"float-to-felt", "--input", "0.5", "--scale", "1"}).err, "[W]"));
  EXPECT_FALSE(contains(here.run({"float-to-felt", "--input", "3"}).err, "[W]"));
  const Outcome nothing = here.run({"poseidon-hash"});
  EXPECT_EQ(nothing.out, "");
  EXPECT_TRUE(contains(nothing.err, "no message")) << nothing.err;
}

TEST(Golden, TheProgramVerifiesPublishedProofs) {
  const Scratch here;
  const std::string folder = EZKL_TEST_DATA "/golden/";
  for (const std::string name : {"default", "hashed_input", "matmul_freivalds"}) {
    std::vector<std::string> arguments{"verify",       "--reduced-srs",
                                       "--srs-path",   folder + "kzg4.srs",
                                       "-S",           folder + name + "/settings.json",
                                       "--vk-path",    folder + name + "/vk.key",
                                       "--proof-path", folder + name + "/proof.json"};
    const Outcome o = here.run(arguments);
    EXPECT_EQ(o.code, 0) << name << o.err;
    EXPECT_TRUE(contains(o.out, "verified: true"));
  }
}

}  // namespace
