#include "plonk/quotient.hpp"

#include <algorithm>
#include <bit>
#include <set>

#include "base/ensure.hpp"
#include "base/parallel.hpp"
#include "field/kernels.hpp"
#include "poly/poly_ops.hpp"

namespace ezkl::plonk {
namespace {

/// Constraints evaluated together, with the columns that come into and go out of memory before and after.
struct Pass {
  Program program;
  std::vector<std::uint32_t> load, release;
};

std::vector<std::uint32_t> missing_slots(const Constraints::Term& term, std::uint32_t committed,
                                         const std::set<std::uint32_t>& loaded) {
  std::vector<std::uint32_t> out;
  for (const std::uint32_t slot : term.slots) {
    if (slot < committed && !loaded.contains(slot)) out.push_back(slot);
  }
  return out;
}

/// Takes, again and again, the term that needs the fewest new columns, until a pass has enough columns to keep all
/// threads busy; a column is released after the last pass that reads it.
std::vector<Pass> plan_passes(Constraints& constraints, const PolynomialSlots& slots) {
  const std::size_t enough = std::max<std::size_t>(6, 2 * static_cast<std::size_t>(thread_count()));
  const auto& terms = constraints.terms();
  std::vector<bool> placed(terms.size(), false);
  std::set<std::uint32_t> loaded;
  std::vector<std::vector<std::size_t>> groups;
  std::vector<std::vector<std::uint32_t>> loads;
  for (std::size_t left = terms.size(); left > 0;) {
    groups.emplace_back();
    loads.emplace_back();
    for (;;) {
      std::size_t best = terms.size();
      std::vector<std::uint32_t> best_missing;
      for (std::size_t t = 0; t < terms.size(); ++t) {
        if (placed[t]) continue;
        std::vector<std::uint32_t> missing = missing_slots(terms[t], slots.committed, loaded);
        if (best != terms.size() && missing.size() >= best_missing.size()) continue;
        best = t;
        best_missing = std::move(missing);
        if (best_missing.empty()) break;
      }
      if (best == terms.size()) break;
      if (!best_missing.empty() && !groups.back().empty() && loads.back().size() + best_missing.size() > enough) break;
      placed[best] = true;
      --left;
      groups.back().push_back(best);
      loads.back().insert(loads.back().end(), best_missing.begin(), best_missing.end());
      loaded.insert(best_missing.begin(), best_missing.end());
    }
    // Columns that no open term reads make room for the next pass.
    std::set<std::uint32_t> wanted;
    for (std::size_t t = 0; t < terms.size(); ++t) {
      if (!placed[t]) wanted.insert(terms[t].slots.begin(), terms[t].slots.end());
    }
    std::erase_if(loaded, [&](std::uint32_t slot) { return !wanted.contains(slot); });
  }

  std::vector<Pass> out;
  std::set<std::uint32_t> present;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const ExpressionGraph::Id root = constraints.sum(groups[g]);
    Pass pass{Program(constraints.graph(), std::span(&root, 1)), loads[g], {}};
    present.insert(loads[g].begin(), loads[g].end());
    std::set<std::uint32_t> later;
    for (std::size_t h = g + 1; h < groups.size(); ++h) {
      for (const std::size_t t : groups[h]) later.insert(terms[t].slots.begin(), terms[t].slots.end());
    }
    for (const std::uint32_t slot : present) {
      if (!later.contains(slot)) pass.release.push_back(slot);
    }
    for (const std::uint32_t slot : pass.release) present.erase(slot);
    out.push_back(std::move(pass));
  }
  return out;
}

/// The values of the Lagrange polynomial of row 0 on the coset shift * H, and of the active rows.
void lagrange_columns(const Domain& domain, const Fr& shift, std::span<const Fr> omega_powers, std::size_t blind_rows,
                      std::span<Fr> first_row, std::span<Fr> active) {
  const std::size_t n = domain.n();
  const Fr numerator = (shift.pow(n) - Fr::one()) * Fr::from_u64(n).inverse();
  const FrKernels& kernels = fr_kernels();
  parallel_for(n, 4096, [&](std::size_t begin, std::size_t end) {
    kernels.mul_scalar(first_row.data() + begin, omega_powers.data() + begin, shift, end - begin);
    kernels.add_scalar(first_row.data() + begin, first_row.data() + begin, -Fr::one(), end - begin);
  });
  batch_invert(first_row);
  parallel_for(n, 4096, [&](std::size_t begin, std::size_t end) {
    kernels.mul_scalar(first_row.data() + begin, first_row.data() + begin, numerator, end - begin);
  });
  parallel_for(n, 4096, [&](std::size_t begin, std::size_t end) {
    for (std::size_t j = begin; j < end; ++j) {
      Fr sum = Fr::one();
      for (std::size_t i = 1; i <= blind_rows; ++i) sum -= first_row[(j + i) & (n - 1)];
      active[j] = sum;
    }
  });
}

/// pieces[p] = sum over cosets j of matrix[j][p] * columns[j], in place of the columns.
void combine_in_place(std::vector<std::vector<Fr>>& columns, const std::vector<std::vector<Fr>>& matrix) {
  const std::size_t m = columns.size();
  parallel_for(columns.front().size(), 4096, [&](std::size_t begin, std::size_t end) {
    const FrKernels& kernels = fr_kernels();
    constexpr std::size_t block = 256;
    std::vector<Fr> sums(m * block);
    for (std::size_t row = begin; row < end; row += block) {
      const std::size_t count = std::min(block, end - row);
      for (std::size_t p = 0; p < m; ++p) {
        Fr* sum = sums.data() + p * block;
        kernels.mul_scalar(sum, columns[0].data() + row, matrix[0][p], count);
        for (std::size_t j = 1; j < m; ++j) {
          kernels.mul_scalar_add(sum, columns[j].data() + row, matrix[j][p], sum, count);
        }
      }
      for (std::size_t p = 0; p < m; ++p) std::copy_n(sums.data() + p * block, count, columns[p].data() + row);
    }
  });
}

/// Row j: the coefficients of the polynomial of degree below m that is 1 at points[j] and 0 at the others.
std::vector<std::vector<Fr>> inverse_vandermonde(std::span<const Fr> points) {
  const std::size_t m = points.size();
  std::vector<std::vector<Fr>> out;
  for (std::size_t j = 0; j < m; ++j) {
    std::vector<Fr> poly(m);
    poly[0] = Fr::one();
    Fr scale = Fr::one();
    std::size_t degree = 0;
    for (std::size_t i = 0; i < m; ++i) {
      if (i == j) continue;
      ++degree;
      for (std::size_t p = degree + 1; p-- > 0;) {
        poly[p] = (p > 0 ? poly[p - 1] : Fr::zero()) - (p < degree ? poly[p] * points[i] : Fr::zero());
      }
      scale *= points[j] - points[i];
    }
    scale = scale.inverse();
    for (Fr& c : poly) c *= scale;
    out.push_back(std::move(poly));
  }
  return out;
}

/// Column buffers that are used again instead of being handed back to the system.
class BufferPool {
 public:
  explicit BufferPool(std::size_t n) : n_(n) {}
  std::vector<Fr> take() {
    if (free_.empty()) return std::vector<Fr>(n_);
    std::vector<Fr> out = std::move(free_.back());
    free_.pop_back();
    return out;
  }
  void give(std::vector<Fr> buffer) { free_.push_back(std::move(buffer)); }

