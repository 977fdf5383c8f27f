#include "artifact/npy_file.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <algorithm>
#include <chrono>
#include <string>

#include "ezkl/error.hpp"

namespace ezkl {
namespace {

using Bytes = std::vector<std::uint8_t>;

/// An array file of version 1 with the given element type, order and shape.
Bytes npy(const std::string& descr, bool fortran, const std::string& shape, const Bytes& data) {
  std::string header =
      "{'descr': '" + descr + "', 'fortran_order': " + (fortran ? "True" : "False") + ", 'shape': " + shape + ", }";
  header.resize((header.size() + 10 + 64) / 64 * 64 - 10, ' ');
  header.back() = '\n';
  const std::string prefix{'\x93', 'N', 'U', 'M', 'P', 'Y', 1, 0, char(header.size()), char(header.size() >> 8)};
  const std::string head = prefix + header;
  Bytes out(head.begin(), head.end());
  out.insert(out.end(), data.begin(), data.end());
  return out;
}

std::vector<double> numbers(const std::vector<InputValue>& values) {
  std::vector<double> out;
  for (const InputValue& v : values) out.push_back(v.number);
  return out;
}

TEST(Npy, ReadsElementTypesAndByteOrders) {
  EXPECT_EQ(numbers(parse_npy(npy("<f4", false, "(2,)", {0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0}), "x")),
            (std::vector<double>{1, -2}));
  EXPECT_EQ(numbers(parse_npy(npy(">i2", false, "(2,)", {0xff, 0xfe, 1, 0}), "x")), (std::vector<double>{-2, 256}));
  EXPECT_EQ(numbers(parse_npy(npy("|u1", false, "(1, 2)", {200, 7}), "x")), (std::vector<double>{200, 7}));
  EXPECT_EQ(numbers(parse_npy(npy("<f2", false, "(2,)", {0, 0x3e, 1, 0}), "x")),
            (std::vector<double>{1.5, 5.9604644775390625e-08}));
  EXPECT_EQ(numbers(parse_npy(npy("|b1", false, "()", {1}), "x")), (std::vector<double>{1}));
}

TEST(Npy, TurnsColumnMajorAround) {
  EXPECT_EQ(numbers(parse_npy(npy("|i1", true, "(2, 3)", {1, 4, 2, 5, 3, 6}), "x")),
            (std::vector<double>{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(numbers(parse_npy(npy("|i1", true, "(1, 2, 1, 3, 2)", {1, 7, 3, 9, 5, 11, 2, 8, 4, 10, 6, 12}), "x")),
            (std::vector<double>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}));
}

// Each element took a division for each axis: seconds for a compressed file of 8 KiB.
TEST(Npy, AxesOfOneElementCostNothing) {
  std::string shape = "(1048576";
  for (int i = 0; i < 63; ++i) shape += ",1";
  for (const bool column_major : {false, true}) {
    Bytes data(1 << 20);
    data.back() = 7;
    const auto start = std::chrono::steady_clock::now();
    const auto values = parse_npy(npy("|u1", column_major, shape + ")", data), "x");
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(1));
    EXPECT_EQ(values.back().number, 7);
  }
}

TEST(Npy, RefusesDamage) {
  const Bytes good = npy("<f4", false, "(2,)", Bytes(8));
  for (std::size_t cut = 0; cut < good.size(); ++cut) {
    EXPECT_THROW(parse_npy(std::span(good).first(cut), "x"), Error) << cut;
  }
  EXPECT_THROW(parse_npy(npy("<f4", false, "(99999999999,)", Bytes(8)), "x"), Error);
  EXPECT_THROW(parse_npy(npy("<c8", false, "(1,)", Bytes(8)), "x"), Error);
}

/// What zlib makes of it, without its own head and checksum.
Bytes deflated_bytes(const Bytes& data) {
  uLongf size = compressBound(uLong(data.size()));
  Bytes out(size);
  EXPECT_EQ(compress(out.data(), &size, data.data(), uLong(data.size())), Z_OK);
  return Bytes(out.begin() + 2, out.begin() + std::ptrdiff_t(size) - 4);
}

/// numpy.savez_compressed(file, b=array) in its essential parts; the entry is stored or deflated.
Bytes npz(bool deflated, const Bytes& array = npy("|i1", false, "(1,)", {7})) {
  const Bytes packed = deflated ? deflated_bytes(array) : array;
  const auto u32 = [](Bytes& out, std::size_t v) {
    for (int i = 0; i < 4; ++i) out.push_back(std::uint8_t(v >> (8 * i)));
  };
  const std::uint8_t method = deflated ? 8 : 0;
  Bytes out = {'P', 'K', 3, 4, 20, 0, 0, 0, method, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  u32(out, packed.size());
  u32(out, array.size());
  for (const std::uint8_t b : Bytes{5, 0, 0, 0, 'b', '.', 'n', 'p', 'y'}) out.push_back(b);
  out.insert(out.end(), packed.begin(), packed.end());
  const std::size_t directory = out.size();
  for (const std::uint8_t b : Bytes{'P', 'K', 1, 2, 20, 0, 20, 0, 0, 0, method, 0, 0, 0, 0, 0, 0, 0, 0, 0})
    out.push_back(b);
  u32(out, packed.size());
  u32(out, array.size());
  for (const std::uint8_t b : Bytes{5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}) out.push_back(b);
  u32(out, 0);
  for (const char c : std::string("b.npy")) out.push_back(std::uint8_t(c));
  const std::size_t end = out.size();
  for (const std::uint8_t b : Bytes{'P', 'K', 5, 6, 0, 0, 0, 0, 1, 0, 1, 0}) out.push_back(b);
  u32(out, end - directory);
  u32(out, directory);
  out.push_back(0);
  out.push_back(0);
  return out;
}

TEST(Npz, ReadsStoredAndDeflatedArrays) {
  for (const bool deflated : {false, true}) {
    const Bytes archive = npz(deflated);
    ASSERT_TRUE(is_npz(archive));
    const auto arrays = parse_npz(archive, "x");
    ASSERT_EQ(arrays.size(), 1u);
    EXPECT_EQ(arrays[0].first, "b");
    EXPECT_EQ(numbers(arrays[0].second), (std::vector<double>{7}));
    for (std::size_t cut = 0; cut < archive.size(); ++cut) {
      EXPECT_THROW(parse_npz(std::span(archive).first(cut), "x"), Error) << cut;
    }
  }
}

TEST(Npz, EntriesThatShareTheirBytesAreRefused) {
  const Bytes archive = npz(false);
  const auto place_of = [&](std::string_view mark) {
    return std::size_t(std::search(archive.begin(), archive.end(), mark.begin(), mark.end()) - archive.begin());
  };
  const std::size_t end = place_of("PK\5\6"), directory = place_of("PK\1\2");
  Bytes many(archive.begin(), archive.begin() + std::ptrdiff_t(end));
  for (int i = 1; i < 9; ++i) {
    many.insert(many.end(), archive.begin() + std::ptrdiff_t(directory), archive.begin() + std::ptrdiff_t(end));
  }
  const std::size_t tail = many.size();
  many.insert(many.end(), archive.begin() + std::ptrdiff_t(end), archive.end());
  many[tail + 8] = many[tail + 10] = 9;
  try {
    parse_npz(many, "x");
    ADD_FAILURE() << "read";
  } catch (const Error& e) {
    EXPECT_NE(std::string(e.what()).find("overlap"), std::string::npos) << e.what();
  }
}

/// 20 kB that stand for 20 MB, which once became a gigabyte of values.
TEST(Npz, ACompressedFileHoldsSoManyElementsAndNoMore) {
  const std::size_t count = 20'000'000;
  const Bytes bomb = npz(true, npy("|b1", false, "(20000000,)", Bytes(count)));
  EXPECT_LT(bomb.size(), 30'000u);
  try {
    parse_npz(bomb, "x");
    ADD_FAILURE() << "read";
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), Fault::range);
    EXPECT_NE(std::string(e.what()).find("x: b.npy: the arrays of a compressed file"), std::string::npos) << e.what();
  }
  const auto fine = parse_npz(npz(true, npy("|b1", false, "(2000000,)", Bytes(2'000'000))), "x");
  EXPECT_EQ(fine.at(0).second.size(), 2'000'000u);
}

TEST(Npy, ManyAxesAreRefused) {
  std::string shape = "(";
  for (int i = 0; i < 65; ++i) shape += "1,";
  EXPECT_THROW(parse_npy(npy("|i1", false, shape + ")", {7}), "x"), Error);
}

}  // namespace
}  // namespace ezkl
