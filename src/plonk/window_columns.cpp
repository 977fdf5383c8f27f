#include "plonk/window_columns.hpp"

#include "base/ensure.hpp"
#include "base/parallel.hpp"
#include "field/kernels.hpp"
#include "poly/poly_ops.hpp"

namespace ezkl::plonk {

WindowColumns::WindowColumns(const Domain& domain, std::size_t usable_rows, std::vector<std::size_t> extents)
    : domain_(domain),
      usable_(usable_rows),
      extents_(std::move(extents)),
      numerators_(extents_.size()),
      lines_(extents_.size()) {
  const std::size_t blind = domain_.n() - usable_;
  if (const unsigned log_size = choose_window(extents_, blind, domain_.k()); log_size != 0) {
    window_.emplace(domain_, blind, log_size);
  }
}

void WindowColumns::set_rows(std::uint32_t slot, std::vector<Fr> rows, const Fr& slope) {
  EZKL_ENSURE(takes(slot) && rows.size() == domain_.n(), "a column of the window has n rows");
  const Fr constant = rows[usable_ - 1];
  lines_[slot] = {constant, slope};
  parallel_for(rows.size(), 4096, [&](std::size_t begin, std::size_t end) {
    fr_kernels().add_scalar(rows.data() + begin, rows.data() + begin, -constant, end - begin);
  });
  domain_.intt(rows);
  numerators_[slot] = window_->numerator(rows);
}

Fr WindowColumns::value_at(std::uint32_t slot, const Fr& x) const {
  return evaluate(numerators_[slot], x) * window_->factor_at(x) + lines_[slot].constant + lines_[slot].slope * x;
}

void WindowColumns::add_weighted(std::span<const std::pair<std::size_t, std::uint32_t>> slots,
                                 std::span<const Fr> weights, const WindowExpansion& expansion,
                                 std::span<Fr> sum) const {
  std::vector<Fr> numerator(window_->size());
  for (const auto& [j, slot] : slots) {
    fr_kernels().mul_scalar_add(numerator.data(), numerators_[slot].data(), weights[j], numerator.data(),
                                numerator.size());
    sum[0] += weights[j] * lines_[slot].constant;
    sum[1] += weights[j] * lines_[slot].slope;
  }
  const std::vector<Fr> more = expansion.coefficients(numerator);
  parallel_for(sum.size(), 4096, [&](std::size_t begin, std::size_t end) {
    fr_kernels().add(sum.data() + begin, sum.data() + begin, more.data() + begin, end - begin);
  });
}

}  // namespace ezkl::plonk
