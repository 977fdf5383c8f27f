// Extremes, their places and orders.
#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "floatrun/indexing.hpp"
#include "floatrun/kernels.hpp"

namespace ezkl::floatrun {
namespace {

/// Whether element i is less than element j, NaN beyond every number.
bool less(const Tensor& x, std::size_t i, std::size_t j) {
  if (x.real()) {
    const double a = x.reals()[i], b = x.reals()[j];
    return std::isnan(b) ? !std::isnan(a) : a < b;
  }
  return floatrun::less(x.type, x.ints()[i], x.ints()[j]);
}

Outputs arg_extreme(const Call& c) {
  const Tensor& x = c.in(0);
  const std::size_t axis = c.axis(c.integer("axis", 0), x.rank());
  const bool largest = c.node().op_type == "ArgMax", last = c.integer("select_last_index", 0) != 0;
  const Lines lines = lines_of(x.shape, axis);
  c.require(lines.extent > 0, "an extreme of no elements");
  Shape shape = x.shape;
  shape[axis] = 1;
  if (c.integer("keepdims", 1) == 0) shape.erase(shape.begin() + static_cast<Int>(axis));
  Tensor out = c.make(DType::i64, shape);
  for (std::size_t line = 0; line < out.size(); ++line) {
    const std::size_t start = lines.start(line);
    std::size_t best = 0;
    for (std::size_t i = 1; i < lines.extent; ++i) {
      const std::size_t a = start + best * lines.inner, b = start + i * lines.inner;
      const bool better = largest ? less(x, a, b) : less(x, b, a);
      const bool worse = largest ? less(x, b, a) : less(x, a, b);
      if (better || (last && !worse)) best = i;
    }
    out.ints()[line] = static_cast<Int>(best);
  }
  return {std::move(out)};
}

Outputs top_k(const Call& c) {
  const Tensor& x = c.in(0);
  const std::size_t axis = c.axis(c.integer("axis", -1), x.rank());
  const Int k = c.opset() < 10 ? c.integer("k") : c.int_scalar(1);
  const bool largest = c.integer("largest", 1) != 0;
  const Lines lines = lines_of(x.shape, axis);
  c.require(k >= 0 && k <= static_cast<Int>(lines.extent), "k is out of bounds");
  Shape shape = x.shape;
  shape[axis] = static_cast<std::size_t>(k);
  Tensor places = c.make(DType::i64, shape);
  c.spend(x.size() * 8);
  std::vector<std::size_t> order(lines.extent);
  for (std::size_t line = 0; line < lines.count(); ++line) {
    const std::size_t outer = line / lines.inner, inner = line % lines.inner;
    const auto at = [&](std::size_t i) { return (outer * lines.extent + i) * lines.inner + inner; };
    std::iota(order.begin(), order.end(), std::size_t{0});
    // Equal elements in the order of their places.
    std::stable_sort(order.begin(), order.end(), [&](std::size_t i, std::size_t j) {
      return largest ? less(x, at(j), at(i)) : less(x, at(i), at(j));
    });
    for (std::size_t i = 0; i < shape[axis]; ++i) {
      places.ints()[(outer * shape[axis] + i) * lines.inner + inner] = static_cast<Int>(order[i]);
    }
  }
  Tensor values = moved(c, x, shape, [&](std::size_t i) {
    const std::size_t outer = i / (lines.inner * shape[axis]);
    return static_cast<Int>((outer * lines.extent + static_cast<std::size_t>(places.ints()[i])) * lines.inner +
                            i % lines.inner);
  });
  return {std::move(values), std::move(places)};
}

Outputs unique(const Call& c) {
  const Tensor& x = c.in(0);
  const bool flat = !c.has("axis"), sorted = c.integer("sorted", 1) != 0;
  const std::size_t axis = flat ? 0 : c.axis(c.integer("axis"), x.rank());
  const Tensor all = flat ? reshaped(c, x, {x.size()}) : reshaped(c, x, x.shape);
  const Lines lines = lines_of(all.shape, axis);
  const auto before = [&](std::size_t i, std::size_t j) {
    for (std::size_t o = 0; o < lines.outer; ++o) {
      for (std::size_t k = 0; k < lines.inner; ++k) {
        const std::size_t a = (o * lines.extent + i) * lines.inner + k, b = (o * lines.extent + j) * lines.inner + k;
        if (less(all, a, b)) return true;
        if (less(all, b, a)) return false;
      }
    }
    return false;
  };
  c.spend(all.size() * 16);
  std::map<std::size_t, std::vector<std::size_t>, decltype(before)> groups(before);
  for (std::size_t i = 0; i < lines.extent; ++i) groups[i].push_back(i);
  std::vector<std::vector<std::size_t>> order;
  for (auto& [first, members] : groups) order.push_back(members);
  if (!sorted) std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) { return a[0] < b[0]; });
  Shape shape = all.shape;
  shape[axis] = order.size();
  std::vector<std::size_t> firsts;
  for (const auto& members : order) firsts.push_back(members[0]);
  std::vector<Tensor> out;
  out.push_back(selected(c, all, lines, firsts, shape));
  Ints counts, inverse(lines.extent);
  for (std::size_t g = 0; g < order.size(); ++g) {
    counts.push_back(static_cast<Int>(order[g].size()));
    for (const std::size_t member : order[g]) inverse[member] = static_cast<Int>(g);
  }
  out.push_back(int_tensor(c, DType::i64, {order.size()}, Ints(firsts.begin(), firsts.end())));
  out.push_back(int_tensor(c, DType::i64, {lines.extent}, inverse));
  out.push_back(int_tensor(c, DType::i64, {order.size()}, counts));
  return out;
}

constexpr KernelEntry entries[] = {
    {"", "ArgMax", arg_extreme},
    {"", "ArgMin", arg_extreme},
    {"", "TopK", top_k},
    {"", "Unique", unique},
};

}  // namespace

std::span<const KernelEntry> sorting_kernels() { return entries; }

}  // namespace ezkl::floatrun
