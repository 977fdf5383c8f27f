#include "circuit/node_cost.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "circuit/walker.hpp"

namespace ezkl {

std::vector<NodeCost> node_costs(const claims::Record& record, const GraphSettings& settings,
                                 const ProvingCost& whole) {
  circuit::Tape tape(settings, false);
  circuit::Walker(record, tape).run();
  const circuit::Geometry& geometry = tape.geometry();
  const std::uint64_t used = tape.usage().rows;
  const std::uint64_t all = std::max<std::uint64_t>(used, geometry.blocks * geometry.usable);

  // A node of the model may be several of the record (a layer and its rescaling), all of its name.
  struct Entry {
    NodeCost cost;
    std::optional<std::uint64_t> last_block;
  };
  std::vector<std::string> order;
  std::map<std::string, Entry> nodes;
  const auto node = [&](std::uint32_t number) -> Entry& {
    const std::string& name = record.node_names[number];
    const auto [entry, fresh] = nodes.try_emplace(name);
    if (fresh) {
      entry->second.cost.name = name;
      order.push_back(name);
    }
    return entry->second;
  };
  const circuit::Tape::RowNodes& runs = tape.row_nodes();
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const std::uint64_t begin = runs[i].first, end = i + 1 < runs.size() ? runs[i + 1].first : used;
    if (begin >= end) continue;
    Entry& entry = node(runs[i].second);
    entry.cost.rows += end - begin;
    // Rows are taken in order, so of the blocks of this run only the first can have been counted.
    std::uint64_t first_block = begin / geometry.usable;
    if (entry.last_block) first_block = std::max(first_block, *entry.last_block + 1);
    const std::uint64_t block = (end - 1) / geometry.usable;
    if (block >= first_block) entry.cost.columns += 3 * geometry.width * (block - first_block + 1);
    entry.last_block = block;
  }
  const std::vector<std::uint64_t>& lookups = tape.node_lookups();
  std::uint64_t all_lookups = 0;
  for (std::uint32_t number = 0; number < lookups.size(); ++number) {
    if (lookups[number] == 0) continue;
    node(number).cost.lookups += lookups[number];
    all_lookups += lookups[number];
  }

  const double for_lookups = all_lookups == 0 ? 0 : whole.lookups_s;
  const double a_row = (whole.seconds() - for_lookups) / static_cast<double>(all);
  std::vector<NodeCost> out;
  for (const std::string& name : order) {
    NodeCost& cost = nodes.at(name).cost;
    cost.seconds = a_row * static_cast<double>(cost.rows);
    if (all_lookups > 0) {
      cost.seconds += for_lookups * static_cast<double>(cost.lookups) / static_cast<double>(all_lookups);
    }
    out.push_back(std::move(cost));
  }
  out.push_back({"(unused rows)", all - used, 0, 0, a_row * static_cast<double>(all - used)});
  return out;
}

}  // namespace ezkl
