// Commitments of the polycommit visibility against those of the published package.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "api/make_witness.hpp"
#include "artifact/felt_text.hpp"
#include "commit/srs.hpp"

namespace ezkl {
namespace {

/// "1..n" stands for the numbers 1 to n, anything else for an element.
void append(std::vector<Fr>& message, const std::string& word) {
  const std::string range = "1..";
  if (word.substr(0, range.size()) != range) {
    message.push_back(parse_felt(word));
    return;
  }
  const std::uint64_t last = std::stoul(word.substr(range.size()));
  for (std::uint64_t i = 1; i <= last; ++i) message.push_back(Fr::from_u64(i));
}

TEST(Commitments, OfThePublishedPackage) {
  const Srs srs = Srs::open(EZKL_TEST_DATA "/modules/kzg7.srs", 7);
  const plonk::ConstraintSystem cs;
  std::ifstream file(EZKL_TEST_DATA "/modules/kzg_commit.txt");
  ASSERT_TRUE(file.is_open());
  std::size_t cases = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    std::istringstream words(line);
    std::vector<Fr> message;
    std::string word;
    while (words >> word && word != "=") append(message, word);
    std::vector<std::string> want, made;
    while (words >> word) want.push_back(word);
    for (const G1Affine& point : commit_message(message, cs, srs)) made.push_back(point_text(point));
    EXPECT_EQ(made, want) << "message of " << message.size();
    ++cases;
  }
  EXPECT_EQ(cases, 12u);
}

TEST(Commitments, TellMessagesApartButNotZerosAtTheEnd) {
  const Srs srs = Srs::open(EZKL_TEST_DATA "/modules/kzg7.srs", 7);
  const plonk::ConstraintSystem cs;
  const auto commit = [&](std::vector<std::int64_t> message) {
    std::vector<Fr> felts;
    for (const std::int64_t v : message) felts.push_back(Fr::from_i64(v));
    return commit_message(felts, cs, srs);
  };
  EXPECT_NE(commit({1, 2}), commit({2, 1}));
  EXPECT_NE(commit({1, 2}), commit({1, -2}));
  // A column is as long as the circuit: its tail is zero. The length of a message is in the settings.
  EXPECT_EQ(commit({1, 2}), commit({1, 2, 0}));
}

}  // namespace
}  // namespace ezkl
