#include "sample_circuit.hpp"

#include <algorithm>

namespace ezkl::plonk::test {
namespace {

constexpr std::int64_t table_size = 16;

enum Selectors : std::size_t {
  products,
  running,
  ranges,
  squares,
  dynamic_inputs,
  dynamic_table,
  second_phase,
  powers
};

}  // namespace

SampleCircuit::SampleCircuit(const SampleOptions& options) : options_(options) {
  configure();
  assemble();
  instances = {{Fr::from_i64(-3), Fr::from_u64(7)}};
}

void SampleCircuit::configure() {
  open_column = cs_.advice_column(0, true);
  a = cs_.advice_column();
  b = cs_.advice_column();
  c = cs_.advice_column();
  shuffled = cs_.advice_column();
  constant = cs_.fixed_column();
  table_x = cs_.fixed_column();
  table_y = cs_.fixed_column();
  instance = cs_.instance_column();
  if (options_.copies) {
    for (const Column& column : {a, b, c, open_column}) cs_.enable_equality(column);
    cs_.enable_constant(constant);
    cs_.enable_equality(instance);
  }
  Expression challenge;
  if (options_.challenges) {
    second = cs_.advice_column(1);
    challenge = cs_.challenge(0);
  }
  std::vector<Expression> s;
  for (std::size_t i = 0; i <= powers; ++i) {
    s.push_back(cs_.selector(i == products || i == running || i == second_phase || i == powers));
  }
  const Expression zero = Expression::constant(Fr::zero());
  cs_.gate("product", {s[products] * (cs_.query(a) * cs_.query(b) - cs_.query(c))});
  cs_.gate("running", {s[running] * (cs_.query(c) - (cs_.query(c, -1) + cs_.query(a)))});
  if (options_.challenges) {
    cs_.gate("second", {s[second_phase] * (cs_.query(second) - challenge * cs_.query(a).scaled(Fr::from_u64(3)))});
  }
  if (options_.high_degree) {
    const Expression x = cs_.query(a);
    cs_.gate("power", {s[powers] * (x * x * x * x * x - cs_.query(b))});
  }
  if (options_.lookups) {
    cs_.lookup({s[ranges] * cs_.query(a)}, {cs_.query(table_x)});
    cs_.lookup({s[ranges] * cs_.query(b)}, {cs_.query(table_x)});
    cs_.lookup({cs_.query(table_y)}, {cs_.query(table_y)});
    cs_.lookup({cs_.query(table_x)}, {cs_.query(table_x)});
    cs_.lookup({s[squares] * cs_.query(a), s[squares] * cs_.query(b)}, {cs_.query(table_x), cs_.query(table_y)});
  }
  if (options_.dynamic) {
    cs_.lookup({s[dynamic_inputs] * cs_.query(a), s[dynamic_inputs] * cs_.query(b)},
               {s[dynamic_table] * cs_.query(a), s[dynamic_table] * cs_.query(b)});
  }
  if (options_.shuffle) cs_.shuffle({cs_.query(a), zero}, {cs_.query(shuffled), zero});
}

void SampleCircuit::assemble() {
  assembly_.fixed.assign(cs_.num_fixed, ColumnValues(n()));
  assembly_.selectors.assign(cs_.num_selectors, SelectorBits(n()));
  const std::size_t usable = cs_.usable_rows(options_.k);
  for (std::size_t row = 0; row < usable; ++row) {
    const auto x = static_cast<std::int64_t>(row) % table_size;
    assembly_.fixed[table_x.index].set(row, x);
    assembly_.fixed[table_y.index].set(row, x * x);
  }
  assembly_.fixed[constant.index].set(0, std::int64_t{-11});
  const auto activate = [this](std::size_t selector, std::size_t from, std::size_t count) {
    for (std::size_t row = from; row < from + count; ++row) assembly_.selectors[selector].set(row);
  };
  activate(products, product_row, 8);
  activate(running, running_row + 1, 7);
  activate(ranges, range_row, 8);
  activate(squares, square_row, 8);
  activate(dynamic_table, square_row, 8);
  activate(dynamic_inputs, dynamic_row, 4);
  if (options_.challenges) activate(second_phase, 0, 16);
  if (options_.high_degree) activate(powers, copy_row + 2, 2);
  if (options_.copies) {
    enum Positions : std::size_t { at_a, at_b, at_c, at_open, at_constant, at_instance };
    CopyConstraints copies(cs_.permutation.size(), n());
    copies.copy(at_a, copy_row, at_c, product_row);
    copies.copy(at_a, copy_row, at_open, 2);
    copies.copy(at_b, copy_row, at_constant, 0);
    copies.copy(at_c, copy_row, at_instance, 0);
    copies.copy(at_c, copy_row + 1, at_instance, 1);
    copies.copy(at_c, copy_row, at_a, copy_row + 1);
    assembly_.next = copies.take();
  }
}

void SampleCircuit::fill(unsigned phase, std::span<const Fr> challenges, std::span<ColumnValues> columns) {
  ColumnValues& va = columns[a.index];
  ColumnValues& vb = columns[b.index];
  ColumnValues& vc = columns[c.index];
  if (phase == 0) {
    for (std::int64_t i = 0; i < 8; ++i) {
      const auto at = static_cast<std::size_t>(i);
      va.set(product_row + at, i - 5);
      vb.set(product_row + at, 3 * i + 1);
      vc.set(product_row + at, (i - 5) * (3 * i + 1));
      va.set(running_row + at, 100 * i);
      vc.set(running_row + at, 50 * i * (i + 1));
      va.set(range_row + at, 2 * i);
      vb.set(range_row + at, 15 - i);
      va.set(square_row + at, i + 3);
      vb.set(square_row + at, (i + 3) * (i + 3));
      columns[open_column.index].set(at + 3, 1000 + i);
    }
    for (std::size_t i = 0; i < 4; ++i) {
      va.set(dynamic_row + i, static_cast<std::int64_t>(i) + 5);
      vb.set(dynamic_row + i, static_cast<std::int64_t>((i + 5) * (i + 5)));
    }
    va.set(copy_row, std::int64_t{-5});
    columns[open_column.index].set(2, std::int64_t{-5});
    vb.set(copy_row, std::int64_t{-11});
    vc.set(copy_row, std::int64_t{-3});
    va.set(copy_row + 1, std::int64_t{-3});
    vc.set(copy_row + 1, std::int64_t{7});
    for (std::int64_t i = 0; i < 2; ++i) {
      const std::int64_t x = i - 2;
      va.set(copy_row + 2 + static_cast<std::size_t>(i), x);
      vb.set(copy_row + 2 + static_cast<std::size_t>(i), x * x * x * x * x);
    }
    // A value beyond 62 bits, in cells that only copies of itself and the shuffle see.
    va.set(copy_row + 5, Fr::from_u64(3).inverse());
    const std::size_t usable = cs_.usable_rows(options_.k);
    for (std::size_t row = 0; row < usable; ++row) columns[shuffled.index].set(usable - 1 - row, va.at(row));
  } else {
    for (std::size_t row = 0; row < 16; ++row) {
      columns[second.index].set(row, challenges[0] * va.at(row) * Fr::from_u64(3));
    }
  }
  if (spoil) spoil(phase, columns);
}

std::vector<MockFailure> SampleCircuit::mock() {
  std::vector<ColumnValues> columns(cs_.num_advice, ColumnValues(n()));
  std::vector<Fr> challenges;
  fill(0, challenges, columns);
  if (options_.challenges) {
    challenges.push_back(Fr::from_u64(123456789).inverse());
    fill(1, challenges, columns);
  }
  return mock_check(cs_, options_.k, assembly_, columns, instances, challenges,
                    [](const Cell& cell) { return "cell " + std::to_string(cell.row); });
}

}  // namespace ezkl::plonk::test
