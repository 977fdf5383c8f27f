#include <gtest/gtest.h>

#include <random>

#include "base/int128.hpp"
#include "graph/claims/kernels.hpp"

namespace ezkl::claims {
namespace {

Int128 at(const Source& source, const std::vector<std::int64_t>& loops) {
  std::size_t flat = 0;
  const std::vector<std::size_t> steps = strides(*source.shape);
  for (std::size_t axis = 0; axis < source.shape->size(); ++axis) {
    std::int64_t index = source.view->axes[axis].base;
    for (const auto& [loop, stride] : source.view->axes[axis].strides) index += stride * loops[loop];
    if (index < 0 || index >= static_cast<std::int64_t>((*source.shape)[axis])) return source.view->outside;
    flat += static_cast<std::size_t>(index) * steps[axis];
  }
  return (*source.values)[flat];
}

/// The definition, element by element.
Values plain_contract(const Shape& out, const Shape& sum, std::span<const Source> factors) {
  Shape all = out;
  all.insert(all.end(), sum.begin(), sum.end());
  Values result(volume(out), 0);
  for (std::size_t i = 0; i < volume(all); ++i) {
    std::vector<std::int64_t> loops(all.size());
    std::size_t rest = i;
    for (std::size_t loop = all.size(); loop-- > 0;) {
      loops[loop] = static_cast<std::int64_t>(rest % all[loop]);
      rest /= all[loop];
    }
    Int128 term = 1;
    for (const Source& factor : factors) term *= at(factor, loops);
    result[i / volume(sum)] += term;
  }
  return result;
}

class Random {
 public:
  std::int64_t in(std::int64_t lo, std::int64_t hi) {
    return std::uniform_int_distribution<std::int64_t>(lo, hi)(engine_);
  }

