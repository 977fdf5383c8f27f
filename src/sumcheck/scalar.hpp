#pragma once

#include "field/fr.hpp"

namespace ezkl::sumcheck {

/// A scalar that a proof speaks of, as its verifier knows it. Sums and multiples by numbers of the verifier exist;
/// products of two do not, but as checks (Channel::require): values at a random point may not be multiplied and taken
/// for values of a product.
class Scalar {
 public:
  Scalar() = default;
  Scalar(const Fr& value) : value_(value) {}  // NOLINT: a number that both sides know is a scalar

  /// Adds factor * other.
  Scalar& add(const Scalar& other, const Fr& factor) {
    value_ += factor * other.value_;
    return *this;
  }
  friend Scalar operator+(const Scalar& a, const Scalar& b) { return a.value_ + b.value_; }
  friend Scalar operator-(const Scalar& a, const Scalar& b) { return a.value_ - b.value_; }
  friend Scalar operator*(const Scalar& a, const Fr& factor) { return a.value_ * factor; }

  /// The number, which was sent in the clear.
  const Fr& value() const { return value_; }

 private:
  friend Scalar operator*(const Scalar&, const Scalar&) = delete;

  Fr value_;
};

/// factor * a * b, of a check.
struct Product {
  Fr factor;
  Scalar a, b;
};

}  // namespace ezkl::sumcheck
