#include "tensor/table_function.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

#include "base/int128.hpp"
#include "ezkl/error.hpp"

namespace ezkl {
namespace {

TEST(TableFunction, KnownValues) {
  std::ifstream file(EZKL_TEST_DATA "/tables/values.txt");
  ASSERT_TRUE(file.is_open());
  std::string line;
  std::size_t tables = 0;
  while (std::getline(file, line)) {
    if (line.empty() || line[0] == '#') continue;
    std::istringstream words(line);
    std::string name;
    std::string word;
    words >> name;
    std::map<std::string, float> parameters;
    while (words >> word && word != "|") {
      const std::size_t equals = word.find('=');
      parameters[word.substr(0, equals)] = std::stof(word.substr(equals + 1));
    }
    while (words >> word) {
      const std::size_t colon = word.find(':');
      const Int128 x = parse_int128(word.substr(0, colon));
      EXPECT_EQ(to_string(table_value(name, parameters, x)), word.substr(colon + 1))
          << line.substr(0, 40) << " at " << to_string(x);
    }
    ++tables;
  }
  EXPECT_EQ(tables, 40u);
}

TEST(TableFunction, HalvesGoAwayFromZero) {
  EXPECT_TRUE(table_value("Div", {{"denom", 2.0f}}, 5) == 3);
  EXPECT_TRUE(table_value("Div", {{"denom", 2.0f}}, -5) == -3);
}

TEST(TableFunction, ClampsTo128Bits) {
  const Int128 top = static_cast<Int128>(~static_cast<unsigned __int128>(0) >> 1);
  EXPECT_TRUE(table_value("Div", {{"denom", 0.0f}}, 1) == top);
  EXPECT_TRUE(table_value("Div", {{"denom", 0.0f}}, -1) == -top - 1);
  EXPECT_TRUE(table_value("Div", {{"denom", 0.0f}}, 0) == 0);
}

TEST(TableFunction, RefusesUnknownNamesAndMissingParameters) {
  const auto fault = [](const std::string& name, const std::map<std::string, float>& parameters) {
    try {
      table_value(name, parameters, 1);
    } catch (const Error& e) {
      return e.fault();
    }
    return Fault::internal;
  };
  EXPECT_EQ(fault("Frobnicate", {{"scale", 1.0f}}), Fault::unsupported);
  EXPECT_EQ(fault("Exp", {{"scale", 1.0f}}), Fault::format);
  EXPECT_EQ(fault("Tanh", {}), Fault::format);
}

}  // namespace
}  // namespace ezkl
