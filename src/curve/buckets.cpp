// The bucket method with affine additions: points are sorted by bucket, every bucket is summed as a tree, and many
// trees advance together, so that one inversion serves thousands of additions.
#include "curve/buckets.hpp"

#include <algorithm>

#include "base/ensure.hpp"
#include "base/parallel.hpp"

namespace ezkl {
namespace {

/// Buckets are summed in groups of about this many points, which stay in the cache.
constexpr std::size_t group_points = 8192;

/// A list of additions under construction.
struct Pairs {
  std::vector<std::uint32_t> left, right, to;
  void clear() {
    left.clear();
    right.clear();
    to.clear();
  }
  void add(std::size_t l, std::size_t r, std::size_t t) {
    left.push_back(std::uint32_t(l));
    right.push_back(std::uint32_t(r));
    to.push_back(std::uint32_t(t));
  }
  PairList list() const { return {left.data(), right.data(), to.data(), to.size()}; }
};

/// The points with a non-zero digit, bucket by bucket (bucket = window * buckets + |digit| - 1).
struct Sorted {
  std::vector<std::uint32_t> start;    ///< of each bucket in `entries`, and the end
  std::vector<std::uint32_t> entries;  ///< index of the point, with PairList::negated_bit for negative digits
};

Sorted sort_by_bucket(const SignedDigits& digits, unsigned first, unsigned count, std::size_t begin, std::size_t end) {
  const std::size_t buckets = digits.buckets();
  Sorted out;
  out.start.assign(count * buckets + 1, 0);
  const auto bucket_of = [](std::int32_t d) { return std::size_t(d < 0 ? -d : d) - 1; };
  for (unsigned w = 0; w < count; ++w) {
    const std::int32_t* const d = digits.values.get() + (first + w) * digits.n;
    std::uint32_t* const counts = out.start.data() + w * buckets + 1;
    for (std::size_t i = begin; i < end; ++i) {
      if (d[i] != 0) ++counts[bucket_of(d[i])];
    }
  }
  for (std::size_t b = 0; b < count * buckets; ++b) out.start[b + 1] += out.start[b];
  out.entries.resize(out.start.back());
  std::vector<std::uint32_t> next(out.start.begin(), out.start.end() - 1);
  for (unsigned w = 0; w < count; ++w) {
    const std::int32_t* const d = digits.values.get() + (first + w) * digits.n;
    std::uint32_t* const places = next.data() + w * buckets;
    for (std::size_t i = begin; i < end; ++i) {
      if (d[i] == 0) continue;
      out.entries[places[bucket_of(d[i])]++] = std::uint32_t(i) | (d[i] < 0 ? PairList::negated_bit : 0);
    }
  }
  return out;
}

G1Affine signed_base(std::span<const G1Affine> bases, std::uint32_t entry) {
  const G1Affine& p = bases[entry & ~PairList::negated_bit];
  return entry & PairList::negated_bit ? -p : p;
}

/// One bucket of a group: where its points lie in the workspace, and how many are left.
struct Tree {
  std::size_t bucket, at, size;
};

/// What sums of buckets are made in.
struct Workspace {
  std::vector<G1Affine> points;
  std::vector<Tree> trees;
  Pairs pairs;
};

/// Sums the buckets begin .. end-1 into `out` (one place a bucket).
void sum_buckets(const CurveKernels& kernels, std::span<const G1Affine> bases, const Sorted& sorted, std::size_t begin,
                 std::size_t end, std::vector<G1Affine>& out) {
  // Kept by each thread, but for one that a very full bucket made large: its pages would be fresh ones every time.
  static thread_local Workspace workspace;
  auto& [work, trees, pairs] = workspace;
  std::size_t bucket = begin;
  while (bucket < end) {
    // First round: from the bases into the workspace. The middle one of an odd number waits.
    trees.clear();
    pairs.clear();
    std::size_t points = 0, used = 0;
    for (; bucket < end && points < group_points; ++bucket) {
      const std::size_t from = sorted.start[bucket], size = sorted.start[bucket + 1] - from;
      if (size == 0) continue;
      const std::uint32_t* const entries = sorted.entries.data() + from;
      const std::size_t half = (size + 1) / 2;
      if (work.size() < used + half) work.resize(used + half);
      for (std::size_t i = 0; i < size / 2; ++i) pairs.add(entries[i], entries[i + half], used + i);
      if (size % 2 == 1) work[used + half - 1] = signed_base(bases, entries[half - 1]);
      trees.push_back({bucket, used, half});
      points += size;
      used += half;
    }
    add_all_pairs(kernels, work.data(), bases.data(), pairs.list());
    // Further rounds: in place, the upper half onto the lower.
    while (!trees.empty()) {
      pairs.clear();
      std::size_t kept = 0;
      for (const Tree& tree : trees) {
        if (tree.size == 1) {
          out[tree.bucket] = work[tree.at];
          continue;
        }
        const std::size_t half = (tree.size + 1) / 2;
        for (std::size_t i = 0; i < tree.size / 2; ++i) pairs.add(tree.at + i, tree.at + i + half, tree.at + i);
        trees[kept++] = {tree.bucket, tree.at, half};
      }
      trees.resize(kept);
      add_all_pairs(kernels, work.data(), work.data(), pairs.list());
    }
  }
  if (work.size() > 2 * group_points) workspace = {};
}

/// Turns every row of bucket sums A into A[0] + sum over j of 2^j A[2^j], equal to the sum over b of (b + 1) A[b]
/// before. For N = 2 m: sum b A[b] = sum over b < m of b (A[b] + A[b + m])  +  m (A[m] + … + A[2m - 1]). The left sum
/// is folded on; the upper half stays in place and is summed as a tree while the folding goes on.
void fold(const CurveKernels& kernels, std::vector<G1Affine>& sums, std::size_t buckets) {
  struct Half {
    std::size_t start, size;
  };
  std::vector<Half> halves;
  Pairs pairs;
  bool more = buckets > 1;
  for (std::size_t m = buckets / 2; more; m /= 2) {
    pairs.clear();
    for (std::size_t row = 0; row < sums.size(); row += buckets) {
      for (std::size_t b = 0; b < m; ++b) pairs.add(row + b, row + b + m, row + b);
    }
    more = m > 1;
    for (Half& half : halves) {
      if (half.size == 1) continue;
      half.size /= 2;
      for (std::size_t row = half.start; row < sums.size(); row += buckets) {
        for (std::size_t i = 0; i < half.size; ++i) pairs.add(row + i, row + i + half.size, row + i);
      }
      more = more || half.size > 1;
    }
    if (m > 0) halves.push_back({m, m});
    add_all_pairs(kernels, sums.data(), sums.data(), pairs.list());
  }
}

}  // namespace

std::vector<G1Affine> window_sums(const CurveKernels& kernels, std::span<const G1Affine> bases,
                                  const SignedDigits& digits, unsigned first, unsigned count, std::size_t begin,
                                  std::size_t end) {
  EZKL_ENSURE(digits.n <= bases.size() && digits.n < PairList::negated_bit, "an index needs its sign bit");
  const std::size_t buckets = digits.buckets();
  std::vector<G1Affine> sums(count * buckets);
  const Sorted sorted = sort_by_bucket(digits, first, count, begin, end);
  // Ranges of about a group each, for threads that find no windows left.
  const std::size_t points = std::max<std::size_t>(1, sorted.entries.size());
  parallel_for(sums.size(), std::max<std::size_t>(1, sums.size() * group_points / points),
               [&](std::size_t from, std::size_t to) { sum_buckets(kernels, bases, sorted, from, to, sums); });
  fold(kernels, sums, buckets);
  std::vector<G1Affine> out(count * digits.bits);
  for (unsigned w = 0; w < count; ++w) {
    const G1Affine* const row = sums.data() + w * buckets;
    for (unsigned j = 0; j + 1 < digits.bits; ++j) out[w * digits.bits + j] = row[std::size_t{1} << j];
    out[w * digits.bits + digits.bits - 1] = row[0];
  }
  return out;
}

}  // namespace ezkl
