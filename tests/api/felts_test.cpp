#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/int128.hpp"
#include "ezkl/ezkl.hpp"

namespace ezkl {
namespace {

std::string hex(const char* start) { return start + std::string(64 - std::string(start).size(), '0'); }

TEST(Felts, SignedIntegersAndFloats) {
  EXPECT_EQ(to_string(felt_to_int(hex("05"))), "5");
  EXPECT_EQ(to_string(felt_to_int("010000f093f5e1439170b97948e833a85c588181b64550b829a031e1724e6430")),
            "-170141183460469231731687303715884105728");
  EXPECT_EQ(felt_to_float(hex("c0"), 7), 1.5);
  EXPECT_EQ(felt_to_float(hex("c0"), -2), 768.0);
  EXPECT_EQ(float_to_felt(0.5, 0), hex("01"));
  EXPECT_EQ(float_to_felt(0.1, 40, "F16"), hex("00a0999919"));
  EXPECT_EQ(float_to_felt(std::nan(""), 7), hex(""));
  EXPECT_THROW(float_to_felt(std::nan(""), 7, "Int"), Error);
  EXPECT_THROW(float_to_felt(1e40, 7), Error);
  EXPECT_THROW(float_to_felt(1, 7, "F8"), Error);
  EXPECT_THROW(felt_to_int("05"), Error);
}

TEST(Felts, WhatIsNoIntegerHasThePublishedNumberAndAWarning) {
  ::testing::internal::CaptureStderr();
  EXPECT_EQ(to_string(felt_to_int("05" + std::string(48, '0') + "01" + std::string(12, '0'))),
            "-53438638232309528389504892708671455228");  // 2^200 + 5
  EXPECT_NE(::testing::internal::GetCapturedStderr().find("is no signed integer of 128 bits"), std::string::npos);
  ::testing::internal::CaptureStderr();
  felt_to_int(hex("05"));
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}

TEST(Felts, BuffersAndHashes) {
  EXPECT_TRUE(buffer_to_felts({}).empty());
  EXPECT_EQ(buffer_to_felts(std::vector<std::uint8_t>(17, 1)),
            (std::vector<std::string>{hex("01010101010101010101010101010101"), hex("01")}));
  EXPECT_TRUE(poseidon_hash({}).empty());
  EXPECT_EQ(poseidon_hash({hex("01")}).at(0), "90bbb9c2adeaf0b1cc6c34ed80f11266193aef9e5cfd18a6a1ca283261695608");
}

/// What a function of the published package's name gives for arguments in text.
std::string answer(const std::string& function, const std::vector<std::string>& arguments) {
  const auto joined = [](const std::vector<std::string>& words) {
    std::string out;
    for (const std::string& word : words) out += (out.empty() ? "" : " ") + word;
    return out;
  };
  if (function == "felt_to_int") return to_string(felt_to_int(arguments.at(0)));
  if (function == "felt_to_big_endian") return felt_to_big_endian(arguments.at(0));
  if (function == "float_to_felt") {
    return float_to_felt(std::stod(arguments.at(0)), std::stoi(arguments.at(1)), arguments.at(2));
  }
  if (function == "buffer_to_felts") {
    const std::string digits = joined(arguments);
    std::vector<std::uint8_t> bytes;
    for (std::size_t i = 0; i < digits.size(); i += 2) {
      bytes.push_back(static_cast<std::uint8_t>(std::stoul(digits.substr(i, 2), nullptr, 16)));
    }
    return joined(buffer_to_felts(bytes));
  }
  return joined(poseidon_hash(arguments));
}

TEST(Felts, StoredAnswersOfThePublishedPackage) {
  std::ifstream file(EZKL_TEST_DATA "/felts/published.txt");
  ASSERT_TRUE(file.is_open());
  std::size_t count = 0;
  for (std::string line; std::getline(file, line); ++count) {
    if (line.empty() || line[0] == '#') continue;
    const std::size_t equals = line.find(" =");
    const std::string want = equals + 3 <= line.size() ? line.substr(equals + 3) : "";
    std::istringstream words(line.substr(0, equals));
    std::string function;
    words >> function;
    std::vector<std::string> arguments;
    for (std::string word; words >> word;) arguments.push_back(word);
    if (function == "felt_to_float") {
      EXPECT_EQ(felt_to_float(arguments.at(0), std::stoi(arguments.at(1))), std::stod(want)) << line;
    } else {
      EXPECT_EQ(answer(function, arguments), want) << line;
    }
  }
  EXPECT_GE(count, 60u);
}

TEST(Felts, EveryAnswerOfThePublishedPackage) {
  const std::filesystem::path file = std::filesystem::path(EZKL_SHARED) / "vectors" / "golden" / "utilities.json";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "no golden answers here";
  std::ifstream stream(file);
  const nlohmann::json all = nlohmann::json::parse(stream);
  for (const auto& c : all["felt_to_big_endian"]) EXPECT_EQ(felt_to_big_endian(c[0]), c[1].get<std::string>());
  for (const auto& c : all["felt_to_float"]) EXPECT_EQ(felt_to_float(c[0], c[1]), c[2].get<double>());
  for (const auto& c : all["float_to_felt"]) {
    if (c[0].is_number() && c[2].is_string()) {
      EXPECT_EQ(float_to_felt(c[0], c[1]), c[2].get<std::string>()) << c;
    }
  }
  for (const auto& c : all["float_to_felt_typed"]) {
    if (c[3].is_string()) {
      EXPECT_EQ(float_to_felt(c[0], c[1], c[2].get<std::string>()), c[3].get<std::string>()) << c;
    } else {
      EXPECT_THROW(float_to_felt(c[0], c[1], c[2].get<std::string>()), Error) << c;
    }
  }
  for (const auto& c : all["buffer_to_felts"]) {
    EXPECT_EQ(buffer_to_felts(c[0].get<std::vector<std::uint8_t>>()), c[1].get<std::vector<std::string>>());
  }
  for (const auto& c : all["poseidon_hash"]) {
    EXPECT_EQ(poseidon_hash(c[0].get<std::vector<std::string>>()), c[1].get<std::vector<std::string>>());
  }
  for (const auto& c : all["bad_felts"]) EXPECT_THROW(felt_to_int(c[0]), Error) << c;
}

}  // namespace
}  // namespace ezkl
