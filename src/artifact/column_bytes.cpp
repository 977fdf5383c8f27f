#include "artifact/column_bytes.hpp"

#include "artifact/envelope.hpp"

namespace ezkl {
namespace {

/// Fewer equal differences than this are cheaper written one by one.
constexpr std::size_t shortest_run = 3;

std::int64_t difference(std::int64_t a, std::int64_t b) { return std::int64_t(std::uint64_t(a) - std::uint64_t(b)); }

}  // namespace

void write_column(ByteWriter& writer, const plonk::ColumnValues& column) {
  const auto values = column.small();
  const auto step = [&](std::size_t i) { return difference(values[i], i == 0 ? 0 : values[i - 1]); };
  const auto run_at = [&](std::size_t begin) {
    std::size_t end = begin + 1;
    while (end < values.size() && step(end) == step(begin)) ++end;
    return end - begin;
  };
  for (std::size_t i = 0; i < values.size();) {
    const std::size_t run = run_at(i);
    if (run >= shortest_run) {
      write_varint(writer, std::uint64_t(run) << 1 | 1);
      write_signed(writer, step(i));
      i += run;
      continue;
    }
    std::size_t end = i;
    while (end < values.size()) {
      const std::size_t length = run_at(end);
      if (length >= shortest_run) break;
      end += length;
    }
    write_varint(writer, std::uint64_t(end - i) << 1);
    for (; i < end; ++i) write_signed(writer, step(i));
  }
  write_varint(writer, column.wide().size());
  std::uint32_t previous = 0;
  for (const auto& [row, value] : column.wide()) {
    write_varint(writer, row - previous);
    writer.bytes(value.to_raw());
    previous = row;
  }
}

plonk::ColumnValues read_column(ByteReader& reader, std::size_t n) {
  plonk::ColumnValues column(n);
  std::int64_t value = 0;
  for (std::size_t row = 0; row < n;) {
    const std::uint64_t token = read_varint(reader);
    const std::uint64_t count = token >> 1;
    if (count == 0 || count > n - row) damaged(reader, "a run of rows that does not fit the column");
    const bool run = token & 1;
    std::int64_t step = run ? std::int64_t(read_signed(reader)) : 0;
    for (std::uint64_t i = 0; i < count; ++i) {
      if (!run) step = std::int64_t(read_signed(reader));
      value = std::int64_t(std::uint64_t(value) + std::uint64_t(step));
      if (value != 0) column.set(row, value);
      ++row;
    }
  }
  const std::size_t wide = read_count(reader, 33);
  std::uint64_t row = 0;
  for (std::size_t i = 0; i < wide; ++i) {
    const std::uint64_t step = read_varint(reader);
    if (i > 0 && step == 0) damaged(reader, "two field elements for one row");
    if (step >= n - row) damaged(reader, "a field element outside the column");
    row += step;
    const auto element = Fr::from_raw(reader.bytes(32).first<32>());
    if (!element) damaged(reader, "a field element that is not below the modulus");
    column.set(std::size_t(row), *element);
  }
  return column;
}

void write_successors(ByteWriter& writer, std::span<const std::uint32_t> next) {
  const auto distance = [&](std::size_t i) { return std::int64_t(next[i]) - std::int64_t(i); };
  std::size_t written = 0;
  for (std::size_t i = 0; i < next.size();) {
    if (next[i] == i) {
      ++i;
      continue;
    }
    std::size_t end = i + 1;
    while (end < next.size() && distance(end) == distance(i)) ++end;
    write_varint(writer, i - written);
    write_varint(writer, end - i);
    write_signed(writer, distance(i));
    written = i = end;
  }
  write_varint(writer, next.size() - written);
  write_varint(writer, 0);
}

std::vector<std::uint32_t> read_successors(ByteReader& reader, std::size_t cells) {
  std::vector<std::uint32_t> next(cells);
  for (std::size_t i = 0; i < cells; ++i) next[i] = std::uint32_t(i);
  std::size_t at = 0;
  while (true) {
    const std::uint64_t gap = read_varint(reader), count = read_varint(reader);
    if (gap > cells - at || count > cells - at - gap) damaged(reader, "copies outside the circuit");
    at += gap;
    if (count == 0) break;
    const Int128 distance = read_signed(reader);
    if (distance < -Int128(at) || distance >= Int128(cells) - Int128(at + count - 1)) {
      damaged(reader, "a copy to a cell outside the circuit");
    }
    for (std::uint64_t i = 0; i < count; ++i, ++at) next[at] = std::uint32_t(Int128(at) + distance);
  }
  if (at != cells) damaged(reader, "copies that do not cover the circuit");
  return next;
}

}  // namespace ezkl
