#include "evm/vka_operations.hpp"

#include <algorithm>

#include "ezkl/error.hpp"

namespace ezkl::evm {
namespace {

using Node = plonk::Expression::Node;
using Op = plonk::Expression::Op;

constexpr Address word_size = 0x20;
constexpr Address lookup_scratch = 0xa0;  // the contract keeps its own words before it
constexpr unsigned result_code = 4;

enum Code : std::uint64_t { load = 0, negate = 1, add = 2, multiply = 3 };

class ConstantCollector {
 public:
  void visit(const Node& node) {
    switch (node.op) {
      case Op::constant:
        return put(node.value);
      case Op::negated:
        return visit(*node.a);
      case Op::scaled:
        visit(*node.a);
        return put(node.value);
      case Op::sum:
      case Op::product:
        visit(*node.a);
        return visit(*node.b);
      default:
        return;
    }
  }
  std::vector<Fr> take() { return std::move(found_); }

 private:
  void put(const Fr& value) {
    if (seen_.emplace(value.to_canonical(), found_.size()).second) found_.push_back(value);
  }

  std::map<std::array<std::uint64_t, 4>, std::size_t> seen_;
  std::vector<Fr> found_;
};

std::vector<Word> encode_tuple(OperationEncoder& encoder, const std::vector<plonk::Expression>& tuple, Address scratch,
                               unsigned first_bit) {
  encoder.start(scratch);
  std::vector<Address> results;
  for (const auto& expression : tuple) results.push_back(encoder.append(expression.node()));
  return encoder.packed(first_bit, results);
}

void extend(std::vector<Word>& out, const std::vector<Word>& more) { out.insert(out.end(), more.begin(), more.end()); }

}  // namespace

std::vector<Fr> collect_constants(const plonk::FinalSystem& system) {
  ConstantCollector collector;
  for (const auto& gate : system.gates) collector.visit(gate.node());
  for (const auto& argument : system.arguments) {
    for (const auto& tuple : argument.inputs) {
      for (const auto& expression : tuple) collector.visit(expression.node());
    }
  }
  return collector.take();
}

void OperationEncoder::start(Address scratch) {
  seen_.clear();
  operations_.clear();
  next_ = scratch;
}

Address OperationEncoder::operation(std::uint64_t code) {
  const auto [place, is_new] = seen_.try_emplace(code, next_);
  if (is_new) {
    next_ += word_size;
    operations_.push_back(code);
  }
  return place->second;
}

Address OperationEncoder::constant(const Fr& value) const {
  const auto place = addresses_.constants.find(value.to_canonical());
  if (place == addresses_.constants.end()) {
    throw Error(Fault::unsupported, "the constant " + value.to_hex_be() +
                                        " stands in a lookup table only: a verifying-key artifact cannot hold it");
  }
  return place->second;
}

Address OperationEncoder::append(const Node& node) {
  switch (node.op) {
    case Op::fixed:
    case Op::advice:
      return operation(load | layout_.evaluation(node) << 8);
    case Op::constant:
      return constant(node.value);
    case Op::instance:
      return addresses_.instance;
    case Op::challenge:
      return addresses_.challenges + word_size * layout_.challenge_slot.at(node.index);
    case Op::negated:
      return operation(negate | append(*node.a) << 8);
    case Op::scaled: {
      const Address left = append(*node.a);
      return operation(multiply | left << 8 | constant(node.value) << 24);
    }
    case Op::sum:
    case Op::product: {
      const Address left = append(*node.a);
      const Address right = append(*node.b);
      return operation((node.op == Op::sum ? add : multiply) | left << 8 | right << 24);
    }
    case Op::selector:
      break;
  }
  throw Error(Fault::internal, "a selector was left unresolved in a verifying key");
}

void OperationEncoder::pack_operations(Packer& packer) const {
  for (const std::uint64_t code : operations_) {
    const unsigned bits = (code & 0xff) < add ? 24 : 40;
    packer.room(bits);
    packer.put(code, bits);
  }
}

std::vector<Word> OperationEncoder::packed(unsigned first_bit) const {
  Packer packer(first_bit);
  pack_operations(packer);
  return packer.counted();
}

std::vector<Word> OperationEncoder::packed(unsigned first_bit, const std::vector<Address>& results) const {
  Packer packer(first_bit);
  pack_operations(packer);
  packer.room(16);
  const std::size_t at = packer.size() - 1;
  const unsigned count_bit = packer.bit() + 8;
  packer.put(result_code, 8);
  packer.put(0, 8);
  for (const Address result : results) {
    packer.room(16);
    packer.put(result, 16);
  }
  packer.add_at(at, packer.size() - at, count_bit);
  return packer.counted(first_bit == 24 ? 16 : 0);
}

std::vector<Word> gate_section(const plonk::FinalSystem& system, OperationEncoder& encoder, Address scratch) {
  std::vector<Word> out{Word::of(word_size * system.gates.size())};
  for (const auto& gate : system.gates) {
    encoder.start(scratch);
    encoder.append(gate.node());
    extend(out, encoder.packed(8));
  }
  return out;
}

std::vector<Word> lookup_section(const plonk::FinalSystem& system, const ProofLayout& layout,
                                 OperationEncoder& encoder, Address scratch, Address section) {
  using Kind = plonk::PolynomialId::Kind;
  if (system.arguments.empty()) return {Word{}};
  std::vector<Word> body;
  std::vector<Word> previous;
  for (std::size_t i = 0; i < system.arguments.size(); ++i) {
    const auto& argument = system.arguments[i];
    std::vector<std::vector<Word>> inputs;
    for (std::size_t j = 0; j < argument.inputs.size(); ++j) {
      inputs.push_back(
          encode_tuple(encoder, argument.inputs[j], scratch + lookup_scratch + word_size * j, j == 0 ? 24 : 8));
    }
    inputs.front().front().limb[0] |= word_size * argument.inputs.size();
    auto table = encode_tuple(encoder, argument.table, scratch + lookup_scratch, 8);
    const bool is_fresh = table != previous;
    const auto number = static_cast<std::uint32_t>(i);
    Packer meta;
    meta.put(is_fresh ? 1 : 0, 8);
    meta.put(layout.evaluation({Kind::lookup_sum, number}, 0), 16);
    meta.put(layout.evaluation({Kind::lookup_sum, number}, 1), 16);
    meta.put(layout.evaluation({Kind::lookup_count, number}, 0), 16);
    extend(body, meta.take());
    if (is_fresh) extend(body, table);
    for (const auto& input : inputs) extend(body, input);
    previous = std::move(table);
  }
  std::vector<Word> out{Word::of(section + word_size * (1 + body.size()))};
  extend(out, body);
  return out;
}

std::size_t operation_scratch(const plonk::FinalSystem& system, OperationEncoder& encoder) {
  std::size_t most = 0;
  for (const auto& gate : system.gates) {
    encoder.start(0);
    encoder.append(gate.node());
    most = std::max(most, word_size * encoder.operations().size());
  }
  const auto tuple = [&](const std::vector<plonk::Expression>& expressions, Address base) {
    encoder.start(base);
    for (const auto& expression : expressions) encoder.append(expression.node());
    most = std::max(most, base + word_size * encoder.operations().size());
  };
  for (const auto& argument : system.arguments) {
    for (std::size_t j = 0; j < argument.inputs.size(); ++j) tuple(argument.inputs[j], lookup_scratch + word_size * j);
    tuple(argument.table, lookup_scratch);
  }
  return most;
}

}  // namespace ezkl::evm
