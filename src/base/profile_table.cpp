#include <algorithm>
#include <cstdio>
#include <string_view>

#include "base/profile.hpp"

namespace ezkl {
namespace {

/// A line of the table: the phases of one name that lie in the same line's phases.
struct Line {
  std::string_view name;
  std::size_t count = 0;
  std::int64_t wall_ns = 0, cpu_ns = 0;
  std::uint64_t peak_bytes = 0;
  std::vector<std::size_t> inside;
};

std::vector<Line> merge(const std::vector<PhaseRecord>& records) {
  std::vector<Line> lines;
  std::vector<std::size_t> line_of(records.size());
  for (std::size_t r = 0; r < records.size(); ++r) {
    const PhaseRecord& record = records[r];
    if (record.thread != 0) continue;
    std::size_t line = lines.size();
    if (record.parent >= 0) {
      std::vector<std::size_t>& siblings = lines[line_of[std::size_t(record.parent)]].inside;
      const auto same =
          std::find_if(siblings.begin(), siblings.end(), [&](std::size_t i) { return lines[i].name == record.name; });
      if (same != siblings.end()) {
        line = *same;
      } else {
        siblings.push_back(line);
      }
    }
    if (line == lines.size()) lines.push_back({record.name, 0, 0, 0, 0, {}});
    line_of[r] = line;
    ++lines[line].count;
    lines[line].wall_ns += record.end_ns - record.begin_ns;
    lines[line].cpu_ns += record.cpu_ns;
    lines[line].peak_bytes = std::max(lines[line].peak_bytes, record.peak_bytes);
  }
  return lines;
}

void print(const std::vector<Line>& lines, std::size_t line, unsigned depth, std::string& out) {
  const Line& l = lines[line];
  std::string name(2 * depth, ' ');
  name += l.name;
  if (l.count > 1) name += " x" + std::to_string(l.count);
  const double wall = double(l.wall_ns) * 1e-9, cpu = double(l.cpu_ns) * 1e-9;
  char numbers[96];
  std::snprintf(numbers, sizeof numbers, "%10.3f %10.3f %8.2f %9.1f\n", wall, cpu, wall > 0 ? cpu / wall : 0.0,
                double(l.peak_bytes) / 1048576.0);
  constexpr std::size_t width = 40;
  name.resize(std::max(width, name.size()), ' ');
  out += name + numbers;
  for (const std::size_t i : l.inside) print(lines, i, depth + 1, out);
}

}  // namespace

std::string phase_table(const std::vector<PhaseRecord>& records) {
  std::string out = "phase                                       wall s      cpu s  threads  peak MiB\n";
  const std::vector<Line> lines = merge(records);
  if (!lines.empty()) print(lines, 0, 0, out);
  return out;
}

}  // namespace ezkl