 private:
  std::mt19937_64 engine_{7};
};

TEST(Contract, AgreesWithItsDefinitionOnRandomAffineViews) {
  Random random;
  for (int round = 0; round < 300; ++round) {
    Shape out, sum;
    for (std::int64_t k = random.in(0, 3); k > 0; --k) out.push_back(static_cast<std::size_t>(random.in(1, 4)));
    for (std::int64_t k = random.in(0, 2); k > 0; --k) sum.push_back(static_cast<std::size_t>(random.in(1, 4)));
    Shape loops = out;
    loops.insert(loops.end(), sum.begin(), sum.end());
    const std::size_t factors = static_cast<std::size_t>(random.in(1, 2));
    // Small numbers, numbers whose sums need 128 bits, and numbers that need 128 bits themselves.
    const std::int64_t size = std::int64_t{1} << (round % 3 == 0 ? 10 : 60);
    const Int128 extra = round % 3 == 2 ? Int128{1} << 59 : 1;
    std::vector<Shape> shapes(factors);
    std::vector<View> views(factors);
    std::vector<Values> values(factors);
    std::vector<Source> sources(factors);
    for (std::size_t k = 0; k < factors; ++k) {
      for (std::int64_t axes = random.in(1, 3); axes > 0; --axes)
        shapes[k].push_back(static_cast<std::size_t>(random.in(1, 5)));
      views[k].extents = loops;
      views[k].outside = random.in(0, 3) == 0 ? random.in(-5, 5) : 0;
      for (std::size_t axis = 0; axis < shapes[k].size(); ++axis) {
        AxisMap map{random.in(-2, 2), {}};
        for (std::uint32_t loop = 0; loop < loops.size(); ++loop) {
          if (random.in(0, 2) == 0) map.strides.emplace_back(loop, random.in(-2, 2));
        }
        views[k].axes.push_back(map);
      }
      for (std::size_t i = 0; i < volume(shapes[k]); ++i) {
        values[k].push_back(Int128{random.in(-size, size)} * (k == 0 && factors == 1 ? extra : 1));
      }
      sources[k] = {&views[k], &shapes[k], &values[k]};
    }
    EXPECT_EQ(contract_values(out, sum, sources), plain_contract(out, sum, sources)) << "round " << round;
    const Source& first = sources[0];
    EXPECT_EQ(view_values(first), plain_contract(loops, {}, std::span(&first, 1))) << "round " << round;
  }
}

/// Convolutions with padding, groups and strides, and the products of attention: large enough for blocks of matrices.
TEST(Contract, LargeContractionsAreWhatTheLoopsGive) {
  Random random;
  const auto filled = [&](const Shape& shape, std::int64_t size) {
    Values values(volume(shape));
    for (Int128& x : values) x = random.in(-size, size);
    return values;
  };
  // Loops of a convolution: group, output, y, x; channel, ky, kx.
  const Shape image{2, 6, 9, 7}, kernel{2, 10, 6, 3, 2}, out{2, 10, 5, 7}, sum{6, 3, 2};
  Shape loops = out;
  loops.insert(loops.end(), sum.begin(), sum.end());
  const View pixels{{0}, loops, {{0, {{0, 1}}}, {0, {{4, 1}}}, {-1, {{2, 2}, {5, 1}}}, {-1, {{3, 1}, {6, 2}}}}, 0},
      weights{{1}, loops, {{0, {{0, 1}}}, {0, {{1, 1}}}, {0, {{4, 1}}}, {0, {{5, 1}}}, {0, {{6, 1}}}}, 0};
  // Sums that doubles hold, that 64 bits hold, and that need more.
  for (const int bits : {12, 22, 26, 40}) {
    const Values a = filled(image, std::int64_t{1} << bits), b = filled(kernel, std::int64_t{1} << bits);
    const Source one[] = {{&pixels, &image, &a}, {&weights, &kernel, &b}},
                 other[] = {{&weights, &kernel, &b}, {&pixels, &image, &a}};
    const Values wanted = plain_contract(out, sum, one);
    EXPECT_EQ(contract_values(out, sum, one), wanted) << bits;
    EXPECT_EQ(contract_values(out, sum, other), wanted) << bits;
  }
  // More terms than one block has, and rows and columns that no tile divides: batches of A·Bᵀ.
  const Shape left{3, 35, 300}, right{3, 41, 300};
  const View rows{{0}, {3, 35, 41, 300}, {{0, {{0, 1}}}, {0, {{1, 1}}}, {0, {{3, 1}}}}, 0},
      columns{{1}, {3, 35, 41, 300}, {{0, {{0, 1}}}, {0, {{2, 1}}}, {0, {{3, 1}}}}, 0};
  const Values a = filled(left, 1 << 20), b = filled(right, 1 << 20);
  const Source factors[] = {{&rows, &left, &a}, {&columns, &right, &b}};
  EXPECT_EQ(contract_values({3, 35, 41}, {300}, factors), plain_contract({3, 35, 41}, {300}, factors));
}

TEST(Contract, SumsAtTheEdgeOfWhatDoublesHold) {
  // 64 products of 2^23 · 2^24 are 2^53, exactly; one more step of a factor is not held by a double any more.
  const Shape left{8, 64}, right{64, 8};
  const View rows{{0}, {8, 8, 64}, {{0, {{0, 1}}}, {0, {{2, 1}}}}, 0},
      columns{{1}, {8, 8, 64}, {{0, {{2, 1}}}, {0, {{1, 1}}}}, 0};
  for (const Int128 extra : {Int128{0}, Int128{1}}) {
    const Values a(8 * 64, (Int128{1} << 23) + extra), b(64 * 8, (Int128{1} << 24) + extra);
    const Source factors[] = {{&rows, &left, &a}, {&columns, &right, &b}};
    for (const Int128 sum : contract_values({8, 8}, {64}, factors)) ASSERT_EQ(sum, 64 * a[0] * b[0]);
  }
}

TEST(Contract, MatrixProductLargeEnoughForAllThreads) {
  constexpr std::size_t m = 37, k = 53, n = 41;
  Random random;
  const Shape a_shape{m, k}, b_shape{k, n};
  Values a(m * k), b(k * n);
  for (Int128& x : a) x = random.in(-1000, 1000);
  for (Int128& x : b) x = random.in(-1000, 1000);
  const View left{{0}, {m, n, k}, {{0, {{0, 1}}}, {0, {{2, 1}}}}, 0},
      right{{1}, {m, n, k}, {{0, {{2, 1}}}, {0, {{1, 1}}}}, 0};
  const Source factors[] = {{&left, &a_shape, &a}, {&right, &b_shape, &b}};
  const Values product = contract_values({m, n}, {k}, factors);
  for (std::size_t i = 0; i < m; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      Int128 sum = 0;
      for (std::size_t s = 0; s < k; ++s) sum += a[i * k + s] * b[s * n + j];
      ASSERT_EQ(product[i * n + j], sum);
    }
  }
}

// A run that is refused in the end may hold what a table clamped.
TEST(Kernels, SumsOfClampedValuesWrap) {
  constexpr Int128 most = static_cast<Int128>(~Uint128{0} >> 1);
  const Shape shape{3};
  const Values a{most, 5, -most - 1}, b{1, 1, 1};
  View view;
  view.extents = shape;
  view.axes = {AxisMap{0, {{0, 1}}}};
  const Source one{&view, &shape, &a}, ones{&view, &shape, &b};
  EXPECT_EQ(contract_values({}, shape, std::vector<Source>{one}), Values{4});
  EXPECT_EQ(contract_values({}, shape, std::vector<Source>{one, ones}), Values{4});
  EXPECT_EQ(contract_values({}, shape, std::vector<Source>{one, one})[0], Int128(Uint128{1} + 25));

  const std::vector<const Values*> terms{&a, &b};
  EXPECT_EQ(linear_values(3, std::vector<Int128>{-2, 3}, terms, 1), (Values{6, -6, 4}));
}

}  // namespace
}  // namespace ezkl::claims
