#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "circuit/columns.hpp"
#include "circuit/layout_profile.hpp"
#include "circuit/settings.hpp"
#include "field/fr.hpp"
#include "graph/claims/claims.hpp"
#include "plonk/constraint_system.hpp"
#include "plonk/keys.hpp"

namespace ezkl::circuit {

/// One value of the circuit: it stands in as many cells as need it, all joined by copies to the cell where it was put
/// first. The top bit marks constants.
using Var = std::uint32_t;

/// The measures that follow from settings.json alone.
struct Geometry {
  explicit Geometry(const GraphSettings& settings);
  std::size_t n = 0;           ///< rows
  std::size_t usable = 0;      ///< rows that may hold values
  std::size_t table_rows = 0;  ///< values one table column holds
  std::size_t width = 0;       ///< inner columns
  std::size_t blocks = 0;      ///< model blocks
  std::size_t dynamic_blocks = 0;
  std::size_t constant_columns = 0;
};

/// A model cell: `group` is block · width + inner column.
struct At {
  std::uint32_t group = 0;
  std::uint32_t row = 0;
};

/// What a walk over the claims used.
struct Usage {
  std::uint64_t rows = 0;
  std::size_t constants = 0;
  std::size_t dynamic_rows = 0, longest_dynamic = 0, num_dynamic = 0;
  std::size_t shuffle_rows = 0, num_shuffles = 0;
  std::vector<bool> tables, ranges;  ///< which of the settings' tables and range checks are used
};

/// Writes gates row by row. The same calls count cells, build a key or fill a witness, depending on what is attached;
/// where cells go never depends on it.
class Tape {
 public:
  static constexpr Var constant_bit = Var{1} << 31;

  /// `open`: nothing is short; tables and columns that the settings lack are added and counted.
  Tape(const GraphSettings& settings, bool open);
  /// Cells of a key: copies, selectors and constants go to `assembly` (of its final size, without `next`).
  void attach_keys(const plonk::ConstraintSystem& cs, const CircuitColumns& columns, plonk::Assembly& assembly);
  /// Cells of a witness: one entry of `advice` per advice column, each of n rows.
  void attach_witness(const plonk::ConstraintSystem& cs, const CircuitColumns& columns,
                      std::span<plonk::ColumnValues> advice);
  /// Counts for all widths, range checks and numbers of rows at once. `profile` must outlive the walk.
  void profile(LayoutProfile& profile) {
    profile_ = &profile;
    cells_ = &profile.plain;
  }
  /// Sums are worked out modulo the field's prime: what a witness with field elements needs, and integers, whose sums
  /// stay within 127 bits, do not.
  void sum_in_field() { sums_in_field_ = true; }
  bool sums_in_field() const { return sums_in_field_; }
  /// Checks what could not be placed where it stood, then hands the copies over to the assembly.
  void finish();

  const Geometry& geometry() const { return geometry_; }
  const GraphSettings& settings() const { return settings_; }
  const CircuitColumns& columns() const { return *columns_; }
  bool keys() const { return assembly_ != nullptr; }
  bool witness() const { return witness_; }
  bool open() const { return open_; }
  /// Null unless all widths are counted at once: where cells are counted, and the whole.
  PlainCells* profiled_cells() const { return cells_; }
  LayoutProfile* profiled() const { return profile_; }
  /// What is counted from here on belongs to `product`, or (null) to no product.
  void count_for(ProductCells* product) { cells_ = product != nullptr ? &product->plain : &profile_->plain; }
  /// Whether columns are known: with keys or a witness.
  bool attached() const { return columns_ != nullptr; }
  Usage usage() const;
  std::size_t constants_used() const { return constants_used_; }

  /// The node whose cells follow, for messages.
  void at_node(std::uint32_t node) { node_ = node; }
  std::uint32_t node() const { return node_; }
  /// Which node's cells stand on which rows of the model columns, counted through all blocks: (first row, node).
  using RowNodes = std::vector<std::pair<std::uint64_t, std::uint32_t>>;
  const RowNodes& row_nodes() const { return nodes_; }
  /// How many values each node, by its number, looks up in a function table or checks in a range.
  const std::vector<std::uint64_t>& node_lookups() const { return node_lookups_; }

