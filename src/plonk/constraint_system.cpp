#include "plonk/constraint_system.hpp"

#include <algorithm>

#include "base/ensure.hpp"

namespace ezkl::plonk {

Column ConstraintSystem::advice_column(std::uint8_t phase, bool is_unblinded) {
  const Column column{ColumnKind::advice, num_advice++, phase};
  advice_phase.push_back(phase);
  unblinded.push_back(is_unblinded);
  advice_rotations.push_back(0);
  return column;
}

Column ConstraintSystem::fixed_column() { return {ColumnKind::fixed, num_fixed++, 0}; }

Column ConstraintSystem::instance_column() { return {ColumnKind::instance, num_instance++, 0}; }

Expression ConstraintSystem::selector(bool simple) {
  simple_selector.push_back(simple);
  return Expression::selector(num_selectors++, simple);
}

Expression ConstraintSystem::challenge(std::uint8_t after_phase) {
  challenge_phase.push_back(after_phase);
  return Expression::challenge(num_challenges++, after_phase);
}

Expression ConstraintSystem::query(const Column& column, std::int32_t rotation) {
  std::vector<Query>* list = &advice_queries;
  if (column.kind == ColumnKind::fixed) list = &fixed_queries;
  if (column.kind == ColumnKind::instance) list = &instance_queries;
  const auto [place, is_new] = query_positions_.try_emplace({column, rotation}, list->size());
  if (is_new) {
    list->push_back({column, rotation});
    if (column.kind == ColumnKind::advice) ++advice_rotations.at(column.index);
  }
  return Expression::query(column, static_cast<std::uint32_t>(place->second), rotation);
}

void ConstraintSystem::enable_equality(const Column& column) {
  // Whatever is in the permutation was queried.
  const bool fresh = query_positions_.count({column, 0}) == 0;
  query(column, 0);
  if (fresh || std::find(permutation.begin(), permutation.end(), column) == permutation.end()) {
    permutation.push_back(column);
  }
}

void ConstraintSystem::enable_constant(const Column& column) {
  EZKL_ENSURE(column.kind == ColumnKind::fixed, "constants live in fixed columns only");
  if (std::find(constants.begin(), constants.end(), column) != constants.end()) return;
  constants.push_back(column);
  enable_equality(column);
}

void ConstraintSystem::gate(std::string name, std::vector<Expression> polynomials) {
  gates.push_back({std::move(name), std::move(polynomials)});
}

void ConstraintSystem::lookup(std::vector<Expression> inputs, std::vector<Expression> table) {
  EZKL_ENSURE(!table.empty() && inputs.size() == table.size(), "a lookup needs as many inputs as table expressions");
  std::string key;
  for (const auto& expression : table) key += expression.identifier();
  auto& entry = lookups[key];
  if (entry.table.empty()) entry.table = std::move(table);
  entry.inputs.push_back(std::move(inputs));
}

void ConstraintSystem::shuffle(std::vector<Expression> input, std::vector<Expression> shuffled) {
  EZKL_ENSURE(!input.empty() && input.size() == shuffled.size(), "a shuffle needs equally long tuples");
  shuffles.push_back({std::move(input), std::move(shuffled)});
}

unsigned ConstraintSystem::blinding_factors() const {
  const auto most = std::max_element(advice_rotations.begin(), advice_rotations.end());
  return std::max(3u, most == advice_rotations.end() ? 0u : static_cast<unsigned>(*most)) + 2;
}

}  // namespace ezkl::plonk
