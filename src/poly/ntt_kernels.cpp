#include "poly/ntt_kernels.hpp"

#include <algorithm>
#include <bit>

#include "base/choose_kernels.hpp"
#include "base/ensure.hpp"
#include "base/parallel.hpp"
#include "poly/ntt_kernels_avx2.hpp"
#include "poly/ntt_kernels_ifma.hpp"
#include "poly/poly_ops.hpp"

namespace ezkl {
namespace {

struct PortableMul {
  Fr operator()(const Fr& a, const Fr& b) const { return Fr::mul_portable(a, b); }
};

struct AdxMul {
  Fr operator()(const Fr& a, const Fr& b) const { return Fr::mul_adx(a, b); }
};

void cross(Fr& a, Fr& b) {
  const Fr difference = a - b;
  a += b;
  b = difference;
}

/// Value by value, with one of the two products. Values are always reduced.
template <class Mul>
struct Plain {
  static constexpr Mul mul{};

  /// Writes eight blocks of eight values, one after the other: block l is that of value 8 m + l.
  static void three_layers(Fr* out, const Fr* in, std::size_t stride, std::size_t m, const Fr* twiddles, bool coset,
                           const Fr* factor) {
    for (std::size_t l = 0; l < 8; ++l) {
      Fr* const x = out + 8 * l;
      for (std::size_t j = 0; j < 8; ++j) {
        const Fr& v = in[reversed3[j] * stride + 8 * m + l];
        x[j] = factor == nullptr ? v : mul(v, *factor);
      }
      for (std::size_t s = 1; s < 8; s *= 2) {
        for (std::size_t i = 0; i < 8; ++i) {
          if ((i & s) != 0) continue;
          const std::size_t r = i & (s - 1);
          if (coset || r != 0) x[i + s] = mul(x[i + s], twiddles[s + r]);  // else the twiddle is 1
          cross(x[i], x[i + s]);
        }
      }
    }
  }

  static void first(const Fr* in, Fr* out, unsigned k, const Fr* twiddles, bool coset, const Fr* factor,
                    std::size_t begin, std::size_t end) {
    const std::size_t stride = std::size_t{1} << (k - 3);
    for (std::size_t m = begin; m < end; ++m) {
      const std::size_t partner = reversed_bits(m, k - 6);
      if (partner < m) continue;
      Fr here[64], there[64];
      three_layers(here, in, stride, m, twiddles, coset, factor);
      if (partner != m) three_layers(there, in, stride, partner, twiddles, coset, factor);
      for (std::size_t l = 0; l < 8; ++l) {
        const std::size_t to = reversed3[l] * stride;
        std::copy_n(here + 8 * l, 8, out + to + 8 * partner);
        if (partner != m) std::copy_n(there + 8 * l, 8, out + to + 8 * m);
      }
    }
  }

  static void pass(Fr* block, unsigned layer, unsigned count, const Fr* twiddles, bool, std::size_t begin,
                   std::size_t end) {
    const std::size_t h = std::size_t{1} << layer, size = std::size_t{1} << count;
    // Pieces of 8 times this many values stay in the first cache for all layers of the pass.
    constexpr std::size_t piece = 64;
    for (std::size_t at = begin; at < end; at += piece) {
      const std::size_t n = std::min(piece, end - at);
      for (std::size_t s = 1; s < size; s *= 2) {
        for (std::size_t i = 0; i < size; ++i) {
          if ((i & s) != 0) continue;
          const Fr* const w = twiddles + s * h + (i & (s - 1)) * h + at;
          Fr* const lo = block + at + i * h;
          Fr* const hi = lo + s * h;
          for (std::size_t j = 0; j < n; ++j) {
            hi[j] = mul(hi[j], w[j]);
            cross(lo[j], hi[j]);
          }
        }
      }
    }
  }

