#include "artifact/column_bytes.hpp"

#include <gtest/gtest.h>

#include "artifact/envelope.hpp"
#include "ezkl/error.hpp"

namespace ezkl {
namespace {

plonk::ColumnValues sample(std::size_t n) {
  plonk::ColumnValues column(n);
  for (std::size_t i = 0; i < n / 2; ++i) column.set(i, std::int64_t(i) - 40);  // a table
  for (std::size_t i = n / 2; i < n / 2 + 9; ++i) column.set(i, std::int64_t(i * i % 7) * (i % 2 ? 1 : -1));
  column.set(n - 3, (std::int64_t(1) << 61) + 5);
  column.set(n - 2, -Fr::from_u64(2).inverse());
  return column;
}

TEST(ColumnBytes, GivesColumnsBackInFewBytes) {
  const std::size_t n = 4096;
  const plonk::ColumnValues column = sample(n);
  ByteWriter writer;
  write_column(writer, column);
  EXPECT_LT(writer.out.size(), 120u);
  ByteReader reader(writer.out, "c");
  const plonk::ColumnValues read = read_column(reader, n);
  EXPECT_EQ(reader.remaining(), 0u);
  for (std::size_t i = 0; i < n; ++i) EXPECT_EQ(read.at(i), column.at(i)) << i;
  ByteReader shorter(writer.out, "c");
  EXPECT_THROW(read_column(shorter, n / 2), Error);
}

TEST(ColumnBytes, GivesCopiesBack) {
  std::vector<std::uint32_t> next(1000);
  for (std::uint32_t i = 0; i < 1000; ++i) next[i] = i;
  for (std::uint32_t i = 0; i < 300; ++i) {
    next[i] = i + 500;
    next[i + 500] = i;
  }
  std::swap(next[999], next[400]);
  ByteWriter writer;
  write_successors(writer, next);
  EXPECT_LT(writer.out.size(), 40u);
  ByteReader reader(writer.out, "s");
  EXPECT_EQ(read_successors(reader, next.size()), next);
  EXPECT_EQ(reader.remaining(), 0u);
  ByteReader shorter(writer.out, "s");
  EXPECT_THROW(read_successors(shorter, 700), Error);
}

TEST(ColumnBytes, DistancesNearTheEndOfTheirTypeAreRefused) {
  constexpr Int128 highest = ~(Int128{1} << 127);
  for (const Int128 distance : {highest, -highest, highest - 1, Int128{3}, Int128{-1}}) {
    ByteWriter writer;
    write_varint(writer, 0);
    write_varint(writer, 2);
    write_signed(writer, distance);
    write_varint(writer, 2);
    write_varint(writer, 0);
    ByteReader reader(writer.out, "x");
    EXPECT_THROW(read_successors(reader, 4), Error);
  }
}

/// Rows that go backwards, by steps that wrap around, once took the time of a sort by insertion.
TEST(ColumnBytes, FieldElementsStandInTheOrderOfTheirRows) {
  const Fr element = -Fr::from_u64(2).inverse();
  const auto read = [&](const std::vector<std::uint64_t>& steps) {
    ByteWriter writer;
    write_column(writer, plonk::ColumnValues(16));
    writer.out.pop_back();  // the number of field elements
    write_varint(writer, steps.size());
    for (const std::uint64_t step : steps) {
      write_varint(writer, step);
      writer.bytes(element.to_raw());
    }
    ByteReader reader(writer.out, "x");
    return read_column(reader, 16);
  };
  EXPECT_EQ(read({0, 15}).at(15), element);
  EXPECT_THROW(read({9, ~std::uint64_t{0}}), Error);
  EXPECT_THROW(read({9, 0}), Error);
  EXPECT_THROW(read({9, 7}), Error);
  EXPECT_THROW(read({16}), Error);
}

TEST(ColumnBytes, DamageIsRefusedOrHarmless) {
  ByteWriter writer;
  write_column(writer, sample(256));
  const std::size_t column_end = writer.out.size();
  write_successors(writer, std::vector<std::uint32_t>{1, 0, 2, 3});
  for (std::size_t i = 0; i < writer.out.size(); ++i) {
    for (const std::uint8_t flip : {1, 64, 128, 255}) {
      auto bytes = writer.out;
      bytes[i] ^= flip;
      ByteReader reader(bytes, "c");
      try {
        read_column(reader, 256);
        for (const std::uint32_t cell : read_successors(reader, 4)) EXPECT_LT(cell, 4u);
      } catch (const Error&) {
      }
    }
  }
  for (std::size_t i = 0; i < column_end; ++i) {
    ByteReader cut{std::span<const std::uint8_t>(writer.out).first(i), "c"};
    EXPECT_THROW(read_column(cut, 256), Error) << i;
  }
}

}  // namespace
}  // namespace ezkl
