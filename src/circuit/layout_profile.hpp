#pragma once

#include <cstdint>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

#include "circuit/settings.hpp"
#include "graph/claims/claims.hpp"

namespace ezkl::circuit {

/// How many sums of a kind there are, by their number of terms.
using Lengths = std::map<std::size_t, std::uint64_t>;

/// What claims take whatever the width is: single cells, and sums, whose rows follow from the width.
struct PlainCells {
  std::uint64_t cells = 0;
  Lengths dots, sums;
  Lengths units;  ///< sums of plain terms, laid out as additions or as sums
  /// Linear expressions by (terms with a factor other than ±1, other terms, a constant).
  std::map<std::tuple<std::size_t, std::size_t, bool>, std::uint64_t> linear;
};

/// A product of matrices, by either way of checking it.
struct ProductCells {
  std::size_t m = 0, n = 0, k = 0, groups = 0;
  PlainCells plain;
  std::uint64_t constants = 0;  ///< first used here, which combinations need not use
};

class Tape;
class Walker;

/// What a circuit has beside the rows of its model.
struct LayoutFacts {
  std::size_t constants = 0;
  std::size_t dynamic_rows = 0, longest_dynamic = 0, num_dynamic = 0;
  std::size_t num_shuffles = 0, shuffle_rows = 0;
  std::vector<LookupOp> tables;  ///< sorted
  std::vector<std::size_t> committed;
  std::size_t hashes = 0, hash_rows = 0, instances = 0;
};

/// After the walk.
LayoutFacts layout_facts(const Tape& tape, const Walker& walker);

/// What one walk over a record finds out about its layout: enough to tell for any width, any range checks and any
/// number of rows what the circuit takes at least.
struct LayoutProfile : LayoutFacts {
  PlainCells plain;
  std::vector<ProductCells> products;
  std::vector<std::uint64_t> checked;  ///< by claim: values of a range claim that are no constants
};

/// `args`: those of the circuit; which of its widths and digits they name makes no difference.
/// errors: Fault::unsatisfied for claims that no value satisfies, Fault::range beyond 2^31 values.
LayoutProfile layout_profile(const claims::Record& record, const RunArgs& args);

/// Whether a profile of one record is that of the other: they differ in the bounds of range claims only.
bool same_layout(const claims::Record& a, const claims::Record& b);

}  // namespace ezkl::circuit
