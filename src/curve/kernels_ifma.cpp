#include "curve/kernels_ifma.hpp"

#if defined(__x86_64__)

#include <algorithm>
#include <memory>

#include "curve/point_sums.hpp"
#include "field/ifma.hpp"

namespace ezkl {
namespace {

using namespace ifma;

constexpr std::size_t max_groups = (max_pairs + lanes - 1) / lanes;

/// Eight pairs between the two passes.
struct Group {
  Vec before;   ///< product of the divisors of all earlier groups, lane by lane
  Vec divisor;  ///< x2 - x1 + p, or what classify says
};

/// One coordinate (0: x, 1: y) of eight points, as stored; the order of the loads undoes that of transpose.
EZKL_IFMA_INLINE Raw gather(const G1Affine* points, const std::uint32_t* index, int coordinate) {
  constexpr std::uint32_t plain = ~PairList::negated_bit;
  __m512i z[4];
  EZKL_UNROLL
  for (int i = 0; i < 4; ++i) {
    const int a = (i & 1) + 4 * (i >> 1), b = a + 2;  // 0 2, 1 3, 4 6, 5 7
    const auto* const low = reinterpret_cast<const __m256i*>(points + (index[a] & plain)) + coordinate;
    const auto* const high = reinterpret_cast<const __m256i*>(points + (index[b] & plain)) + coordinate;
    z[i] = _mm512_inserti64x4(_mm512_castsi256_si512(_mm256_loadu_si256(low)), _mm256_loadu_si256(high), 1);
  }
  return transpose(z[0], z[1], z[2], z[3]);
}

EZKL_IFMA_INLINE void scatter(G1Affine* points, const std::uint32_t* index, int coordinate, const Vec& v) {
  __m512i z[4];
  untranspose(paste(v), z);
  EZKL_UNROLL
  for (int i = 0; i < 4; ++i) {
    const int a = (i & 1) + 4 * (i >> 1), b = a + 2;
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(points + index[a]) + coordinate, _mm512_castsi512_si256(z[i]));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(points + index[b]) + coordinate, _mm512_extracti64x4_epi64(z[i], 1));
  }
}

EZKL_IFMA_INLINE __mmask8 is_zero(const Raw& a) {
  const __m512i any = _mm512_or_si512(_mm512_or_si512(a.x[0], a.x[1]), _mm512_or_si512(a.x[2], a.x[3]));
  return _mm512_testn_epi64_mask(any, any);
}

EZKL_IFMA_INLINE __mmask8 is_equal(const Raw& a, const Raw& b) {
  const __m512i any =
      _mm512_or_si512(_mm512_or_si512(_mm512_xor_si512(a.x[0], b.x[0]), _mm512_xor_si512(a.x[1], b.x[1])),
                      _mm512_or_si512(_mm512_xor_si512(a.x[2], b.x[2]), _mm512_xor_si512(a.x[3], b.x[3])));
  return _mm512_testn_epi64_mask(any, any);
}

EZKL_IFMA_INLINE void prefetch(const G1Affine* points, const std::uint32_t* left, const std::uint32_t* right) {
  EZKL_UNROLL
  for (std::size_t i = 0; i < lanes; ++i) {
    __builtin_prefetch(points + (left[i] & ~PairList::negated_bit));
    __builtin_prefetch(points + (right[i] & ~PairList::negated_bit));
  }
}

/// y, or p - y in the lanes whose index says so: at most p.
EZKL_IFMA_INLINE Vec gather_signed_y(const G1Affine* points, const std::uint32_t* index) {
  const Vec y = cut(gather(points, index, 1));
  const __mmask8 negated = _mm256_movepi32_mask(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(index)));
  return blend(negated, y, normalize(sub_limbs(modulus<Fq, 1>(), y)));
}

constexpr auto single_product = [](const Fq& a, const Fq& b) { return a * b; };

/// Lanes whose pair is an ordinary one need nothing; of the others the divisors are set one by one.
EZKL_IFMA __attribute__((noinline)) void set_divisors(Vec& divisor, __mmask8 odd, const G1Affine* points,
                                                      const std::uint32_t* left, const std::uint32_t* right) {
  alignas(64) std::uint64_t limbs[5][lanes];
  for (int i = 0; i < 5; ++i) _mm512_store_si512(limbs[i], divisor.l[i]);
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    if ((odd >> lane & 1) == 0) continue;
    const Fq d = classify(signed_point(points, left[lane]), signed_point(points, right[lane])).divisor;
    limbs[0][lane] = d.limb[0] & mask52;
    limbs[1][lane] = (d.limb[0] >> 52 | d.limb[1] << 12) & mask52;
    limbs[2][lane] = (d.limb[1] >> 40 | d.limb[2] << 24) & mask52;
    limbs[3][lane] = (d.limb[2] >> 28 | d.limb[3] << 36) & mask52;
    limbs[4][lane] = d.limb[3] >> 16;
  }
  for (int i = 0; i < 5; ++i) divisor.l[i] = _mm512_load_si512(limbs[i]);
}

