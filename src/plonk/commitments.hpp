#pragma once

#include <span>
#include <vector>

#include "commit/srs.hpp"
#include "plonk/column.hpp"

namespace ezkl::plonk {

/// The commitment to a column of n = 2^srs.k() rows: small cells at the price of small scalars, wide ones apart.
G1 commit_column(const Srs& srs, const ColumnValues& column);

/// Commitments to several columns, in parallel.
std::vector<G1Affine> commit_columns(const Srs& srs, std::span<const ColumnValues* const> columns);

/// Commitments to running products and sums, n values each: cheap where they do not change or change evenly.
std::vector<G1> commit_running(const Srs& srs, std::span<const std::span<const Fr>> columns);

/// Affine forms of several points.
std::vector<G1Affine> to_affine(std::span<const G1> points);

}  // namespace ezkl::plonk
