#include "graph/claims/matrix_form.hpp"

#include <algorithm>
#include <cstring>

#include "base/parallel.hpp"

namespace ezkl::claims {
namespace {

/// Sums that are kept in registers: so many rows by so many columns.
constexpr std::size_t tile_rows = 4, tile_columns = 4;
/// Rows of one task, and terms between two visits of a sum: what they read stays in the second-level cache.
constexpr std::size_t task_rows = 32, block_terms = 256;

using Offsets = std::vector<std::int64_t>;

/// Σ steps·loop for every index of `loops`, the last one fastest.
Offsets offsets_of(const std::vector<std::size_t>& loops, const Shape& extents,
                   const std::vector<std::int64_t>& steps) {
  Offsets out{0};
  for (const std::size_t loop : loops) {
    Offsets longer;
    longer.reserve(out.size() * extents[loop]);
    for (const std::int64_t offset : out) {
      for (std::size_t i = 0; i < extents[loop]; ++i) {
        longer.push_back(offset + steps[loop] * static_cast<std::int64_t>(i));
      }
    }
    out = std::move(longer);
  }
  return out;
}

std::size_t count_of(const std::vector<std::size_t>& loops, const Shape& extents) {
  std::size_t count = 1;
  for (const std::size_t loop : loops) count *= extents[loop];
  return count;
}

/// A factor as a matrix: lines (rows of the first, columns of the second factor) by terms.
class Lines {
 public:
  Lines(const Factor& factor, const Shape& extents, const std::vector<std::size_t>& lines,
        const std::vector<std::size_t>& terms, const std::vector<std::size_t>& batch, std::span<const double> data)
      : data_(data),
        base_(factor.base),
        line_(offsets_of(lines, extents, factor.steps)),
        term_(offsets_of(terms, extents, factor.steps)),
        batch_(offsets_of(batch, extents, factor.steps)) {
    for (const Guard& guard : factor.guards) {
      guards_.push_back({guard.base, guard.extent, offsets_of(lines, extents, guard.steps),
                         offsets_of(terms, extents, guard.steps), offsets_of(batch, extents, guard.steps)});
    }
  }

  /// Terms [begin, end) of `width` lines from `first` on, term after term; zero past the last line.
  void pack(std::size_t batch, std::size_t first, std::size_t width, std::size_t begin, std::size_t end,
            double* out) const {
    for (std::size_t i = 0; i < width; ++i) {
      const std::size_t line = first + i;
      if (line >= line_.size()) {
        for (std::size_t term = begin; term < end; ++term) out[(term - begin) * width + i] = 0;
        continue;
      }
      const std::int64_t at = base_ + batch_[batch] + line_[line];
      for (std::size_t term = begin; term < end; ++term) {
        const bool inside = std::all_of(guards_.begin(), guards_.end(), [&](const GuardLines& guard) {
          const std::int64_t index = guard.base + guard.batch[batch] + guard.line[line] + guard.term[term];
          return index >= 0 && index < guard.extent;
        });
        out[(term - begin) * width + i] = inside ? data_[static_cast<std::size_t>(at + term_[term])] : 0;
      }
    }
  }

 private:
  struct GuardLines {
    std::int64_t base, extent;
    Offsets line, term, batch;
  };