  // --- values ----------------------------------------------------------------------------------------------------
  static bool is_constant(Var v) { return (v & constant_bit) != 0; }
  Var constant(Int128 value);
  Var constant(const Fr& value);
  /// Of a constant that is an integer.
  Int128 constant_value(Var v) const { return constants_[v & ~constant_bit].value; }
  Var zero() const { return zero_; }
  bool is(Var v, Int128 value) const { return is_constant(v) && constant_value(v) == value; }
  /// A new value; `value` only counts with a witness.
  Var fresh(Int128 value = 0);
  Var fresh(const Fr& value);
  /// `count` new values in a row; `values` may be empty without a witness.
  Var fresh_block(std::size_t count, std::span<const Int128> values);
  /// With a witness, or of a constant. Of a field element the low bits: nothing that is asked for its number has one
  /// where the claims hold.
  Int128 value(Var v) const;
  Fr felt(Var v) const;

  /// A sum on the way, kept only with a witness.
  struct Sum {
    Int128 integer = 0;
    Fr felt;  ///< in place of `integer` where sums are in the field
  };
  void add_to(Sum& sum, Var v, Int128 coefficient = 1) const;
  void add_to(Sum& sum, Int128 constant) const;
  void add_product_to(Sum& sum, Var a, Var b) const;
  Var fresh(const Sum& sum) { return sums_in_field_ ? fresh(sum.felt) : fresh(sum.integer); }
  bool placed(Var v) const { return is_constant(v) || places_[v] != unplaced; }
  bool pending(Var v) const { return !is_constant(v) && pending_[v] != 0; }

  // --- gates: every operand is copied into its cell, or stands there if it has no cell yet ---------------------------
  void add(Var a, Var b, Var out);
  void sub(Var a, Var b, Var out);
  void mult(Var a, Var b, Var out);
  /// x · inverse = out, for an inverse that occurs nowhere else.
  void mult_inverse(Var x, const Fr& inverse, Var out);
  /// Σ a_i · b_i = out; at least one product.
  void dot(std::span<const Var> a, std::span<const Var> b, Var out);
  /// Σ a_i = out; at least one term.
  void sum(std::span<const Var> a, Var out);
  void lookup(std::size_t table, Var key, Var out);
  /// The value lies in a range check's range. Where it can be, the check is made in a cell that the value gets anyway.
  void need_range(Var x, std::size_t range);
  /// Makes two values one.
  void equal(Var a, Var b);

  // --- where only cells are counted ---------------------------------------------------------------------------------
  /// mult or dot of so many products, without its operands.
  void count_product(std::size_t terms, Var out);
  /// That a value stands in a cell where its range check can be made.
  void count_use(Var v);

  // --- cells for gates that are built elsewhere ----------------------------------------------------------------------
  At next_cell();
  void use(unsigned operand, const At& at, Var v);  ///< operand 0, 1, 2: V0, V1, V2
  void use_at(const plonk::Column& column, std::size_t row, Var v);
  void write_at(const plonk::Column& column, std::size_t row, const Fr& value);  ///< a value that occurs nowhere else
  void copy_at(const plonk::Column& a, std::size_t row_a, const plonk::Column& b, std::size_t row_b);
  void select(std::uint32_t selector, std::size_t row);
  /// A run of `length` rows in one block of T0..T2: its block and first row. `shuffle` says for which kind it counts.
  std::pair<std::uint32_t, std::uint32_t> dynamic_rows(std::size_t length, bool shuffle);

  // --- tables --------------------------------------------------------------------------------------------------------
  struct Range {
    Int128 lo = 0, hi = 0;
    std::size_t chunks = 1;
  };
  std::span<const Range> ranges() const { return ranges_; }
  /// errors: Fault::range when the settings have no such table.
  std::size_t table_index(const LookupOp& op);
  std::span<const LookupOp> tables() const { return tables_; }

