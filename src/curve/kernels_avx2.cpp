#include "curve/kernels_avx2.hpp"

#if defined(__x86_64__)

#include <algorithm>
#include <memory>

#include "curve/point_sums.hpp"
#include "field/avx2.hpp"

// Products of stored elements come out doubled (field/avx2.hpp). With the inverses of divisors made a quarter of what
// they are, slopes come out halved, their squares as half of what they should be, and slopes times differences right.

namespace ezkl {
namespace {

using namespace avx2;

constexpr std::size_t max_groups = (max_pairs + lanes - 1) / lanes;

/// Four pairs between the two passes.
struct Group {
  Vec before;   ///< product of the divisors of all earlier groups, lane by lane
  Vec divisor;  ///< x2 - x1, or what classify says
};

/// Which lanes, one bit each.
using Mask = unsigned;

/// One coordinate (0: x, 1: y) of four points, as stored.
EZKL_AVX2_INLINE Raw gather(const G1Affine* points, const std::uint32_t* index, int coordinate) {
  constexpr std::uint32_t plain = ~PairList::negated_bit;
  __m256i z[lanes];
  EZKL_UNROLL
  for (std::size_t i = 0; i < lanes; ++i) {
    z[i] = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(points + (index[i] & plain)) + coordinate);
  }
  return transpose(z[0], z[1], z[2], z[3]);
}

EZKL_AVX2_INLINE void scatter(G1Affine* points, const std::uint32_t* index, int coordinate, const Raw& raw) {
  __m256i z[lanes];
  untranspose(raw, z);
  EZKL_UNROLL
  for (std::size_t i = 0; i < lanes; ++i) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(points + index[i]) + coordinate, z[i]);
  }
}

EZKL_AVX2_INLINE __m256i is_zero(const Raw& a) {
  const __m256i any = _mm256_or_si256(_mm256_or_si256(a.x[0], a.x[1]), _mm256_or_si256(a.x[2], a.x[3]));
  return _mm256_cmpeq_epi64(any, _mm256_setzero_si256());
}

EZKL_AVX2_INLINE __m256i is_equal(const Raw& a, const Raw& b) {
  Raw difference;
  EZKL_UNROLL
  for (int i = 0; i < 4; ++i) difference.x[i] = _mm256_xor_si256(a.x[i], b.x[i]);
  return is_zero(difference);
}

EZKL_AVX2_INLINE Mask mask_of(__m256i lanes_set) { return Mask(_mm256_movemask_pd(as_doubles(lanes_set))); }

EZKL_AVX2_INLINE void prefetch(const G1Affine* points, const std::uint32_t* left, const std::uint32_t* right) {
  EZKL_UNROLL
  for (std::size_t i = 0; i < lanes; ++i) {
    __builtin_prefetch(points + (left[i] & ~PairList::negated_bit));
    __builtin_prefetch(points + (right[i] & ~PairList::negated_bit));
  }
}

/// y, or -y in the lanes whose index says so: 2 units.
EZKL_AVX2_INLINE Vec gather_signed_y(const G1Affine* points, const std::uint32_t* index) {
  const __m128i indices = _mm_loadu_si128(reinterpret_cast<const __m128i*>(index));
  return negated(cut(gather(points, index, 1)), _mm256_and_pd(as_doubles(_mm256_cvtepi32_epi64(indices)), splat(-0.0)));
}

constexpr auto single_product = [](const Fq& a, const Fq& b) { return a * b; };

/// Lanes whose pair is an ordinary one need nothing; of the others the divisors are set one by one.
EZKL_AVX2 __attribute__((noinline)) void set_divisors(Vec& divisor, Mask odd, const G1Affine* points,
                                                      const std::uint32_t* left, const std::uint32_t* right) {
  Fq divisors[lanes];
  store(divisors, divisor);
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    if ((odd >> lane & 1) == 0) continue;
    divisors[lane] = classify(signed_point(points, left[lane]), signed_point(points, right[lane])).divisor;
  }
  divisor = load(divisors);
}

/// The sums of the lanes in `odd`, one by one.
EZKL_AVX2 __attribute__((noinline)) void finish_odd(G1Affine* sums, Mask odd, const Vec& quarter_inverse,
                                                    const G1Affine* points, const std::uint32_t* left,
                                                    const std::uint32_t* right) {
  Fq inverses[lanes];
  store_product(inverses, quarter_inverse);
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    if ((odd >> lane & 1) == 0) continue;
    const G1Affine p = signed_point(points, left[lane]), q = signed_point(points, right[lane]);
    sums[lane] = finish(p, q, classify(p, q).kind, inverses[lane].dbl().dbl(), single_product);
  }
}

