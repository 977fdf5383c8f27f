#include "artifact/json.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "artifact/json_writer.hpp"
#include "base/int128.hpp"

namespace ezkl {
namespace {

std::string message_of(const std::function<void()>& body) {
  try {
    body();
  } catch (const Error& e) {
    return e.what();
  }
  return "no error";
}

TEST(Json, KeepsIntegersBeyond64Bits) {
  const Json json =
      Json::parse(R"({"a": 170141183460469231731687303715884105727, "b": -7, "c": 9.0})", "x.json", 1 << 20);
  EXPECT_EQ(to_string(json.at("a").int128()), "170141183460469231731687303715884105727");
  EXPECT_EQ(json.at("b").integer<int>(), -7);
  EXPECT_THROW(json.at("b").integer<unsigned>(), Error);
  EXPECT_THROW(json.at("c").integer<unsigned>(), Error);
  EXPECT_EQ(json.at("c").real(), 9.0);
}

TEST(Json, RefusesDuplicatesTrailingTextAndDepth) {
  EXPECT_NE(message_of([] { Json::parse(R"({"a":1,"a":2})", "x.json", 1 << 20); }).find("`a` is given twice"),
            std::string::npos);
  EXPECT_THROW(Json::parse("{} x", "x.json", 1 << 20), Error);
  EXPECT_THROW(Json::parse("", "x.json", 1 << 20), Error);
  EXPECT_THROW(Json::parse(std::string(100000, '['), "x.json", 1 << 20), Error);
  EXPECT_NO_THROW(Json::parse(" {\n} \n", "x.json", 1 << 20));
}

// A zero byte ends the text for the library, which would leave the rest unread.
TEST(Json, NothingHidesBehindAZeroByte) {
  for (const std::string_view text : {std::string_view("{}\0", 3), std::string_view("{}\0{\"a\":1}", 10),
                                      std::string_view("[1,\0 2]", 7), std::string_view("[\"\0\"]", 5)}) {
    const std::string message = message_of([&] { Json::parse(text, "x.json", 1 << 20); });
    EXPECT_EQ(message.find("x.json: not valid JSON at line 1 column "), 0u) << message;
  }
}

TEST(Json, SaysNothingOfItsLibrary) {
  const std::string message = message_of([] { Json::parse("[1e400]", "x.json", 1 << 20); });
  EXPECT_EQ(message, "x.json: not valid JSON at line 1 column 6: number overflow parsing '1e400'");
}

/// 2^`pairs` names that the standard library's hash (MurmurHash64A with its seed) makes one number of: two blocks of 16
/// bytes take any state of it to the same next one.
std::vector<std::string> names_of_one_hash(std::size_t pairs) {
  constexpr std::uint64_t factor = 0xc6a4a7935bd1e995;
  std::uint64_t inverse = factor;
  for (int i = 0; i < 5; ++i) inverse *= 2 - factor * inverse;
  const auto mixed = [&](std::uint64_t x) {
    x *= factor;
    return (x ^ x >> 47) * factor;
  };
  const auto unmixed = [&](std::uint64_t x) {
    x *= inverse;
    return (x ^ x >> 47) * inverse;
  };
  std::uint64_t state = 0xc70f6907 ^ (16 * pairs * factor), random = 1;
  const auto block = [&] {
    std::uint64_t out = 0;
    for (int i = 0; i < 8; ++i) {
      random = random * 6364136223846793005 + 1442695040888963407;
      out = out << 8 | (0x20 + (random >> 33) % 0x5f);
    }
    return out;
  };
  const auto plain = [](std::uint64_t x) {
    for (int i = 0; i < 8; ++i, x >>= 8) {
      if ((x & 255) < 0x20 || (x & 255) > 0x7e || (x & 255) == '"' || (x & 255) == '\\') return false;
    }
    return true;
  };
  const auto text = [](std::uint64_t x) { return std::string(reinterpret_cast<const char*>(&x), sizeof x); };
  std::vector<std::string> out{""};
  for (std::size_t i = 0; i < pairs; ++i) {
    std::uint64_t a[2], b[2];
    do {
      for (std::uint64_t* x : {&a[0], &a[1], &b[0]}) {
        do *x = block();
        while (!plain(*x));
      }
      b[1] = unmixed(mixed(b[0]) ^ (state ^ mixed(a[0])) * factor ^ (state ^ mixed(a[1])) * factor);
    } while (!plain(b[1]));
    state = ((state ^ mixed(a[0])) * factor ^ mixed(b[0])) * factor;
    std::vector<std::string> longer;
    for (const std::string& name : out) {
      for (int k = 0; k < 2; ++k) longer.push_back(name + text(a[k]) + text(b[k]));
    }
    out = std::move(longer);
  }
  return out;
}

// Their look-ups took time with the square of their number: 25 s for these, were they kept by their hash.
TEST(Json, NamesThatShareAHashAreReadLikeOthers) {
  const std::vector<std::string> names = names_of_one_hash(16);
#if defined(__GLIBCXX__) && defined(__x86_64__)
  ASSERT_EQ(std::hash<std::string>()(names.front()), std::hash<std::string>()(names.back()));
#endif
  std::string text = "{";
  for (const std::string& name : names) text += (text.size() > 1 ? ",\"" : "\"") + name + "\":0";
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(Json::parse(text + "}", "x.json", 1 << 20).members().size(), names.size());
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
}

TEST(Json, HoldsNoMoreValuesThanItsReaderAllows) {
  EXPECT_EQ(Json::parse("[1,[2],{\"a\":3}]", "f", 6).items().size(), 3u);
  try {
    Json::parse("[1,[2],{\"a\":3}]", "f", 5);
    FAIL() << "read";
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), Fault::format);
    EXPECT_EQ(std::string(e.what()).find("f: more numbers"), 0u) << e.what();
  }
}

