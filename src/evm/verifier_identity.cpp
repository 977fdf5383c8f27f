// The quotient identity: every constraint at x, folded by powers of y, over x^n - 1.
#include <algorithm>

#include "evm/verifier_parts.hpp"

namespace ezkl::evm::detail {
namespace {

using Kind = plonk::PolynomialId::Kind;
using Op = plonk::Expression::Op;

// Functions of about this many characters compile without "stack too deep".
constexpr std::size_t function_size = 1500;

}  // namespace

Arithmetic::Id VerifierBuilder::expression(const plonk::Expression& e) {
  return graph_.expression(e.node(), [this](const plonk::Expression::Node& node) {
    if (node.op == Op::instance) return word("instance");
    if (node.op == Op::challenge) return word("challenge" + std::to_string(node.index));
    return graph_.calldata(layout_.evaluation(node));
  });
}

Arithmetic::Id VerifierBuilder::compress(const std::vector<plonk::Expression>& tuple) {
  Id out = graph_.constant(Fr::zero());
  for (const auto& e : tuple) out = graph_.add(graph_.mul(out, word("theta")), expression(e));
  return graph_.add(out, word("beta"));
}

void VerifierBuilder::permutation_constraints(std::vector<Term>& out) {
  const auto& columns = vk_.system.cs.permutation;
  const std::size_t chunk = vk_.system.permutation_chunk();
  const Id one = graph_.constant(Fr::one());
  const Id y = word("y");
  out.push_back({graph_.mul(word("l_0"), graph_.sub(one, value(Kind::permutation_product, 0, 0))), y});
  const Id last = value(Kind::permutation_product, layout_.sets - 1, 0);
  out.push_back({graph_.mul(word("l_last"), graph_.mul(last, graph_.sub(last, one))), y});
  // what has the same factor is folded first and multiplied once
  Id starts = graph_.constant(Fr::zero());
  for (std::size_t i = 1; i < layout_.sets; ++i) {
    const Id now = value(Kind::permutation_product, i, 0);
    const Id before = value(Kind::permutation_product, i - 1, layout_.shape.last_rotation);
    starts = graph_.add(graph_.mul(starts, y), graph_.sub(now, before));
  }
  if (layout_.sets > 1) out.push_back({graph_.mul(word("l_0"), starts), y_power(layout_.sets - 1)});
  const Id active = graph_.sub(one, word("l_off"));
  const Id beta_x = graph_.mul(word("beta"), word("x"));
  Fr label = Fr::one();
  Id steps = graph_.constant(Fr::zero());
  for (std::size_t i = 0; i < layout_.sets; ++i) {
    Id left = value(Kind::permutation_product, i, 1);
    Id right = value(Kind::permutation_product, i, 0);
    for (std::size_t j = i * chunk; j < std::min(columns.size(), (i + 1) * chunk); ++j) {
      Id cell = word("instance");
      if (columns[j].kind != plonk::ColumnKind::instance) {
        cell = value(columns[j].kind == plonk::ColumnKind::fixed ? Kind::fixed : Kind::advice, columns[j].index, 0);
      }
      cell = graph_.add(cell, word("gamma"));
      left = graph_.mul(left, graph_.add(cell, graph_.mul(word("beta"), value(Kind::sigma, j, 0))));
      right = graph_.mul(right, graph_.add(cell, graph_.mul(beta_x, graph_.constant(label))));
      label *= Fr::delta();
    }
    steps = graph_.add(graph_.mul(steps, y), graph_.sub(left, right));
  }
  out.push_back({graph_.mul(steps, active), y_power(layout_.sets)});
}

void VerifierBuilder::lookup_constraints(std::size_t index, std::vector<Term>& out) {
  const auto& argument = vk_.system.arguments[index];
  const Id phi = value(Kind::lookup_sum, index, 0);
  const Id count = value(Kind::lookup_count, index, 0);
  const Id table = compress(argument.table);
  // The product of all inputs and the sum of its cofactors, by the product rule.
  Id all = compress(argument.inputs.front());
  Id cofactors = graph_.constant(Fr::one());
  for (std::size_t i = 1; i < argument.inputs.size(); ++i) {
    const Id input = compress(argument.inputs[i]);
    cofactors = graph_.add(graph_.mul(cofactors, input), all);
    all = graph_.mul(all, input);
  }
  // (l_0 phi) y^2 + (l_last phi) y
  const Id y = word("y");
  const Id ends = graph_.mul(y, graph_.add(graph_.mul(word("l_0"), y), word("l_last")));
  const Id step = graph_.sub(value(Kind::lookup_sum, index, 1), phi);
  const Id body = graph_.sub(graph_.mul(all, graph_.add(graph_.mul(table, step), count)), graph_.mul(table, cofactors));
  const Id active = graph_.sub(graph_.constant(Fr::one()), word("l_off"));
  out.push_back({graph_.add(graph_.mul(ends, phi), graph_.mul(body, active)), y_power(3)});
}

std::vector<VerifierBuilder::Term> VerifierBuilder::constraints() {
  std::vector<Term> out;
  for (const auto& gate : vk_.system.gates) out.push_back({expression(gate), word("y")});
  permutation_constraints(out);
  for (std::size_t i = 0; i < layout_.arguments; ++i) lookup_constraints(i, out);
  return out;
}

void VerifierBuilder::close_terms() {
  contract_.put_first("b := a");
  contract_.close({{"a", "a"}, {"y", "y"}, {"r", "r"}}, {{"b", "a"}}, {});
}

void VerifierBuilder::identity() {
  contract_.section("identity", "Every constraint at x, folded by powers of y: a is the sum so far.");
  const auto terms = constraints();
  yul_.forget_uses();
  yul_.name_word(words_.at("y"), "y");
  for (const Term& term : terms) {
    yul_.count(term.value);
    yul_.count(term.shift);
  }
  contract_.statement("uint256 y; assembly { y := " + load("y") + " }");
  contract_.statement("uint256 a;");
  std::vector<std::string> lines;
  const auto put_lines = [&] {
    for (const auto& line : lines) {
      contract_.put(line);
      if (contract_.block_size() > function_size) close_terms();
    }
    lines.clear();
  };
  bool is_first = true;
  Id shift = graph_.constant(Fr::one());
  for (const Term& term : terms) {
    shift = graph_.mul(shift, term.shift);
    // constraints that are identically zero only shift the powers of y
    if (graph_.is_constant(term.value, 0)) continue;
    const std::string before = is_first ? "" : "mulmod(b, " + yul_.text(shift, lines) + ", r)";
    const std::string text = is_first ? yul_.text(term.value, lines) : yul_.sum_text(before, term.value, lines);
    put_lines();
    contract_.put("b := " + text);
    if (contract_.block_size() > function_size) close_terms();
    is_first = false;
    shift = graph_.constant(Fr::one());
  }
  if (!graph_.is_constant(shift, 1)) {
    const std::string text = yul_.text(shift, lines);
    put_lines();
    contract_.put("b := mulmod(b, " + text + ", r)");
  }
  if (contract_.has_block()) close_terms();
  contract_.statement("assembly { mstore(" + hex(words_.at("identity")) + ", mulmod(a, " + load("xn1_inv") +
                      ", r)) mstore(0x00, 0) mstore(0x20, 0) }");
}

}  // namespace ezkl::evm::detail
