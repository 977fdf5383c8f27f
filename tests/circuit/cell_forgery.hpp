#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "circuit_bench.hpp"

namespace ezkl::test {

/// The cells of a run, for provers that write what they like: a value is changed in all cells that copies join to it,
/// the shown ones included, so that no copy constraint notices. Values are field elements, not only integers.
class CellForgery {
 public:
  /// A value of the circuit, named by one of its cells (a position in the permutation).
  using Place = std::uint32_t;

  /// `witness` has run honestly; both outlive the object.
  CellForgery(const Bench& bench, CircuitWitness& witness);

  /// The values in cells of gates, those left out that the circuit fixes.
  const std::vector<Place>& places() const { return places_; }
  const Fr& value(Place place) const { return values_.at(place); }
  /// The places that hold a value.
  std::vector<Place> holding(const Fr& value) const;
  /// The value that instance number `i` shows.
  Place shown(std::size_t i) const;
  /// The advice cells of a value.
  std::vector<plonk::Cell> cells(Place place) const;

  /// Takes a value as given: it is none that the prover may choose.
  void pin(Place place);
  void set(Place place, const Fr& value);
  /// Makes the gates hold again that add and multiply: a broken one gets another result, or where that was set already
  /// another last operand. What still does not hold then is for the mock to tell.
  void follow();
  std::vector<plonk::MockFailure> mock() const;
  bool shows_another_output() const;
  void restore();

  std::vector<plonk::ColumnValues> columns() const;
  std::vector<std::vector<Fr>> instances() const;

 private:
  struct Term {
    Fr factor;
    Place value = 0;
    std::optional<Place> times;
  };
  struct Row {
    std::vector<Term> terms;
    Place result = 0;
  };

  plonk::Column column_of(Place position) const { return bench_.circuit.cs.permutation[position / n_]; }
  Place place_of(const plonk::Column& column, std::size_t row) const;
  void find_values();
  void find_rows();
  bool is_free(Place place) const { return fixed_.count(place) == 0 && set_.count(place) == 0; }
  Fr sum_of(const Row& row) const;
  void change_an_operand(const Row& row, const Fr& by);

  const Bench& bench_;
  CircuitWitness& witness_;
  std::size_t n_;
  std::vector<Place> leaders_;                     ///< of each position
  std::map<Place, std::vector<Place>> positions_;  ///< by leader
  std::map<Place, Fr> values_, honest_;
  std::set<Place> fixed_, set_;
  std::vector<Place> places_;
  std::vector<Row> rows_;
};

}  // namespace ezkl::test
