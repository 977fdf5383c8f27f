#include "plonk/commitments.hpp"

#include <numeric>

#include "base/parallel.hpp"
#include "commit/difference_bases.hpp"
#include "curve/msm.hpp"
#include "plonk/column_blocks.hpp"

namespace ezkl::plonk {

G1 commit_column(const Srs& srs, const ColumnValues& column) {
  const auto bases = srs.g_lagrange();
  const auto wide = column.wide();
  if (wide.size() > column.size() / 4) {
    std::vector<Fr> values(column.size());
    expand_column(column, values);
    return msm(bases, values);
  }
  std::vector<G1Affine> wide_bases;
  std::vector<Fr> wide_values;
  wide_bases.reserve(wide.size());
  wide_values.reserve(wide.size());
  for (const auto& [row, value] : wide) {
    wide_bases.push_back(bases[row]);
    wide_values.push_back(value);
  }
  return msm_small(bases, column.small()) + msm(wide_bases, wide_values);
}

std::vector<G1Affine> commit_columns(const Srs& srs, std::span<const ColumnValues* const> columns) {
  std::vector<G1> points(columns.size());
  parallel_tasks(columns.size(), [&](std::size_t i) { points[i] = commit_column(srs, *columns[i]); });
  return to_affine(points);
}

std::vector<G1> commit_running(const Srs& srs, std::span<const std::span<const Fr>> columns) {
  const auto bases = srs.g_lagrange();
  std::vector<std::size_t> terms(columns.size());
  parallel_tasks(columns.size(), [&](std::size_t i) { terms[i] = DifferenceBases::terms(columns[i]); });
  const std::size_t all = columns.size() * bases.size();
  const std::size_t left = std::accumulate(terms.begin(), terms.end(), std::size_t{0});
  std::vector<G1> out;
  // The difference bases cost about as much as multiplying a tenth of the SRS; small savings do not pay for them.
  if (bases.size() % DifferenceBases::block_rows != 0 || (all - left) * 4 < bases.size()) {
    for (const auto& values : columns) out.push_back(msm(bases, values));
    return out;
  }
  const DifferenceBases differences(bases);
  for (const auto& values : columns) out.push_back(differences.commit(values));
  return out;
}

std::vector<G1Affine> to_affine(std::span<const G1> points) {
  std::vector<G1Affine> out(points.size());
  batch_to_affine(points, out);
  return out;
}

}  // namespace ezkl::plonk
