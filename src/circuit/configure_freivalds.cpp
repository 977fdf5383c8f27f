// Columns in which a claimed tensor product is checked: both sides are folded along every output axis by powers of a
// challenge. What depends on a challenge lives in phase-1 columns.
#include <algorithm>
#include <string>

#include "circuit/configure_parts.hpp"
#include "circuit/einsum_plan.hpp"
#include "ezkl/error.hpp"

namespace ezkl::detail {
namespace {

using plonk::Expression;

constexpr std::size_t max_challenges = 64;
constexpr std::size_t max_cells = std::size_t{1} << 48;
struct Slot {
  std::size_t phase, slot;
};

/// Inputs and output phase of a pattern.
struct PatternShape {
  std::vector<Slot> inputs;
  std::size_t output_phase;
};

PatternShape shape_of(FreivaldsPattern pattern) {
  switch (pattern) {
    case FreivaldsPattern::one_first:
      return {{{0, 0}}, 0};
    case FreivaldsPattern::one_second:
      return {{{1, 0}}, 1};
    case FreivaldsPattern::both_first:
      return {{{0, 0}, {0, 1}}, 0};
    case FreivaldsPattern::mixed:
      return {{{0, 0}, {1, 0}}, 1};
    case FreivaldsPattern::both_second:
      return {{{1, 0}, {1, 1}}, 1};
  }
  throw Error(Fault::internal, "unknown contraction pattern");
}

void hand_out_selectors(plonk::ConstraintSystem& cs, FreivaldsColumns& out, std::size_t width) {
  const std::size_t blocks = out.outputs[0].size();
  require_selectors(cs, blocks * (3 * (width + 2 * blocks) + 8));
  const auto next = [&] { return cs.selector().node().index; };
  // A place may be given a selector more than once: the last one counts, the earlier ones stay unused.
  for (const auto pattern : {FreivaldsPattern::both_first, FreivaldsPattern::mixed, FreivaldsPattern::both_second}) {
    for (std::size_t i = 0; i < blocks; ++i) {
      for (std::size_t j = 0; j < width; ++j) out.contraction[{BaseOp::mult, pattern, i, j}] = next();
      for (std::size_t inner = 0; inner < blocks; ++inner) {
        out.contraction[{BaseOp::dot_init, pattern, inner, 0}] = next();
        out.contraction[{BaseOp::dot, pattern, inner, 0}] = next();
      }
    }
  }
  for (const auto pattern : {FreivaldsPattern::one_first, FreivaldsPattern::one_second}) {
    for (std::size_t i = 0; i < blocks; ++i) {
      for (const BaseOp op : {BaseOp::sum_init, BaseOp::sum, BaseOp::cumprod_init, BaseOp::cumprod}) {
        out.contraction[{op, pattern, i, 0}] = next();
      }
    }
  }
}

void add_contraction_gates(plonk::ConstraintSystem& cs, const FreivaldsColumns& columns) {
  for (const auto& [place, selector] : columns.contraction) {
    const BaseOp op = std::get<0>(place);
    const auto shape = shape_of(std::get<1>(place));
    const std::size_t x = std::get<2>(place);
    const std::size_t y = std::get<3>(place);
    const auto& output = columns.outputs[shape.output_phase];
    Expression value;
    Expression out;
    if (op == BaseOp::mult) {
      const auto a = cs.query(columns.inputs[shape.inputs[0].phase][shape.inputs[0].slot][x][y]);
      const auto b = cs.query(columns.inputs[shape.inputs[1].phase][shape.inputs[1].slot][x][y]);
      out = cs.query(output[x][y]);
      value = a * b;
    } else {
      std::vector<std::vector<Expression>> rows;
      for (const auto& input : shape.inputs) rows.push_back(block_row(cs, columns.inputs[input.phase][input.slot], x));
      rows.resize(2);
      Expression previous;
      if (reads_previous_output(op)) previous = cs.query(output[x][0], -1);
      out = cs.query(output[x][0]);
      // The second operand is the left factor of a product.
      value = accumulate(op, previous, rows[1], rows[0]);
    }
    add_gate(cs, base_op_name(op), Expression::selector(selector, true), {out - value});
  }
}

FreivaldsColumns::Combination add_combination(plonk::ConstraintSystem& cs, const FreivaldsColumns& columns,
                                              std::size_t width) {
  FreivaldsColumns::Combination out;
  require_selectors(cs, 4 * columns.inputs[0][0].size());
  const auto challenge = cs.challenge(0);
  out.challenge = challenge.node().index;
  for (std::size_t phase = 0; phase < 2; ++phase) {
    for (std::size_t x = 0; x < columns.inputs[phase][0].size(); ++x) {
      const auto init = cs.selector().node().index;
      const auto next = cs.selector().node().index;
      out.selectors[phase].push_back({init, next});
    }
  }
  std::vector<Expression> powers;
  auto power = constant(1);
  for (std::size_t i = 0; i < width; ++i) {
    power = power * challenge;
    powers.push_back(power);
  }
  const auto highest = powers.back();
  std::reverse(powers.begin(), powers.end());
  for (std::size_t phase = 0; phase < 2; ++phase) {
    for (std::size_t x = 0; x < out.selectors[phase].size(); ++x) {
      const auto& pair = out.selectors[phase][x];
      const auto row = block_row(cs, columns.inputs[phase][0], x);
      const auto& result = columns.outputs[1][x][0];
      const auto first = cs.query(result);
      add_gate(cs, "init", Expression::selector(pair.init, true),
               {first - accumulate(BaseOp::dot, constant(0), powers, row)});
      const auto previous = cs.query(result, -1);
      const auto next = cs.query(result);
      add_gate(cs, "acc", Expression::selector(pair.accumulate, true),
               {next - accumulate(BaseOp::dot, previous * highest, powers, row)});
    }
  }
  return out;
}

}  // namespace

FreivaldsColumns configure_freivalds(plonk::ConstraintSystem& cs, const GraphSettings& settings) {
  FreivaldsColumns out;
  std::size_t challenges = 0;
  for (const auto& [equation, axis_sizes] : settings.einsum_equations) {
    const auto plan = plan_einsum(equation, axis_sizes);
    out.capacity += plan.cells;
    challenges = std::max(challenges, plan.output.size());
    if (challenges > max_challenges || out.capacity > max_cells) {
      throw Error(Fault::range, "settings: einsum_params describe products of too many axes or cells");
    }
  }
  const unsigned logrows = settings.run_args.logrows;
  const std::size_t width = settings.run_args.num_inner_cols;
  for (std::size_t phase = 0; phase < 2; ++phase) {
    for (auto& slot : out.inputs[phase]) {
      slot = add_advice_blocks(cs, logrows, width, out.capacity, static_cast<std::uint8_t>(phase));
    }
  }
  for (std::size_t phase = 0; phase < 2; ++phase) {
    out.outputs[phase] = add_advice_blocks(cs, logrows, width, out.capacity, static_cast<std::uint8_t>(phase));
  }
  // Each combination spells out the powers of its challenge, the highest with `width` factors.
  if (challenges * out.outputs[0].size() * width > max_factors / width) {
    throw Error(Fault::range,
                "settings: einsum_params and num_inner_cols ask for too large expressions: use fewer "
                "inner columns or a larger logrows");
  }
  hand_out_selectors(cs, out, width);
  add_contraction_gates(cs, out);
  for (std::size_t i = 0; i < challenges; ++i) out.combinations.push_back(add_combination(cs, out, width));
  return out;
}

}  // namespace ezkl::detail
