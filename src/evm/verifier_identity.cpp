// The quotient identity: every constraint at x, folded by powers of y, over x^n - 1.
#include <algorithm>

#include "evm/verifier_parts.hpp"

namespace ezkl::evm::detail {
namespace {

using Kind = plonk::PolynomialId::Kind;
using Op = plonk::Expression::Op;

// Functions of about this many characters compile without "stack too deep".
constexpr std::size_t function_size = 500;

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

void VerifierBuilder::permutation_constraints(std::vector<Id>& out) {
  const auto& columns = vk_.system.cs.permutation;
  const std::size_t chunk = vk_.system.permutation_chunk();
  const Id one = graph_.constant(Fr::one());
  out.push_back(graph_.mul(word("l_0"), graph_.sub(one, value(Kind::permutation_product, 0, 0))));
  const Id last = value(Kind::permutation_product, layout_.sets - 1, 0);
  out.push_back(graph_.mul(word("l_last"), graph_.mul(last, graph_.sub(last, one))));
  for (std::size_t i = 1; i < layout_.sets; ++i) {
    const Id now = value(Kind::permutation_product, i, 0);
    const Id before = value(Kind::permutation_product, i - 1, layout_.shape.last_rotation);
    out.push_back(graph_.mul(word("l_0"), graph_.sub(now, before)));
  }
  const Id active = graph_.sub(one, word("l_off"));
  const Id beta_x = graph_.mul(word("beta"), word("x"));
  Fr label = Fr::one();
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
    out.push_back(graph_.mul(graph_.sub(left, right), active));
  }
}

void VerifierBuilder::lookup_constraints(std::size_t index, std::vector<Id>& out) {
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
  out.push_back(graph_.mul(word("l_0"), phi));
  out.push_back(graph_.mul(word("l_last"), phi));
  const Id step = graph_.sub(value(Kind::lookup_sum, index, 1), phi);
  const Id body = graph_.sub(graph_.mul(all, graph_.add(graph_.mul(table, step), count)), graph_.mul(table, cofactors));
  const Id active = graph_.sub(graph_.constant(Fr::one()), word("l_off"));
  out.push_back(graph_.mul(body, active));
}

std::vector<Arithmetic::Id> VerifierBuilder::constraints() {
  std::vector<Id> out;
  for (const auto& gate : vk_.system.gates) out.push_back(expression(gate));
  permutation_constraints(out);
  for (std::size_t i = 0; i < layout_.arguments; ++i) lookup_constraints(i, out);
  return out;
}

void VerifierBuilder::close_terms() {
  contract_.put_first("b := a");
  contract_.close({"a", "y", "r"}, {"b"}, {}, "a = @(a, y, r);");
}

void VerifierBuilder::identity() {
  const auto terms = constraints();
  yul_.forget_uses();
  for (const Id term : terms) yul_.count(term);
  contract_.statement("uint256 y; assembly { y := " + load("y") + " }");
  contract_.statement("uint256 a;");
  std::vector<std::string> lines;
  const auto shift = [&](std::size_t times) {
    for (std::size_t i = 0; i < times; ++i) contract_.put("b := mulmod(b, y, r)");
  };
  std::size_t zeros = 0;  // constraints that are identically zero only shift the powers of y
  for (const Id term : terms) {
    if (graph_.is_constant(term, 0)) {
      ++zeros;
      continue;
    }
    const std::string text = yul_.text(term, lines);
    contract_.put_all(lines);
    shift(zeros);
    zeros = 0;
    contract_.put("b := addmod(mulmod(b, y, r), " + text + ", r)");
    if (contract_.block_size() > function_size) close_terms();
  }
  shift(zeros);
  if (contract_.has_block()) close_terms();
  contract_.statement("assembly { mstore(" + hex(words_.at("identity")) + ", mulmod(a, " + load("xn1_inv") +
                      ", r)) mstore(0x00, 0) mstore(0x20, 0) }");
}

}  // namespace ezkl::evm::detail
