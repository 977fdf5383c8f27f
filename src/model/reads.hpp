#pragma once

#include <set>
#include <string>

#include "model/node_def.hpp"

namespace ezkl {

/// Adds the names that a node reads, those included that its subgraphs take from outside. May add names that belong to
/// a subgraph.
void collect_reads(const NodeDef& node, std::set<std::string>& names);

}  // namespace ezkl