/// The sums of the lanes in `odd`, one by one.
EZKL_IFMA __attribute__((noinline)) void finish_odd(G1Affine* sums, __mmask8 odd, const Vec& inverse,
                                                    const G1Affine* points, const std::uint32_t* left,
                                                    const std::uint32_t* right) {
  Fq inverses[lanes];
  const Vec canonical = reduce<Fq, 1>(inverse);
  __m512i z[4];
  untranspose(paste(canonical), z);
  EZKL_UNROLL
  for (int i = 0; i < 4; ++i) {
    const int a = (i & 1) + 4 * (i >> 1), b = a + 2;
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(inverses + a), _mm512_castsi512_si256(z[i]));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(inverses + b), _mm512_extracti64x4_epi64(z[i], 1));
  }
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    if ((odd >> lane & 1) == 0) continue;
    const G1Affine p = signed_point(points, left[lane]), q = signed_point(points, right[lane]);
    sums[lane] = finish(p, q, classify(p, q).kind, inverses[lane], single_product);
  }
}

/// Inverts the eight lanes with one inversion; the result is normal and reduced.
EZKL_IFMA Vec invert_lanes(const Vec& v) {
  Fq values[lanes], before[lanes];
  store(values, reduce<Fq, 1>(v));
  Fq running = Fq::one();
  for (std::size_t i = 0; i < lanes; ++i) {
    before[i] = running;
    running *= values[i];
  }
  running = running.inverse();
  for (std::size_t i = lanes; i-- > 0;) {
    const Fq next = running * values[i];
    values[i] = running * before[i];
    running = next;
  }
  return load(values);
}

/// The pairs past the last whole group, filled up by repeating the first of them into places nobody reads.
struct Tail {
  std::uint32_t left[lanes], right[lanes], to[lanes];
  G1Affine sums[lanes];
  std::size_t n;
  Tail(const PairList& pairs, std::size_t at) : n(pairs.n - at) {
    for (std::size_t i = 0; i < lanes && n != 0; ++i) {
      left[i] = pairs.left[at + (i < n ? i : 0)];
      right[i] = pairs.right[at + (i < n ? i : 0)];
      to[i] = std::uint32_t(i);
    }
  }
};

}  // namespace

EZKL_IFMA void add_pairs_ifma(G1Affine* out, const G1Affine* points, const PairList& pairs) {
  static thread_local const std::unique_ptr<Group[]> scratch(new Group[max_groups]);
  __mmask8 odd[max_groups];
  const std::size_t whole = pairs.n / lanes;
  Tail tail(pairs, whole * lanes);
  const std::size_t groups = whole + (tail.n != 0 ? 1 : 0);

  Vec running = splat_element(Fq::one());
  for (std::size_t g = 0; g < groups; ++g) {
    const std::uint32_t* const left = g < whole ? pairs.left + g * lanes : tail.left;
    const std::uint32_t* const right = g < whole ? pairs.right + g * lanes : tail.right;
    // The memory answers later than the next group's turn.
    if (g + 4 < whole) prefetch(points, left + 4 * lanes, right + 4 * lanes);
    const Raw x1 = gather(points, left, 0), x2 = gather(points, right, 0);
    // x = 0 says that a point may be the identity
    odd[g] = __mmask8(is_zero(x1) | is_zero(x2) | is_equal(x1, x2));
    Vec divisor = sub<Fq, 1>(cut(x2), cut(x1));
    if (odd[g] != 0) set_divisors(divisor, odd[g], points, left, right);
    scratch[g].before = running;
    scratch[g].divisor = divisor;
    running = mul<Fq>(running, divisor);  // below (1 + 0.19 * 1.7 * 2) p < 1.7 p
  }
  running = invert_lanes(running);
  G1Affine odd_sums[lanes];
  for (std::size_t g = groups; g-- > 0;) {
    const std::uint32_t* const left = g < whole ? pairs.left + g * lanes : tail.left;
    const std::uint32_t* const right = g < whole ? pairs.right + g * lanes : tail.right;
    const std::uint32_t* const to = g < whole ? pairs.to + g * lanes : tail.to;
    G1Affine* const sums = g < whole ? out : tail.sums;
    const Vec inverse = mul<Fq>(running, scratch[g].before);  // below 1.6 p
    running = mul<Fq>(running, scratch[g].divisor);
    if (odd[g] != 0) finish_odd(odd_sums, odd[g], inverse, points, left, right);
    const Vec y1 = gather_signed_y(points, left), y2 = gather_signed_y(points, right);
    const Vec slope = mul<Fq>(sub<Fq, 1>(y2, y1), inverse);  // below 1.7 p
    const Vec x1 = cut(gather(points, left, 0)), x2 = cut(gather(points, right, 0));
    // slope^2 < 1.6 p, so x3 < 3.6 p before it is reduced
    const Vec x3 = reduce<Fq, 1>(
        reduce<Fq, 2>(normalize(add_limbs(sub_limbs(square<Fq>(slope), add_limbs(x1, x2)), modulus<Fq, 2>()))));
    const Vec y3 = reduce<Fq, 1>(reduce<Fq, 1>(sub<Fq, 1>(mul<Fq>(slope, sub<Fq, 1>(x1, x3)), y1)));
    scatter(sums, to, 0, x3);
    scatter(sums, to, 1, y3);
    if (odd[g] != 0) {
      for (std::size_t lane = 0; lane < lanes; ++lane) {
        if (odd[g] >> lane & 1) sums[to[lane]] = odd_sums[lane];
      }
    }
  }
  for (std::size_t i = 0; i < tail.n; ++i) out[pairs.to[whole * lanes + i]] = tail.sums[i];
}

