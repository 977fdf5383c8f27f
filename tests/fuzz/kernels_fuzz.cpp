// Every kernel that this processor runs against the portable one, on elements cut from the input: fields, curve and
// transforms. The first byte says what is compared, the second how long vectors are.
#include <algorithm>

#include "base/cpu.hpp"
#include "curve/kernels.hpp"
#include "field/fq.hpp"
#include "field/kernels.hpp"
#include "fuzz.hpp"
#include "poly/domain.hpp"
#include "poly/ntt_kernels.hpp"

namespace ezkl {
namespace {

using Bytes = std::span<const std::uint8_t>;

template <class Kernels>
bool runs(const Kernels& kernels) {
  return (cpu_bits() & kernels.needs) == kernels.needs;
}

/// Elements whose stored limbs are the input's, so that a fuzzer reaches any pattern of bits; the input over and over.
template <class Field>
std::vector<Field> elements(Bytes bytes, std::size_t count, std::size_t from) {
  std::vector<Field> out;
  for (std::size_t i = 0; i < count; ++i) {
    detail::Limbs limbs{};
    for (unsigned b = 0; b < 32; ++b) {
      limbs[b / 8] |= std::uint64_t{bytes[(from + 32 * i + b) % bytes.size()]} << 8 * (b % 8);
    }
    limbs[3] &= ~std::uint64_t{0} >> 2;
    if (!detail::limbs_less(limbs.data(), Field::modulus.data())) {
      limbs = {Field::modulus[0] - 1 - i % 3, Field::modulus[1], Field::modulus[2], Field::modulus[3]};
    }
    out.push_back(Field::from_limbs(limbs));
  }
  return out;
}

void compare_field(Bytes bytes, std::size_t n) {
  const auto a = elements<Fr>(bytes, n, 0), b = elements<Fr>(bytes, n, 7), c = elements<Fr>(bytes, n, 13);
  const FrKernels& portable = *compiled_fr_kernels().back();
  for (const FrKernels* const kernels : compiled_fr_kernels()) {
    if (!runs(*kernels)) continue;
    const auto agree = [&](const char* what, auto&& run) {
      std::vector<Fr> want(n), got(n);
      run(portable, want.data());
      run(*kernels, got.data());
      if (want != got) fuzz::found(std::string(kernels->name) + " differs in " + what);
    };
    agree("add", [&](const FrKernels& k, Fr* out) { k.add(out, a.data(), b.data(), n); });
    agree("sub", [&](const FrKernels& k, Fr* out) { k.sub(out, a.data(), b.data(), n); });
    agree("mul", [&](const FrKernels& k, Fr* out) { k.mul(out, a.data(), b.data(), n); });
    agree("add_scalar", [&](const FrKernels& k, Fr* out) { k.add_scalar(out, a.data(), b[0], n); });
    agree("mul_scalar", [&](const FrKernels& k, Fr* out) { k.mul_scalar(out, a.data(), b[0], n); });
    agree("neg", [&](const FrKernels& k, Fr* out) { k.neg(out, a.data(), n); });
    agree("mul_add", [&](const FrKernels& k, Fr* out) { k.mul_add(out, a.data(), b.data(), c.data(), n); });
    agree("mul_scalar_add", [&](const FrKernels& k, Fr* out) { k.mul_scalar_add(out, a.data(), b[0], c.data(), n); });
    agree("dot", [&](const FrKernels& k, Fr* out) { out[0] = k.dot(a.data(), b.data(), n); });
    agree("butterfly, low", [&](const FrKernels& k, Fr* out) {
      std::vector<Fr> high = b;
      std::copy(a.begin(), a.end(), out);
      k.butterfly(out, high.data(), c.data(), n);
    });
    agree("butterfly, high", [&](const FrKernels& k, Fr* out) {
      std::vector<Fr> low = a;
      std::copy(b.begin(), b.end(), out);
      k.butterfly(low.data(), out, c.data(), n);
    });
    agree("invert", [&](const FrKernels& k, Fr* out) {
      std::vector<Fr> scratch(n);
      std::copy(a.begin(), a.end(), out);
      k.invert(out, scratch.data(), n);
    });
  }
  for (std::size_t i = 0; i < n; ++i) {
    fuzz::require(a[i] * b[i] == Fr::mul_portable(a[i], b[i]), "products of Fr differ");
  }
  const auto x = elements<Fq>(bytes, n, 3), y = elements<Fq>(bytes, n, 5);
  for (std::size_t i = 0; i < n; ++i) {
    fuzz::require(x[i] * y[i] == Fq::mul_portable(x[i], y[i]), "products of Fq differ");
    fuzz::require(x[i].is_zero() || x[i] * x[i].inverse() == Fq::one(), "an inverse of Fq is none");
  }
}

/// Points of the curve, the identity among them; few, so that equal and opposite ones meet.
const std::vector<G1Affine>& some_points() {
  static const std::vector<G1Affine> points = [] {
    std::vector<G1> sums{G1::identity(), G1::generator(), -G1::generator()};
    while (sums.size() < 32) sums.push_back(sums.back().dbl() + G1Affine::generator());
    std::vector<G1Affine> out(sums.size());
    batch_to_affine(sums, out);
    return out;
  }();
  return points;
}

void compare_curve(Bytes bytes, std::size_t n) {
  const auto& points = some_points();
  std::vector<std::uint32_t> left(n), right(n), to(n);
  for (std::size_t i = 0; i < n; ++i) {
    const auto pick = [&](std::size_t at) {
      const std::uint32_t byte = bytes[at % bytes.size()];
      return byte % 32 | (byte >= 128 ? PairList::negated_bit : 0);
    };
    left[i] = pick(2 * i);
    right[i] = pick(2 * i + 1);
    to[i] = static_cast<std::uint32_t>(i);
  }
  // Points with the input's coordinates: on the curve by chance only, which is what first_invalid is for.
  std::vector<G1Affine> any(n);
  const auto coordinates = elements<Fq>(bytes, 2 * n, 1);
  for (std::size_t i = 0; i < n; ++i) {
    any[i] = bytes[i % bytes.size()] % 2 ? points[i % 32] : G1Affine{coordinates[2 * i], coordinates[2 * i + 1]};
  }
  const CurveKernels& portable = *compiled_curve_kernels().back();
  const PairList pairs{left.data(), right.data(), to.data(), n};
  for (const CurveKernels* const kernels : compiled_curve_kernels()) {
    if (!runs(*kernels)) continue;
    std::vector<G1Affine> want(n), got(n);
    portable.add_pairs(want.data(), points.data(), pairs);
    kernels->add_pairs(got.data(), points.data(), pairs);
    fuzz::require(want == got, "sums of points differ");
    for (std::size_t i = 0; i < n; ++i) want[i] = got[i] = points[left[i] % 32];
    portable.double_points(want.data(), n);
    kernels->double_points(got.data(), n);
    fuzz::require(want == got, "doubles of points differ");
    fuzz::require(portable.first_invalid(any.data(), n) == kernels->first_invalid(any.data(), n),
                  "kernels disagree which point is none");
  }
}

void compare_transforms(Bytes bytes, unsigned k) {
  const Domain domain(k);
  const bool coset = bytes[0] % 2;
  const Fr shift = coset ? Fr::generator() : Fr::one();
  const auto in = elements<Fr>(bytes, domain.n(), 0);
  const Fr factor = elements<Fr>(bytes, 1, 11)[0];
  const NttKernels& portable = *compiled_ntt_kernels().back();
  std::vector<Fr> want(domain.n()), got(domain.n());
  transform(portable, in, want, k, ntt_twiddles(portable, k, domain.omega(), shift).data(), coset, factor);
  for (const NttKernels* const kernels : compiled_ntt_kernels()) {
    if (!runs(*kernels)) continue;
    transform(*kernels, in, got, k, ntt_twiddles(*kernels, k, domain.omega(), shift).data(), coset, factor);
    if (want != got) fuzz::found(std::string(kernels->name) + " differs in a transform");
  }
}

}  // namespace
}  // namespace ezkl

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ezkl;
  if (size < 3) return 0;
  const std::span<const std::uint8_t> rest(data + 2, size - 2);
  switch (data[0] % 3) {
    case 0:
      compare_field(rest, 1 + data[1] % 40);
      break;
    case 1:
      compare_curve(rest, 1 + data[1] % 40);
      break;
    case 2:
      compare_transforms(rest, 5 + data[1] % 6);
      break;
  }
  return 0;
}
