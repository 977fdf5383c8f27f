#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "plonk/mock.hpp"
#include "plonk/verifier.hpp"

namespace ezkl::test {

/// What was tried, claim by claim, and what refused it: one table, printed when all tests have run. An attack that is
/// accepted is a failure of its test.
class AttackTable : public ::testing::Environment {
 public:
  /// `by` is what refused the attack; empty: it was accepted.
  void add(const std::string& claim, const std::string& attack, const std::string& by);
  void TearDown() override;

 private:
  struct Row {
    std::size_t tried = 0, accepted = 0;
    std::map<std::string, std::size_t> refused_by;
  };
  std::vector<std::pair<std::string, std::string>> order_;
  std::map<std::pair<std::string, std::string>, Row> rows_;
};

/// The one of this program.
AttackTable& table();

/// What refused, without its figures: "gate", "lookup", ...; empty for none.
std::string kind_of(const std::vector<plonk::MockFailure>& failures);
std::string reason_of(const plonk::Verdict& verdict);

}  // namespace ezkl::test