TEST(Json, NamesThePlaceOfAnError) {
  const std::string syntax = message_of([] { Json::parse("{\n \"a\": [1,\n ?]}", "x.json", 1 << 20); });
  EXPECT_EQ(syntax.find("x.json: not valid JSON at line 3 column 2"), 0u) << syntax;
  const Json json = Json::parse(R"({"rows": [[1, 2], [3, "x"]]})", "x.json", 1 << 20);
  const std::string type = message_of([&] {
    json.member("rows", [](const Json& rows) {
      return rows.each([](const Json& row) { return row.each([](const Json& n) { return n.integer<int>(); }); });
    });
  });
  EXPECT_EQ(type, "rows: element 1: element 1: expected a whole number, found text (\"x\")");
  EXPECT_EQ(message_of([&] { json.at("nope"); }), "missing field `nope`");
}

TEST(Json, AnotherFileIsCalledByItsName) {
  const auto asked = [](const char* text, const char* key) {
    return message_of([&] { Json::parse(text, "x.json", 1 << 20).at(key); });
  };
  EXPECT_EQ(asked(R"({"run_args": {}})", "input_data"), "missing field `input_data`: this is settings");
  EXPECT_EQ(asked(R"({"inputs": [], "processed_inputs": null})", "instances"),
            "missing field `instances`: this is a witness");
  EXPECT_EQ(asked(R"({"input_data": []})", "run_args"), "missing field `run_args`: this is input data");
  EXPECT_EQ(asked(R"({"processed_inputs": null})", "inputs"), "missing field `inputs`") << "a witness without inputs";
  EXPECT_EQ(asked(R"({"run_args": {}})", "num_rows"), "missing field `num_rows`") << "settings, and incomplete";
}

TEST(Json, WriterIsCompactAndEscapes) {
  JsonWriter json;
  json.open_object();
  json.key("a");
  json.list(std::vector<int>{1, 2}, [&](int n) { json.integer(n); });
  json.key("b\"\n");
  json.open_list();
  json.close_list();
  json.key("c");
  json.null();
  json.close_object();
  EXPECT_EQ(json.take(), "{\"a\":[1,2],\"b\\\"\\n\":[],\"c\":null}");
}

// `verify --json` ends up on terminals too, and names in it are anybody's.
TEST(Json, WriterShowsWhatATerminalWouldObey) {
  const std::string name =
      "\x1b[2J \x7f \xc2\x9b"
      "2J \xe2\x80\xae \xe2\x80\xa8 \xd8\x9c \xe2\x81\xa6 \\ \" \b é \xf0\x9f\x98\x80";
  JsonWriter json;
  json.text(name);
  const std::string text = json.take();
  EXPECT_EQ(text, R"("\u001b[2J \u007f \u009b2J \u202e \u2028 \u061c \u2066 \\ \" \b é )"
                  "\xf0\x9f\x98\x80\"");
  EXPECT_EQ(Json::parse(text, "x", 1 << 20).text(), name);
}

}  // namespace
}  // namespace ezkl
