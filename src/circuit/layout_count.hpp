#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "circuit/layout_profile.hpp"
#include "circuit/settings.hpp"
#include "graph/claims/claims.hpp"

namespace ezkl::circuit {

/// What a circuit takes with some range checks, by the run arguments' rows and inner columns.
struct LayoutCount : LayoutFacts {
  LayoutCount() = default;
  explicit LayoutCount(const LayoutFacts& facts) : LayoutFacts(facts) {}

  std::uint64_t rows = 0, einsum_rows = 0;
  std::vector<CheckedRange> ranges;  ///< those of use
};

/// By laying everything out.
LayoutCount exact_count(const claims::Record& record, const RunArgs& args, const std::vector<CheckedRange>& ranges,
                        bool freivalds);

/// How many values are checked in each range.
using CheckCounts = std::vector<std::pair<CheckedRange, std::uint64_t>>;
CheckCounts check_counts(const LayoutProfile& profile, const claims::Record& record);

/// Not more than exact_count of a record of this profile: without what depends on the order of claims (sums that are
/// cut by the end of a block, values that find no cell for their range check).
LayoutCount least_count(const LayoutProfile& profile, const CheckCounts& checks, const RunArgs& args,
                        const std::vector<CheckedRange>& ranges, bool freivalds);

}  // namespace ezkl::circuit
