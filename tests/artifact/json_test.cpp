#include "artifact/json.hpp"

#include <gtest/gtest.h>

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
  const Json json = Json::parse(R"({"a": 170141183460469231731687303715884105727, "b": -7, "c": 9.0})", "x.json");
  EXPECT_EQ(to_string(json.at("a").int128()), "170141183460469231731687303715884105727");
  EXPECT_EQ(json.at("b").integer<int>(), -7);
  EXPECT_THROW(json.at("b").integer<unsigned>(), Error);
  EXPECT_THROW(json.at("c").integer<unsigned>(), Error);
  EXPECT_EQ(json.at("c").real(), 9.0);
}

TEST(Json, RefusesDuplicatesTrailingTextAndDepth) {
  EXPECT_NE(message_of([] { Json::parse(R"({"a":1,"a":2})", "x.json"); }).find("`a` is given twice"),
            std::string::npos);
  EXPECT_THROW(Json::parse("{} x", "x.json"), Error);
  EXPECT_THROW(Json::parse("", "x.json"), Error);
  EXPECT_THROW(Json::parse(std::string(100000, '['), "x.json"), Error);
  EXPECT_NO_THROW(Json::parse(" {\n} \n", "x.json"));
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
  const std::string syntax = message_of([] { Json::parse("{\n \"a\": [1,\n ?]}", "x.json"); });
  EXPECT_EQ(syntax.find("x.json: not valid JSON at line 3 column 2"), 0u) << syntax;
  const Json json = Json::parse(R"({"rows": [[1, 2], [3, "x"]]})", "x.json");
  const std::string type = message_of([&] {
    json.member("rows", [](const Json& rows) {
      return rows.each([](const Json& row) { return row.each([](const Json& n) { return n.integer<int>(); }); });
    });
  });
  EXPECT_EQ(type, "rows: element 1: element 1: expected a whole number, found text (\"x\")");
  EXPECT_EQ(message_of([&] { json.at("nope"); }), "missing field `nope`");
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

}  // namespace
}  // namespace ezkl
