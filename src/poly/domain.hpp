#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "field/fr.hpp"

namespace ezkl {

/// The 2^k-th roots of unity and the transforms over them. Copies share their tables, and all domains of one size share
/// one set for the life of the process. Transforms are parallel; many columns are best transformed by parallel_tasks
/// over columns, of which only the last ones are then cut among the threads.
class Domain {
 public:
  /// errors: Fault::range when k > 28.
  explicit Domain(unsigned k);

  unsigned k() const { return k_; }
  std::size_t n() const { return std::size_t{1} << k_; }
  const Fr& omega() const { return omega_; }
  const Fr& omega_inv() const { return omega_inv_; }

  /// Coefficients to values at omega^i, natural order both ways, in place; v.size() == n().
  void ntt(std::span<Fr> v) const;
  /// Values at omega^i to coefficients.
  void intt(std::span<Fr> v) const;
  /// Coefficients to values at shift * omega^i. shift must not be 0.
  void coset_ntt(std::span<Fr> v, const Fr& shift) const;
  void coset_intt(std::span<Fr> v, const Fr& shift) const;
  /// The same out of place; in.size() == out.size() == n().
  void ntt(std::span<const Fr> in, std::span<Fr> out) const;
  void intt(std::span<const Fr> in, std::span<Fr> out) const;

  /// Value at x of the polynomial that is 1 at omega^i and 0 on the rest of the domain; negative i counts from the end.
  Fr lagrange(std::int64_t i, const Fr& x) const;
  /// lagrange(i, x) for i = 0 .. count-1.
  std::vector<Fr> lagrange_values(std::size_t count, const Fr& x) const;
  /// omega^i for any i.
  Fr omega_power(std::int64_t i) const;

 private:
  struct Tables;

  unsigned k_;
  Fr omega_, omega_inv_, n_inv_;
  std::shared_ptr<const Tables> tables_;
};

/// The coset shift * H of a domain H, for transforming many polynomials to it: the shift is worked into a table
/// of roots, so that a transform costs little more than one on the domain itself.
class Coset {
 public:
  /// shift must not be 0. cost: n products, and n elements of memory.
  Coset(const Domain& domain, const Fr& shift);

  /// Coefficients to values at shift * omega^i, out of place or in place; out.size() == n(). Of the coefficients the
  /// lowest 2^s will do where the others are 0, s at most k - 3 and k above 6: this skips k - s of k layers.
  void ntt(std::span<const Fr> in, std::span<Fr> out) const;

 private:
  unsigned k_;
  std::vector<Fr> twiddles_;
};

}  // namespace ezkl
