#include "artifact/npy_file.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <string>

#include "ezkl/error.hpp"

namespace ezkl {
namespace {

using Bytes = std::vector<std::uint8_t>;

/// An array file of version 1 with a header of any text.
Bytes npy_of(std::string header, const Bytes& data) {
  header.resize((header.size() + 10 + 64) / 64 * 64 - 10, ' ');
  header.back() = '\n';
  const std::string prefix{'\x93', 'N', 'U', 'M', 'P', 'Y', 1, 0, char(header.size()), char(header.size() >> 8)};
  const std::string head = prefix + header;
  Bytes out(head.begin(), head.end());
  out.insert(out.end(), data.begin(), data.end());
  return out;
}

/// One with the given element type, order and shape.
Bytes npy(const std::string& descr, bool fortran, const std::string& shape, const Bytes& data) {
  return npy_of(
      "{'descr': '" + descr + "', 'fortran_order': " + (fortran ? "True" : "False") + ", 'shape': " + shape + ", }",
      data);
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

struct Entry {
  std::string name;
  Bytes array;
  bool deflated = false;
  bool damaged = false;  ///< its checksum is another's
};

/// numpy.savez or savez_compressed in its essential parts.
Bytes npz_of(const std::vector<Entry>& entries) {
  const auto put = [](Bytes& out, std::size_t v, int bytes) {
    for (int i = 0; i < bytes; ++i) out.push_back(std::uint8_t(i < 8 ? v >> (8 * i) : 0));
  };
  const auto text = [](Bytes& out, const std::string& s) { out.insert(out.end(), s.begin(), s.end()); };
  Bytes out, directory;
  for (const Entry& entry : entries) {
    const Bytes packed = entry.deflated ? deflated_bytes(entry.array) : entry.array;
    const std::size_t place = out.size();
    const auto common = [&](Bytes& to) {
      put(to, 20, 2);
      put(to, 0, 2);
      put(to, entry.deflated ? 8 : 0, 2);
      put(to, 0, 4);
      put(to, crc32(0, entry.array.data(), uInt(entry.array.size())) ^ (entry.damaged ? 1 : 0), 4);
      put(to, packed.size(), 4);
      put(to, entry.array.size(), 4);
      put(to, entry.name.size(), 2);
      put(to, 0, 2);
    };
    text(out, "PK\3\4");
    common(out);
    text(out, entry.name);
    out.insert(out.end(), packed.begin(), packed.end());
    text(directory, "PK\1\2");
    put(directory, 20, 2);
    common(directory);
    put(directory, 0, 10);
    put(directory, place, 4);
    text(directory, entry.name);
  }
  const std::size_t at = out.size();
  out.insert(out.end(), directory.begin(), directory.end());
  text(out, "PK\5\6");
  put(out, 0, 4);
  put(out, entries.size(), 2);
  put(out, entries.size(), 2);
  put(out, directory.size(), 4);
  put(out, at, 4);
  put(out, 0, 2);
  return out;
}

Bytes npz(bool deflated, const Bytes& array = npy("|i1", false, "(1,)", {7})) {
  return npz_of({{"b.npy", array, deflated}});
}

std::string message_of(const std::function<void()>& body) {
  try {
    body();
  } catch (const Error& e) {
    return e.what();
  }
  return "no error";
}

// What another reader would take for other arrays: numpy takes the last of two keys and of two entries.
TEST(Npz, OneNameOneArrayOneChecksum) {
  const Bytes one = npy("|i1", false, "(1,)", {7}), two = npy("|i1", false, "(1,)", {8});
  EXPECT_EQ(parse_npz(npz_of({{"a.npy", one}, {"b.npy", two, true}}), "x").size(), 2u);
  for (const char* name : {"a.npy", "a"}) {
    const Bytes archive = npz_of({{"a.npy", one}, {name, two}});
    EXPECT_EQ(message_of([&] { parse_npz(archive, "x"); }), "x: two arrays have the name 'a'");
  }
  for (const bool deflated : {false, true}) {
    const Bytes archive = npz_of({{"a.npy", one, deflated, true}});
    EXPECT_NE(message_of([&] { parse_npz(archive, "x"); }).find("checksum"), std::string::npos);
  }
  EXPECT_THROW(parse_npz(npz_of({{std::string("a\0.npy", 6), one}}), "x"), Error);
}

TEST(Npz, TheDirectoryIsTheOneBeforeItsRecord) {
  const Bytes good = npz(false);
  const auto end = std::ptrdiff_t(good.size()) - 22;
  Bytes gap = good;
  gap.insert(gap.begin() + end, 8, 0);
  EXPECT_NE(message_of([&] { parse_npz(gap, "x"); }).find("the zip directory is not where it ends"), std::string::npos);
  Bytes fewer = npz_of({{"a.npy", npy("|i1", false, "(1,)", {7})}, {"b.npy", npy("|i1", false, "(1,)", {8})}});
  fewer[fewer.size() - 14] = fewer[fewer.size() - 12] = 1;
  EXPECT_NE(message_of([&] { parse_npz(fewer, "x"); }).find("more than it counts"), std::string::npos);
}

TEST(Npy, TheHeaderIsWhatNumpyWritesAndNothingElse) {
  const Bytes data(8);
  const auto said = [&](const std::string& header) {
    return message_of([&] { parse_npy(npy_of(header, data), "x"); });
  };
  EXPECT_EQ(said("{'descr': '|u1', 'fortran_order': False, 'shape': (2, 4), }"), "no error");
  EXPECT_EQ(said("{'shape':(8,),'fortran_order':True,'descr':'|u1'}"), "no error");
  EXPECT_NE(said("{'descr': '|u1', 'fortran_order': False, 'shape': (2, 4), 'shape': (4, 2), }").find("stands twice"),
            std::string::npos);
  for (const char* bad : {"{'descr': '|u1', 'descr': '|i1', 'fortran_order': False, 'shape': (8,), }",
                          "{'descr': '|u1', 'fortran_order': False, 'shape': (8,), 'more': 1, }",
                          "{'descr': '|u1', 'fortran_order': False, }", "{'descr': '|u1', 'shape': (8,), }",
                          "{'descr': '|u1', 'fortran_order': 0, 'shape': (8,), }",
                          "{'descr': '|u1', 'fortran_order': False, 'shape': (8), }",
                          "{'descr': '|u1', 'fortran_order': False, 'shape': (2 4), }",
                          "{'descr': '|u1', 'fortran_order': False, 'shape': (-8,), }",
                          "{'descr': '|u1' 'fortran_order': False, 'shape': (8,), }",
                          "{'descr': '|u1', 'fortran_order': False, 'shape': (8,), } | {'shape': (4, 2)}",
                          "{'des\\x63r': '|u1', 'fortran_order': False, 'shape': (8,), }", "{'descr': '|u1",
                          "{'descr': '<U1', 'fortran_order': False, 'shape': (1,), }",
                          "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", ""}) {
    EXPECT_NE(said(bad), "no error") << bad;
  }
}

TEST(Npy, WholeNumbersAreExact) {
  const Int128 odd = (Int128{1} << 53) + 1;
  const auto whole = [](const char* type, const Bytes& bytes) {
    return parse_npy(npy(type, false, "(1,)", bytes), "x")[0].whole();
  };
  const Bytes bytes = {1, 0, 0, 0, 0, 0, 0x20, 0};
  EXPECT_EQ(whole("<i8", bytes), odd);
  EXPECT_EQ(whole("<u8", bytes), odd);
  EXPECT_EQ(whole("<i8", Bytes(8, 0xff)), Int128{-1});
  EXPECT_EQ(whole("<u8", Bytes(8, 0xff)), (Int128{1} << 64) - 1);
  EXPECT_EQ(whole("<f8", {0, 0, 0, 0, 0, 0, 8, 0x40}), Int128{3});
  EXPECT_EQ(whole("<f8", {0, 0, 0, 0, 0, 0, 4, 0x40}), std::nullopt);  // 2.5
  EXPECT_EQ(whole("<f4", {0, 0, 0x80, 0x7f}), std::nullopt);           // infinity
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
  // Names of their own.
  for (std::size_t i = 1; i < 9; ++i) many[directory + i * (end - directory) + 46] = std::uint8_t('c' + i);
  const std::size_t tail = many.size();
  many.insert(many.end(), archive.begin() + std::ptrdiff_t(end), archive.end());
  many[tail + 8] = many[tail + 10] = 9;
  const std::size_t directory_bytes = tail - directory;
  for (std::size_t i = 0; i < 4; ++i) many[tail + 12 + i] = std::uint8_t(directory_bytes >> (8 * i));
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
