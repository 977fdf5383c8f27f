#include "plonk/quotient.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <utility>

#include "base/ensure.hpp"
#include "base/parallel.hpp"
#include "base/profile.hpp"
#include "field/kernels.hpp"
#include "poly/poly_ops.hpp"

namespace ezkl::plonk {
namespace {

/// Constraints evaluated together, with the columns that come into and go out of memory before and after.
struct Pass {
  Program program;
  std::vector<std::uint32_t> load, release;
};

/// The terms of one argument or gate, and the committed columns they read.
struct Unit {
  std::vector<std::size_t> terms;
  std::set<std::uint32_t> slots;
};

std::vector<Unit> collect_units(const Constraints& constraints, const PolynomialSlots& slots) {
  std::map<std::uint32_t, Unit> units;
  for (std::size_t t = 0; t < constraints.terms().size(); ++t) {
    const Constraints::Term& term = constraints.terms()[t];
    Unit& unit = units[term.unit];
    unit.terms.push_back(t);
    for (const std::uint32_t slot : term.slots) {
      if (slot < slots.committed) unit.slots.insert(slot);
    }
  }
  std::vector<Unit> out;
  for (auto& [number, unit] : units) out.push_back(std::move(unit));
  return out;
}

/// An order of units, and the most columns in memory when they are taken one by one.
struct Order {
  std::vector<std::size_t> units;
  std::size_t most = 0;
};

/// Begins with unit `first`; then takes, again and again, the unit that adds the fewest columns to those in memory,
/// counted after (`net`) or before the columns that nobody else needs are gone.
Order greedy_order(const std::vector<Unit>& units, std::size_t first, bool net) {
  std::map<std::uint32_t, std::size_t> users;
  for (const Unit& unit : units) {
    for (const std::uint32_t slot : unit.slots) ++users[slot];
  }
  Order out;
  std::set<std::uint32_t> loaded;
  std::vector<bool> placed(units.size(), false);
  while (out.units.size() < units.size()) {
    std::size_t best = units.size();
    std::pair<long, long> least{};
    for (std::size_t u = 0; u < units.size(); ++u) {
      if (placed[u]) continue;
      long added = 0, released = 0;
      for (const std::uint32_t slot : units[u].slots) {
        added += loaded.contains(slot) ? 0 : 1;
        released += users.at(slot) == 1 ? 1 : 0;
      }
      const std::pair<long, long> cost = net ? std::pair{added - released, added} : std::pair{added, added - released};
      if (best == units.size() || cost < least) {
        best = u;
        least = cost;
      }
    }
    if (out.units.empty()) best = first;
    placed[best] = true;
    loaded.insert(units[best].slots.begin(), units[best].slots.end());
    out.most = std::max(out.most, loaded.size());
    for (const std::uint32_t slot : units[best].slots) {
      if (--users.at(slot) == 0) loaded.erase(slot);
    }
    out.units.push_back(best);
  }
  return out;
}

/// Puts units in an order in which few columns are needed at a time: the best of a few greedy ones.
std::vector<Unit> order_units(std::vector<Unit> units) {
  constexpr std::size_t most_tries = 16;
  std::optional<Order> best;
  for (std::size_t i = 0; i < std::min(most_tries, units.size()); ++i) {
    for (const bool net : {true, false}) {
      Order order = greedy_order(units, i * units.size() / std::min(most_tries, units.size()), net);
      if (!best || order.most < best->most) best = std::move(order);
    }
  }
  std::vector<Unit> out;
  if (best) {
    for (const std::size_t u : best->units) out.push_back(std::move(units[u]));
  }
  return out;
}

/// Cuts the ordered units into passes that load `enough` columns, or those of one unit if these are more.
std::vector<Pass> plan_passes(Constraints& constraints, const PolynomialSlots& slots, std::size_t enough) {
  const std::vector<Unit> units = order_units(collect_units(constraints, slots));
  std::map<std::uint32_t, std::size_t> last_user;
  for (std::size_t u = 0; u < units.size(); ++u) {
    for (const std::uint32_t slot : units[u].slots) last_user[slot] = u;
  }
  std::vector<Pass> out;
  std::set<std::uint32_t> loaded;
  for (std::size_t begin = 0; begin < units.size();) {
    std::set<std::uint32_t> load;
    std::vector<std::size_t> terms;
    std::size_t end = begin;
    for (; end < units.size(); ++end) {
      std::set<std::uint32_t> more = load;
      for (const std::uint32_t slot : units[end].slots) {
        if (!loaded.contains(slot)) more.insert(slot);
      }
      if (end > begin && more.size() > enough && more.size() > load.size()) break;
      load = std::move(more);
      terms.insert(terms.end(), units[end].terms.begin(), units[end].terms.end());
    }
    const ExpressionGraph::Id root = constraints.sum(terms);
    Pass pass{Program(constraints.graph(), std::span(&root, 1)), {load.begin(), load.end()}, {}};
    loaded.insert(load.begin(), load.end());
    for (const std::uint32_t slot : loaded) {
      if (last_user.at(slot) < end) pass.release.push_back(slot);
    }
    for (const std::uint32_t slot : pass.release) loaded.erase(slot);
    out.push_back(std::move(pass));
    begin = end;
  }
  return out;
}

/// omega^row for any run of rows, from small tables: a table of all rows would be one more column in memory.
class DomainPoints {
 public:
  explicit DomainPoints(const Domain& domain)
      : small_(powers(domain.omega(), std::min(stride, domain.n()))),
        large_(powers(domain.omega().pow(stride), (domain.n() + stride - 1) / stride)) {}

