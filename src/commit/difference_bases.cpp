#include "commit/difference_bases.hpp"

#include <algorithm>
#include <array>

#include "base/ensure.hpp"
#include "base/parallel.hpp"
#include "curve/msm.hpp"

namespace ezkl {
namespace {

constexpr std::size_t rows = DifferenceBases::block_rows;

/// sums[i] += points[i], one inversion for all of them. Scratch is kept between calls.
class BatchAdder {
 public:
  void add(std::span<G1Affine> sums, std::span<const G1Affine> points) {
    const std::size_t count = sums.size();
    slopes_.resize(count);
    prefix_.resize(count);
    Fq product = Fq::one();
    for (std::size_t i = 0; i < count; ++i) {
      slopes_[i] = points[i].x - sums[i].x;
      prefix_[i] = product;
      if (regular(sums[i], points[i], slopes_[i])) product *= slopes_[i];
    }
    Fq inverse = product.inverse();
    for (std::size_t i = count; i-- > 0;) {
      if (!regular(sums[i], points[i], slopes_[i])) {
        sums[i] = (G1(sums[i]) + points[i]).to_affine();
        continue;
      }
      const Fq slope = (points[i].y - sums[i].y) * (inverse * prefix_[i]);
      inverse *= slopes_[i];
      const Fq x = slope.square() - sums[i].x - points[i].x;
      sums[i] = {x, slope * (sums[i].x - x) - sums[i].y};
    }
  }

 private:
  /// Neither point is the identity, and they are neither equal nor opposite.
  static bool regular(const G1Affine& a, const G1Affine& b, const Fq& dx) {
    return !dx.is_zero() && !a.is_identity() && !b.is_identity();
  }

  std::vector<Fq> slopes_, prefix_;
};

/// out[row] = the sum of points from a row to the end of its block, for blocks begin .. end-1, which advance together.
void block_suffix_sums(std::span<const G1Affine> points, std::size_t begin, std::size_t end, std::span<G1Affine> out) {
  BatchAdder adder;
  std::vector<G1Affine> sums(end - begin, G1Affine::identity()), next(end - begin);
  for (std::size_t b = begin; b < end; ++b) sums[b - begin] = points[b * rows + rows - 1];
  for (std::size_t row = rows; row-- > 0;) {
    if (row + 1 < rows) {
      for (std::size_t b = begin; b < end; ++b) next[b - begin] = points[b * rows + row];
      adder.add(sums, next);
    }
    for (std::size_t b = begin; b < end; ++b) out[b * rows + row] = sums[b - begin];
  }
}

/// A block of values in the three forms.
struct Forms {
  std::array<Fr, rows> plain, first, second;

  explicit Forms(std::span<const Fr> values) {
    Fr before, difference_before;
    for (std::size_t i = 0; i < rows; ++i) {
      plain[i] = values[i];
      first[i] = values[i] - before;
      second[i] = first[i] - difference_before;
      before = values[i];
      difference_before = first[i];
    }
  }

  static std::size_t nonzero(const std::array<Fr, rows>& form) {
    return static_cast<std::size_t>(std::count_if(form.begin(), form.end(), [](const Fr& v) { return !v.is_zero(); }));
  }
  /// 0 plain, 1 first, 2 second; and its number of terms. On a tie the plainer form.
  std::pair<int, std::size_t> best() const {
    const std::size_t counts[] = {nonzero(plain), nonzero(first), nonzero(second)};
    const auto* const least = std::min_element(std::begin(counts), std::end(counts));
    return {static_cast<int>(least - counts), *least};
  }
};

}  // namespace

DifferenceBases::DifferenceBases(std::span<const G1Affine> bases) : bases_(bases) {
  EZKL_ENSURE(bases.size() % rows == 0, "difference bases come in whole blocks");
  parallel_tasks(2, [&](std::size_t i) { (i == 0 ? first_ : second_).resize(bases.size()); });
  // Many blocks at a time: each step down their rows takes one inversion.
  parallel_for(bases.size() / rows, 64, [&](std::size_t begin, std::size_t end) {
    block_suffix_sums(bases, begin, end, first_);
    block_suffix_sums(first_, begin, end, second_);
  });
}

G1 DifferenceBases::commit(std::span<const Fr> values) const {
  EZKL_ENSURE(values.size() == bases_.size(), "one value for every base");
  const std::size_t count = terms(values);
  std::vector<G1Affine> points;
  std::vector<Fr> scalars;
  points.reserve(count);
  scalars.reserve(count);
  for (std::size_t at = 0; at < values.size(); at += rows) {
    const Forms forms(values.subspan(at, rows));
    const int form = forms.best().first;
    const auto& terms = form == 0 ? forms.plain : form == 1 ? forms.first : forms.second;
    const std::span<const G1Affine> bases = form == 0   ? bases_
                                            : form == 1 ? std::span<const G1Affine>(first_)
                                                        : std::span<const G1Affine>(second_);
    for (std::size_t i = 0; i < rows; ++i) {
      if (terms[i].is_zero()) continue;
      points.push_back(bases[at + i]);
      scalars.push_back(terms[i]);
    }
  }
  return msm(points, scalars);
}

std::size_t DifferenceBases::terms(std::span<const Fr> values) {
  std::size_t out = 0;
  for (std::size_t at = 0; at + rows <= values.size(); at += rows) out += Forms(values.subspan(at, rows)).best().second;
  return out;
}

}  // namespace ezkl
