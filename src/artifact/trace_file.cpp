#include "artifact/trace_file.hpp"

#include <cstdio>
#include <set>

#include "artifact/json_writer.hpp"

namespace ezkl {
namespace {

constexpr int process = 1;

/// With three decimals: the format counts in microseconds, or is read in mebibytes.
std::string decimal(double value) {
  char text[64];
  std::snprintf(text, sizeof text, "%.3f", value);
  return text;
}

std::string microseconds(std::int64_t ns) { return decimal(double(ns) * 1e-3); }

std::string mebibytes(std::uint64_t bytes) { return decimal(double(bytes) / 1048576.0); }

void open_event(JsonWriter& json, const char* name, const char* kind, std::uint32_t thread) {
  json.open_object();
  json.key("name");
  json.text(name);
  json.key("ph");
  json.text(kind);
  json.key("pid");
  json.integer(process);
  json.key("tid");
  json.integer(thread);
}

void name_of(JsonWriter& json, const char* what, std::uint32_t thread, const std::string& name) {
  open_event(json, what, "M", thread);
  json.key("args");
  json.open_object();
  json.key("name");
  json.text(name);
  json.close_object();
  json.close_object();
}

void memory_at(JsonWriter& json, std::int64_t ns, std::uint64_t bytes) {
  open_event(json, "resident memory", "C", 0);
  json.key("ts");
  json.raw(microseconds(ns));
  json.key("args");
  json.open_object();
  json.key("MiB");
  json.raw(mebibytes(bytes));
  json.close_object();
  json.close_object();
}

void phase(JsonWriter& json, const PhaseRecord& record) {
  const std::int64_t wall = record.end_ns - record.begin_ns;
  open_event(json, record.name, "X", record.thread);
  json.key("cat");
  json.text(record.thread == 0 ? "phase" : "pool");
  json.key("ts");
  json.raw(microseconds(record.begin_ns));
  json.key("dur");
  json.raw(microseconds(wall));
  json.key("args");
  json.open_object();
  json.key("cpu ms");
  json.raw(decimal(double(record.cpu_ns) * 1e-6));
  json.key("threads");
  json.raw(decimal(wall > 0 ? double(record.cpu_ns) / double(wall) : 0));
  if (record.thread == 0) {
    json.key("peak MiB");
    json.raw(mebibytes(record.peak_bytes));
  }
  json.close_object();
  json.close_object();
}

}  // namespace

std::string trace_text(const std::vector<PhaseRecord>& records) {
  JsonWriter json;
  json.open_object();
  json.key("displayTimeUnit");
  json.text("ms");
  json.key("traceEvents");
  json.open_list();
  name_of(json, "process_name", 0, "ezkl");
  std::set<std::uint32_t> threads;
  for (const PhaseRecord& record : records) {
    if (threads.insert(record.thread).second) {
      name_of(json, "thread_name", record.thread,
              record.thread == 0 ? "phases" : "pool thread " + std::to_string(record.thread));
    }
    phase(json, record);
    if (record.thread == 0 && record.end_bytes != 0) memory_at(json, record.end_ns, record.end_bytes);
  }
  json.close_list();
  json.close_object();
  return json.take();
}

}  // namespace ezkl