 private:
  static constexpr std::uint32_t unplaced = ~std::uint32_t{0};
  struct Constant {
    Int128 value = 0;
    std::uint32_t number = unplaced;  ///< order of first use
    std::uint32_t place = unplaced;
  };

  void attach_columns(const plonk::ConstraintSystem& cs, const CircuitColumns& columns);
  struct Row {
    std::uint32_t block = 0, row = 0;
  };
  Row next_row();
  void elementwise(BaseOp op, Var a, Var b, Var out);
  /// Gives a cell its value. errors: Fault::internal when it has one already.
  void assign(Var v, std::uint32_t position);
  /// Joins a value with the cell at a permutation position, or puts it there.
  void join(Var v, std::uint32_t position);
  std::uint32_t constant_place(Var v);
  std::uint32_t position(unsigned operand, const At& at) const;
  std::uint32_t position(const plonk::Column& column, std::size_t row) const;
  void copy(std::uint32_t a, std::uint32_t b);
  void write(unsigned operand, const At& at, Int128 value);
  void write(unsigned operand, const At& at, const Sum& sum);
  void write(plonk::ColumnValues& column, std::size_t row, Int128 value) const;
  void write_var(plonk::ColumnValues& column, std::size_t row, Var v) const;
  void select_range(std::size_t range, const At& at);
  void check_range_here(Var x, std::size_t range);
  void count_lookup();
  void count_dynamic(std::size_t length, std::uint64_t rows, bool shuffle);
  /// The accumulator's next row; carries the sum over into a new block.
  Row next_sum_row(bool first, const Sum& sum);

  GraphSettings settings_;
  Geometry geometry_;
  bool open_ = false, witness_ = false, sums_in_field_ = false;
  const CircuitColumns* columns_ = nullptr;
  plonk::Assembly* assembly_ = nullptr;
  std::optional<plonk::CopyConstraints> copies_;  ///< with keys
  std::vector<bool> assigned_;                    ///< with keys: the permutation's positions that have a value
  std::span<plonk::ColumnValues> advice_;

  std::array<std::vector<std::uint32_t>, 3> advice_of_, permutation_of_;       ///< of V0, V1, V2 by group
  std::array<std::vector<std::uint32_t>, 9> gate_selectors_;                   ///< by BaseOp, then group or block
  std::vector<std::vector<std::uint32_t>> range_selectors_, table_selectors_;  ///< by table, then group
  std::vector<std::uint32_t> permutation_of_advice_, permutation_of_fixed_, permutation_of_instance_;

  std::vector<Constant> constants_;
  struct Int128Hash {
    std::size_t operator()(Int128 v) const { return std::size_t(v) * 0x9E3779B97F4A7C15u ^ std::size_t(v >> 64); }
  };
  std::unordered_map<Int128, std::uint32_t, Int128Hash> constant_numbers_;
  std::map<std::array<std::uint64_t, 4>, std::uint32_t> felt_constants_;  ///< by canonical limbs: number
  std::unordered_map<std::uint32_t, Fr> felts_of_constants_;              ///< of those that are no integers
  std::uint32_t constants_used_ = 0;
  Var zero_ = 0;

  std::vector<std::uint32_t> places_;
  std::vector<std::uint8_t> pending_;  ///< 1 + range check that waits for a cell
  std::vector<Var> waiting_;
  std::vector<std::int64_t> small_;
  std::unordered_map<Var, Fr> wide_;

  Row next_{0, 0};
  Row cell_row_{0, 0};
  std::size_t inner_ = 0;
  std::uint32_t node_ = 0;
  RowNodes nodes_;
  std::vector<std::uint64_t> node_lookups_;

  LayoutProfile* profile_ = nullptr;
  PlainCells* cells_ = nullptr;

  std::uint64_t dynamic_next_ = 0;
  Usage usage_;
  std::vector<Range> ranges_;
  std::vector<LookupOp> tables_;
  std::size_t table_chunks_ = 1;
};

}  // namespace ezkl::circuit
