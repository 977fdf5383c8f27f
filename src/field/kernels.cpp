#include "field/kernels.hpp"

#include "base/choose_kernels.hpp"
#include "field/batch_invert.hpp"
#include "field/kernels_avx2.hpp"
#include "field/kernels_ifma.hpp"

namespace ezkl {
namespace {

struct PortableMul {
  Fr operator()(const Fr& a, const Fr& b) const { return Fr::mul_portable(a, b); }
};

struct AdxMul {
  Fr operator()(const Fr& a, const Fr& b) const { return Fr::mul_adx(a, b); }
};

/// Element by element, with one of the two products.
template <class Mul>
struct Plain {
  static constexpr Mul product{};

  static void add(Fr* out, const Fr* a, const Fr* b, std::size_t n) {
    for (std::size_t i = 0; i < n; ++i) out[i] = a[i] + b[i];
  }
  static void sub(Fr* out, const Fr* a, const Fr* b, std::size_t n) {
    for (std::size_t i = 0; i < n; ++i) out[i] = a[i] - b[i];
  }
  static void mul(Fr* out, const Fr* a, const Fr* b, std::size_t n) {
    for (std::size_t i = 0; i < n; ++i) out[i] = product(a[i], b[i]);
  }
  // The scalar is copied first: it may lie in `out`.
  static void add_scalar(Fr* out, const Fr* a, const Fr& b, std::size_t n) {
    const Fr s = b;
    for (std::size_t i = 0; i < n; ++i) out[i] = a[i] + s;
  }
  static void mul_scalar(Fr* out, const Fr* a, const Fr& b, std::size_t n) {
    const Fr s = b;
    for (std::size_t i = 0; i < n; ++i) out[i] = product(a[i], s);
  }
  static void neg(Fr* out, const Fr* a, std::size_t n) {
    for (std::size_t i = 0; i < n; ++i) out[i] = -a[i];
  }
  static void mul_add(Fr* out, const Fr* a, const Fr* b, const Fr* c, std::size_t n) {
    for (std::size_t i = 0; i < n; ++i) out[i] = product(a[i], b[i]) + c[i];
  }
  static void mul_scalar_add(Fr* out, const Fr* a, const Fr& b, const Fr* c, std::size_t n) {
    const Fr s = b;
    for (std::size_t i = 0; i < n; ++i) out[i] = product(a[i], s) + c[i];
  }
  static void butterfly(Fr* lo, Fr* hi, const Fr* w, std::size_t n) {
    for (std::size_t i = 0; i < n; ++i) {
      const Fr t = product(hi[i], w[i]);
      hi[i] = lo[i] - t;
      lo[i] += t;
    }
  }
  static void invert(Fr* values, Fr* scratch, std::size_t n) { invert_with(values, scratch, n, product); }
  static Fr dot(const Fr* a, const Fr* b, std::size_t n) {
    Fr sum;
    for (std::size_t i = 0; i < n; ++i) sum += product(a[i], b[i]);
    return sum;
  }

  static constexpr FrKernels table(std::string_view name, std::uint32_t needs) {
    return {name, needs, add, sub, mul, add_scalar, mul_scalar, neg, mul_add, mul_scalar_add, butterfly, invert, dot};
  }
};

constexpr FrKernels portable = Plain<PortableMul>::table("portable", 0);

#if defined(__x86_64__)
constexpr FrKernels adx = Plain<AdxMul>::table("adx", cpu_adx);
const FrKernels avx512 = [] {
  FrKernels out = portable;
  set_ifma_kernels(out);
  return out;
}();
const FrKernels avx2 = [] {
  FrKernels out = portable;
  set_avx2_kernels(out);
  return out;
}();
constexpr const FrKernels* compiled[] = {&avx512, &avx2, &adx, &portable};
#else
constexpr const FrKernels* compiled[] = {&portable};
#endif

}  // namespace

std::span<const FrKernels* const> compiled_fr_kernels() noexcept { return compiled; }

const FrKernels& fr_kernels() {
  static const FrKernels& chosen = choose_kernels(compiled_fr_kernels());
  return chosen;
}

}  // namespace ezkl