EZKL_IFMA void double_points_ifma(G1Affine* points, std::size_t n) {
  const std::uint32_t order[lanes] = {0, 1, 2, 3, 4, 5, 6, 7};
  static thread_local const std::unique_ptr<Group[]> scratch(new Group[max_groups]);
  // The last group is filled up with identities.
  const std::size_t groups = (n + lanes - 1) / lanes, rest = n % lanes;
  G1Affine last[lanes];
  if (rest != 0) std::copy_n(points + (groups - 1) * lanes, rest, last);
  const Vec one = splat_element(Fq::one());
  Vec running = one;
  for (std::size_t g = 0; g < groups; ++g) {
    const Raw raw = gather(g + 1 == groups && rest != 0 ? last : points + g * lanes, order, 1);
    const Vec y = cut(raw);
    // only the identity has y = 0
    const Vec divisor = blend(is_zero(raw), normalize(add_limbs(y, y)), one);
    scratch[g].before = running;
    scratch[g].divisor = divisor;
    running = mul<Fq>(running, divisor);  // below 1.7 p
  }
  running = invert_lanes(running);
  for (std::size_t g = groups; g-- > 0;) {
    G1Affine* const group = g + 1 == groups && rest != 0 ? last : points + g * lanes;
    const Vec inverse = mul<Fq>(running, scratch[g].before);  // below 1.6 p
    running = mul<Fq>(running, scratch[g].divisor);
    const Vec x = cut(gather(group, order, 0));
    const Raw raw_y = gather(group, order, 1);
    const Vec y = cut(raw_y), xx = square<Fq>(x);  // below 1.2 p
    const Vec three_xx = normalize(add_limbs(add_limbs(xx, xx), xx));
    const Vec slope = mul<Fq>(three_xx, inverse);  // below (1 + 0.19 * 3.6 * 1.6) p < 2.1 p
    // slope^2 < 1.9 p, so x3 < 3.9 p before it is reduced
    const Vec x3 = reduce<Fq, 1>(
        reduce<Fq, 2>(normalize(add_limbs(sub_limbs(square<Fq>(slope), add_limbs(x, x)), modulus<Fq, 2>()))));
    const Vec y3 = reduce<Fq, 1>(reduce<Fq, 1>(sub<Fq, 1>(mul<Fq>(slope, sub<Fq, 1>(x, x3)), y)));
    const __mmask8 identity = is_zero(raw_y);
    const Vec zero = sub_limbs(x, x);
    scatter(group, order, 0, blend(identity, x3, zero));
    scatter(group, order, 1, blend(identity, y3, zero));
  }
  if (rest != 0) std::copy_n(last, rest, points + (groups - 1) * lanes);
}

EZKL_IFMA std::size_t first_invalid_ifma(const G1Affine* points, std::size_t n) {
  const std::uint32_t order[lanes] = {0, 1, 2, 3, 4, 5, 6, 7};
  const Vec three = splat_element(Fq::from_u64(3));
  for (std::size_t at = 0; at < n; at += lanes) {
    G1Affine last[lanes];  // the identity where nothing is left
    const G1Affine* group = points + at;
    if (n - at < lanes) {
      std::copy_n(group, n - at, last);
      group = last;
    }
    const Raw raw_x = gather(group, order, 0), raw_y = gather(group, order, 1);
    const Vec x = cut(raw_x), y = cut(raw_y);
    const Vec over_x = normalize(sub_limbs(x, modulus<Fq, 1>())), over_y = normalize(sub_limbs(y, modulus<Fq, 1>()));
    const __mmask8 in_range = __mmask8(_mm512_movepi64_mask(over_x.l[4]) & _mm512_movepi64_mask(over_y.l[4]));
    // y^2 - x^3 - 3, from 0 to 3.2 p
    const Vec left = square<Fq>(y), right = normalize(add_limbs(mul<Fq>(square<Fq>(x), x), three));
    const Vec difference = reduce<Fq, 1>(reduce<Fq, 2>(reduce<Fq, 4>(sub<Fq, 3>(left, right))));
    const __mmask8 valid = __mmask8(in_range & (is_zero(paste(difference)) | (is_zero(raw_x) & is_zero(raw_y))));
    if (valid != 0xff) return at + std::size_t(__builtin_ctz(unsigned(~valid) & 0xff));
  }
  return n;
}

}  // namespace ezkl

#endif
