#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "plonk/column.hpp"
#include "plonk/expression.hpp"

namespace ezkl::plonk {

struct Query {
  Column column;
  std::int32_t rotation = 0;
  bool operator==(const Query&) const = default;
};

struct Gate {
  std::string name;
  std::vector<Expression> polynomials;
};

/// All lookups into one table, before they are cut into arguments.
struct LookupEntry {
  std::vector<Expression> table;
  std::vector<std::vector<Expression>> inputs;  ///< one tuple a lookup call, in call order
};

/// One logUp argument: input tuples f_1..f_s and a table tuple t.
struct LookupArgument {
  std::vector<Expression> table;
  std::vector<std::vector<Expression>> inputs;
};

struct ShuffleArgument {
  std::vector<Expression> input;
  std::vector<Expression> shuffle;
};

/// The shape of a circuit: columns, queries, gates, lookups. Built once, in an order that the key digest sees.
class ConstraintSystem {
 public:
  Column advice_column(std::uint8_t phase = 0, bool unblinded = false);
  Column fixed_column();
  Column instance_column();
  /// A simple selector may only multiply a whole gate polynomial; a complex one may stand in lookups.
  Expression selector(bool simple = true);
  Expression challenge(std::uint8_t after_phase = 0);

  /// The cell of `column`, `rotation` rows away; registers the query on first use.
  Expression query(const Column& column, std::int32_t rotation = 0);
  void enable_equality(const Column& column);
  void enable_constant(const Column& column);
  void gate(std::string name, std::vector<Expression> polynomials);
  void lookup(std::vector<Expression> inputs, std::vector<Expression> table);
  void shuffle(std::vector<Expression> input, std::vector<Expression> shuffle);

  /// max(3, largest number of distinct rotations of an advice column) + 2.
  unsigned blinding_factors() const;
  /// Rows that may hold values: n - blinding_factors - 1.
  std::size_t usable_rows(unsigned k) const { return (std::size_t{1} << k) - blinding_factors() - 1; }

  std::uint32_t num_advice = 0, num_fixed = 0, num_instance = 0, num_selectors = 0, num_challenges = 0;
  std::vector<std::uint8_t> advice_phase, challenge_phase;
  std::vector<bool> unblinded;        ///< per advice column
  std::vector<bool> simple_selector;  ///< per selector
  std::vector<Query> advice_queries, fixed_queries, instance_queries;
  std::vector<std::uint32_t> advice_rotations;  ///< number of distinct rotations per advice column
  std::vector<Column> permutation;              ///< columns under equality, in enabling order
  std::vector<Column> constants;
  std::vector<Gate> gates;
  std::map<std::string, LookupEntry> lookups;  ///< by table identifier, byte order
  std::vector<ShuffleArgument> shuffles;
  std::optional<unsigned> minimum_degree;

 private:
  std::map<std::pair<Column, std::int32_t>, std::size_t> query_positions_;
};

/// A constraint system after its lookups were cut into arguments and its selectors became fixed columns: what keys,
/// provers and verifiers work with (docs/spec/proof-protocol.md 4 and 6).
struct FinalSystem {
  ConstraintSystem cs;  ///< num_fixed, fixed_queries, gates as after resolution; `lookups` still the uncut map
  std::vector<Expression> gates;          ///< every gate polynomial, in order
  std::vector<LookupArgument> arguments;  ///< after cutting, selectors resolved
  std::vector<ShuffleArgument> shuffles;
  unsigned degree = 3;
  unsigned selectors_in_digest = 0;  ///< num_selectors as the digest prints it (0 without compression)
  /// The fixed columns that came from selectors: values of column first_selector_column + i. Each is a combination of
  /// selectors: member number t (1, 2, …) writes the value t on its active rows.
  std::uint32_t first_selector_column = 0;
  std::vector<std::vector<std::uint32_t>> combinations;  ///< selector indices per new column, in member order

  unsigned quotient_pieces() const { return degree - 1; }
  unsigned permutation_chunk() const { return degree - 2; }
  std::size_t permutation_sets() const {
    return (cs.permutation.size() + permutation_chunk() - 1) / permutation_chunk();
  }
};

/// errors: Fault::internal when `selectors` has another length than cs.num_selectors.
FinalSystem resolve(const ConstraintSystem& cs, const std::vector<SelectorBits>& selectors, bool compress);

}  // namespace ezkl::plonk
