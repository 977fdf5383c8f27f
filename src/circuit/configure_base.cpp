// Base gates: arithmetic on one row, and running sums and products down the rows. All selectors are simple.
#include <array>
#include <string>

#include "base/ensure.hpp"
#include "circuit/configure_parts.hpp"
#include "ezkl/error.hpp"

namespace ezkl::detail {
namespace {

bool has_two_operands(BaseOp op) {
  return op != BaseOp::cumprod && op != BaseOp::cumprod_init && op != BaseOp::sum && op != BaseOp::sum_init;
}

plonk::Expression elementwise(BaseOp op, const plonk::Expression& a, const plonk::Expression& b) {
  if (op == BaseOp::add) return a + b;
  if (op == BaseOp::sub) return a - b;
  EZKL_ENSURE(op == BaseOp::mult, "not an elementwise operation");
  return a * b;
}

}  // namespace

bool reads_previous_output(BaseOp op) { return op == BaseOp::dot || op == BaseOp::cumprod || op == BaseOp::sum; }

const char* base_op_name(BaseOp op) {
  static constexpr std::array<const char*, 9> names = {"DOT", "DOTINIT", "CUMPRODINIT", "CUMPROD", "ADD",
                                                       "MULT", "SUB", "SUMINIT", "SUM"};
  return names.at(static_cast<std::size_t>(op));
}

plonk::Expression accumulate(BaseOp op, const plonk::Expression& previous, const std::vector<plonk::Expression>& a,
                             const std::vector<plonk::Expression>& b) {
  switch (op) {
    case BaseOp::dot:
    case BaseOp::dot_init: {
      EZKL_ENSURE(a.size() == b.size(), "a dot product of unequal lengths");
      auto sum = constant(0);
      for (std::size_t j = 0; j < a.size(); ++j) sum = sum + a[j] * b[j];
      return op == BaseOp::dot ? previous + sum : sum;
    }
    case BaseOp::sum:
    case BaseOp::sum_init: {
      auto sum = constant(0);
      for (const auto& term : b) sum = sum + term;
      return op == BaseOp::sum ? previous + sum : sum;
    }
    case BaseOp::cumprod:
    case BaseOp::cumprod_init: {
      auto product = constant(1);
      for (const auto& factor : b) product = product * factor;
      return op == BaseOp::cumprod ? previous * product : product;
    }
    default:
      break;
  }
  EZKL_ENSURE(false, "not an accumulating operation");
  return previous;
}

void configure_base(plonk::ConstraintSystem& cs, CircuitColumns& columns) {
  const auto& [in_a, in_b, output] = columns.model;
  require_selectors(cs, output.size() * (3 * columns.width + 6));
  // The selectors of up to `width` gates share a column, and each gate then holds a factor for every one of them.
  if (3 * output.size() * columns.width > max_factors / columns.width) {
    throw Error(Fault::range, "settings: " + std::to_string(output.size()) + " blocks of " +
                                  std::to_string(columns.width) +
                                  " columns (num_inner_cols) take too large expressions: use fewer inner columns or a "
                                  "larger logrows");
  }
  // Selectors are handed out place by place, gates are created operation by operation.
  for (std::size_t i = 0; i < output.size(); ++i) {
    for (std::size_t j = 0; j < columns.width; ++j) {
      for (const BaseOp op : {BaseOp::add, BaseOp::sub, BaseOp::mult}) {
        columns.base[{op, i, j}] = cs.selector().node().index;
      }
    }
  }
  for (std::size_t i = 0; i < output.size(); ++i) {
    for (const BaseOp op : {BaseOp::dot_init, BaseOp::dot, BaseOp::cumprod, BaseOp::cumprod_init, BaseOp::sum,
                            BaseOp::sum_init}) {
      columns.base[{op, i, 0}] = cs.selector().node().index;
    }
  }
  const auto is_elementwise = [](BaseOp op) {
    return op == BaseOp::add || op == BaseOp::sub || op == BaseOp::mult;
  };
  for (const auto& [place, selector] : columns.base) {
    const BaseOp op = std::get<0>(place);
    if (!is_elementwise(op)) continue;
    const std::size_t i = std::get<1>(place);
    const std::size_t j = std::get<2>(place);
    const auto a = cs.query(in_a[i][j]);
    const auto b = cs.query(in_b[i][j]);
    const auto out = cs.query(output[i][j]);
    add_gate(cs, base_op_name(op), plonk::Expression::selector(selector, true), {out - elementwise(op, a, b)});
  }
  for (const auto& [place, selector] : columns.base) {
    const BaseOp op = std::get<0>(place);
    if (is_elementwise(op)) continue;
    const std::size_t i = std::get<1>(place);
    std::vector<plonk::Expression> a;
    if (has_two_operands(op)) a = block_row(cs, in_a, i);
    const auto b = block_row(cs, in_b, i);
    plonk::Expression previous;
    if (reads_previous_output(op)) previous = cs.query(output[i][0], -1);
    const auto out = cs.query(output[i][0]);
    add_gate(cs, base_op_name(op), plonk::Expression::selector(selector, true), {out - accumulate(op, previous, a, b)});
  }
}

}  // namespace ezkl::detail
