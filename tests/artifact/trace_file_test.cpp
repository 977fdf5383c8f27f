#include "artifact/trace_file.hpp"

#include <gtest/gtest.h>

#include "artifact/json.hpp"

namespace ezkl {
namespace {

TEST(TraceFile, HasALaneAThreadAndAnEventAPhase) {
  std::vector<PhaseRecord> records(3);
  records[0] = {"prove", -1, 0, 0, 2'000'000, 3'000'000, 5u << 20, 4u << 20};
  records[1] = {"say \"open\"", 0, 0, 500'000, 1'500'500, 1'000'500, 3u << 20, 2u << 20};
  records[2] = {"prove", -1, 1, 100'000, 200'000, 50'000, 0, 0};
  const Json trace = Json::parse(trace_text(records), "trace", 1 << 20);
  std::vector<const Json*> phases;
  std::size_t lanes = 0, counters = 0;
  for (const Json& event : trace.at("traceEvents").items()) {
    EXPECT_EQ(event.at("pid").integer<int>(), 1);
    const std::string& kind = event.at("ph").text();
    if (kind == "X") phases.push_back(&event);
    if (kind == "M") lanes += event.at("name").text() == "thread_name" ? 1 : 0;
    if (kind == "C") {
      ++counters;
      EXPECT_GT(event.at("args").at("MiB").real(), 1.0);
    }
  }
  EXPECT_EQ(lanes, 2u);
  EXPECT_EQ(counters, 2u);
  ASSERT_EQ(phases.size(), 3u);
  EXPECT_EQ(phases[1]->at("name").text(), "say \"open\"");
  EXPECT_EQ(phases[1]->at("ts").real(), 500.0);
  EXPECT_EQ(phases[1]->at("dur").real(), 1000.5);
  EXPECT_EQ(phases[1]->at("args").at("peak MiB").real(), 3.0);
  EXPECT_EQ(phases[0]->at("args").at("threads").real(), 1.5);
  EXPECT_EQ(phases[2]->at("tid").integer<int>(), 1);
  EXPECT_EQ(phases[2]->at("args").find("peak MiB"), nullptr);
}

}  // namespace
}  // namespace ezkl
