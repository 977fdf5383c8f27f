#include "graph/op_table.hpp"

#include <map>

#include "ezkl/error.hpp"
#include "graph/claims/recorder.hpp"
#include "graph/ops/families.hpp"

namespace ezkl {
namespace {

/// A table, not objects that register themselves: a linker drops the unused objects of a static library, and with them
/// their registrations.
constexpr std::span<const OpEntry> (*families[])() = {
    ops::arithmetic_ops,    ops::reduction_ops, ops::einsum_ops,   ops::convolution_ops, ops::pooling_ops,
    ops::activation_ops,    ops::compare_ops,   ops::rounding_ops, ops::table_ops,       ops::reciprocal_ops,
    ops::softmax_ops,       ops::movement_ops,  ops::padding_ops,  ops::indexing_ops,    ops::scatter_ops,
    ops::sorting_ops,       ops::scan_ops,      ops::bitwise_ops,  ops::tree_ops,        ops::scaling_ops,
    ops::normalization_ops, ops::chain_ops,
};

std::vector<const OpEntry*> collect() {
  std::vector<const OpEntry*> result;
  for (const auto family : families) {
    for (const OpEntry& entry : family()) result.push_back(&entry);
  }
  return result;
}

}  // namespace

Int128 OpContext::decomposition_limit() const { return claims::decomposition_limit(args); }

std::span<const OpEntry* const> all_ops() {
  static const std::vector<const OpEntry*> ops = collect();
  return ops;
}

const OpEntry& op_entry(std::string_view kind) {
  static const std::map<std::string_view, const OpEntry*> by_kind = [] {
    std::map<std::string_view, const OpEntry*> result;
    for (const OpEntry* entry : all_ops()) result.emplace(entry->kind, entry);
    return result;
  }();
  const auto found = by_kind.find(kind);
  if (found == by_kind.end()) throw Error(Fault::unsupported, "there is no operator '" + std::string(kind) + "'");
  return *found->second;
}

}  // namespace ezkl
