// The hash chip: one full round a row, or two partial rounds a row, and a row that adds a word to the state.
#include "circuit/configure_parts.hpp"
#include "transcript/poseidon.hpp"

namespace ezkl::detail {
namespace {

using plonk::Expression;

constexpr std::size_t width = 2;

Expression pow5(const Expression& x) {
  const auto square = x * x;
  return (square * square) * x;
}

std::vector<Expression> full_round(plonk::ConstraintSystem& cs, const PoseidonColumns& chip,
                                   const PoseidonParams& params) {
  std::vector<Expression> out;
  for (std::size_t i = 0; i < width; ++i) {
    const auto next = cs.query(chip.state[i], 1);
    Expression sum;
    for (std::size_t j = 0; j < width; ++j) {
      const auto word = cs.query(chip.state[j]);
      const auto round_constant = cs.query(chip.constants_a[j]);
      const auto term = pow5(word + round_constant).scaled(params.mds[i * width + j]);
      sum = sum.empty() ? term : sum + term;
    }
    out.push_back(sum - next);
  }
  return out;
}

std::vector<Expression> partial_rounds(plonk::ConstraintSystem& cs, const PoseidonColumns& chip,
                                       const PoseidonParams& params) {
  const auto word = cs.query(chip.state[0]);
  const auto middle = cs.query(chip.partial_sbox);
  const auto constant_a = cs.query(chip.constants_a[0]);
  const auto constant_b = cs.query(chip.constants_b[0]);
  // Word i after the first round, and what the second round must have started from to give the next row.
  const auto after_first = [&](std::size_t i) {
    auto sum = middle.scaled(params.mds[i * width]);
    for (std::size_t j = 1; j < width; ++j) {
      const auto other = cs.query(chip.state[j]);
      sum = sum + (other + cs.query(chip.constants_a[j])).scaled(params.mds[i * width + j]);
    }
    return sum;
  };
  const auto before_matrix = [&](std::size_t i) {
    Expression sum;
    for (std::size_t j = 0; j < width; ++j) {
      const auto term = cs.query(chip.state[j], 1).scaled(params.mds_inverse[i * width + j]);
      sum = sum.empty() ? term : sum + term;
    }
    return sum;
  };
  std::vector<Expression> out{pow5(word + constant_a) - middle};
  const auto first = pow5(after_first(0) + constant_b);
  out.push_back(first - before_matrix(0));
  for (std::size_t i = 1; i < width; ++i) {
    const auto constant = cs.query(chip.constants_b[i]);
    const auto sum = after_first(i) + constant;
    out.push_back(sum - before_matrix(i));
  }
  return out;
}

std::vector<Expression> absorb(plonk::ConstraintSystem& cs, const PoseidonColumns& chip) {
  const auto capacity_before = cs.query(chip.state[1], -1);
  const auto capacity_after = cs.query(chip.state[1], 1);
  const auto before = cs.query(chip.state[0], -1);
  const auto word = cs.query(chip.state[0]);
  const auto after = cs.query(chip.state[0], 1);
  return {(before + word) - after, capacity_before - capacity_after};
}

}  // namespace

PoseidonColumns configure_poseidon(plonk::ConstraintSystem& cs, bool public_hash,
                                   std::optional<plonk::Column>& instance) {
  PoseidonColumns chip;
  chip.public_hash = public_hash;
  for (auto& column : chip.state) column = cs.advice_column();
  for (const auto& column : chip.state) cs.enable_equality(column);
  chip.partial_sbox = cs.advice_column();
  for (auto& column : chip.constants_a) column = cs.fixed_column();
  for (auto& column : chip.constants_b) column = cs.fixed_column();
  cs.enable_constant(chip.constants_b[0]);
  if (public_hash) {
    instance = cs.instance_column();
    cs.enable_equality(*instance);
  }
  for (const auto& column : chip.constants_b) cs.enable_equality(column);

  const auto full = cs.selector();
  const auto partial = cs.selector();
  const auto pad = cs.selector();
  chip.full = full.node().index;
  chip.partial = partial.node().index;
  chip.pad = pad.node().index;
  const auto& params = poseidon_hash_params();
  add_gate(cs, "full round", full, full_round(cs, chip, params));
  add_gate(cs, "partial rounds", partial, partial_rounds(cs, chip, params));
  add_gate(cs, "pad-and-add", pad, absorb(cs, chip));
  return chip;
}

}  // namespace ezkl::detail
