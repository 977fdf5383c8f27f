#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "plonk/constraint_system.hpp"
#include "plonk/program.hpp"

namespace ezkl::plonk {

/// What one lookup argument needs between the challenges theta and beta.
struct LookupWitness {
  std::size_t table = 0;                         ///< position in LookupTables::tables
  std::vector<std::vector<std::uint32_t>> rows;  ///< per input tuple and usable row: a table row with the same value
  ColumnValues multiplicity;
};

/// Arguments often look into the same table, so tables are compressed and indexed once each.
struct LookupTables {
  std::vector<std::vector<Fr>> tables;  ///< compressed values of the usable rows
  std::vector<LookupWitness> arguments;
};

/// Finds every lookup input in its table and counts (docs/spec/proof-protocol.md 6.3). The count stands on the first
/// table row that holds a value. Rows from `usable` on are in no constraint of m: they are left 0 here.
/// `fetch` gives rows of the circuit for the slots of `names`; `n` rows in all.
/// errors: Fault::unsatisfied when a value is not in its table; with `forging`, it is taken for the one on row 0.
LookupTables find_lookups(const std::vector<LookupArgument>& arguments, std::size_t n, std::size_t usable,
                          const Fr& theta, const LeafNames& names, const Program::Fetch& fetch, bool forging = false);

/// 1 / (table + beta), row by row.
std::vector<Fr> inverse_table(std::span<const Fr> table, const Fr& beta);

/// The running sum phi of one argument over all rows; rows beyond `usable` are random. Returns what the sum ends with: 0
/// where all values are in the table.
Fr running_sum(const LookupWitness& witness, std::span<const Fr> inverse, std::size_t usable, Random& random,
                 std::span<Fr> phi);

/// The text by which a table is named in messages.
std::string table_name(const std::vector<Expression>& table);

}  // namespace ezkl::plonk
