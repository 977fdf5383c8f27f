#include "artifact/split_file.hpp"

#include <gtest/gtest.h>

#include "ezkl/error.hpp"

namespace ezkl {
namespace {

SplitFile sample() {
  SplitFile out;
  out.link = Visibility::Kind::polycommit;
  out.parts = {"part-1", "part-2", "part-3"};
  out.links = {{{"relu \"1\"", {1, 16}, 7, "F32"}, {"mask", {}, 0, "Bool"}}, {{"y", {4}, -2, "F16"}}};
  return out;
}

void expect_refused(const std::string& from, const std::string& to, const std::string& phrase,
                    Fault fault = Fault::format) {
  std::string text = split_text(sample());
  const std::size_t at = text.find(from);
  ASSERT_NE(at, std::string::npos) << from;
  text.replace(at, from.size(), to);
  try {
    parse_split(text, "split.json");
    ADD_FAILURE() << "accepted: " << text;
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), fault) << e.what();
    EXPECT_NE(std::string(e.what()).find(phrase), std::string::npos) << e.what();
  }
}

TEST(SplitFile, IsReadAsWritten) {
  const SplitFile read = parse_split(split_text(sample()), "split.json");
  EXPECT_EQ(read.link, sample().link);
  EXPECT_EQ(read.parts, sample().parts);
  EXPECT_EQ(read.links, sample().links);
}

TEST(SplitFile, HostileFilesAreRefused) {
  expect_refused("\"format\":1", "\"format\":2", "format 2", Fault::unsupported);
  expect_refused("\"polycommit\"", "\"private\"", "'private' links nothing");
  expect_refused("\"part-2\"", "\"part-1\"", "listed twice");
  expect_refused("\"part-2\"", "\"../part-2\"", "'../part-2'");
  expect_refused("\"part-2\"", "\"/etc\"", "'/etc'");
  expect_refused("\"part-2\"", "\"\"", "''");
  expect_refused(",\"part-3\"", "", "2 parts have 1 links between them, 2 are listed");
  expect_refused(",\"part-2\",\"part-3\"", "", "at least two");
  expect_refused(",[{\"name\":\"y\",\"shape\":[4],\"scale\":-2,\"type\":\"F16\"}]", "", "1 are listed");
  expect_refused("{\"name\":\"y\",\"shape\":[4],\"scale\":-2,\"type\":\"F16\"}", "",
                 "nothing passes from part-2 to part-3");
  expect_refused("[1,16]", "[1,-16]", "shape");
  expect_refused("[1,16]", "[4294967296,4294967296]", "shape");
  expect_refused("\"scale\":7", "\"scale\":7.5", "scale");
  expect_refused("\"scale\":7", "\"scale\":-1001", "scale -1001, expected -1000 to 1000");
  expect_refused("\"name\":\"mask\",", "", "missing field `name`");
}

}  // namespace
}  // namespace ezkl
