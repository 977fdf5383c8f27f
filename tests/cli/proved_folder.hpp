#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "program.hpp"

/// A folder with a small model taken as far as its proof, made once for all tests of a suite.
class ProvedFolder : public ::testing::Test {
 protected:
  static void SetUpTestSuite();
  static void TearDownTestSuite();

  static Scratch& here() { return *here_; }
  static const Outcome& setup() { return setup_; }
  /// A run that succeeds.
  static Outcome ok(const std::vector<std::string>& arguments);
  /// A run that ends with an error of the command's.
  static Outcome refused(const std::vector<std::string>& arguments);

 private:
  static inline Scratch* here_ = nullptr;
  static inline Outcome setup_;
};
