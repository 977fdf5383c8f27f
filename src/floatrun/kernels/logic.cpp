// Comparisons, logic and bits.
#include <cmath>
#include <functional>

#include "floatrun/indexing.hpp"
#include "floatrun/kernels.hpp"

namespace ezkl::floatrun {
namespace {

template <class Holds>
Outputs compare(const Call& c) {
  const Tensor &a = c.in(0), &b = c.in(1);
  c.require(a.type == b.type && a.text() == b.text(), "operands of two types");
  constexpr Holds holds;
  Tensor out = c.make(DType::boolean, broadcast_shape(a.shape, b.shape));
  broadcast<2>(out.shape, {&a.shape, &b.shape}, [&](std::size_t i, const auto& at) {
    if (a.text()) {
      out.ints()[i] = holds(a.texts[at[0]], b.texts[at[1]]);
    } else if (a.real()) {
      out.ints()[i] = holds(a.reals()[at[0]], b.reals()[at[1]]);
    } else if (a.type == DType::u64) {
      out.ints()[i] = holds(static_cast<std::uint64_t>(a.ints()[at[0]]), static_cast<std::uint64_t>(b.ints()[at[1]]));
    } else {
      out.ints()[i] = holds(a.ints()[at[0]], b.ints()[at[1]]);
    }
  });
  return {std::move(out)};
}

/// Bitwise operators; on booleans, which are 0 and 1, they are the logical ones.
template <char Op>
Outputs bits(const Call& c) {
  const Tensor &a = c.in(0), &b = c.in(1);
  c.require(a.type == b.type && !a.real(), "operands should be integers or booleans of one type");
  Tensor out = c.make(a.type, broadcast_shape(a.shape, b.shape));
  broadcast<2>(out.shape, {&a.shape, &b.shape}, [&](std::size_t i, const auto& at) {
    const Int x = a.ints()[at[0]], y = b.ints()[at[1]];
    out.ints()[i] = Op == '&' ? x & y : Op == '|' ? x | y : x ^ y;
  });
  return {std::move(out)};
}

Outputs negate(const Call& c) {
  const Tensor& x = c.in(0);
  c.require(!x.real(), "the operand is a float");
  Tensor out = c.make(x.type, x.shape);
  const bool logical = x.type == DType::boolean;
  for (std::size_t i = 0; i < out.size(); ++i) out.ints()[i] = logical ? 1 - x.ints()[i] : ~x.ints()[i];
  return {std::move(out)};
}

Outputs bit_shift(const Call& c) {
  const Tensor &a = c.in(0), &b = c.in(1);
  c.require(a.type == b.type && !a.real(), "operands should be integers of one type");
  const bool left = c.text("direction", "") == "LEFT";
  Tensor out = c.make(a.type, broadcast_shape(a.shape, b.shape));
  broadcast<2>(out.shape, {&a.shape, &b.shape}, [&](std::size_t i, const auto& at) {
    const Int x = a.ints()[at[0]];
    // Shifts by the width and more, negative ones among them, leave nothing but the sign of a signed number.
    const auto by = std::min<std::uint64_t>(static_cast<std::uint64_t>(b.ints()[at[1]]), 64);
    if (left) {
      out.ints()[i] = by == 64 ? 0 : static_cast<Int>(static_cast<std::uint64_t>(x) << by);
    } else if (a.type == DType::u64) {
      out.ints()[i] = by == 64 ? 0 : static_cast<Int>(static_cast<std::uint64_t>(x) >> by);
    } else {
      out.ints()[i] = x >> std::min<std::uint64_t>(by, 63);
    }
  });
  return {std::move(out)};
}

Outputs is_nan(const Call& c) {
  const std::vector<double>& x = c.reals(0);
  Tensor out = c.make(DType::boolean, c.in(0).shape);
  for (std::size_t i = 0; i < x.size(); ++i) out.ints()[i] = std::isnan(x[i]) ? 1 : 0;
  return {std::move(out)};
}

Outputs is_inf(const Call& c) {
  const std::vector<double>& x = c.reals(0);
  const bool up = c.integer("detect_positive", 1) != 0, down = c.integer("detect_negative", 1) != 0;
  Tensor out = c.make(DType::boolean, c.in(0).shape);
  for (std::size_t i = 0; i < x.size(); ++i) out.ints()[i] = std::isinf(x[i]) && (x[i] > 0 ? up : down) ? 1 : 0;
  return {std::move(out)};
}

Outputs where(const Call& c) {
  const Tensor &mask = c.in(0), &yes = c.in(1), &no = c.in(2);
  c.require(yes.type == no.type && !mask.real(), "operands of two types");
  Tensor out = c.make(yes.type, broadcast_shape(mask.shape, broadcast_shape(yes.shape, no.shape)));
  broadcast<3>(out.shape, {&mask.shape, &yes.shape, &no.shape}, [&](std::size_t i, const auto& at) {
    const bool first = mask.ints()[at[0]] != 0;
    if (out.real()) {
      out.reals()[i] = first ? yes.reals()[at[1]] : no.reals()[at[2]];
    } else {
      out.ints()[i] = first ? yes.ints()[at[1]] : no.ints()[at[2]];
    }
  });
  return {std::move(out)};
}

constexpr KernelEntry entries[] = {
    {"", "And", bits<'&'>},
    {"", "BitShift", bit_shift},
    {"", "BitwiseAnd", bits<'&'>},
    {"", "BitwiseNot", negate},
    {"", "BitwiseOr", bits<'|'>},
    {"", "BitwiseXor", bits<'^'>},
    {"", "Equal", compare<std::equal_to<>>},
    {"", "Greater", compare<std::greater<>>},
    {"", "GreaterOrEqual", compare<std::greater_equal<>>},
    {"", "IsInf", is_inf},
    {"", "IsNaN", is_nan},
    {"", "Less", compare<std::less<>>},
    {"", "LessOrEqual", compare<std::less_equal<>>},
    {"", "Not", negate},
    {"", "Or", bits<'|'>},
    {"", "Where", where},
    {"", "Xor", bits<'^'>},
};

}  // namespace

std::span<const KernelEntry> logic_kernels() { return entries; }

}  // namespace ezkl::floatrun
