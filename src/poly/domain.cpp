#include "poly/domain.hpp"

#include <algorithm>
#include <array>
#include <mutex>

#include "base/ensure.hpp"
#include "base/parallel.hpp"
#include "ezkl/error.hpp"
#include "field/kernels.hpp"
#include "poly/ntt_kernels.hpp"
#include "poly/poly_ops.hpp"

namespace ezkl {

/// Twiddles as NttKernels wants them.
struct Domain::Tables {
  std::vector<Fr> forward, inverse;
};

namespace {

Fr root(unsigned k) {
  Fr out = Fr::root_of_unity();
  for (unsigned i = k; i < Fr::two_adicity; ++i) out = out.square();
  return out;
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
    tables->forward = ntt_twiddles(ntt_kernels(), k, omega_, Fr::one());
    tables->inverse = ntt_twiddles(ntt_kernels(), k, omega_inv_, Fr::one());
    cache[k] = std::move(tables);
  }
  tables_ = cache[k];
}

void Domain::ntt(std::span<const Fr> in, std::span<Fr> out) const {
  transform(ntt_kernels(), in, out, k_, tables_->forward.data(), false, Fr::one());
}

void Domain::intt(std::span<const Fr> in, std::span<Fr> out) const {
  transform(ntt_kernels(), in, out, k_, tables_->inverse.data(), false, n_inv_);
}

void Domain::ntt(std::span<Fr> v) const { ntt(v, v); }

void Domain::intt(std::span<Fr> v) const { intt(v, v); }

void Domain::coset_ntt(std::span<Fr> v, const Fr& shift) const { Coset(*this, shift).ntt(v, v); }

void Domain::coset_intt(std::span<Fr> v, const Fr& shift) const {
  intt(v, v);
  // Powers of 1 / shift block by block: a table of them all would be one more vector in memory.
  constexpr std::size_t block = 256;
  const Fr base = shift.inverse();
  const std::vector<Fr> low = powers(base, block);
  parallel_for(n(), 4096, [&](std::size_t begin, std::size_t end) {
    Fr first = base.pow(begin);
    const Fr step = base.pow(block);
    std::array<Fr, block> scale;
    for (std::size_t at = begin; at < end; at += block, first *= step) {
      const std::size_t count = std::min(block, end - at);
      fr_kernels().mul_scalar(scale.data(), low.data(), first, count);
      fr_kernels().mul(v.data() + at, v.data() + at, scale.data(), count);
    }
  });
}

Coset::Coset(const Domain& domain, const Fr& shift)
    : k_(domain.k()), twiddles_(ntt_twiddles(ntt_kernels(), domain.k(), domain.omega(), shift)) {}

void Coset::ntt(std::span<const Fr> in, std::span<Fr> out) const {
  transform(ntt_kernels(), in, out, k_, twiddles_.data(), true, Fr::one());
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
