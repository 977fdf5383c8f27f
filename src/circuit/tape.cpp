#include "circuit/tape.hpp"

#include <algorithm>

#include "base/ensure.hpp"
#include "base/int128_arithmetic.hpp"
#include "circuit/configure.hpp"
#include "ezkl/error.hpp"
#include "graph/claims/elements.hpp"

namespace ezkl::circuit {
namespace {

constexpr std::size_t blinding_rows = 6;  // 5 blinding factors and one more
constexpr std::size_t reserved_table_rows = 8;
constexpr Int128 small_limit = Int128{1} << 60;
constexpr std::int64_t wide_mark = std::int64_t{1} << 62;  // small values stay below

bool is_accumulating(BaseOp op) { return op != BaseOp::add && op != BaseOp::mult && op != BaseOp::sub; }

}  // namespace

Geometry::Geometry(const GraphSettings& settings) {
  const auto& args = settings.run_args;
  if (args.logrows < 4 || args.logrows > 26) {
    throw Error(Fault::range, "run_args.logrows is " + std::to_string(args.logrows) + ", a circuit needs 4 to 26");
  }
  if (args.num_inner_cols == 0 || args.num_inner_cols > 256) {
    throw Error(Fault::range,
                "run_args.num_inner_cols is " + std::to_string(args.num_inner_cols) + ", it must be 1 to 256");
  }
  n = std::size_t{1} << args.logrows;
  usable = n - blinding_rows;
  table_rows = n - reserved_table_rows;
  width = args.num_inner_cols;
  blocks = blocks_for(settings.total_assignments, usable * width);
  if (settings.num_dynamic_lookups > 0 || settings.num_shuffles > 0) {
    dynamic_blocks = blocks_for(settings.total_dynamic_col_size + settings.total_shuffle_col_size, usable);
  }
  constant_columns = settings.total_const_size == 0 ? 0 : blocks_for(settings.total_const_size, usable);
  const auto hashed = [](const Visibility& v) { return v.is_hashed(); };
  if (settings.total_const_size == 0 &&
      (hashed(args.input_visibility) || hashed(args.output_visibility) || hashed(args.param_visibility))) {
    constant_columns = 1;
  }
}

Tape::Tape(const GraphSettings& settings, bool open) : settings_(settings), geometry_(settings), open_(open) {
  const auto chunks = [&](Int128 lo, Int128 hi) { return std::size_t((hi - lo) / Int128(geometry_.table_rows)) + 1; };
  for (const auto& [lo, hi] : settings_.required_range_checks) {
    const bool repeated = std::any_of(ranges_.begin(), ranges_.end(),
                                      [&, l = lo, h = hi](const Range& r) { return r.lo == l && r.hi == h; });
    if (!repeated && lo <= hi) ranges_.push_back({lo, hi, chunks(lo, hi)});
  }
  for (const auto& op : settings_.required_lookups) {
    if (std::find(tables_.begin(), tables_.end(), op) == tables_.end()) tables_.push_back(op);
  }
  const auto& lookup = settings_.run_args.lookup_range;
  table_chunks_ = lookup.first <= lookup.second ? chunks(lookup.first, lookup.second) : 1;
  usage_.ranges.resize(ranges_.size());
  usage_.tables.resize(tables_.size());
  zero_ = constant(0);
}

void Tape::attach_columns(const plonk::ConstraintSystem& cs, const CircuitColumns& columns) {
  columns_ = &columns;
  permutation_of_advice_.assign(cs.num_advice, unplaced);
  permutation_of_fixed_.assign(cs.num_fixed, unplaced);
  permutation_of_instance_.assign(cs.num_instance, unplaced);
  for (std::uint32_t i = 0; i < cs.permutation.size(); ++i) {
    const auto& column = cs.permutation[i];
    auto& list = column.kind == plonk::ColumnKind::advice  ? permutation_of_advice_
                 : column.kind == plonk::ColumnKind::fixed ? permutation_of_fixed_
                                                           : permutation_of_instance_;
    list.at(column.index) = i;
  }
  for (std::size_t operand = 0; operand < 3; ++operand) {
    advice_of_[operand].clear();
    permutation_of_[operand].clear();
    for (const auto& block : columns.model[operand]) {
      for (const auto& column : block) {
        advice_of_[operand].push_back(column.index);
        permutation_of_[operand].push_back(permutation_of_advice_.at(column.index));
      }
    }
  }
  const std::size_t blocks = columns.model[0].size();
  for (auto& list : gate_selectors_) list.assign(blocks * geometry_.width, unplaced);
  for (const auto& [place, selector] : columns.base) {
    const auto& [op, block, inner] = place;
    gate_selectors_[std::size_t(op)].at(is_accumulating(op) ? block : block * geometry_.width + inner) = selector;
  }
  const auto flatten = [](const std::vector<StaticTable>& tables) {
    std::vector<std::vector<std::uint32_t>> out;
    for (const auto& table : tables) {
      out.emplace_back();
      for (const auto& block : table.selectors) out.back().insert(out.back().end(), block.begin(), block.end());
    }
    return out;
  };
  range_selectors_ = flatten(columns.range_checks);
  table_selectors_ = flatten(columns.lookups);
  EZKL_ENSURE(range_selectors_.size() == ranges_.size() && table_selectors_.size() == tables_.size(),
              "tables of the layout and of the constraint system differ");
  EZKL_ENSURE(blocks == geometry_.blocks, "blocks of the layout and of the constraint system differ");
}

void Tape::attach_keys(const plonk::ConstraintSystem& cs, const CircuitColumns& columns, plonk::Assembly& assembly) {
  attach_columns(cs, columns);
  assembly_ = &assembly;
  copies_.emplace(cs.permutation.size(), geometry_.n);
  assigned_.assign(cs.permutation.size() * geometry_.n, false);
}

void Tape::attach_witness(const plonk::ConstraintSystem& cs, const CircuitColumns& columns,
                          std::span<plonk::ColumnValues> advice) {
  attach_columns(cs, columns);
  EZKL_ENSURE(advice.size() == cs.num_advice, "one column of values per advice column");
  advice_ = advice;
  witness_ = true;
}

void Tape::finish() {
  for (const Var v : waiting_) {
    if (pending_[v] == 0) continue;
    use(0, next_cell(), v);
  }
  waiting_.clear();
  if (keys()) assembly_->next = copies_->take();
}

Usage Tape::usage() const {
  Usage out = usage_;
  out.rows = std::uint64_t(next_.block) * geometry_.usable + next_.row;
  out.constants = constants_used_;
  return out;
}

// --- values ----------------------------------------------------------------------------------------------------------

Var Tape::constant(Int128 value) {
  const auto [place, is_new] = constant_numbers_.try_emplace(value, std::uint32_t(constants_.size()));
  if (is_new) constants_.push_back({value, unplaced, unplaced});
  return constant_bit | place->second;
}

Var Tape::constant(const Fr& value) {
  if (claims::is_integer(value)) return constant(value.to_int128_lossy());
  const auto number = std::uint32_t(constants_.size());
  const auto [place, is_new] = felt_constants_.try_emplace(value.to_canonical(), number);
  if (is_new) {
    constants_.push_back({0, unplaced, unplaced});
    felts_of_constants_.emplace(number, value);
  }
  return constant_bit | place->second;
}

Var Tape::fresh(Int128 value) {
  const auto v = Var(places_.size());
  if (v >= constant_bit) throw Error(Fault::range, "the circuit has more than 2^31 values");
  places_.push_back(unplaced);
  pending_.push_back(0);
  if (witness_) {
    const bool fits = value < small_limit && value > -small_limit;
    small_.push_back(fits ? std::int64_t(value) : wide_mark);
    if (!fits) wide_.emplace(v, Fr::from_i128(value));
  }
  return v;
}

Var Tape::fresh(const Fr& value) {
  const Var v = fresh();
  if (!witness_) return v;
  const std::int64_t small = value.to_small().value_or(wide_mark);
  const bool fits = small < small_limit && small > -small_limit;
  small_[v] = fits ? small : wide_mark;
  if (!fits) wide_.emplace(v, value);
  return v;
}

Var Tape::fresh_block(std::size_t count, std::span<const Int128> values) {
  if (witness_) EZKL_ENSURE(values.size() == count, "one value per element");
  const auto first = Var(places_.size());
  if (count >= constant_bit - first) throw Error(Fault::range, "the circuit has more than 2^31 values");
  places_.resize(first + count, unplaced);
  pending_.resize(first + count, 0);
  if (witness_) {
    small_.resize(first + count);
    for (std::size_t i = 0; i < count; ++i) {
      const bool fits = values[i] < small_limit && values[i] > -small_limit;
      small_[first + i] = fits ? std::int64_t(values[i]) : wide_mark;
      if (!fits) wide_.emplace(Var(first + i), Fr::from_i128(values[i]));
    }
  }
  return first;
}

Int128 Tape::value(Var v) const {
  if (is_constant(v)) return constant_value(v);
  const std::int64_t small = small_[v];
  return small != wide_mark ? Int128(small) : wide_.at(v).to_int128_lossy();
}

Fr Tape::felt(Var v) const {
  if (is_constant(v)) {
    const auto found = felts_of_constants_.find(v & ~constant_bit);
    return found != felts_of_constants_.end() ? found->second : Fr::from_i128(constant_value(v));
  }
  const std::int64_t small = small_[v];
  return small != wide_mark ? Fr::from_i64(small) : wide_.at(v);
}

void Tape::add_to(Sum& sum, Var v, Int128 coefficient) const {
  if (!witness_) return;
  if (sums_in_field_) {
    sum.felt += Fr::from_i128(coefficient) * felt(v);
  } else {
    sum.integer = wrapping_sum(sum.integer, wrapping_product(coefficient, value(v)));
  }
}

void Tape::add_to(Sum& sum, Int128 constant) const {
  if (!witness_) return;
  if (sums_in_field_) {
    sum.felt += Fr::from_i128(constant);
  } else {
    sum.integer = wrapping_sum(sum.integer, constant);
  }
}

void Tape::add_product_to(Sum& sum, Var a, Var b) const {
  if (!witness_) return;
  if (sums_in_field_) {
    sum.felt += felt(a) * felt(b);
  } else {
    sum.integer = wrapping_sum(sum.integer, wrapping_product(value(a), value(b)));
  }
}

// --- rows and cells --------------------------------------------------------------------------------------------------

Tape::Row Tape::next_row() {
  if (!open_ && next_.block >= geometry_.blocks) {
    throw Error(Fault::range,
                "the model needs more rows than the settings leave room for (total_assignments " +
                    std::to_string(settings_.total_assignments) + ", logrows " +
                    std::to_string(settings_.run_args.logrows) + ")",
                {{"logrows", "run gen-settings again, or raise {}"}});
  }
  const Row out = next_;
  if (nodes_.empty() || nodes_.back().second != node_) {
    nodes_.emplace_back(std::uint64_t(out.block) * geometry_.usable + out.row, node_);
  }
  if (++next_.row == geometry_.usable) next_ = {next_.block + 1, 0};
  return out;
}

At Tape::next_cell() {
  if (cells_ != nullptr) {
    ++cells_->cells;
    return {};
  }
  if (inner_ == 0) cell_row_ = next_row();
  const At out{std::uint32_t(cell_row_.block * geometry_.width + inner_), cell_row_.row};
  inner_ = inner_ + 1 == geometry_.width ? 0 : inner_ + 1;
  return out;
}

std::uint32_t Tape::position(unsigned operand, const At& at) const {
  return keys() ? std::uint32_t(permutation_of_[operand][at.group] * geometry_.n + at.row) : 0;
}

std::uint32_t Tape::position(const plonk::Column& column, std::size_t row) const {
  if (!keys()) return 0;
  const auto& list = column.kind == plonk::ColumnKind::advice  ? permutation_of_advice_
                     : column.kind == plonk::ColumnKind::fixed ? permutation_of_fixed_
                                                               : permutation_of_instance_;
  EZKL_ENSURE(list.at(column.index) != unplaced, "a copy into a column that is not in the permutation");
  return std::uint32_t(list[column.index] * geometry_.n + row);
}

void Tape::copy(std::uint32_t a, std::uint32_t b) {
  if (!keys()) return;
  const auto n = std::uint32_t(geometry_.n);
  copies_->copy(a / n, a % n, b / n, b % n);
}

std::uint32_t Tape::constant_place(Var v) {
  Constant& c = constants_[v & ~constant_bit];
  if (c.number != unplaced) return c.place;
  c.number = constants_used_++;
  c.place = 0;
  const std::size_t column = c.number / geometry_.usable;
  if (!open_ && column >= geometry_.constant_columns) {
    throw Error(Fault::range,
                "the model needs more distinct constants than the settings leave room for (total_const_size " +
                    std::to_string(settings_.total_const_size) + ")",
                {{"logrows", "run gen-settings again, or raise {}"}});
  }
  if (keys()) {
    const auto& target = columns_->constants.at(column);
    const std::size_t row = c.number % geometry_.usable;
    write_var(assembly_->fixed.at(target.index), row, v);
    c.place = position(target, row);
  }
  return c.place;
}

void Tape::join(Var v, std::uint32_t where) {
  if (is_constant(v)) {
    copy(constant_place(v), where);
  } else if (places_[v] == unplaced) {
    places_[v] = where;
  } else {
    copy(places_[v], where);
  }
}

void Tape::assign(Var v, std::uint32_t where) {
  if (keys()) {
    EZKL_ENSURE(!assigned_[where], "a cell is assigned twice");
    assigned_[where] = true;
  }
  join(v, where);
}

void Tape::use(unsigned operand, const At& at, Var v) {
  if (witness_) write_var(advice_[advice_of_[operand][at.group]], at.row, v);
  assign(v, position(operand, at));
  if (operand == 0 && pending(v)) {
    select_range(pending_[v] - 1u, at);
    pending_[v] = 0;
  }
}

void Tape::use_at(const plonk::Column& column, std::size_t row, Var v) {
  if (witness_ && column.kind == plonk::ColumnKind::advice) write_var(advice_[column.index], row, v);
  assign(v, position(column, row));
}

void Tape::write_at(const plonk::Column& column, std::size_t row, const Fr& value) {
  if (column.kind == plonk::ColumnKind::fixed) {
    if (keys()) assembly_->fixed.at(column.index).set(row, value);
  } else if (witness_) {
    advice_[column.index].set(row, value);
  }
}

void Tape::copy_at(const plonk::Column& a, std::size_t row_a, const plonk::Column& b, std::size_t row_b) {
  copy(position(a, row_a), position(b, row_b));
}

void Tape::select(std::uint32_t selector, std::size_t row) {
  if (keys()) assembly_->selectors.at(selector).set(row);
}

void Tape::write(unsigned operand, const At& at, Int128 v) { write(advice_[advice_of_[operand][at.group]], at.row, v); }

void Tape::write(unsigned operand, const At& at, const Sum& sum) {
  if (!sums_in_field_) return write(operand, at, sum.integer);
  advice_[advice_of_[operand][at.group]].set(at.row, sum.felt);
}

void Tape::write_var(plonk::ColumnValues& column, std::size_t row, Var v) const {
  if (!is_constant(v) && small_[v] != wide_mark) {
    column.set(row, small_[v]);
  } else if (is_constant(v) && felts_of_constants_.count(v & ~constant_bit) == 0) {
    write(column, row, constant_value(v));
  } else {
    column.set(row, felt(v));
  }
}

void Tape::write(plonk::ColumnValues& column, std::size_t row, Int128 v) const {
  if (v < small_limit && v > -small_limit) {
    column.set(row, std::int64_t(v));
  } else {
    column.set(row, Fr::from_i128(v));
  }
}

// --- gates -----------------------------------------------------------------------------------------------------------

void Tape::elementwise(BaseOp op, Var a, Var b, Var out) {
  const At at = next_cell();
  use(0, at, a);
  use(1, at, b);
  use(2, at, out);
  if (keys()) select(gate_selectors_[std::size_t(op)][at.group], at.row);
}

void Tape::add(Var a, Var b, Var out) {
  if (pending(b) && !pending(a)) std::swap(a, b);
  elementwise(BaseOp::add, a, b, out);
}

void Tape::sub(Var a, Var b, Var out) { elementwise(BaseOp::sub, a, b, out); }

void Tape::mult(Var a, Var b, Var out) {
  if (pending(b) && !pending(a)) std::swap(a, b);
  elementwise(BaseOp::mult, a, b, out);
}

void Tape::mult_inverse(Var x, const Fr& inverse, Var out) {
  const At at = next_cell();
  use(0, at, x);
  if (witness_) advice_[advice_of_[1][at.group]].set(at.row, inverse);
  use(2, at, out);
  if (keys()) select(gate_selectors_[std::size_t(BaseOp::mult)][at.group], at.row);
}

Tape::Row Tape::next_sum_row(bool first, const Sum& sum) {
  Row out = next_row();
  if (first || out.row != 0) return out;
  // A gate cannot read the row above the first one: the sum so far is repeated here and the run goes on below.
  const auto group = std::uint32_t(out.block * geometry_.width);
  const At here{group, 0};
  if (witness_) write(2, here, sum);
  if (keys()) {
    copy(position(2, {group - std::uint32_t(geometry_.width), std::uint32_t(geometry_.usable - 1)}), position(2, here));
  }
  return next_row();
}

void Tape::dot(std::span<const Var> a, std::span<const Var> b, Var out) {
  EZKL_ENSURE(!a.empty() && a.size() == b.size(), "a dot product has as many left as right factors");
  if (cells_ != nullptr) {
    ++cells_->dots[a.size()];
    for (const Var v : a) count_use(v);
    for (const Var v : b) count_use(v);
    count_use(out);
    return;
  }
  const std::size_t width = geometry_.width;
  Sum sum;
  for (std::size_t done = 0; done < a.size(); done += width) {
    const Row row = next_sum_row(done == 0, sum);
    for (std::size_t j = 0; j < width; ++j) {
      const At at{std::uint32_t(row.block * width + j), row.row};
      const std::size_t i = done + j;
      if (i >= a.size()) {
        use(1, at, zero_);
        continue;
      }
      const bool swap = pending(b[i]) && !pending(a[i]);
      use(0, at, swap ? b[i] : a[i]);
      use(1, at, swap ? a[i] : b[i]);
      add_product_to(sum, a[i], b[i]);
    }
    const At result{std::uint32_t(row.block * width), row.row};
    if (done + width >= a.size()) {
      use(2, result, out);
    } else if (witness_) {
      write(2, result, sum);
    }
    if (keys()) select(gate_selectors_[std::size_t(done == 0 ? BaseOp::dot_init : BaseOp::dot)][row.block], row.row);
  }
}

void Tape::sum(std::span<const Var> a, Var out) {
  EZKL_ENSURE(!a.empty(), "a sum has at least one term");
  if (cells_ != nullptr) {
    ++cells_->sums[a.size()];
    for (const Var v : a) count_use(v);
    count_use(out);
    return;
  }
  const std::size_t width = geometry_.width;
  Sum sum;
  for (std::size_t done = 0; done < a.size(); done += width) {
    const Row row = next_sum_row(done == 0, sum);
    for (std::size_t j = 0; j < width; ++j) {
      const At at{std::uint32_t(row.block * width + j), row.row};
      const std::size_t i = done + j;
      const Var term = i < a.size() ? a[i] : zero_;
      use(1, at, term);
      add_to(sum, term);
    }
    const At result{std::uint32_t(row.block * width), row.row};
    if (done + width >= a.size()) {
      use(2, result, out);
    } else if (witness_) {
      write(2, result, sum);
    }
    if (keys()) select(gate_selectors_[std::size_t(done == 0 ? BaseOp::sum_init : BaseOp::sum)][row.block], row.row);
  }
}

void Tape::count_product(std::size_t terms, Var out) {
  join(out, 0);
  if (terms == 1) {
    next_cell();
    return;
  }
  if (cells_ != nullptr) {
    ++cells_->dots[terms];
    return;
  }
  const std::size_t width = geometry_.width, rows = (terms + width - 1) / width;
  if (terms % width != 0) count_use(zero_);
  next_row();
  if (next_.row > 0 && next_.row + rows - 1 < geometry_.usable) {
    next_.row += static_cast<std::uint32_t>(rows - 1);
    return;
  }
  for (std::size_t row = 1; row < rows; ++row) next_sum_row(false, {});
}

void Tape::count_use(Var v) {
  join(v, 0);
  if (!is_constant(v)) pending_[v] = 0;
}

void Tape::count_lookup() {
  if (node_lookups_.size() <= node_) node_lookups_.resize(node_ + 1);
  ++node_lookups_[node_];
}

void Tape::lookup(std::size_t table, Var key, Var out) {
  count_lookup();
  const At at = next_cell();
  use(0, at, key);
  use(2, at, out);
  if (witness_ && table_chunks_ > 1) {
    write(1, at, (value(key) - settings_.run_args.lookup_range.first) / Int128(geometry_.table_rows));
  }
  if (keys()) select(table_selectors_[table][at.group], at.row);
}

std::size_t Tape::table_index(const LookupOp& op) {
  const auto found = std::find(tables_.begin(), tables_.end(), op);
  const auto index = std::size_t(found - tables_.begin());
  if (found == tables_.end()) {
    if (!open_) {
      throw Error(Fault::range, "the settings' required_lookups have no table " + op.name +
                                    " with the model's scale: run gen-settings again");
    }
    tables_.push_back(op);
    usage_.tables.push_back(false);
  }
  usage_.tables[index] = true;
  return index;
}

// --- range checks ----------------------------------------------------------------------------------------------------

void Tape::select_range(std::size_t range, const At& at) {
  if (keys()) select(range_selectors_[range][at.group], at.row);
}

void Tape::check_range_here(Var x, std::size_t range) {
  const At at = next_cell();
  use(0, at, x);
  if (witness_ && ranges_[range].chunks > 1) {
    write(1, at, (value(x) - ranges_[range].lo) / Int128(geometry_.table_rows));
  }
  select_range(range, at);
}

void Tape::need_range(Var x, std::size_t range) {
  const Range& r = ranges_[range];
  if (is_constant(x)) {
    if (constant_value(x) < r.lo || constant_value(x) > r.hi) {
      throw Error(Fault::unsatisfied, "the constant " + to_string(constant_value(x)) + " must lie in [" +
                                          to_string(r.lo) + ", " + to_string(r.hi) + "]");
    }
    return;
  }
  usage_.ranges[range] = true;
  count_lookup();
  if (r.chunks > 1) {
    check_range_here(x, range);
  } else if (pending_[x] == 0 && range < 255) {
    pending_[x] = std::uint8_t(range + 1);
    waiting_.push_back(x);
  } else if (pending_[x] != range + 1) {
    check_range_here(x, range);
  }
}

void Tape::equal(Var a, Var b) {
  if (a == b) return;
  if (is_constant(a)) std::swap(a, b);
  if (is_constant(a)) {
    throw Error(Fault::unsatisfied, "the constants " + to_string(constant_value(a)) + " and " +
                                        to_string(constant_value(b)) + " must be equal");
  }
  if (!placed(a)) std::swap(a, b);
  // For all widths at once only what is certain counts: a range check may place the value before.
  if (cells_ != nullptr) count_use(a);
  if (!placed(a)) use(0, next_cell(), a);
  join(b, is_constant(a) ? constant_place(a) : places_[a]);
}

void Tape::count_dynamic(std::size_t length, std::uint64_t rows, bool shuffle) {
  (shuffle ? usage_.shuffle_rows : usage_.dynamic_rows) += rows;
  ++(shuffle ? usage_.num_shuffles : usage_.num_dynamic);
  usage_.longest_dynamic = std::max(usage_.longest_dynamic, length);
}

std::pair<std::uint32_t, std::uint32_t> Tape::dynamic_rows(std::size_t length, bool shuffle) {
  // One row of every block stays off: what is not looked up is sent there.
  const std::size_t room = geometry_.usable - 1;
  const std::uint64_t before = dynamic_next_;
  if (profile_ != nullptr) {
    count_dynamic(length, length, shuffle);
    return {0, 0};
  }
  if (length > room) {
    throw Error(Fault::range,
                "a table of " + std::to_string(length) + " rows does not fit 2^" +
                    std::to_string(settings_.run_args.logrows) + " rows",
                {{"logrows", "raise {}"}});
  }
  if (dynamic_next_ % geometry_.usable + length > room) {
    dynamic_next_ = (dynamic_next_ / geometry_.usable + 1) * geometry_.usable;
  }
  const auto block = std::uint32_t(dynamic_next_ / geometry_.usable);
  const auto row = std::uint32_t(dynamic_next_ % geometry_.usable);
  if (!open_ && block >= geometry_.dynamic_blocks) {
    throw Error(Fault::range,
                "the model needs longer dynamic lookup tables than the settings leave room for "
                "(total_dynamic_col_size, total_shuffle_col_size): run gen-settings again");
  }
  dynamic_next_ += length;
  count_dynamic(length, dynamic_next_ - before, shuffle);
  return {block, row};
}

}  // namespace ezkl::circuit
