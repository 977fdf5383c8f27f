#include "plonk/expression.hpp"

#include <algorithm>

#include "base/ensure.hpp"
#include "ezkl/error.hpp"

namespace ezkl::plonk {
namespace {

using Node = Expression::Node;

unsigned node_degree(const Node& node) {
  switch (node.op) {
    case Expression::Op::constant:
    case Expression::Op::challenge:
      return 0;
    case Expression::Op::selector:
    case Expression::Op::fixed:
    case Expression::Op::advice:
    case Expression::Op::instance:
      return 1;
    case Expression::Op::negated:
    case Expression::Op::scaled:
      return node_degree(*node.a);
    case Expression::Op::sum:
      return std::max(node_degree(*node.a), node_degree(*node.b));
    case Expression::Op::product:
      return node_degree(*node.a) + node_degree(*node.b);
  }
  throw Error(Fault::internal, "expression node of unknown kind");
}

void append_query(const Node& node, const char* kind, std::string& out) {
  out += kind;
  out += '[' + std::to_string(node.index) + "][" + std::to_string(node.rotation) + ']';
}

void append_identifier(const Node& node, std::string& out) {
  switch (node.op) {
    case Expression::Op::constant:
      out += node.value.to_hex_be();
      return;
    case Expression::Op::selector:
      out += "selector[" + std::to_string(node.index) + ']';
      return;
    case Expression::Op::fixed:
      return append_query(node, "fixed", out);
    case Expression::Op::advice:
      return append_query(node, "advice", out);
    case Expression::Op::instance:
      return append_query(node, "instance", out);
    case Expression::Op::challenge:
      out += "challenge[" + std::to_string(node.index) + ']';
      return;
    case Expression::Op::negated:
      out += "(-";
      append_identifier(*node.a, out);
      out += ')';
      return;
    case Expression::Op::sum:
    case Expression::Op::product:
      out += '(';
      append_identifier(*node.a, out);
      out += node.op == Expression::Op::sum ? '+' : '*';
      append_identifier(*node.b, out);
      out += ')';
      return;
    case Expression::Op::scaled:
      append_identifier(*node.a, out);
      out += '*' + node.value.to_hex_be();
      return;
  }
  throw Error(Fault::internal, "expression node of unknown kind");
}

Expression make(Node node) { return Expression(std::make_shared<const Node>(std::move(node))); }

}  // namespace

Expression Expression::constant(const Fr& value) {
  Node node;
  node.op = Op::constant;
  node.value = value;
  return make(std::move(node));
}

Expression Expression::selector(std::uint32_t index, bool simple) {
  Node node;
  node.op = Op::selector;
  node.index = index;
  node.simple = simple;
  return make(std::move(node));
}

Expression Expression::query(const Column& column, std::uint32_t query, std::int32_t rotation) {
  Node node;
  switch (column.kind) {
    case ColumnKind::advice:
      node.op = Op::advice;
      break;
    case ColumnKind::fixed:
      node.op = Op::fixed;
      break;
    case ColumnKind::instance:
      node.op = Op::instance;
      break;
  }
  node.index = column.index;
  node.query = query;
  node.rotation = rotation;
  node.phase = column.phase;
  return make(std::move(node));
}

Expression Expression::challenge(std::uint32_t index, std::uint8_t phase) {
  Node node;
  node.op = Op::challenge;
  node.index = index;
  node.phase = phase;
  return make(std::move(node));
}

Expression Expression::operator-() const {
  Node node;
  node.op = Op::negated;
  node.a = node_;
  return make(std::move(node));
}

Expression Expression::operator+(const Expression& other) const {
  Node node;
  node.op = Op::sum;
  node.a = node_;
  node.b = other.node_;
  return make(std::move(node));
}

Expression Expression::operator*(const Expression& other) const {
  Node node;
  node.op = Op::product;
  node.a = node_;
  node.b = other.node_;
  return make(std::move(node));
}

Expression Expression::scaled(const Fr& factor) const {
  Node node;
  node.op = Op::scaled;
  node.value = factor;
  node.a = node_;
  return make(std::move(node));
}

unsigned Expression::degree() const {
  EZKL_ENSURE(node_ != nullptr, "degree of an empty expression");
  return node_degree(*node_);
}

std::string Expression::identifier() const {
  EZKL_ENSURE(node_ != nullptr, "identifier of an empty expression");
  std::string out;
  append_identifier(*node_, out);
  return out;
}

}  // namespace ezkl::plonk