/// A quarter of the inverses of the four lanes, with one inversion: 1 unit.
EZKL_AVX2 Vec invert_lanes(const Vec& v) {
  Fq values[lanes], before[lanes];
  store_product(values, v);
  Fq running = Fq::one();
  for (std::size_t i = 0; i < lanes; ++i) {
    before[i] = running;
    running *= values[i];
  }
  static constexpr Fq quarter = Fq::from_limbs(Fq::power_of_two(254));
  running = running.inverse() * quarter;
  for (std::size_t i = lanes; i-- > 0;) {
    const Fq next = running * values[i];
    values[i] = running * before[i];
    running = next;
  }
  return reduced<Fq>(load(values));
}

/// The coordinates of a sum, given half of the slope.
struct Sum {
  Raw x, y;
};
EZKL_AVX2_INLINE Sum sum_of(const Vec& slope, const Vec& x1, const Vec& x2, const Vec& y1) {
  const Vec half = square<Fq>(slope);
  // 6 units
  const Vec x3 = reduced<Fq>(sub(add(half, half), add(x1, x2)));
  return {product_to_raw<Fq>(x3), to_raw<Fq>(sub(mul<Fq>(sub(x1, x3), slope), y1))};
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

EZKL_AVX2 void add_pairs_avx2(G1Affine* out, const G1Affine* points, const PairList& pairs) {
  static thread_local const std::unique_ptr<Group[]> scratch(new Group[max_groups]);
  std::uint8_t odd[max_groups];
  const std::size_t whole = pairs.n / lanes;
  Tail tail(pairs, whole * lanes);
  const std::size_t groups = whole + (tail.n != 0 ? 1 : 0);

  Vec running = reduced<Fq>(splat_element(Fq::one()));
  for (std::size_t g = 0; g < groups; ++g) {
    const std::uint32_t* const left = g < whole ? pairs.left + g * lanes : tail.left;
    const std::uint32_t* const right = g < whole ? pairs.right + g * lanes : tail.right;
    // The memory answers later than the next group's turn.
    if (g + 4 < whole) prefetch(points, left + 4 * lanes, right + 4 * lanes);
    const Raw x1 = gather(points, left, 0), x2 = gather(points, right, 0);
    // x = 0 says that a point may be the identity
    odd[g] = std::uint8_t(mask_of(_mm256_or_si256(_mm256_or_si256(is_zero(x1), is_zero(x2)), is_equal(x1, x2))));
    Vec divisor = sub(cut(x2), cut(x1));
    if (odd[g] != 0) set_divisors(divisor, odd[g], points, left, right);
    assign(scratch[g].before, running);
    assign(scratch[g].divisor, divisor);
    running = mul<Fq>(divisor, running);  // 4 units by 1
  }
  running = invert_lanes(running);
  G1Affine odd_sums[lanes];
  for (std::size_t g = groups; g-- > 0;) {
    const std::uint32_t* const left = g < whole ? pairs.left + g * lanes : tail.left;
    const std::uint32_t* const right = g < whole ? pairs.right + g * lanes : tail.right;
    const std::uint32_t* const to = g < whole ? pairs.to + g * lanes : tail.to;
    G1Affine* const sums = g < whole ? out : tail.sums;
    const Vec inverse = mul<Fq>(scratch[g].before, running);
    running = mul<Fq>(scratch[g].divisor, running);
    if (odd[g] != 0) finish_odd(odd_sums, odd[g], inverse, points, left, right);
    const Vec y1 = gather_signed_y(points, left), y2 = gather_signed_y(points, right);
    const Vec slope = mul<Fq>(sub(y2, y1), inverse);
    const Sum sum = sum_of(slope, cut(gather(points, left, 0)), cut(gather(points, right, 0)), y1);
    scatter(sums, to, 0, sum.x);
    scatter(sums, to, 1, sum.y);
    for (std::size_t lane = 0; lane < lanes && odd[g] != 0; ++lane) {
      if (odd[g] >> lane & 1) sums[to[lane]] = odd_sums[lane];
    }
  }
  for (std::size_t i = 0; i < tail.n; ++i) out[pairs.to[whole * lanes + i]] = tail.sums[i];
}

EZKL_AVX2 void double_points_avx2(G1Affine* points, std::size_t n) {
  const std::uint32_t order[lanes] = {0, 1, 2, 3};
  static thread_local const std::unique_ptr<Group[]> scratch(new Group[max_groups]);
  // The last group is filled up with identities.
  const std::size_t groups = (n + lanes - 1) / lanes, rest = n % lanes;
  G1Affine last[lanes];
  if (rest != 0) std::copy_n(points + (groups - 1) * lanes, rest, last);
  const Vec one = splat_element(Fq::one());
  Vec running = reduced<Fq>(one);
  for (std::size_t g = 0; g < groups; ++g) {
    const Raw raw = gather(g + 1 == groups && rest != 0 ? last : points + g * lanes, order, 1);
    const Vec y = cut(raw);
    // only the identity has y = 0
    const Vec divisor = blend(as_doubles(is_zero(raw)), add(y, y), one);
    assign(scratch[g].before, running);
    assign(scratch[g].divisor, divisor);
    running = mul<Fq>(divisor, running);
  }
  running = invert_lanes(running);
  for (std::size_t g = groups; g-- > 0;) {
    G1Affine* const group = g + 1 == groups && rest != 0 ? last : points + g * lanes;
    const Vec inverse = mul<Fq>(scratch[g].before, running);
    running = mul<Fq>(scratch[g].divisor, running);
    const Raw raw_x = gather(group, order, 0), raw_y = gather(group, order, 1);
    const Vec x = cut(raw_x), xx = mul<Fq>(x, cut_half<Fq>(raw_x));
    Sum sum = sum_of(mul<Fq>(add(add(xx, xx), xx), inverse), x, x, cut(raw_y));
    const __m256i identity = is_zero(raw_y);
    EZKL_UNROLL
    for (int i = 0; i < 4; ++i) {
      sum.x.x[i] = _mm256_andnot_si256(identity, sum.x.x[i]);
      sum.y.x[i] = _mm256_andnot_si256(identity, sum.y.x[i]);
    }
    scatter(group, order, 0, sum.x);
    scatter(group, order, 1, sum.y);
  }
  if (rest != 0) std::copy_n(last, rest, points + (groups - 1) * lanes);
}

namespace {

/// Whether integers are below p.
EZKL_AVX2_INLINE __m256i in_range(const Raw& raw) {
  __m256i borrow = _mm256_setzero_si256();  // all ones where the limbs so far are below those of p
  EZKL_UNROLL
  for (int i = 0; i < 4; ++i) {
    // unsigned comparison
    const __m256i flip = splat(std::uint64_t{1} << 63);
    const __m256i a = _mm256_xor_si256(raw.x[i], flip), b = _mm256_xor_si256(splat(Fq::modulus[std::size_t(i)]), flip);
    borrow = _mm256_or_si256(_mm256_cmpgt_epi64(b, a), _mm256_and_si256(borrow, _mm256_cmpeq_epi64(a, b)));
  }
  return borrow;
}

}  // namespace

EZKL_AVX2 std::size_t first_invalid_avx2(const G1Affine* points, std::size_t n) {
  const std::uint32_t order[lanes] = {0, 1, 2, 3};
  const Vec six = splat_element(Fq::from_u64(6));
  for (std::size_t at = 0; at < n; at += lanes) {
    G1Affine last[lanes];  // the identity where nothing is left
    const G1Affine* group = points + at;
    if (n - at < lanes) {
      std::copy_n(group, n - at, last);
      group = last;
    }
    // What lanes out of range give means nothing.
    const Raw raw_x = gather(group, order, 0), raw_y = gather(group, order, 1);
    const Vec x = cut(raw_x), y = cut(raw_y);
    // 2 y^2 - 2 x^3 - 6
    const Vec difference = sub(sub(mul<Fq>(y, y), mul<Fq>(mul<Fq>(x, x), cut_half<Fq>(raw_x))), six);
    const __m256i on_curve =
        _mm256_or_si256(is_zero(to_raw<Fq>(difference)), _mm256_and_si256(is_zero(raw_x), is_zero(raw_y)));
    const Mask valid = mask_of(_mm256_and_si256(on_curve, _mm256_and_si256(in_range(raw_x), in_range(raw_y))));
    if (valid != 0xf) return at + std::size_t(__builtin_ctz(~valid & 0xf));
  }
  return n;
}

}  // namespace ezkl

#endif
