#include "artifact/envelope.hpp"

#include <gtest/gtest.h>

#include "base/int128.hpp"
#include "ezkl/error.hpp"

namespace ezkl {
namespace {

constexpr std::string_view kind = "EZKL-CPP test, format ";

TEST(Envelope, GivesThePayloadBackAndNoticesEveryChange) {
  const std::vector<std::uint8_t> payload = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  const std::vector<std::uint8_t> file = seal(kind, 1, payload);
  const auto read = unseal(kind, 1, file, "f");
  EXPECT_EQ(std::vector<std::uint8_t>(read.begin(), read.end()), payload);
  for (std::size_t i = 0; i < file.size(); ++i) {
    auto damaged = file;
    damaged[i] ^= 4;
    EXPECT_THROW(unseal(kind, 1, damaged, "f"), Error) << i;
    EXPECT_THROW(unseal(kind, 1, std::span(file).first(i), "f"), Error) << i;
  }
  auto longer = file;
  longer.push_back(0);
  EXPECT_THROW(unseal(kind, 1, longer, "f"), Error);
}

TEST(Envelope, NamesANewerFormat) {
  try {
    unseal(kind, 1, seal(kind, 2, {}), "f");
    FAIL();
  } catch (const Error& e) {
    EXPECT_NE(std::string(e.what()).find("is of format 2"), std::string::npos) << e.what();
  }
}

TEST(Envelope, NumbersSurvive) {
  ByteWriter writer;
  const Int128 lowest = Int128(Uint128(1) << 127);
  const Int128 values[] = {0, -1, 1, 63, 64, -64, -65, Int128(1) << 100, lowest, ~lowest};
  for (const Int128 v : values) write_signed(writer, v);
  for (const std::uint64_t v : {std::uint64_t(0), std::uint64_t(127), std::uint64_t(128), ~std::uint64_t(0)}) {
    write_varint(writer, v);
  }
  ByteReader reader(writer.out, "x");
  for (const Int128 v : values) EXPECT_EQ(to_string(read_signed(reader)), to_string(v));
  for (const std::uint64_t v : {std::uint64_t(0), std::uint64_t(127), std::uint64_t(128), ~std::uint64_t(0)}) {
    EXPECT_EQ(read_varint(reader), v);
  }
  EXPECT_EQ(reader.remaining(), 0u);
  const std::vector<std::uint8_t> endless(30, 0xff);
  ByteReader bad(endless, "x");
  EXPECT_THROW(read_varint(bad), Error);
  ByteReader bad_signed(endless, "x");
  EXPECT_THROW(read_signed(bad_signed), Error);
}

TEST(Envelope, AForgedCountIsRefusedBeforeMemoryIsTaken) {
  ByteWriter writer;
  write_varint(writer, std::uint64_t(1) << 60);
  ByteReader reader(writer.out, "x");
  EXPECT_THROW(read_count(reader, 8), Error);
}

}  // namespace
}  // namespace ezkl