 private:
  std::size_t n_;
  std::vector<std::vector<Fr>> free_;
};

}  // namespace

std::vector<std::vector<Fr>> build_quotient(const FinalSystem& system, const Domain& domain,
                                            const PolynomialSlots& slots, Constraints& constraints,
                                            std::span<const std::vector<Fr>> polynomials,
                                            std::span<const Fr> omega_powers) {
  const std::size_t n = domain.n();
  const std::size_t m = system.quotient_pieces();
  const unsigned extra = static_cast<unsigned>(std::bit_width(m - 1));
  EZKL_ENSURE(domain.k() + extra <= Fr::two_adicity, "no room for the cosets of the quotient");
  const Fr step = Fr::root_of_unity().pow(std::uint64_t{1} << (Fr::two_adicity - domain.k() - extra));
  const std::vector<Pass> passes = plan_passes(constraints, slots);

  BufferPool pool(n);
  std::vector<std::vector<Fr>> values(slots.count);
  std::vector<Fr> first_row(n), active(n), coset_powers;
  std::vector<std::vector<Fr>> numerators;
  Fr shift = Fr::generator();
  for (std::size_t j = 0; j < m; ++j, shift *= step) {
    coset_powers.push_back(shift.pow(n));
    lagrange_columns(domain, shift, omega_powers, system.cs.blinding_factors() + 1, first_row, active);
    const Coset coset(domain, shift);
    std::vector<Fr> sum(n);
    const auto fetch = [&](const Leaf& leaf, std::size_t begin, std::size_t count, Fr* scratch) -> const Fr* {
      if (leaf.slot == slots.position) {
        fr_kernels().mul_scalar(scratch, omega_powers.data() + begin, shift, count);
        return scratch;
      }
      const Fr* column = leaf.slot == slots.first_row ? first_row.data()
                         : leaf.slot == slots.active  ? active.data()
                                                      : values[leaf.slot].data();
      const std::size_t first = (begin + static_cast<std::size_t>(static_cast<std::int64_t>(leaf.rotation))) & (n - 1);
      if (first + count <= n) return column + first;
      std::copy_n(column + first, n - first, scratch);
      std::copy_n(column, count - (n - first), scratch + (n - first));
      return scratch;
    };
    for (const Pass& pass : passes) {
      for (const std::uint32_t slot : pass.load) values[slot] = pool.take();
      parallel_tasks(pass.load.size(), [&](std::size_t i) {
        coset.ntt(polynomials[pass.load[i]], values[pass.load[i]]);
      });
      pass.program.run_parallel(n, fetch, [&](std::size_t, std::size_t begin, std::size_t count, const Fr* part) {
        fr_kernels().add(sum.data() + begin, sum.data() + begin, part, count);
      });
      for (const std::uint32_t slot : pass.release) pool.give(std::move(values[slot]));
    }
    domain.coset_intt(sum, shift);
    numerators.push_back(std::move(sum));
  }

  // On coset j, X^n is the constant coset_powers[j]: n coefficients there are the pieces combined by its powers.
  std::vector<std::vector<Fr>> matrix = inverse_vandermonde(coset_powers);
  for (std::size_t j = 0; j < m; ++j) {
    const Fr vanishing = (coset_powers[j] - Fr::one()).inverse();
    for (Fr& entry : matrix[j]) entry *= vanishing;
  }
  combine_in_place(numerators, matrix);
  return numerators;
}

}  // namespace ezkl::plonk
