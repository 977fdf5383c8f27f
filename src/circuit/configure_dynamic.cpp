// Lookups against advice columns: the tuple of a model row must stand somewhere in a table block. Shuffles are the same
// with selectors of their own.
#include "circuit/configure_parts.hpp"

namespace ezkl::detail {

DynamicSelectors configure_dynamic(plonk::ConstraintSystem& cs, const CircuitColumns& columns) {
  DynamicSelectors out;
  const auto one = constant(1);
  require_selectors(cs, columns.dynamic[0].size() * (1 + columns.model[0].size() * columns.width));
  for (std::size_t q = 0; q < columns.dynamic[0].size(); ++q) {
    const auto on_table = cs.selector(false);
    out.table.push_back(on_table.node().index);
    SelectorBlocks places(columns.model[0].size(), std::vector<SelectorIndex>(columns.width));
    for (std::size_t x = 0; x < places.size(); ++x) {
      for (std::size_t y = 0; y < columns.width; ++y) {
        const auto on_input = cs.selector(false);
        places[x][y] = on_input.node().index;
        std::vector<plonk::Expression> inputs{one * on_input};
        for (const auto& variable : columns.model) inputs.push_back(cs.query(variable[x][y]) * on_input);
        std::vector<plonk::Expression> table{one * on_table};
        for (const auto& variable : columns.dynamic) table.push_back(cs.query(variable[q][0]) * on_table);
        cs.lookup(std::move(inputs), std::move(table));
      }
    }
    out.input.push_back(std::move(places));
  }
  return out;
}

}  // namespace ezkl::detail
