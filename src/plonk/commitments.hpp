#pragma once

#include <span>
#include <vector>

#include "commit/commitment_key.hpp"
#include "plonk/column.hpp"

namespace ezkl::plonk {

/// The commitment to a column of n = 2^k rows, not blinded: small cells at the price of small scalars, wide ones apart.
G1 commit_column(const CommitmentKey& setup, const ColumnValues& column);

/// Commitments to several columns, in parallel; one blind a column.
std::vector<G1Affine> commit_columns(const CommitmentKey& setup, std::span<const ColumnValues* const> columns,
                                     std::span<const Fr> blinds);

/// Commitments to running products and sums, n values each: cheap where they do not change or change evenly.
std::vector<G1Affine> commit_running(const CommitmentKey& setup, std::span<const std::span<const Fr>> columns,
                                     std::span<const Fr> blinds);

/// Affine forms of several points.
std::vector<G1Affine> to_affine(std::span<const G1> points);

}  // namespace ezkl::plonk