  std::span<const double> data_;
  std::int64_t base_;
  Offsets line_, term_, batch_;
  std::vector<GuardLines> guards_;
};

using Pair = double __attribute__((vector_size(16)));
constexpr std::size_t tile_pairs = tile_columns / 2;

/// sums[i·stride + j] += Σ a[t·rows + i] · b[t·columns + j]
void add_products(const double* a, const double* b, std::size_t terms, double* sums, std::size_t stride) {
  Pair tile[tile_rows][tile_pairs] = {};
  for (std::size_t t = 0; t < terms; ++t, a += tile_rows, b += tile_columns) {
    Pair columns[tile_pairs];
    std::memcpy(columns, b, sizeof columns);
#pragma GCC unroll 4
    for (std::size_t i = 0; i < tile_rows; ++i) {
#pragma GCC unroll 2
      for (std::size_t j = 0; j < tile_pairs; ++j) tile[i][j] += a[i] * columns[j];
    }
  }
#pragma GCC unroll 4
  for (std::size_t i = 0; i < tile_rows; ++i) {
#pragma GCC unroll 2
    for (std::size_t j = 0; j < tile_pairs; ++j) {
      sums[i * stride + 2 * j] += tile[i][j][0];
      sums[i * stride + 2 * j + 1] += tile[i][j][1];
    }
  }
}

bool moves(const Factor& factor, std::size_t loop) {
  return factor.steps[loop] != 0 || std::any_of(factor.guards.begin(), factor.guards.end(),
                                                [&](const Guard& guard) { return guard.steps[loop] != 0; });
}

}  // namespace

MatrixForm matrix_form(const Shape& extents, std::size_t out_loops, const Factor& a, const Factor& b) {
  MatrixForm form;
  for (std::size_t loop = 0; loop < extents.size(); ++loop) {
    if (loop >= out_loops) {
      form.summed.push_back(loop);
    } else if (!moves(b, loop)) {
      form.rows.push_back(loop);
    } else {
      (moves(a, loop) ? form.batch : form.columns).push_back(loop);
    }
  }
  return form;
}

bool pays_as_matrices(const MatrixForm& form, const Shape& extents) {
  constexpr std::size_t few = 4, small = 1 << 12;
  const std::size_t rows = count_of(form.rows, extents), columns = count_of(form.columns, extents);
  return rows >= few && columns >= few && rows * columns * count_of(form.summed, extents) >= small;
}

void multiply_matrices(const MatrixForm& form, const Shape& extents, const std::vector<std::size_t>& out_steps,
                       const Factor& a_factor, std::span<const double> a, const Factor& b_factor,
                       std::span<const double> b, std::span<Int128> out) {
  if (count_of(form.columns, extents) > count_of(form.rows, extents)) {
    const MatrixForm turned{form.columns, form.rows, form.batch, form.summed};
    return multiply_matrices(turned, extents, out_steps, b_factor, b, a_factor, a, out);
  }
  const Lines left(a_factor, extents, form.rows, form.summed, form.batch, a);
  const Lines right(b_factor, extents, form.columns, form.summed, form.batch, b);
  const std::vector<std::int64_t> steps(out_steps.begin(), out_steps.end());
  const Offsets row_places = offsets_of(form.rows, extents, steps),
                column_places = offsets_of(form.columns, extents, steps),
                batch_places = offsets_of(form.batch, extents, steps);
  const std::size_t rows = row_places.size(), columns = column_places.size(), terms = count_of(form.summed, extents);
  const std::size_t panels = (columns + tile_columns - 1) / tile_columns, width = panels * tile_columns;

  std::vector<double> packed(width * terms);  // panel after panel
  for (std::size_t batch = 0; batch < batch_places.size(); ++batch) {
    parallel_for(panels, 1, [&](std::size_t begin, std::size_t end) {
      for (std::size_t panel = begin; panel < end; ++panel) {
        right.pack(batch, panel * tile_columns, tile_columns, 0, terms, packed.data() + panel * tile_columns * terms);
      }
    });
    parallel_for(rows, task_rows, [&](std::size_t first, std::size_t last) {
      std::vector<double> block(task_rows * block_terms), sums(task_rows * width);
      for (std::size_t row = first; row < last; row += task_rows) {
        const std::size_t tiles = (std::min(task_rows, last - row) + tile_rows - 1) / tile_rows;
        std::fill(sums.begin(), sums.end(), 0);
        for (std::size_t term = 0; term < terms; term += block_terms) {
          const std::size_t count = std::min(block_terms, terms - term);
          for (std::size_t tile = 0; tile < tiles; ++tile) {
            left.pack(batch, row + tile * tile_rows, tile_rows, term, term + count,
                      block.data() + tile * tile_rows * block_terms);
          }
          for (std::size_t panel = 0; panel < panels; ++panel) {
            const double* const columns_here = packed.data() + (panel * terms + term) * tile_columns;
            for (std::size_t tile = 0; tile < tiles; ++tile) {
              add_products(block.data() + tile * tile_rows * block_terms, columns_here, count,
                           sums.data() + tile * tile_rows * width + panel * tile_columns, width);
            }
          }
        }
        for (std::size_t i = 0; i < task_rows && row + i < last; ++i) {
          const std::int64_t line = batch_places[batch] + row_places[row + i];
          for (std::size_t j = 0; j < columns; ++j) {
            out[static_cast<std::size_t>(line + column_places[j])] = static_cast<std::int64_t>(sums[i * width + j]);
          }
        }
      }
    });
  }
}

}  // namespace ezkl::claims
