#include "poly/domain.hpp"

#include <algorithm>
#include <array>
#include <mutex>

#include "base/ensure.hpp"
#include "base/parallel.hpp"
#include "ezkl/error.hpp"
#include "field/kernels.hpp"
#include "poly/poly_ops.hpp"

namespace ezkl {

/// Layer s (0 .. k-1) of a transform works on blocks of 2^(s+1) and needs the powers of a 2^(s+1)-th root below 2^s:
/// they lie next to each other from offset 2^s - 1.
struct Domain::Tables {
  std::vector<Fr> forward, inverse;
};

namespace {

Fr root(unsigned k) {
  Fr out = Fr::root_of_unity();
  for (unsigned i = k; i < Fr::two_adicity; ++i) out = out.square();
  return out;
}

std::vector<Fr> twiddles(unsigned k, const Fr& omega) {
  std::vector<Fr> out((std::size_t{1} << k) - 1);
  if (k == 0) return out;
  const std::size_t half = std::size_t{1} << (k - 1);
  const std::vector<Fr> last = powers(omega, half);
  std::copy(last.begin(), last.end(), out.begin() + std::ptrdiff_t(half - 1));
  for (std::size_t size = half / 2; size > 0; size /= 2) {
    for (std::size_t i = 0; i < size; ++i) out[size - 1 + i] = out[2 * size - 1 + 2 * i];
  }
  return out;
}

std::size_t reversed(std::size_t i, unsigned k) {
  std::size_t out = 0;
  for (unsigned b = 0; b < k; ++b) out |= (i >> b & 1) << (k - 1 - b);
  return out;
}

void multiply_by_powers(std::span<Fr> v, const Fr& base) {
  parallel_for(v.size(), 4096, [&](std::size_t begin, std::size_t end) {
    const std::vector<Fr> factors = powers(base, end - begin, base.pow(begin));
    fr_kernels().mul(v.data() + begin, v.data() + begin, factors.data(), end - begin);
  });
}

}  // namespace

Domain::Domain(unsigned k) : k_(k) {
  if (k > Fr::two_adicity) {
    throw Error(Fault::range, "a domain of 2^" + std::to_string(k) + " rows: at most 2^28 are possible");
  }
  omega_ = root(k);
  omega_inv_ = omega_.inverse();
  n_inv_ = Fr::from_u64(n()).inverse();
  static std::mutex mutex;
  static std::array<std::shared_ptr<const Tables>, Fr::two_adicity + 1> cache;
  const std::lock_guard lock(mutex);
  if (!cache[k]) {
    auto tables = std::make_shared<Tables>();
    tables->forward = twiddles(k, omega_);
    tables->inverse = twiddles(k, omega_inv_);
    cache[k] = std::move(tables);
  }
  tables_ = cache[k];
}

void Domain::transform(std::span<Fr> v, const Fr* table) const {
  EZKL_ENSURE(v.size() == n(), "a transform takes as many values as its domain has");
  const FrKernels& kernels = fr_kernels();
  parallel_for(n(), 4096, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const std::size_t j = reversed(i, k_);
      if (i < j) std::swap(v[i], v[j]);
    }
  });
  for (unsigned layer = 0; layer < k_; ++layer) {
    const std::size_t half = std::size_t{1} << layer;
    const Fr* const w = table + half - 1;
    // Butterfly number i works on block i / half, place i % half.
    parallel_for(n() / 2, 2048, [&](std::size_t begin, std::size_t end) {
      while (begin < end) {
        const std::size_t place = begin % half, count = std::min(half - place, end - begin);
        Fr* const lo = v.data() + (begin / half) * 2 * half + place;
        kernels.butterfly(lo, lo + half, w + place, count);
        begin += count;
      }
    });
  }
}

void Domain::ntt(std::span<Fr> v) const { transform(v, tables_->forward.data()); }

void Domain::intt(std::span<Fr> v) const {
  transform(v, tables_->inverse.data());
  parallel_for(n(), 4096, [&](std::size_t begin, std::size_t end) {
    fr_kernels().mul_scalar(v.data() + begin, v.data() + begin, n_inv_, end - begin);
  });
}

void Domain::coset_ntt(std::span<Fr> v, const Fr& shift) const {
  multiply_by_powers(v, shift);
  ntt(v);
}

void Domain::coset_intt(std::span<Fr> v, const Fr& shift) const {
  intt(v);
  multiply_by_powers(v, shift.inverse());
}

Fr Domain::omega_power(std::int64_t i) const {
  return omega_.pow(std::uint64_t(i) & (n() - 1));  // two's complement: also right for negative i
}

Fr Domain::lagrange(std::int64_t i, const Fr& x) const {
  const Fr w = omega_power(i);
  if (x == w) return Fr::one();
  return w * (x.pow(n()) - Fr::one()) * n_inv_ * (x - w).inverse();
}

std::vector<Fr> Domain::lagrange_values(std::size_t count, const Fr& x) const {
  EZKL_ENSURE(count <= n(), "more Lagrange values than rows");
  const std::vector<Fr> roots = powers(omega_, count);
  std::vector<Fr> out(count);
  for (std::size_t i = 0; i < count; ++i) out[i] = x - roots[i];
  batch_invert(out);
  const Fr scale = (x.pow(n()) - Fr::one()) * n_inv_;
  for (std::size_t i = 0; i < count; ++i) out[i] = x == roots[i] ? Fr::one() : out[i] * roots[i] * scale;
  return out;
}

}  // namespace ezkl
