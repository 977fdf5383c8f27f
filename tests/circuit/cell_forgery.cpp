#include "cell_forgery.hpp"

#include <algorithm>
#include <stdexcept>

namespace ezkl::test {

using plonk::ColumnKind;

CellForgery::CellForgery(const Bench& bench, CircuitWitness& witness)
    : bench_(bench), witness_(witness), n_(std::size_t{1} << bench.settings.run_args.logrows) {
  find_values();
  find_rows();
  honest_ = values_;
}

void CellForgery::find_values() {
  const auto& next = bench_.assembly.next;
  constexpr Place unseen = ~Place{0};
  leaders_.assign(next.size(), unseen);
  for (Place first = 0; first < next.size(); ++first) {
    if (leaders_[first] != unseen) continue;
    for (Place at = first; leaders_[at] == unseen; at = next[at]) {
      leaders_[at] = first;
      positions_[first].push_back(at);
    }
    for (const Place at : positions_[first]) {
      const plonk::Column column = column_of(at);
      const std::size_t row = at % n_;
      if (column.kind == ColumnKind::advice) values_[first] = witness_.columns()[column.index].at(row);
      // What no gate reads stands in the instance column alone.
      const auto& shown = witness_.instances()[0];
      if (column.kind == ColumnKind::instance && row < shown.size()) values_.try_emplace(first, shown[row]);
      if (column.kind != ColumnKind::fixed) continue;
      fixed_.insert(first);
      values_[first] = bench_.assembly.fixed[column.index].at(row);
    }
  }
}

CellForgery::Place CellForgery::place_of(const plonk::Column& column, std::size_t row) const {
  const auto& columns = bench_.circuit.cs.permutation;
  const auto at = std::find(columns.begin(), columns.end(), column);
  if (at == columns.end()) throw std::runtime_error("a column without copies");
  return leaders_.at(std::size_t(at - columns.begin()) * n_ + row);
}

void CellForgery::find_rows() {
  const CircuitColumns& columns = bench_.circuit.columns;
  const auto& [in_a, in_b, out] = columns.model;
  const Fr one = Fr::one();
  std::set<Place> met;
  for (std::size_t row = 0; row < columns.usable_rows; ++row) {
    for (const auto& [gate, selector] : columns.base) {
      if (!bench_.assembly.selectors[selector].get(row)) continue;
      const auto& [op, block, inner] = gate;
      Row found;
      found.result = place_of(out[block][inner], row);
      if (op == BaseOp::dot || op == BaseOp::sum) {
        found.terms.push_back({one, place_of(out[block][0], row - 1), std::nullopt});
      }
      const bool elementwise = op == BaseOp::add || op == BaseOp::sub || op == BaseOp::mult;
      for (std::size_t j = elementwise ? inner : 0; j < (elementwise ? inner + 1 : columns.width); ++j) {
        const Place a = place_of(in_a[block][j], row), b = place_of(in_b[block][j], row);
        if (op == BaseOp::mult || op == BaseOp::dot || op == BaseOp::dot_init) {
          found.terms.push_back({one, a, b});
        } else {
          if (elementwise) found.terms.push_back({one, a, std::nullopt});
          found.terms.push_back({op == BaseOp::sub ? -one : one, b, std::nullopt});
        }
      }
      for (const Term& term : found.terms) {
        met.insert(term.value);
        if (term.times) met.insert(*term.times);
      }
      met.insert(found.result);
      rows_.push_back(std::move(found));
    }
  }
  for (const Place place : met) {
    if (fixed_.count(place) == 0) places_.push_back(place);
  }
}

std::vector<CellForgery::Place> CellForgery::holding(const Fr& value) const {
  std::vector<Place> out;
  for (const Place place : places_) {
    if (values_.at(place) == value) out.push_back(place);
  }
  return out;
}

CellForgery::Place CellForgery::shown(std::size_t i) const { return place_of(bench_.circuit.columns.instance, i); }

std::vector<plonk::Cell> CellForgery::cells(Place place) const {
  std::vector<plonk::Cell> out;
  for (const Place at : positions_.at(place)) {
    if (column_of(at).kind == ColumnKind::advice) out.push_back({column_of(at), std::uint32_t(at % n_)});
  }
  return out;
}

void CellForgery::pin(Place place) {
  fixed_.insert(place);
  std::erase(places_, place);
}

void CellForgery::set(Place place, const Fr& value) {
  values_[place] = value;
  set_.insert(place);
}

Fr CellForgery::sum_of(const Row& row) const {
  Fr sum = Fr::zero();
  for (const Term& term : row.terms) {
    sum += term.factor * values_.at(term.value) * (term.times ? values_.at(*term.times) : Fr::one());
  }
  return sum;
}

void CellForgery::change_an_operand(const Row& row, const Fr& by) {
  for (std::size_t i = row.terms.size(); i-- > 0;) {
    const Term& term = row.terms[i];
    if (!term.times) {
      if (!is_free(term.value)) continue;
      return set(term.value, values_.at(term.value) + by * term.factor.inverse());
    }
    if (*term.times == term.value) continue;
    for (const auto& [moved, other] : {std::pair(term.value, *term.times), std::pair(*term.times, term.value)}) {
      const Fr& factor = values_.at(other);
      if (!is_free(moved) || factor.is_zero()) continue;
      return set(moved, values_.at(moved) + by * factor.inverse());
    }
  }
}

void CellForgery::follow() {
  for (int pass = 0; pass < 4; ++pass) {
    for (const Row& row : rows_) {
      const Fr sum = sum_of(row), off = values_.at(row.result) - sum;
      if (off.is_zero()) continue;
      if (is_free(row.result)) {
        set(row.result, sum);
      } else {
        change_an_operand(row, off);
      }
    }
  }
}

std::vector<plonk::ColumnValues> CellForgery::columns() const {
  std::vector<plonk::ColumnValues> out = witness_.columns();
  for (const Place place : set_) {
    for (const plonk::Cell& cell : cells(place)) out[cell.column.index].set(cell.row, values_.at(place));
  }
  return out;
}

std::vector<std::vector<Fr>> CellForgery::instances() const {
  std::vector<std::vector<Fr>> out = witness_.instances();
  for (std::size_t i = 0; i < out[0].size(); ++i) out[0][i] = values_.at(shown(i));
  return out;
}

bool CellForgery::shows_another_output() const { return instances() != witness_.instances(); }

std::vector<plonk::MockFailure> CellForgery::mock() const {
  return plonk::mock_check(
      bench_.circuit.cs, bench_.settings.run_args.logrows, bench_.assembly, columns(), instances(), {},
      [&](const plonk::Cell& cell) { return witness_.where(cell); }, 3);
}

void CellForgery::restore() {
  values_ = honest_;
  set_.clear();
}

}  // namespace ezkl::test