  static constexpr NttKernels table(std::string_view name, std::uint32_t needs) {
    return {name, needs, nullptr, first, pass};
  }
};

constexpr NttKernels portable = Plain<PortableMul>::table("portable", 0);
#if defined(__x86_64__)
constexpr NttKernels adx = Plain<AdxMul>::table("adx", cpu_adx);
constexpr NttKernels avx2{"avx2", cpu_avx2, ntt_prepare_avx2, ntt_first_avx2, ntt_pass_avx2};
constexpr NttKernels avx512{"avx512", cpu_avx512ifma, ntt_prepare_ifma, ntt_first_ifma, ntt_pass_ifma};
constexpr const NttKernels* compiled[] = {&avx512, &avx2, &adx, &portable};
#else
constexpr const NttKernels* compiled[] = {&portable};
#endif

/// The largest k for which transforms are made value by value.
constexpr unsigned most_small = 6;

/// Fewer values than the passes are made for.
void small_transform(std::span<Fr> v, unsigned k, const Fr* twiddles, const Fr& factor) {
  for (std::size_t i = 0; i < v.size(); ++i) {
    const std::size_t j = reversed_bits(i, k);
    if (i < j) std::swap(v[i], v[j]);
  }
  for (Fr& value : v) value *= factor;
  for (std::size_t h = 1; h < v.size(); h *= 2) {
    for (std::size_t block = 0; block < v.size(); block += 2 * h) {
      for (std::size_t j = 0; j < h; ++j) {
        v[block + h + j] *= twiddles[h + j];
        cross(v[block + j], v[block + h + j]);
      }
    }
  }
}

/// The first layers of a transform whose upper coefficients are 0: they add 0 to everything, so that each coefficient
/// comes to stand in a whole block.
void spread(std::span<const Fr> in, std::span<Fr> out) {
  const auto bits = static_cast<unsigned>(std::bit_width(in.size()) - 1);
  const std::size_t block = out.size() / in.size();
  parallel_for(in.size(), 1024, [&](std::size_t begin, std::size_t end) {
    for (std::size_t b = begin; b < end; ++b) std::fill_n(out.data() + b * block, block, in[reversed_bits(b, bits)]);
  });
}

/// How many of the `left` layers the next pass takes: three at a time, but no lonely one at the end.
unsigned next_count(unsigned left) { return left == 4 || left == 2 ? 2 : std::min(left, 3u); }

}  // namespace

std::span<const NttKernels* const> compiled_ntt_kernels() noexcept { return compiled; }

const NttKernels& ntt_kernels() {
  static const NttKernels& chosen = choose_kernels(compiled_ntt_kernels());
  return chosen;
}

std::vector<Fr> ntt_twiddles(const NttKernels& kernels, unsigned k, const Fr& omega, const Fr& shift) {
  std::vector<Fr> out(std::size_t{1} << k);
  Fr root = omega, power = shift;
  for (std::size_t half = out.size() / 2; half > 0; half /= 2) {
    fill_powers(std::span(out).subspan(half, half), root, power);
    root = root.square();
    power = power.square();
  }
  if (k > most_small && kernels.prepare != nullptr) {
    parallel_for(out.size(), 4096,
                 [&](std::size_t begin, std::size_t end) { kernels.prepare(out.data() + begin, end - begin); });
  }
  return out;
}

void transform(const NttKernels& kernels, std::span<const Fr> in, std::span<Fr> out, unsigned k, const Fr* twiddles,
               bool coset, const Fr& factor) {
  EZKL_ENSURE(out.size() == std::size_t{1} << k, "a transform takes as many values as its domain has");
  unsigned done = 3;
  if (in.size() < out.size()) {
    EZKL_ENSURE(k > most_small && std::has_single_bit(in.size()) && in.size() <= out.size() / 8 && factor == Fr::one(),
                "a short polynomial has a power of two of coefficients, an eighth of the domain at most");
    done = k - static_cast<unsigned>(std::bit_width(in.size()) - 1);
    spread(in, out);
  }
  if (k <= most_small) {
    if (in.data() != out.data()) std::copy(in.begin(), in.end(), out.begin());
    return small_transform(out, k, twiddles, factor);
  }
  Fr prepared = factor;
  if (kernels.prepare != nullptr) kernels.prepare(&prepared, 1);
  const Fr* const used_factor = factor == Fr::one() ? nullptr : &prepared;
  if (in.size() == out.size()) {
    parallel_for(std::size_t{1} << (k - 6), 16, [&](std::size_t begin, std::size_t end) {
      kernels.first(in.data(), out.data(), k, twiddles, coset, used_factor, begin, end);
    });
  }
  // All layers that fit blocks of the second cache, block by block.
  const unsigned cached_k = std::min(k, 12u);
  parallel_for(out.size() >> cached_k, 1, [&](std::size_t begin, std::size_t end) {
    for (std::size_t at = begin << cached_k; at < end << cached_k; at += std::size_t{1} << cached_k) {
      for (unsigned layer = done; layer < cached_k;) {
        const unsigned count = next_count(cached_k - layer);
        const std::size_t block = std::size_t{1} << (layer + count);
        for (std::size_t b = 0; b < std::size_t{1} << cached_k; b += block) {
          kernels.pass(out.data() + at + b, layer, count, twiddles, layer + count == k, 0, std::size_t{1} << layer);
        }
        layer += count;
      }
    }
  });
  // The rest in passes over everything.
  for (unsigned layer = std::max(cached_k, done); layer < k;) {
    const unsigned count = next_count(k - layer);
    constexpr std::size_t piece = 256;
    const std::size_t pieces = (std::size_t{1} << layer) / piece;
    parallel_for((out.size() >> (layer + count)) * pieces, 1, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) {
        kernels.pass(out.data() + ((i / pieces) << (layer + count)), layer, count, twiddles, layer + count == k,
                     i % pieces * piece, (i % pieces + 1) * piece);
      }
    });
    layer += count;
  }
}

}  // namespace ezkl
