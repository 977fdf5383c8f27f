#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <tuple>
#include <vector>

#include "circuit/settings.hpp"
#include "plonk/constraint_system.hpp"

namespace ezkl {

/// Advice columns of one role: [block][inner column].
using ColumnBlocks = std::vector<std::vector<plonk::Column>>;
/// Number of a selector in the constraint system.
using SelectorIndex = std::uint32_t;
/// One selector per place: [block][inner column].
using SelectorBlocks = std::vector<std::vector<SelectorIndex>>;

/// Base gates in the order in which they are created. With a, b the inputs and o the output of a row, j its inner
/// columns, o' the output (inner column 0) of the row above:
enum class BaseOp : std::uint8_t {
  dot,           ///< o = o' + sum_j a_j b_j
  dot_init,      ///< o = sum_j a_j b_j
  cumprod_init,  ///< o = prod_j b_j
  cumprod,       ///< o = o' prod_j b_j
  add,           ///< o_j = a_j + b_j
  mult,          ///< o_j = a_j b_j
  sub,           ///< o_j = a_j - b_j
  sum_init,      ///< o = sum_j b_j
  sum,           ///< o = o' + sum_j b_j
};

/// The place of a base gate: operation, block and inner column (0 for the accumulating operations).
using BaseGate = std::tuple<BaseOp, std::size_t, std::size_t>;

/// A static lookup or a range check: table columns and the selectors that send a cell there.
/// Column i holds the values low + i * col_size + row (and their images in outputs[i]), times multipliers[i].
struct StaticTable {
  LookupOp op;                            ///< empty name for a range check
  std::vector<plonk::Column> inputs;      ///< fixed columns; all lookups share theirs
  std::vector<plonk::Column> outputs;     ///< fixed columns; empty for a range check
  Int128 low = 0, high = 0;
  std::size_t col_size = 0;
  std::vector<Fr> multipliers;            ///< value of column i's chunk polynomial at i
  SelectorBlocks selectors;               ///< input in V0, chunk number in V1, output in V2
};

/// Selectors of lookups against advice columns, for one kind (dynamic lookups or shuffles).
struct DynamicSelectors {
  std::vector<SelectorIndex> table;      ///< per block of the dynamic tables
  std::vector<SelectorBlocks> input;     ///< [block of the tables][model block][inner column]
};

/// Columns of the hash: width 2, two partial rounds a row.
struct PoseidonColumns {
  std::array<plonk::Column, 2> state;
  plonk::Column partial_sbox;
  std::array<plonk::Column, 2> constants_a, constants_b;
  SelectorIndex full = 0, partial = 0, pad = 0;
  bool public_hash = false;
};

/// Which columns a Freivalds contraction reads and writes.
enum class FreivaldsPattern : std::uint8_t {
  one_first,     ///< I00 -> O0
  one_second,    ///< I10 -> O1
  both_first,    ///< I00, I01 -> O0
  mixed,         ///< I00, I10 -> O1
  both_second,   ///< I10, I11 -> O1
};

struct FreivaldsColumns {
  std::array<std::array<ColumnBlocks, 2>, 2> inputs;  ///< [phase][slot]
  std::array<ColumnBlocks, 2> outputs;                ///< [phase]
  /// (operation, pattern, block, inner column)
  std::map<std::tuple<BaseOp, FreivaldsPattern, std::size_t, std::size_t>, SelectorIndex> contraction;
  /// Random linear combination with one challenge: the run's first row and the rows after it.
  struct Combination {
    std::uint32_t challenge = 0;
    struct Pair {
      SelectorIndex init = 0, accumulate = 0;
    };
    std::array<std::vector<Pair>, 2> selectors;  ///< [phase of the input, I00 or I10][block]
  };
  std::vector<Combination> combinations;
  std::size_t capacity = 0;  ///< cells that the settings ask for
};

/// Everything of a constraint system that a layouter has to name.
struct CircuitColumns {
  unsigned logrows = 0;
  std::size_t usable_rows = 0;  ///< rows 0 .. usable_rows - 1 may hold values
  std::size_t width = 0;        ///< inner columns of the model blocks
  std::vector<ColumnBlocks> polycommit;    ///< per committed message: blocks of one column
  std::array<ColumnBlocks, 3> model;       ///< V0, V1 inputs, V2 output
  std::map<BaseGate, SelectorIndex> base;
  std::vector<StaticTable> lookups;        ///< in the order of required_lookups, repeated ones left out
  std::vector<StaticTable> range_checks;   ///< in the order of required_range_checks
  std::array<ColumnBlocks, 3> dynamic;     ///< T0, T1, T2, blocks of one column; empty when not needed
  DynamicSelectors dynamic_lookups, shuffles;
  std::vector<plonk::Column> constants;    ///< as cs.constants: the hash's b0 comes last
  std::vector<PoseidonColumns> poseidon;   ///< none or one
  plonk::Column instance;
  std::vector<FreivaldsColumns> freivalds; ///< none or one
};

}  // namespace ezkl
