// Static lookups and range checks. A table longer than a column is cut into chunks; the chunk number of a value stands
// in V1, and a row is sent to all chunks at once: to its own with the value, to the others with their first row.
#include <set>
#include <string>

#include "circuit/configure_parts.hpp"
#include "ezkl/error.hpp"
#include "tensor/table_function.hpp"

namespace ezkl::detail {
namespace {

using plonk::Expression;

// The published package's expressions depend on the number of threads beyond 16 columns; beyond this bound the lookup
// expressions, which grow with the square of the number, serve no purpose.
constexpr std::size_t max_table_columns = 128;
constexpr Int128 max_bound = static_cast<Int128>(1) << 125;  // so that the length of a range fits as well

std::size_t columns_needed(const CheckedRange& range, std::size_t col_size, const std::string& what) {
  const auto& [low, high] = range;
  if (low > high || low < -max_bound || high > max_bound) {
    throw Error(Fault::range, "settings: " + what + " [" + to_string(low) + ", " + to_string(high) +
                                  "] is not an ascending range within 125 bits");
  }
  const Int128 count = (high - low) / static_cast<Int128>(col_size) + 1;
  if (count > static_cast<Int128>(max_table_columns)) {
    throw Error(Fault::range, "settings: " + what + " [" + to_string(low) + ", " + to_string(high) + "] needs " +
                                  to_string(count) + " table columns of " + std::to_string(col_size) +
                                  " rows, at most " + std::to_string(max_table_columns) +
                                  " are possible: use a larger logrows");
  }
  return static_cast<std::size_t>(count);
}

Fr chunk_multiplier(std::size_t count, std::size_t chunk) {
  const auto at = static_cast<std::int64_t>(chunk);
  Fr out = Fr::one();
  for (std::int64_t t = 0; t < static_cast<std::int64_t>(count); ++t) {
    if (t != at) out *= Fr::from_i64(t == 0 ? at : t - at);
  }
  return out;
}

/// For each chunk a factor that is 0 on that chunk's number.
std::vector<Expression> chunk_factors(std::size_t count, const Expression& number) {
  std::vector<Expression> out;
  for (std::size_t i = 0; i < count; ++i) {
    out.push_back(constant(1) * (i == 0 ? number : constant(static_cast<std::int64_t>(i)) - number));
  }
  return out;
}

/// Product of the factors of the chunks [first, last) without `chunk`. The tree is the one that a parallel reduction
/// leaves which halves its range down to single chunks.
Expression chunk_polynomial(std::size_t first, std::size_t last, std::size_t chunk,
                            const std::vector<Expression>& factors) {
  const std::size_t half = (last - first) / 2;
  if (half > 0) {
    return chunk_polynomial(first, first + half, chunk, factors) * chunk_polynomial(first + half, last, chunk, factors);
  }
  return first == chunk ? constant(1) : factors[first];
}

/// Makes the chunk number one of 0 .. count-1 wherever the selector is on.
void add_chunk_gate(plonk::ConstraintSystem& cs, std::size_t count, const plonk::Column& number,
                    const Expression& selector) {
  auto polynomial = constant(0);
  if (count > 1) {
    const auto at = cs.query(number);
    polynomial = constant(1);
    for (std::size_t i = 0; i < count; ++i) polynomial = polynomial * (at - constant(static_cast<std::int64_t>(i)));
  }
  add_gate(cs, "range_check_on_sel", selector, {polynomial});
}

/// `factors_left`: of max_factors.
void add_places(plonk::ConstraintSystem& cs, const CircuitColumns& columns, StaticTable& table,
                std::size_t& factors_left) {
  const auto& [input, number, output] = columns.model;
  const std::size_t count = table.inputs.size();
  const std::size_t places = input.size() * columns.width;
  require_selectors(cs, places);
  if (places * count > factors_left / count) {
    throw Error(Fault::range, "settings: lookups and range checks of up to " + std::to_string(count) +
                                  " table columns in " + std::to_string(places) +
                                  " columns of the model take too large expressions: use a larger logrows, so that "
                                  "there are fewer of both");
  }
  factors_left -= places * count * count;
  const bool is_lookup = !table.outputs.empty();
  std::vector<Expression> first_in;
  std::vector<Expression> first_out;
  for (std::size_t i = 0; i < count; ++i) {
    table.multipliers.push_back(chunk_multiplier(count, i));
    const Int128 first = table.low + static_cast<Int128>(i) * static_cast<Int128>(table.col_size);
    first_in.push_back(Expression::constant(Fr::from_i128(first)));
    if (is_lookup) {
      first_out.push_back(Expression::constant(Fr::from_i128(table_value(table.op.name, table.op.parameters, first))));
    }
  }
  table.selectors.assign(input.size(), std::vector<SelectorIndex>(columns.width));
  for (std::size_t x = 0; x < input.size(); ++x) {
    for (std::size_t y = 0; y < columns.width; ++y) {
      const auto selector = cs.selector(false);
      table.selectors[x][y] = selector.node().index;
      const auto factors = chunk_factors(count, count > 1 ? cs.query(number[x][y]) : constant(1));
      for (std::size_t i = 0; i < count; ++i) {
        const auto in = cs.query(input[x][y]);
        const auto on = selector * chunk_polynomial(0, count, i, factors);
        const auto off = Expression::constant(table.multipliers[i]) - on;
        std::vector<Expression> inputs{on * in + off * first_in[i]};
        if (is_lookup) inputs.push_back(on * cs.query(output[x][y]) + off * first_out[i]);
        std::vector<Expression> table_cells{cs.query(table.inputs[i])};
        if (is_lookup) table_cells.push_back(cs.query(table.outputs[i]));
        cs.lookup(std::move(inputs), std::move(table_cells));
      }
      add_chunk_gate(cs, count, number[x][y], selector);
    }
  }
}

}  // namespace

void configure_tables(plonk::ConstraintSystem& cs, CircuitColumns& columns, const GraphSettings& settings) {
  const std::size_t col_size = table_rows(cs, columns.logrows);
  const auto& lookup_range = settings.run_args.lookup_range;
  std::size_t factors_left = max_factors;
  std::set<LookupOp> looked_up;
  std::set<CheckedRange> checked;
  for (const auto& op : settings.required_lookups) {
    if (!looked_up.insert(op).second) continue;
    StaticTable table;
    table.op = op;
    table.low = lookup_range.first;
    table.high = lookup_range.second;
    table.col_size = col_size;
    if (columns.lookups.empty()) {
      const std::size_t count = columns_needed(lookup_range, col_size, "run_args.lookup_range");
      for (std::size_t i = 0; i < count; ++i) table.inputs.push_back(cs.fixed_column());
    } else {
      table.inputs = columns.lookups.front().inputs;
    }
    for (std::size_t i = 0; i < table.inputs.size(); ++i) table.outputs.push_back(cs.fixed_column());
    add_places(cs, columns, table, factors_left);
    columns.lookups.push_back(std::move(table));
  }
  for (const auto& range : settings.required_range_checks) {
    if (!checked.insert(range).second) continue;
    StaticTable table;
    table.low = range.first;
    table.high = range.second;
    table.col_size = col_size;
    const std::size_t count = columns_needed(range, col_size, "required_range_checks entry");
    for (std::size_t i = 0; i < count; ++i) table.inputs.push_back(cs.fixed_column());
    add_places(cs, columns, table, factors_left);
    columns.range_checks.push_back(std::move(table));
  }
}

}  // namespace ezkl::detail
