#include "model/reads.hpp"

namespace ezkl {
namespace {

void collect_reads(const GraphDef& graph, std::set<std::string>& names) {
  for (const NodeDef& node : graph.nodes) ezkl::collect_reads(node, names);
  for (const ValueDef& output : graph.outputs) names.insert(output.name);
}

}  // namespace

void collect_reads(const NodeDef& node, std::set<std::string>& names) {
  names.insert(node.inputs.begin(), node.inputs.end());
  for (const auto& [name, attribute] : node.attributes) {
    for (const auto& graph : attribute.graphs) collect_reads(*graph, names);
  }
}

}  // namespace ezkl