  /// out[i] = factor * omega^(begin + i); count is at most Program::block_rows.
  void fill(std::size_t begin, std::size_t count, const Fr& factor, Fr* out) const {
    const Fr first = factor * large_[begin / stride] * small_[begin % stride];
    fr_kernels().mul_scalar(out, small_.data(), first, std::min(count, small_.size()));
  }

 private:
  static constexpr std::size_t stride = Program::block_rows;
  std::vector<Fr> small_, large_;
};

/// The values of the Lagrange polynomial of row 0 on the coset shift * H, and of the active rows.
void lagrange_columns(const Domain& domain, const Fr& shift, const DomainPoints& points, std::size_t blind_rows,
                      std::span<Fr> first_row, std::span<Fr> active) {
  const std::size_t n = domain.n();
  const Fr numerator = (shift.pow(n) - Fr::one()) * Fr::from_u64(n).inverse();
  const FrKernels& kernels = fr_kernels();
  parallel_for(n, 4096, [&](std::size_t begin, std::size_t end) {
    for (std::size_t at = begin; at < end; at += Program::block_rows) {
      points.fill(at, std::min(Program::block_rows, end - at), shift, first_row.data() + at);
    }
    kernels.add_scalar(first_row.data() + begin, first_row.data() + begin, -Fr::one(), end - begin);
  });
  batch_invert(first_row);
  parallel_for(n, 4096, [&](std::size_t begin, std::size_t end) {
    kernels.mul_scalar(first_row.data() + begin, first_row.data() + begin, numerator, end - begin);
  });
  parallel_for(n, 4096, [&](std::size_t begin, std::size_t end) {
    // A window of blind_rows rows slides along.
    Fr sum = Fr::one();
    for (std::size_t i = 1; i <= blind_rows; ++i) sum -= first_row[(begin + i) & (n - 1)];
    for (std::size_t j = begin; j < end; ++j) {
      active[j] = sum;
      sum += first_row[(j + 1) & (n - 1)] - first_row[(j + 1 + blind_rows) & (n - 1)];
    }
  });
}

/// pieces[p] = sum over cosets j of matrix[j][p] * columns[j], in place of the columns. Row i of column j is first
/// multiplied by inverse_shifts[j]^i, which an inverse transform on a coset ends with.
void combine_in_place(std::vector<std::vector<Fr>>& columns, const std::vector<std::vector<Fr>>& matrix,
                      std::span<const Fr> inverse_shifts) {
  const std::size_t m = columns.size();
  constexpr std::size_t block = 256;
  std::vector<std::vector<Fr>> shift_powers;
  for (const Fr& shift : inverse_shifts) shift_powers.push_back(powers(shift, block));
  parallel_for(columns.front().size(), 4096, [&](std::size_t begin, std::size_t end) {
    const FrKernels& kernels = fr_kernels();
    std::vector<Fr> sums(m * block), scaled(block);
    for (std::size_t row = begin; row < end; row += block) {
      const std::size_t count = std::min(block, end - row);
      for (std::size_t j = 0; j < m; ++j) {
        const Fr first = inverse_shifts[j].pow(row);
        kernels.mul_scalar(scaled.data(), shift_powers[j].data(), first, count);
        kernels.mul(scaled.data(), scaled.data(), columns[j].data() + row, count);
        for (std::size_t p = 0; p < m; ++p) {
          Fr* const sum = sums.data() + p * block;
          if (j == 0) {
            kernels.mul_scalar(sum, scaled.data(), matrix[j][p], count);
          } else {
            kernels.mul_scalar_add(sum, scaled.data(), matrix[j][p], sum, count);
          }
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
    {
      const std::lock_guard lock(mutex_);
      if (!free_.empty()) {
        std::vector<Fr> out = std::move(free_.back());
        free_.pop_back();
        return out;
      }
    }
    return std::vector<Fr>(n_);
  }
  void give(std::vector<Fr> buffer) {
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(buffer));
  }

 private:
  std::size_t n_;
  std::mutex mutex_;
  std::vector<std::vector<Fr>> free_;
};

/// One coset of the domain, and where the polynomials come from that are taken to it.
class CosetColumns {
 public:
  CosetColumns(const Domain& domain, const DomainPoints& points, const Fr& shift, const CoefficientSource& coefficients,
               const std::optional<WindowColumns>& window)
      : points_(points), shift_(shift), coset_(domain, shift), coefficients_(coefficients), window_(window) {
    if (window && window->window()) factor_ = window->window()->factor_on(coset_, shift);
  }

  /// The values of a slot's polynomial.
  void transform(std::uint32_t slot, std::span<Fr> out) const {
    if (window_ && window_->has(slot)) {
      coset_.ntt(window_->numerator(slot), out);
      finish(window_->line(slot), out);
    } else {
      coset_.ntt(coefficients_(slot, out), out);
    }
  }

 private:
  /// out = out * factor + line
  void finish(const Line& line, std::span<Fr> out) const {
    const FrKernels& kernels = fr_kernels();
    parallel_for(out.size(), 4096, [&](std::size_t begin, std::size_t end) {
      std::array<Fr, Program::block_rows> sloped;
      for (std::size_t at = begin; at < end; at += Program::block_rows) {
        const std::size_t count = std::min(Program::block_rows, end - at);
        Fr* const v = out.data() + at;
        kernels.mul(v, v, factor_.data() + at, count);
        if (!line.slope.is_zero()) {
          points_.fill(at, count, shift_ * line.slope, sloped.data());
          kernels.add(v, v, sloped.data(), count);
        }
        if (!line.constant.is_zero()) kernels.add_scalar(v, v, line.constant, count);
      }
    });
  }

  const DomainPoints& points_;
  Fr shift_;
  Coset coset_;
  const CoefficientSource& coefficients_;
  const std::optional<WindowColumns>& window_;
  std::vector<Fr> factor_;  ///< of the window
};

/// A column to a thread, each with a buffer that the thread itself sees to; the last ones are cut among all threads.
void transform_columns(const CosetColumns& coset, const std::vector<std::uint32_t>& slots, BufferPool& pool,
                       std::vector<std::vector<Fr>>& values) {
  parallel_tasks(slots.size(), [&](std::size_t i) {
    std::vector<Fr>& out = values[slots[i]];
    out = pool.take();
    coset.transform(slots[i], out);
  });
}

}  // namespace

std::size_t quotient_vectors(const FinalSystem& system, const PolynomialSlots& slots, Constraints& constraints,
                             std::size_t pass_columns) {
  constexpr std::size_t lagrange_and_twiddles = 3;
  std::size_t present = 0, most = 0;
  for (const Pass& pass : plan_passes(constraints, slots, pass_columns)) {
    present += pass.load.size();
    most = std::max(most, present);
    present -= pass.release.size();
  }
  return most + system.quotient_pieces() + lagrange_and_twiddles;
}

std::vector<std::vector<Fr>> build_quotient(const FinalSystem& system, const Domain& domain,
                                            const PolynomialSlots& slots, Constraints& constraints,
                                            std::size_t pass_columns, const CoefficientSource& coefficients,
                                            const std::optional<WindowColumns>& window) {
  const std::size_t n = domain.n();
  const std::size_t m = system.quotient_pieces();
  const unsigned extra = static_cast<unsigned>(std::bit_width(m - 1));
  EZKL_ENSURE(domain.k() + extra <= Fr::two_adicity, "no room for the cosets of the quotient");
  const Fr step = Fr::root_of_unity().pow(std::uint64_t{1} << (Fr::two_adicity - domain.k() - extra));
  Phase phase("plan");
  const std::vector<Pass> passes = plan_passes(constraints, slots, pass_columns);

  BufferPool pool(n);
  std::vector<std::vector<Fr>> values(slots.count);
  const DomainPoints points(domain);
  std::vector<Fr> first_row, active, coset_powers, inverse_shifts;
  std::vector<std::vector<Fr>> numerators(m);
  const auto transform_back = [&](std::size_t j) { domain.intt(numerators[j]); };
  Fr shift = Fr::generator();
  for (std::size_t j = 0; j < m; ++j, shift *= step) {
    phase.next("coset");
    Phase stage("rows, transform back");
    coset_powers.push_back(shift.pow(n));
    inverse_shifts.push_back(shift.inverse());
    std::optional<const CosetColumns> coset;
    std::vector<Fr>& sum = numerators[j];
    const std::function<void()> tasks[] = {
        [&] { coset.emplace(domain, points, shift, coefficients, window); },
        [&] {
          first_row.resize(n);
          active.resize(n);
          lagrange_columns(domain, shift, points, system.cs.blinding_factors() + 1, first_row, active);
        },
        [&] {
          if (j > 0) transform_back(j - 1);
        },
        [&] { sum.resize(n); },
    };
    parallel_tasks(std::size(tasks), [&](std::size_t i) { tasks[i](); });
    const auto fetch = [&](const Leaf& leaf, std::size_t begin, std::size_t count, Fr* scratch) -> const Fr* {
      if (leaf.slot == slots.position) {
        points.fill(begin, count, shift, scratch);
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
      stage.next("transforms");
      transform_columns(*coset, pass.load, pool, values);
      stage.next("constraints");
      pass.program.run_parallel(n, fetch, [&](std::size_t, std::size_t begin, std::size_t count, const Fr* part) {
        fr_kernels().add(sum.data() + begin, sum.data() + begin, part, count);
      });
      for (const std::uint32_t slot : pass.release) pool.give(std::move(values[slot]));
    }
  }

  phase.next("combine cosets");
  transform_back(m - 1);
  // On coset j, X^n is the constant coset_powers[j]: n coefficients there are the pieces combined by its powers.
  std::vector<std::vector<Fr>> matrix = inverse_vandermonde(coset_powers);
  for (std::size_t j = 0; j < m; ++j) {
    const Fr vanishing = (coset_powers[j] - Fr::one()).inverse();
    for (Fr& entry : matrix[j]) entry *= vanishing;
  }
  combine_in_place(numerators, matrix, inverse_shifts);
  return numerators;
}

}  // namespace ezkl::plonk
