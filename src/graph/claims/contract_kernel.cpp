#include <algorithm>
#include <limits>
#include <optional>

#include "base/ensure.hpp"
#include "base/parallel.hpp"
#include "graph/claims/kernels.hpp"
#include "graph/claims/matrix_form.hpp"

namespace ezkl::claims {
namespace {

/// The loops of a contraction: all but one are walked by an odometer, the inner one by a tight loop.
struct Plan {
  Shape extents;
  std::size_t out_loops = 0, inner = 0;
  std::vector<std::size_t> out_steps;  ///< 0 for summed loops
  std::vector<Factor> factors;
};

Factor flatten(const View& view, const Shape& shape) {
  const std::size_t loops = view.extents.size();
  const std::vector<std::size_t> element_steps = strides(shape);
  Factor result{0, std::vector<std::int64_t>(loops, 0), {}};
  for (std::size_t axis = 0; axis < view.axes.size(); ++axis) {
    const AxisMap& map = view.axes[axis];
    const auto step = static_cast<std::int64_t>(element_steps[axis]);
    Guard guard{map.base, static_cast<std::int64_t>(shape[axis]), std::vector<std::int64_t>(loops, 0)};
    std::int64_t lo = map.base, hi = map.base;
    for (const auto& [loop, stride] : map.strides) guard.steps[loop] += stride;
    for (std::size_t loop = 0; loop < loops; ++loop) {
      const std::int64_t last = guard.steps[loop] * (static_cast<std::int64_t>(view.extents[loop]) - 1);
      (last < 0 ? lo : hi) += last;
      result.steps[loop] += guard.steps[loop] * step;
    }
    result.base += map.base * step;
    if (lo < 0 || hi >= guard.extent) result.guards.push_back(std::move(guard));
  }
  return result;
}

/// Cuts [lo, hi) down to the inner indices at which `guard` holds, given its index at inner index 0.
void narrow(std::int64_t at, std::int64_t step, std::int64_t extent, std::int64_t& lo, std::int64_t& hi) {
  if (step == 0) {
    if (at < 0 || at >= extent) hi = lo;
    return;
  }
  // First and last i with 0 <= at + step·i < extent.
  const auto floor_div = [](std::int64_t a, std::int64_t b) { return a / b - (a % b != 0 && (a < 0) != (b < 0)); };
  const std::int64_t first = step > 0 ? -floor_div(at, step) : -floor_div(extent - 1 - at, -step);
  const std::int64_t last = step > 0 ? floor_div(extent - 1 - at, step) : floor_div(at, -step);
  lo = std::max(lo, first);
  hi = std::min(hi, last + 1);
}

template <class Element, class Sum>
void run_inner(Sum* out, std::int64_t out_step, const Element* a, std::int64_t a_step, const Element* b,
               std::int64_t b_step, std::int64_t n) {
  if (b == nullptr) {
    for (std::int64_t i = 0; i < n; ++i) out[i * out_step] += a[i * a_step];
  } else if (out_step == 0) {
    Sum sum = 0;
    if (a_step == 1 && b_step == 1) {
      for (std::int64_t i = 0; i < n; ++i) sum += static_cast<Sum>(a[i]) * b[i];
    } else {
      for (std::int64_t i = 0; i < n; ++i) sum += static_cast<Sum>(a[i * a_step]) * b[i * b_step];
    }
    *out += sum;
  } else if (b_step == 0 || a_step == 0) {
    const Sum factor = b_step == 0 ? *b : *a;
    const Element* other = b_step == 0 ? a : b;
    const std::int64_t step = b_step == 0 ? a_step : b_step;
    if (factor == 0) return;
    if (out_step == 1 && step == 1) {
      for (std::int64_t i = 0; i < n; ++i) out[i] += factor * other[i];
    } else {
      for (std::int64_t i = 0; i < n; ++i) out[i * out_step] += factor * other[i * step];
    }
  } else {
    for (std::int64_t i = 0; i < n; ++i) out[i * out_step] += static_cast<Sum>(a[i * a_step]) * b[i * b_step];
  }
}

/// Runs the loops with outer output positions begin .. end-1 (all output loops but the inner one).
template <class Element, class Sum>
void run(const Plan& plan, std::span<const std::vector<Element>> data, std::vector<Sum>& out, std::size_t begin,
         std::size_t end) {
  std::vector<std::size_t> outer, summed;
  for (std::size_t loop = 0; loop < plan.extents.size(); ++loop) {
    if (loop != plan.inner) (loop < plan.out_loops ? outer : summed).push_back(loop);
  }
  std::size_t sums = 1;
  for (const std::size_t loop : summed) sums *= plan.extents[loop];
  std::vector<std::int64_t> index(plan.extents.size(), 0);
  const auto inner_extent = static_cast<std::int64_t>(plan.extents[plan.inner]);

  for (std::size_t position = begin; position < end; ++position) {
    std::size_t rest = position;
    for (std::size_t k = outer.size(); k-- > 0;) {
      index[outer[k]] = static_cast<std::int64_t>(rest % plan.extents[outer[k]]);
      rest /= plan.extents[outer[k]];
    }
    for (const std::size_t loop : summed) index[loop] = 0;
    for (std::size_t term = 0; term < sums; ++term) {
      std::int64_t lo = 0, hi = inner_extent, at[2] = {0, 0}, out_at = 0;
      for (std::size_t k = 0; k < plan.factors.size() && lo < hi; ++k) {
        const Factor& factor = plan.factors[k];
        at[k] = factor.base;
        for (std::size_t loop = 0; loop < index.size(); ++loop) {
          if (loop != plan.inner) at[k] += factor.steps[loop] * index[loop];
        }
        for (const Guard& guard : factor.guards) {
          std::int64_t g = guard.base;
          for (std::size_t loop = 0; loop < index.size(); ++loop) {
            if (loop != plan.inner) g += guard.steps[loop] * index[loop];
          }
          narrow(g, guard.steps[plan.inner], guard.extent, lo, hi);
        }
      }
      if (lo < hi) {
        for (std::size_t loop = 0; loop < plan.out_loops; ++loop) {
          if (loop != plan.inner) out_at += static_cast<std::int64_t>(plan.out_steps[loop]) * index[loop];
        }
        const auto out_step = static_cast<std::int64_t>(plan.out_steps[plan.inner]);
        const std::int64_t a_step = plan.factors[0].steps[plan.inner];
        const bool two = plan.factors.size() == 2;
        const std::int64_t b_step = two ? plan.factors[1].steps[plan.inner] : 0;
        run_inner<Element, Sum>(out.data() + out_at + lo * out_step, out_step, data[0].data() + at[0] + lo * a_step,
                                a_step, two ? data[1].data() + at[1] + lo * b_step : nullptr, b_step, hi - lo);
      }
      for (std::size_t k = summed.size(); k-- > 0;) {
        if (++index[summed[k]] < static_cast<std::int64_t>(plan.extents[summed[k]])) break;
        index[summed[k]] = 0;
      }
    }
  }
}

template <class Element, class Sum>
std::vector<Sum> run_all(const Plan& plan, std::span<const std::vector<Element>> data, std::size_t n) {
  std::vector<Sum> out(n, 0);
  std::size_t positions = 1, work = 1;
  for (std::size_t loop = 0; loop < plan.extents.size(); ++loop) {
    (loop < plan.out_loops && loop != plan.inner ? positions : work) *= plan.extents[loop];
  }
  parallel_for(positions, std::max<std::size_t>(1, (std::size_t{1} << 15) / std::max<std::size_t>(1, work)),
               [&](std::size_t begin, std::size_t end) { run<Element, Sum>(plan, data, out, begin, end); });
  return out;
}

template <class Element, class Sum>
Values run_integers(const Plan& plan, std::span<const Source> factors, std::size_t n) {
  std::vector<std::vector<Element>> data(factors.size());
  for (std::size_t k = 0; k < factors.size(); ++k) {
    const Values& values = *factors[k].values;
    data[k].resize(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) data[k][i] = static_cast<Element>(values[i]);
  }
  const std::vector<Sum> out = run_all<Element, Sum>(plan, data, n);
  return Values(out.begin(), out.end());
}

std::vector<double> in_doubles(const Values& values) {
  std::vector<double> out(values.size());
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<double>(static_cast<std::int64_t>(values[i]));
  return out;
}

/// Two factors' contraction as a product of matrices, where doubles hold all its sums and that is faster.
std::optional<Values> as_matrices(const Plan& plan, std::span<const Source> factors, std::size_t n,
                                  Uint128 largest_sum) {
  constexpr Uint128 exact = Uint128{1} << std::numeric_limits<double>::digits;
  if (factors.size() != 2 || largest_sum > exact) return std::nullopt;
  const Factor &a = plan.factors[0], &b = plan.factors[1];
  const MatrixForm form = matrix_form(plan.extents, plan.out_loops, a, b);
  if (!pays_as_matrices(form, plan.extents)) return std::nullopt;
  Values out(n);
  multiply_matrices(form, plan.extents, plan.out_steps, a, in_doubles(*factors[0].values), b,
                    in_doubles(*factors[1].values), out);
  return out;
}

Uint128 largest(const Values& values) {
  Uint128 result = 0;
  for (const Int128 v : values) result = std::max(result, v < 0 ? -Uint128(v) : Uint128(v));
  return result;
}

Plan plan_of(const Shape& out, const Shape& sum) {
  Plan plan;
  plan.extents = out;
  plan.extents.insert(plan.extents.end(), sum.begin(), sum.end());
  plan.out_loops = out.size();
  if (plan.extents.empty()) {
    plan.extents = {1};
    plan.out_loops = 1;
  }
  return plan;
}

/// Fills in the output's steps and picks the inner loop.
void choose_inner(Plan& plan) {
  EZKL_ENSURE(plan.factors.size() == 1 || plan.factors.size() == 2, "a contraction has one or two factors");
  const std::size_t loops = plan.extents.size();
  plan.out_steps.assign(loops, 0);
  std::size_t step = 1;
  for (std::size_t loop = plan.out_loops; loop-- > 0;) {
    plan.out_steps[loop] = step;
    step *= plan.extents[loop];
  }
  // The longest loop goes innermost; among about equal ones, one that walks a source and the output element by element.
  std::size_t best = 0;
  for (std::size_t loop = 0; loop < loops; ++loop) {
    std::size_t score = std::min<std::size_t>(plan.extents[loop], 64) * 4;
    for (const Factor& factor : plan.factors)
      score += factor.steps[loop] == 0 || factor.steps[loop] == 1 ? score / 4 : 0;
    if (score >= best) {
      best = score;
      plan.inner = loop;
    }
  }
}

}  // namespace

Values contract_values(const Shape& out, const Shape& sum, std::span<const Source> factors) {
  const std::size_t n = volume(out), terms = volume(sum);
  if (n == 0 || terms == 0) return Values(n, 0);
  Plan plan = plan_of(out, sum);
  const std::size_t loops = plan.extents.size();

  std::vector<View> views(factors.size());
  std::vector<Values> padded(factors.size());
  std::vector<Source> sources(factors.begin(), factors.end());
  for (std::size_t k = 0; k < sources.size(); ++k) {
    views[k] = *sources[k].view;
    views[k].extents = plan.extents;
    sources[k].view = &views[k];
    if (views[k].outside != 0 && leaves_source(views[k], *sources[k].shape)) {
      // A constant other than zero outside: read the whole view first, so that the loops below may skip what is
      // outside.
      padded[k] = view_values(sources[k]);
      views[k].axes.assign(loops, AxisMap{});
      for (std::size_t loop = 0; loop < loops; ++loop) {
        views[k].axes[loop].strides = {{static_cast<std::uint32_t>(loop), 1}};
      }
      sources[k].shape = &plan.extents;
      sources[k].values = &padded[k];
    }
    plan.factors.push_back(flatten(views[k], *sources[k].shape));
  }
  choose_inner(plan);

  constexpr Uint128 small = std::numeric_limits<std::int64_t>::max();
  const Uint128 a = largest(*sources[0].values), b = sources.size() == 2 ? largest(*sources[1].values) : 1;
  // What a table clamped may be a source, on the way to being refused: such sums wrap.
  if (a > small || b > small) return run_integers<Int128, Uint128>(plan, sources, n);
  if (b != 0 && a > small / b / terms) return run_integers<std::int64_t, Int128>(plan, sources, n);
  if (auto product = as_matrices(plan, sources, n, a * b * terms)) return *std::move(product);
  return run_integers<std::int64_t, std::int64_t>(plan, sources, n);
}

std::vector<double> contract_reals(const Shape& out, const Shape& sum, std::span<const View> factors,
                                   std::span<const Shape> shapes, std::span<const std::vector<double>> data) {
  const std::size_t n = volume(out);
  if (n == 0 || volume(sum) == 0) return std::vector<double>(n, 0);
  Plan plan = plan_of(out, sum);
  for (std::size_t k = 0; k < factors.size(); ++k) {
    EZKL_ENSURE(factors[k].outside == 0, "real contractions pad with zero");
    View view = factors[k];
    view.extents = plan.extents;
    plan.factors.push_back(flatten(view, shapes[k]));
  }
  choose_inner(plan);
  return run_all<double, double>(plan, data, n);
}

}  // namespace ezkl::claims
