#include "base/bytes.hpp"

#include <gtest/gtest.h>

#include "ezkl/error.hpp"

namespace ezkl {
namespace {

TEST(Bytes, ReadsWhatWasWritten) {
  ByteWriter writer;
  writer.u8(0x12);
  writer.u32le(0x01020304);
  writer.u32be(0x01020304);
  writer.u64le(0x1122334455667788);
  writer.bytes(std::vector<std::uint8_t>{9, 8});
  EXPECT_EQ(writer.out[1], 4);
  EXPECT_EQ(writer.out[5], 1);
  ByteReader reader(writer.out, "it");
  EXPECT_EQ(reader.u8(), 0x12);
  EXPECT_EQ(reader.u32le(), 0x01020304u);
  EXPECT_EQ(reader.u32be(), 0x01020304u);
  EXPECT_EQ(reader.u64le(), 0x1122334455667788u);
  EXPECT_EQ(reader.remaining(), 2u);
  EXPECT_EQ(reader.bytes(2)[1], 8);
  EXPECT_EQ(reader.remaining(), 0u);
}

TEST(Bytes, SaysWhereABufferEnds) {
  const std::vector<std::uint8_t> data(6);
  ByteReader reader(data, "vk.key");
  reader.u32le();
  try {
    reader.u64le();
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), Fault::format);
    EXPECT_STREQ(e.what(), "vk.key: truncated at byte 6, needs 6 more");
  }
  EXPECT_THROW(reader.bytes(~std::size_t{0}), Error);
}

}  // namespace
}  // namespace ezkl
