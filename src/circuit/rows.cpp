#include "circuit/rows.hpp"

#include <algorithm>

#include "circuit/walker.hpp"

namespace ezkl {

std::vector<RowCount> rows_by_node(const claims::Record& record, const RunArgs& args) {
  GraphSettings settings;
  settings.run_args = args;
  settings.required_range_checks = {{0, Int128(args.decomp_base) - 1}};
  settings.total_einsum_col_size = args.disable_freivalds ? 0 : 1;
  circuit::Tape tape(settings, true);
  circuit::Walker walker(record, tape);
  std::vector<RowCount> out(record.node_names.size());
  walker.begin();
  RowCount before{tape.usage().rows, walker.einsum_rows()};
  for (std::size_t i = 0; i < record.claims.size(); ++i) {
    walker.claim(i);
    const RowCount now{tape.usage().rows, walker.einsum_rows()};
    RowCount& node = out[record.claims[i].node];
    node.model += now.model - before.model;
    node.products += now.products - before.products;
    before = now;
  }
  return out;
}

std::uint64_t hash_rows(std::uint64_t elements) { return 38 * elements + 2; }

std::uint64_t rows_of(const GraphSettings& settings) {
  const std::size_t width = std::max<std::size_t>(1, settings.run_args.num_inner_cols);
  return std::max<std::uint64_t>(settings.num_rows, settings.total_einsum_col_size / width);
}

}  // namespace ezkl
