#include "plonk/commitments.hpp"

#include <numeric>
#include <optional>

#include "base/parallel.hpp"
#include "commit/difference_bases.hpp"
#include "curve/msm.hpp"
#include "plonk/column_blocks.hpp"

namespace ezkl::plonk {

G1 commit_column(const CommitmentKey& setup, const ColumnValues& column) {
  const auto bases = setup.g_lagrange();
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

std::vector<G1Affine> commit_columns(const CommitmentKey& setup, std::span<const ColumnValues* const> columns,
                                     std::span<const Fr> blinds) {
  std::vector<G1> points(columns.size());
  parallel_tasks(columns.size(),
                 [&](std::size_t i) { points[i] = setup.blinded(commit_column(setup, *columns[i]), blinds[i]); });
  return to_affine(points);
}

std::vector<G1Affine> commit_running(const CommitmentKey& setup, std::span<const std::span<const Fr>> columns,
                                     std::span<const Fr> blinds) {
  const auto bases = setup.g_lagrange();
  std::vector<std::size_t> terms(columns.size());
  parallel_tasks(columns.size(), [&](std::size_t i) { terms[i] = DifferenceBases::terms(columns[i]); });
  const std::size_t all = columns.size() * bases.size();
  const std::size_t left = std::accumulate(terms.begin(), terms.end(), std::size_t{0});
  std::optional<DifferenceBases> differences;
  // The difference bases cost about as much as multiplying a tenth of the setup; small savings do not pay for them.
  if (bases.size() % DifferenceBases::block_rows == 0 && (all - left) * 4 >= bases.size()) differences.emplace(bases);
  std::vector<G1> out(columns.size());
  parallel_tasks(columns.size(), [&](std::size_t i) {
    const G1 point = differences ? differences->commit(columns[i]) : msm(bases, columns[i]);
    out[i] = setup.blinded(point, blinds[i]);
  });
  return to_affine(out);
}

std::vector<G1Affine> to_affine(std::span<const G1> points) {
  std::vector<G1Affine> out(points.size());
  batch_to_affine(points, out);
  return out;
}

}  // namespace ezkl::plonk
