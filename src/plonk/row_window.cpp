#include "plonk/row_window.hpp"

#include <algorithm>

#include "base/ensure.hpp"
#include "base/parallel.hpp"
#include "field/batch_invert.hpp"
#include "field/kernels.hpp"
#include "poly/poly_ops.hpp"

namespace ezkl::plonk {
namespace {

/// Product of X - omega^i for i < 2^log_size, by D_2m(X) = D_m(X) * omega^(m m) D_m(X / omega^m).
std::vector<Fr> vanishing_on_powers(const Domain& domain, unsigned log_size) {
  std::vector<Fr> out{-Fr::one(), Fr::one()};
  for (unsigned s = 0; s < log_size; ++s) {
    const std::size_t m = std::size_t{1} << s;
    const Domain product_domain(s + 2);
    std::vector<Fr> low = out, high(product_domain.n());
    const std::vector<Fr> scale = powers(domain.omega_power(-static_cast<std::int64_t>(m)), m + 1,
                                         domain.omega_power(static_cast<std::int64_t>(m * m)));
    for (std::size_t j = 0; j <= m; ++j) high[j] = out[j] * scale[j];
    low.resize(product_domain.n());
    product_domain.ntt(low);
    product_domain.ntt(high);
    fr_kernels().mul(low.data(), low.data(), high.data(), low.size());
    product_domain.intt(low);
    low.resize(2 * m + 1);
    out = std::move(low);
  }
  return out;
}

}  // namespace

RowWindow::RowWindow(const Domain& domain, std::size_t before, unsigned log_size)
    : domain_(domain), before_(before), log_size_(log_size), twice_(log_size + 1) {
  EZKL_ENSURE(domain.k() > 6 && log_size >= 3 && log_size + 3 <= domain.k() && before < size(),
              "a window is a small part of the rows");
  divisor_ = vanishing_on_powers(domain, log_size);
  // The window begins `before` rows earlier: D(X) = omega^(-before size) D_0(omega^before X).
  const auto shift = static_cast<std::int64_t>(before);
  const std::vector<Fr> scale = powers(domain.omega_power(shift), divisor_.size(),
                                       domain.omega_power(-shift * static_cast<std::int64_t>(size())));
  fr_kernels().mul(divisor_.data(), divisor_.data(), scale.data(), divisor_.size());
  divisor_values_.assign(divisor_.begin(), divisor_.end() - 1);
  divisor_values_.resize(twice_.n());
  twice_.ntt(divisor_values_);
}

std::vector<Fr> RowWindow::numerator(std::span<const Fr> coefficients) const {
  // p D = N (X^n - 1), so N is -p D as far as powers below n go, and it has size() coefficients.
  EZKL_ENSURE(coefficients.size() == domain_.n(), "a column has n coefficients");
  std::vector<Fr> out(coefficients.begin(), coefficients.begin() + static_cast<std::ptrdiff_t>(size()));
  out.resize(twice_.n());
  twice_.ntt(out);
  fr_kernels().mul(out.data(), out.data(), divisor_values_.data(), out.size());
  twice_.intt(out);
  out.resize(size());
  out.shrink_to_fit();
  fr_kernels().neg(out.data(), out.data(), out.size());
  return out;
}

std::vector<Fr> RowWindow::factor_on(const Coset& coset, const Fr& shift) const {
  std::vector<Fr> out(domain_.n());
  std::copy(divisor_.begin(), divisor_.end(), out.begin());
  coset.ntt(out, out);
  batch_invert(out);
  const Fr vanishing = shift.pow(domain_.n()) - Fr::one();
  parallel_for(out.size(), 4096, [&](std::size_t begin, std::size_t end) {
    fr_kernels().mul_scalar(out.data() + begin, out.data() + begin, vanishing, end - begin);
  });
  return out;
}

Fr RowWindow::factor_at(const Fr& x) const {
  return (x.pow(domain_.n()) - Fr::one()) * evaluate(divisor_, x).inverse();
}

WindowExpansion::WindowExpansion(const RowWindow& window)
    : domain_(window.domain_), coset_(domain_, Fr::generator()), factor_(window.factor_on(coset_, Fr::generator())) {}

std::vector<Fr> WindowExpansion::coefficients(std::span<const Fr> numerator) const {
  std::vector<Fr> out(domain_.n());
  coset_.ntt(numerator, out);
  parallel_for(out.size(), 4096, [&](std::size_t begin, std::size_t end) {
    fr_kernels().mul(out.data() + begin, out.data() + begin, factor_.data() + begin, end - begin);
  });
  domain_.coset_intt(out, Fr::generator());
  return out;
}

std::size_t constant_from(const ColumnValues& column, std::size_t usable) {
  const auto small = column.small();
  const auto wide = column.wide();
  // The wide rows are few: those of blinding, and rarely others.
  std::size_t after_wide = 0;
  for (const auto& [row, value] : wide) {
    if (row < usable) after_wide = row + 1;
  }
  std::size_t out = usable;
  while (out > after_wide && small[out - 1] == small[usable - 1]) --out;
  return out;
}

unsigned choose_window(std::span<const std::size_t> extents, std::size_t before, unsigned k) {
  // In layers of a transform: a whole column takes one transform and one for each coset, of which there are about four;
  // one of the window the same, but those to cosets begin at its size and end with a product.
  constexpr double cosets = 4, product = 2.5;
  double least = static_cast<double>(extents.size()) * (cosets + 1) * k;
  unsigned best = 0;
  for (unsigned s = 6; s + 3 <= k; ++s) {
    const std::size_t size = std::size_t{1} << s;
    // the divisor on each coset, inverted, and the way back to coefficients
    double cost = (2 * cosets + 4) * k;
    for (const std::size_t extent : extents) {
      const bool inside = extent + before <= size;
      cost += inside ? k + cosets * (s + product) : (cosets + 1) * k;
    }
    if (cost < least) {
      least = cost;
      best = s;
    }
  }
  return best;
}

}  // namespace ezkl::plonk
