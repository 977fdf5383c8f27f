// Lookups among values of the circuit itself. A table's rows are (position, value, number of the table), its positions
// are constants or, for permutations, as many as the positions looked up, so that each occurs exactly once.
#include <algorithm>
#include <map>

#include "base/ensure.hpp"
#include "circuit/walker.hpp"
#include "ezkl/error.hpp"

namespace ezkl::circuit {

Walker::DynamicKind Walker::dynamic_kind(bool prefer_shuffle) const {
  if (tape_.open()) return DynamicKind::lookup;
  const bool lookups = tape_.settings().num_dynamic_lookups > 0, shuffles = tape_.settings().num_shuffles > 0;
  if (shuffles && (prefer_shuffle || !lookups)) return DynamicKind::shuffle;
  return lookups ? DynamicKind::lookup : DynamicKind::none;
}

std::uint32_t Walker::dynamic_table(DynamicKind kind, std::span<const Var> positions, std::span<const Var> values,
                                    Var id) {
  const auto [block, row] = tape_.dynamic_rows(positions.size(), kind == DynamicKind::shuffle);
  std::array<plonk::Column, 3> columns;
  std::uint32_t selector = 0;
  if (tape_.attached()) {
    for (std::size_t k = 0; k < 3; ++k) columns[k] = tape_.columns().dynamic[k].at(block).at(0);
    const auto& selectors = kind == DynamicKind::shuffle ? tape_.columns().shuffles : tape_.columns().dynamic_lookups;
    selector = selectors.table.at(block);
  }
  for (std::size_t i = 0; i < positions.size(); ++i) {
    tape_.use_at(columns[0], row + i, positions[i]);
    tape_.use_at(columns[1], row + i, values[i]);
    tape_.use_at(columns[2], row + i, id);
    tape_.select(selector, row + i);
  }
  return block;
}

void Walker::dynamic_lookup(DynamicKind kind, std::uint32_t block, Var position, Var value, Var id) {
  const At at = tape_.next_cell();
  tape_.use(0, at, position);
  tape_.use(1, at, value);
  tape_.use(2, at, id);
  if (!tape_.attached()) return;
  const std::size_t width = tape_.geometry().width;
  const auto& selectors = kind == DynamicKind::shuffle ? tape_.columns().shuffles : tape_.columns().dynamic_lookups;
  tape_.select(selectors.input.at(block).at(at.group / width).at(at.group % width), at.row);
}

Var Walker::gather_by_hot(std::span<const Var> data, Var index, std::size_t i) {
  const Int128 wanted = tape_.witness() ? tape_.value(index) : -1;
  std::vector<Var> hot, ones, numbers;
  for (std::size_t k = 0; k < data.size(); ++k) {
    const Var h = tape_.fresh(Int128(k) == wanted ? 1 : 0);
    tape_.mult(h, h, h);
    hot.push_back(h);
    ones.push_back(tape_.constant(1));
    numbers.push_back(tape_.constant(Int128(k)));
  }
  tape_.sum(hot, tape_.constant(1));
  tape_.dot(hot, numbers, index);
  const Var out = fresh_element(i);
  tape_.dot(hot, data, out);
  return out;
}

void Walker::lower_gather(const claims::Claim& claim) {
  const Refs& data = refs(claim.in[0]);
  const Refs& index = refs(claim.in[1]);
  const std::size_t lines = record_.tensors[claim.in[0].id].shape.at(0);
  if (lines == 0 || index.empty()) return;
  const std::size_t length = data.size() / lines, count = index.size() / lines;
  const DynamicKind kind = dynamic_kind(false);
  Refs result;
  result.reserve(index.size());
  std::vector<Var> positions;
  for (std::size_t k = 0; k < length; ++k) positions.push_back(tape_.constant(Int128(k)));
  std::span<const Var> table;
  std::uint32_t block = 0;
  Var id = 0;
  for (std::size_t line = 0; line < lines; ++line) {
    const std::span<const Var> here(data.data() + line * length, length);
    for (std::size_t k = 0; k < count; ++k) {
      const std::size_t i = line * count + k;
      if (Tape::is_constant(index[i])) {
        const Int128 at = tape_.constant_value(index[i]);
        if (at < 0 || at >= Int128(length)) throw Error(Fault::range, "a constant index leaves its axis");
        result.push_back(here[std::size_t(at)]);
        continue;
      }
      if (kind == DynamicKind::none) {
        result.push_back(gather_by_hot(here, index[i], i));
        continue;
      }
      if (table.empty() || !std::equal(here.begin(), here.end(), table.begin(), table.end())) {
        id = tape_.constant(++dynamic_id_);
        block = dynamic_table(kind, positions, here, id);
        table = here;
      }
      result.push_back(fresh_element(i));
      dynamic_lookup(kind, block, index[i], result.back(), id);
    }
  }
  refs(claim.out[0]) = std::move(result);
}

std::vector<Var> Walker::permutation_hint(const Columns& ys, const Columns& xs) {
  const std::size_t length = ys[0].size();
  std::vector<std::size_t> source(length, 0);
  if (tape_.witness()) {
    std::map<std::vector<Int128>, std::vector<std::size_t>> rows;
    const auto row = [&](const Columns& columns, std::size_t i) {
      std::vector<Int128> out;
      for (const auto& column : columns) out.push_back(tape_.value(column[i]));
      return out;
    };
    for (std::size_t i = length; i-- > 0;) rows[row(xs, i)].push_back(i);
    for (std::size_t i = 0; i < length; ++i) {
      auto& free = rows[row(ys, i)];
      if (free.empty()) continue;  // no permutation: the lookups will not hold
      source[i] = free.back();
      free.pop_back();
    }
  }
  std::vector<Var> out;
  for (const std::size_t i : source) out.push_back(tape_.fresh(Int128(i)));
  return out;
}

void Walker::permute_line(DynamicKind kind, Columns ys, Columns xs) {
  const std::size_t length = ys[0].size();
  // A column of distinct constants numbers the rows already; its side is the one that is looked up.
  const auto numbers_rows = [&](std::span<const Var> column) {
    std::vector<Var> sorted(column.begin(), column.end());
    if (!std::all_of(sorted.begin(), sorted.end(), Tape::is_constant)) return false;
    std::sort(sorted.begin(), sorted.end());
    return std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end();
  };
  std::vector<Var> looked_up, claimed;
  for (std::size_t c = 0; c < xs.size() && looked_up.empty(); ++c) {
    const bool in_xs = numbers_rows(xs[c]), in_ys = !in_xs && numbers_rows(ys[c]);
    if (!in_xs && !in_ys) continue;
    if (in_ys) std::swap(xs, ys);
    looked_up.assign(xs[c].begin(), xs[c].end());
    claimed.assign(ys[c].begin(), ys[c].end());
    xs.erase(xs.begin() + std::ptrdiff_t(c));
    ys.erase(ys.begin() + std::ptrdiff_t(c));
  }
  if (looked_up.empty()) {
    claimed = permutation_hint(ys, xs);
    for (std::size_t i = 0; i < length; ++i) looked_up.push_back(tape_.constant(Int128(i)));
  }
  const std::vector<Var> nothing(length, tape_.zero());
  if (xs.empty()) {
    xs = {nothing};
    ys = {nothing};
  }
  for (std::size_t c = 0; c < xs.size(); ++c) {
    const Var id = tape_.constant(++dynamic_id_);
    const std::uint32_t block = dynamic_table(kind, claimed, ys[c], id);
    for (std::size_t i = 0; i < length; ++i) dynamic_lookup(kind, block, looked_up[i], xs[c][i], id);
  }
}

void Walker::lower_permute(const claims::Claim& claim) {
  const std::size_t columns = claim.in.size() / 2;
  const Shape& shape = record_.tensors[claim.in[0].id].shape;
  const std::size_t lines = shape.at(0), length = shape.at(1);
  if (lines == 0 || length == 0) return;
  const DynamicKind kind = dynamic_kind(true);
  if (kind == DynamicKind::none) {
    throw Error(Fault::range,
                "sorting needs lookups among values, and the settings have neither num_shuffles nor "
                "num_dynamic_lookups: run gen-settings again");
  }
  for (std::size_t line = 0; line < lines; ++line) {
    Columns ys, xs;
    for (std::size_t c = 0; c < columns; ++c) {
      ys.emplace_back(refs(claim.in[c]).data() + line * length, length);
      xs.emplace_back(refs(claim.in[columns + c]).data() + line * length, length);
    }
    permute_line(kind, std::move(ys), std::move(xs));
  }
}

}  // namespace ezkl::circuit
