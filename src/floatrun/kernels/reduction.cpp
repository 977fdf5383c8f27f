// Reductions over axes and running sums.
#include <cmath>

#include "floatrun/indexing.hpp"
#include "floatrun/kernels.hpp"
#include "tensor/onnx_type.hpp"

namespace ezkl::floatrun {
namespace {

double reduced_reals(const Call& c, const std::vector<double>& x, const std::vector<std::size_t>& places) {
  const std::string& op = c.node().op_type;
  if (op == "ReduceMax" || op == "ReduceMin") {
    const bool up = op == "ReduceMax";
    double best = up ? -INFINITY : INFINITY;
    for (const std::size_t i : places) best = std::isnan(x[i]) || (up ? x[i] > best : x[i] < best) ? x[i] : best;
    return best;
  }
  if (op == "ReduceProd") {
    double product = 1;
    for (const std::size_t i : places) product *= x[i];
    return product;
  }
  if (op == "ReduceLogSumExp") {
    double top = -INFINITY, sum = 0;
    for (const std::size_t i : places) top = std::isnan(x[i]) ? x[i] : std::max(top, x[i]);
    if (std::isinf(top)) return top;
    for (const std::size_t i : places) sum += std::exp(x[i] - top);
    return top + std::log(sum);
  }
  double sum = 0;
  const bool squares = op == "ReduceL2" || op == "ReduceSumSquare";
  for (const std::size_t i : places) sum += squares ? x[i] * x[i] : op == "ReduceL1" ? std::fabs(x[i]) : x[i];
  if (op == "ReduceL2") return std::sqrt(sum);
  if (op == "ReduceLogSum") return std::log(sum);
  if (op == "ReduceMean") return sum / static_cast<double>(places.size());
  return sum;
}

Int reduced_integers(const Call& c, const Tensor& t, const std::vector<std::size_t>& places) {
  const std::string& op = c.node().op_type;
  const Ints& x = t.ints();
  if (op == "ReduceMax" || op == "ReduceMin") {
    const bool up = op == "ReduceMax";
    if (places.empty()) {
      const auto [least, most] = integer_limits(t.type);
      return static_cast<Int>(up ? least : most);
    }
    Int best = x[places[0]];
    for (const std::size_t i : places) {
      if (less(t.type, x[i], best) != up) best = x[i];
    }
    return best;
  }
  std::uint64_t sum = op == "ReduceProd" ? 1 : 0;
  for (const std::size_t i : places) {
    const auto v = static_cast<std::uint64_t>(x[i]);
    if (op == "ReduceProd") {
      sum *= v;
    } else {
      sum += op == "ReduceSumSquare" || op == "ReduceL2"            ? v * v
             : op == "ReduceL1" && x[i] < 0 && t.type != DType::u64 ? ~v + 1
                                                                    : v;
    }
  }
  const auto total = static_cast<Int>(sum);
  const double number = t.type == DType::u64 ? static_cast<double>(sum) : static_cast<double>(total);
  if (op == "ReduceMean") {
    c.require(!places.empty(), "a mean of no elements");
    if (t.type == DType::u64) return static_cast<Int>(sum / places.size());
    return wrapped(t.type, total) / static_cast<Int>(places.size());
  }
  if (op == "ReduceL2") return real_to_integer(t.type, std::sqrt(number));
  if (op == "ReduceLogSum") return real_to_integer(t.type, std::log(number));
  if (op == "ReduceLogSumExp") {
    double exps = 0;
    for (const std::size_t i : places) exps += std::exp(t.number(i));
    return real_to_integer(t.type, std::log(exps));
  }
  return total;
}

Outputs reduce(const Call& c) {
  const Tensor& x = c.in(0);
  const Ints given = c.axes(1, "axes");
  if (given.empty() && c.integer("noop_with_empty_axes", 0) != 0) return {reshaped(c, x, x.shape)};
  std::vector<bool> gone(x.rank(), given.empty());
  for (const Int axis : given) gone[c.axis(axis, x.rank())] = true;
  const bool keep = c.integer("keepdims", 1) != 0;
  Shape shape, outer, inner;
  std::vector<std::size_t> outer_steps, inner_steps;
  const std::vector<std::size_t> own = strides(x.shape);
  for (std::size_t i = 0; i < x.rank(); ++i) {
    (gone[i] ? inner : outer).push_back(x.shape[i]);
    (gone[i] ? inner_steps : outer_steps).push_back(own[i]);
    if (!gone[i] || keep) shape.push_back(gone[i] ? 1 : x.shape[i]);
  }
  const std::size_t count = volume(inner);
  std::vector<std::size_t> offsets;
  offsets.reserve(count);
  Odometer within(inner);
  for (std::size_t i = 0; i < count; ++i, within.next()) {
    std::size_t at = 0;
    for (std::size_t k = 0; k < inner.size(); ++k) at += within[k] * inner_steps[k];
    offsets.push_back(at);
  }
  Tensor out = c.make(x.type, shape);
  c.spend(x.size());
  Odometer at(outer);
  std::vector<std::size_t> places(count);
  for (std::size_t i = 0; i < out.size(); ++i, at.next()) {
    std::size_t base = 0;
    for (std::size_t k = 0; k < outer.size(); ++k) base += at[k] * outer_steps[k];
    for (std::size_t k = 0; k < count; ++k) places[k] = base + offsets[k];
    if (out.real()) {
      out.reals()[i] = reduced_reals(c, x.reals(), places);
    } else {
      out.ints()[i] = reduced_integers(c, x, places);
    }
  }
  return {std::move(out)};
}

/// CumSum and CumProd.
Outputs cumulate(const Call& c) {
  const Tensor& x = c.in(0);
  const std::size_t axis = c.axis(c.int_scalar(1), x.rank());
  const bool exclusive = c.integer("exclusive", 0) != 0, reverse = c.integer("reverse", 0) != 0;
  const bool product = c.node().op_type == "CumProd";
  const Lines lines = lines_of(x.shape, axis);
  Tensor out = c.make(x.type, x.shape);
  for (std::size_t line = 0; line < lines.count(); ++line) {
    const std::size_t start = lines.start(line);
    double real = product ? 1 : 0;
    std::uint64_t whole = product ? 1 : 0;
    for (std::size_t k = 0; k < lines.extent; ++k) {
      const std::size_t at = start + (reverse ? lines.extent - 1 - k : k) * lines.inner;
      if (exclusive) {
        if (out.real()) {
          out.reals()[at] = real;
        } else {
          out.ints()[at] = static_cast<Int>(whole);
        }
      }
      if (out.real()) {
        real = round_to(x.type, product ? real * x.reals()[at] : real + x.reals()[at]);
      } else {
        const auto v = static_cast<std::uint64_t>(x.ints()[at]);
        whole = product ? whole * v : whole + v;
      }
      if (!exclusive) {
        if (out.real()) {
          out.reals()[at] = real;
        } else {
          out.ints()[at] = static_cast<Int>(whole);
        }
      }
    }
  }
  return {std::move(out)};
}

constexpr KernelEntry entries[] = {
    {"", "CumProd", cumulate},  {"", "CumSum", cumulate},     {"", "ReduceL1", reduce},
    {"", "ReduceL2", reduce},   {"", "ReduceLogSum", reduce}, {"", "ReduceLogSumExp", reduce},
    {"", "ReduceMax", reduce},  {"", "ReduceMean", reduce},   {"", "ReduceMin", reduce},
    {"", "ReduceProd", reduce}, {"", "ReduceSum", reduce},    {"", "ReduceSumSquare", reduce},
};

}  // namespace

std::span<const KernelEntry> reduction_kernels() { return entries; }

}  // namespace ezkl::floatrun
