#pragma once

#include <cstddef>

namespace ezkl {

/// Montgomery's trick: running products forward into `scratch`, one inversion, then back. Zeros stay zero.
template <class F, class Mul>
void invert_with(F* values, F* scratch, std::size_t n, Mul&& mul) {
  F running = F::one();
  for (std::size_t i = 0; i < n; ++i) {
    scratch[i] = running;
    if (!values[i].is_zero()) running = mul(running, values[i]);
  }
  running = running.inverse();
  for (std::size_t i = n; i-- > 0;) {
    if (values[i].is_zero()) continue;
    const F next = mul(running, values[i]);
    values[i] = mul(running, scratch[i]);
    running = next;
  }
}

}  // namespace ezkl
