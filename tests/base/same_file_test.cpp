#include "base/same_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <string>

#include "../temp_folder.hpp"
#include "base/files.hpp"
#include "ezkl/error.hpp"

namespace ezkl {
namespace {

namespace fs = std::filesystem;

/// What is said, or nothing.
std::string refusal(std::initializer_list<CallFile> outputs, std::initializer_list<CallFile> inputs) {
  try {
    refuse_same_file(outputs, inputs);
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), Fault::usage);
    return e.what();
  }
  return {};
}

class SameFile : public ::testing::Test {
 protected:
  SameFile() {
    write_file_atomically(here_ / "a", std::string_view("a"));
    write_file_atomically(here_ / "b", std::string_view("a"));
    fs::create_directory(here_ / "sub");
    fs::create_directory_symlink(here_ / "sub", here_ / "linked");
    fs::create_symlink("a", here_ / "to_a");
    fs::create_symlink("absent", here_ / "to_absent");
    fs::create_symlink("to_absent", here_ / "to_to_absent");
  }
  testing::TempFolder here_;
};

TEST_F(SameFile, OtherFilesPass) {
  const fs::path a = here_ / "a", b = here_ / "b", c = here_ / "c", sub = here_ / "sub" / "a";
  EXPECT_EQ(refusal({a, c, sub}, {b}), "");
  EXPECT_EQ(refusal({c}, {a, a}), "");
  const std::optional<fs::path> none;
  EXPECT_EQ(refusal({none, none, a}, {none, b}), "");
  const fs::path text = std::string(100'000, '['), empty;  // data in place of a path
  EXPECT_EQ(refusal({a}, {text, empty}), "");
}

TEST_F(SameFile, WaysToOneFileAreRefused) {
  const std::string here = here_.path().string(), name = here_.path().filename().string();
  const std::pair<std::string, std::string> ways[] = {{"/a", "/a"},
                                                      {"/a", "/./sub/../a"},
                                                      {"/c", "/c"},
                                                      {"/c", "/../" + name + "/c"},
                                                      {"/a", "/to_a"},
                                                      {"/absent", "/to_absent"},
                                                      {"/sub/c", "/linked/c"},
                                                      {"/none/c", "/none/./c"},
                                                      {"/to_absent", "/to_to_absent"}};
  for (const auto& [left, right] : ways) {
    const fs::path a = here + left, b = here + right, other = here + "/b";
    for (const auto& text : {refusal({a, b}, {}), refusal({b, a}, {}), refusal({a}, {other, b}),
                             refusal({other, b}, {a}), refusal({other, a, b}, {})}) {
      EXPECT_NE(text.find(a.string()), std::string::npos) << left << " " << right << ": " << text;
      EXPECT_NE(text.find(b.string()), std::string::npos) << left << " " << right << ": " << text;
    }
  }
}

TEST_F(SameFile, RelativeAndWholePathsAreCompared) {
  const fs::path before = fs::current_path();
  fs::current_path(here_.path());
  const fs::path relative = "c", whole = here_ / "c";
  EXPECT_NE(refusal({relative}, {whole}), "");
  fs::current_path(before);
}

TEST_F(SameFile, WhatHoldsNothingMayBeNamedTwice) {
  const fs::path null = "/dev/null", pipe = here_ / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_EQ(refusal({null, null, pipe}, {pipe, null}), "");
}

}  // namespace
}  // namespace ezkl
