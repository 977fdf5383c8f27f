#include "plonk/permutation.hpp"

#include <algorithm>

#include "base/ensure.hpp"
#include "base/parallel.hpp"
#include "field/kernels.hpp"
#include "field/random.hpp"
#include "poly/poly_ops.hpp"

namespace ezkl::plonk {

CellLabels::CellLabels(const Domain& domain, std::size_t columns)
    : rows_(powers(domain.omega(), domain.n())), columns_(powers(Fr::delta(), columns)) {}

void sigma_values(const CellLabels& labels, std::span<const std::uint32_t> next, std::size_t c, std::span<Fr> out) {
  const std::size_t n = labels.n();
  EZKL_ENSURE(out.size() == n && (c + 1) * n <= next.size(), "a permutation column has n rows");
  parallel_for(n, 4096, [&](std::size_t begin, std::size_t end) {
    fr_kernels().mul_scalar(out.data() + begin, labels.rows().data() + begin, labels.column(c), end - begin);
    for (std::size_t j = begin; j < end; ++j) {
      const std::uint32_t follower = next[c * n + j];
      if (follower != c * n + j) out[j] = labels.label(follower);
    }
  });
}

std::size_t copied_rows(std::span<const std::uint32_t> next, std::size_t n, std::size_t c, std::size_t usable) {
  std::size_t out = usable;
  while (out > 0 && next[c * n + out - 1] == c * n + out - 1) --out;
  return out;
}

std::vector<Fr> ratios(std::span<const RatioRow> rows) {
  std::vector<Fr> out(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) out[i] = rows[i].denominator;
  batch_invert(out);
  parallel_for(rows.size(), 4096, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) out[i] *= rows[i].numerator;
  });
  return out;
}

std::vector<RatioRow> permutation_ratios(const CellLabels& labels, std::span<const std::uint32_t> next,
                                         std::size_t first, std::size_t last,
                                         const std::function<const ColumnValues&(std::size_t position)>& column,
                                         const Fr& beta, const Fr& gamma) {
  const std::size_t n = labels.n();
  std::vector<const ColumnValues*> columns;
  std::vector<Fr> beta_delta;
  for (std::size_t c = first; c < last; ++c) {
    columns.push_back(&column(c));
    beta_delta.push_back(beta * labels.column(c));
  }
  const auto part = [&](std::size_t begin, std::size_t end) {
    std::vector<RatioRow> out;
    for (std::size_t j = begin; j < end; ++j) {
      bool touched = false;
      for (std::size_t c = first; c < last; ++c) {
        const auto self = static_cast<std::uint32_t>(c * n + j);
        if (next[self] == self) continue;
        const Fr value = columns[c - first]->at(j) + gamma;
        const Fr numerator = value + beta_delta[c - first] * labels.row(j);
        const Fr denominator = value + beta * labels.label(next[self]);
        if (!touched) {
          out.push_back({static_cast<std::uint32_t>(j), numerator, denominator});
          touched = true;
        } else {
          out.back().numerator *= numerator;
          out.back().denominator *= denominator;
        }
      }
    }
    return out;
  };
  constexpr std::size_t rows = 4096;
  std::vector<std::vector<RatioRow>> parts((n + rows - 1) / rows);
  parallel_tasks(parts.size(), [&](std::size_t p) { parts[p] = part(p * rows, std::min(n, (p + 1) * rows)); });
  std::vector<RatioRow> out;
  std::size_t count = 0;
  for (const auto& some : parts) count += some.size();
  out.reserve(count);
  for (auto& some : parts) {
    out.insert(out.end(), some.begin(), some.end());
    some = {};
  }
  return out;
}

Fr running_product(std::span<const RatioRow> rows, std::span<const Fr> ratio, const Fr& start, std::size_t usable,
                   Random& random, std::span<Fr> z) {
  Fr value = start;
  std::size_t filled = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EZKL_ENSURE(rows[i].row < usable, "a copy or shuffle reaches below the usable rows");
    std::fill(z.begin() + filled, z.begin() + rows[i].row + 1, value);
    filled = rows[i].row + 1;
    value *= ratio[i];
  }
  std::fill(z.begin() + filled, z.begin() + usable + 1, value);
  for (std::size_t j = usable + 1; j < z.size(); ++j) z[j] = random_fr(random);
  return value;
}

}  // namespace ezkl::plonk
