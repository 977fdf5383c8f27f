#pragma once

#include <cstdint>
#include <span>

#include "base/cpu.hpp"
#include "base/ensure.hpp"

namespace ezkl {

/// The first of the tables `compiled` (best first, the last one needs nothing) all of whose `needs` the processor has.
template <class Kernels>
const Kernels& choose_kernels(std::span<const Kernels* const> compiled) {
  const std::uint32_t bits = cpu_bits();
  for (const Kernels* const kernels : compiled) {
    if ((bits & kernels->needs) == kernels->needs) return *kernels;
  }
  EZKL_ENSURE(false, "the last table of kernels needs nothing");
}

}  // namespace ezkl
