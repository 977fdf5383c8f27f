#include "attack_table.hpp"

#include <cstdio>

namespace ezkl::test {

void AttackTable::add(const std::string& claim, const std::string& attack, const std::string& by) {
  const auto key = std::pair(claim, attack);
  if (rows_.count(key) == 0) order_.push_back(key);
  Row& row = rows_[key];
  ++row.tried;
  if (by.empty()) {
    ++row.accepted;
    ADD_FAILURE() << claim << ": " << attack << " was accepted";
  } else {
    ++row.refused_by[by];
  }
}

void AttackTable::TearDown() {
  std::printf("\n| claim | attack | tried | verdict | refused by |\n|---|---|---|---|---|\n");
  std::size_t tried = 0, accepted = 0;
  for (const auto& key : order_) {
    const Row& row = rows_[key];
    tried += row.tried;
    accepted += row.accepted;
    std::string by;
    for (const auto& [what, count] : row.refused_by) {
      by += (by.empty() ? "" : ", ") + what + " " + std::to_string(count);
    }
    const std::string verdict = row.accepted == 0 ? "refused" : "ACCEPTED " + std::to_string(row.accepted);
    std::printf("| %s | %s | %zu | %s | %s |\n", key.first.c_str(), key.second.c_str(), row.tried, verdict.c_str(),
                by.c_str());
  }
  std::printf("\n%zu attacks in %zu rows, %zu accepted\n", tried, order_.size(), accepted);
}

AttackTable& table() {
  static auto* const the_table = new AttackTable;  // GoogleTest owns environments
  return *the_table;
}

/// "gate ADD" is a gate, "lookup fixed[3][0]" a lookup.
std::string kind_of(const std::vector<plonk::MockFailure>& failures) {
  if (failures.empty()) return "";
  return failures[0].constraint.substr(0, failures[0].constraint.find(' '));
}

std::string reason_of(const plonk::Verdict& verdict) {
  if (verdict.accepted) return "";
  const std::string reason = verdict.reason.substr(0, verdict.reason.find_first_of(":;,("));
  return "verifier (" + reason + ")";
}

}  // namespace ezkl::test
