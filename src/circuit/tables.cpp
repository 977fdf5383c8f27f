#include "circuit/tables.hpp"

#include "base/parallel.hpp"
#include "tensor/table_function.hpp"

namespace ezkl::circuit {
namespace {

/// Values times a chunk's multiplier, which is a small integer for any table of a few columns.
class Scaler {
 public:
  explicit Scaler(const Fr& factor) : factor_(factor), small_(factor.to_small().value_or(0)) {}
  void set(plonk::ColumnValues& column, std::size_t row, Int128 value) const {
    constexpr Int128 limit = Int128{1} << 30;
    if (small_ > -limit && small_ < limit && small_ != 0 && value > -limit && value < limit) {
      column.set(row, std::int64_t(value) * std::int64_t(small_));
    } else {
      column.set(row, Fr::from_i128(value) * factor_);
    }
  }

 private:
  Fr factor_;
  Int128 small_;
};

void fill_column(const CircuitColumns& columns, const StaticTable& table, std::size_t chunk, plonk::ColumnValues& out,
                 bool results) {
  const Int128 first = table.low + Int128(chunk) * Int128(table.col_size);
  // Lookup tables run to the end of their last column, range checks stop at their upper end.
  const bool stops = table.outputs.empty();
  const Int128 rows = stops ? table.high - first + 1 : Int128(table.col_size);
  const std::size_t filled = rows < Int128(table.col_size) ? std::size_t(rows) : table.col_size;
  const Scaler scaler(table.multipliers[chunk]);
  std::vector<Int128> values(filled);
  parallel_for(filled, 1 << 10, [&](std::size_t begin, std::size_t end) {
    for (std::size_t row = begin; row < end; ++row) {
      const Int128 key = first + Int128(row);
      values[row] = results ? table_value(table.op.name, table.op.parameters, key) : key;
    }
  });
  for (std::size_t row = 0; row < columns.usable_rows; ++row) scaler.set(out, row, values[row < filled ? row : 0]);
}

}  // namespace

void fill_tables(const CircuitColumns& columns, plonk::Assembly& assembly) {
  for (std::size_t t = 0; t < columns.lookups.size(); ++t) {
    const StaticTable& table = columns.lookups[t];
    for (std::size_t chunk = 0; chunk < table.inputs.size(); ++chunk) {
      if (t == 0) fill_column(columns, table, chunk, assembly.fixed.at(table.inputs[chunk].index), false);
      fill_column(columns, table, chunk, assembly.fixed.at(table.outputs[chunk].index), true);
    }
  }
  for (const StaticTable& table : columns.range_checks) {
    for (std::size_t chunk = 0; chunk < table.inputs.size(); ++chunk) {
      fill_column(columns, table, chunk, assembly.fixed.at(table.inputs[chunk].index), false);
    }
  }
}

std::vector<Fr> table_factors(const CircuitColumns& columns) {
  std::vector<Fr> out;
  const auto mark = [&](const std::vector<plonk::Column>& table, const std::vector<Fr>& multipliers) {
    for (std::size_t chunk = 0; chunk < table.size(); ++chunk) {
      if (out.size() <= table[chunk].index) out.resize(table[chunk].index + 1, Fr::one());
      out[table[chunk].index] = multipliers.at(chunk);
    }
  };
  for (const StaticTable& table : columns.lookups) {
    mark(table.inputs, table.multipliers);
    mark(table.outputs, table.multipliers);
  }
  for (const StaticTable& table : columns.range_checks) mark(table.inputs, table.multipliers);
  return out;
}

}  // namespace ezkl::circuit
