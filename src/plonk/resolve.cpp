// From a configured system to the one that keys are made of: lookups are cut into arguments, selectors become fixed
// columns. source: docs/spec/proof-protocol.md 4 and 6.
#include <algorithm>
#include <cstring>
#include <limits>

#include "base/ensure.hpp"
#include "plonk/constraint_system.hpp"

namespace ezkl::plonk {
namespace {

constexpr unsigned permutation_degree = 3;
constexpr std::uint32_t no_selector = std::numeric_limits<std::uint32_t>::max();

unsigned tuple_degree(const std::vector<Expression>& tuple) {
  unsigned degree = 0;
  for (const auto& expression : tuple) degree = std::max(degree, expression.degree());
  return degree;
}

/// Of an argument whose `inputs` tuples are together of `input_degree`.
unsigned required_degree(std::size_t inputs, unsigned input_degree, unsigned table_degree) {
  return std::max(3 + static_cast<unsigned>(inputs), table_degree + input_degree + 2);
}

unsigned required_degree(const LookupArgument& argument) {
  unsigned degree = 0;
  for (const auto& tuple : argument.inputs) degree += tuple_degree(tuple);
  return required_degree(argument.inputs.size(), degree, tuple_degree(argument.table));
}

unsigned gate_degree(const ConstraintSystem& cs) {
  unsigned degree = 0;
  for (const auto& gate : cs.gates) degree = std::max(degree, tuple_degree(gate.polynomials));
  return degree;
}

/// First fit: an input joins the first argument of its table that stays within the degree the system has anyway.
std::vector<LookupArgument> cut_lookups(const ConstraintSystem& cs) {
  unsigned bound = gate_degree(cs);
  for (const auto& [key, entry] : cs.lookups) {
    unsigned widest = 0;
    for (const auto& tuple : entry.inputs) widest = std::max(widest, tuple_degree(tuple));
    bound = std::max(bound, std::max(3u, tuple_degree(entry.table) + 2) + widest);
  }
  std::vector<LookupArgument> out;
  for (const auto& [key, entry] : cs.lookups) {
    const std::size_t first = out.size();
    const unsigned table = tuple_degree(entry.table);
    std::vector<unsigned> taken;  // by the inputs of each argument of this table
    for (const auto& tuple : entry.inputs) {
      const unsigned degree = tuple_degree(tuple);
      std::size_t place = 0;
      while (place < taken.size() &&
             required_degree(out[first + place].inputs.size(), taken[place], table) + degree > bound) {
        ++place;
      }
      if (place == taken.size()) {
        out.push_back({entry.table, {}});
        taken.push_back(0);
      }
      out[first + place].inputs.push_back(tuple);
      taken[place] += degree;
    }
  }
  return out;
}

unsigned system_degree(const ConstraintSystem& cs, const std::vector<LookupArgument>& arguments) {
  unsigned degree = std::max(permutation_degree, gate_degree(cs));
  for (const auto& argument : arguments) degree = std::max(degree, required_degree(argument));
  for (const auto& shuffle : cs.shuffles) {
    degree = std::max(degree, 2 + std::max({1u, tuple_degree(shuffle.input), tuple_degree(shuffle.shuffle)}));
  }
  return std::max(degree, cs.minimum_degree.value_or(1));
}

/// The simple selector inside an expression, or no_selector.
std::uint32_t simple_selector_of(const Expression::Node& node) {
  switch (node.op) {
    case Expression::Op::selector:
      return node.simple ? node.index : no_selector;
    case Expression::Op::negated:
    case Expression::Op::scaled:
      return simple_selector_of(*node.a);
    case Expression::Op::sum:
    case Expression::Op::product: {
      const std::uint32_t left = simple_selector_of(*node.a);
      const std::uint32_t right = simple_selector_of(*node.b);
      EZKL_ENSURE(left == no_selector || right == no_selector, "two simple selectors in one expression");
      return left != no_selector ? left : right;
    }
    default:
      return no_selector;
  }
}

bool overlap(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b) {
  std::size_t i = 0;
  for (std::uint64_t x = 0, y = 0; i + sizeof x <= a.size(); i += sizeof x) {
    std::memcpy(&x, &a[i], sizeof x);
    std::memcpy(&y, &b[i], sizeof y);
    if (x & y) return true;
  }
  for (; i < a.size(); ++i) {
    if (a[i] & b[i]) return true;
  }
  return false;
}

/// The rows of a growing set of selectors, and which others are active on one of them. Two selectors of many rows meet
/// soon, a word at a time; where a key has so many that they are all but disjoint, those of few rows are looked up.
class ActiveRows {
 public:
  explicit ActiveRows(const std::vector<SelectorBits>& bits) : bits_(bits) {
    constexpr std::size_t many = 4096;
    if (bits.size() < many) return;
    words_ = (bits.size() + 63) / 64;
    by_row_.assign(bits.front().size() * words_, 0);
    for (std::size_t i = 0; i < bits.size(); ++i) {
      for (const std::size_t row : rows_of(i, bits.front().size())) {
        by_row_[row * words_ + i / 64] |= std::uint64_t{1} << (i % 64);
      }
    }
  }

  /// The rows of selector i alone.
  void begin(std::size_t i) {
    active_.assign(bits_[i].bytes().size(), 0);
    met_.assign(words_, 0);
    by_lookup_ = words_ != 0;
    add(i);
  }
  void add(std::size_t i) {
    const auto more = bits_[i].bytes();
    for (std::size_t b = 0; b < active_.size(); ++b) active_[b] |= more[b];
    if (!by_lookup_) return;
    const std::vector<std::size_t> rows = rows_of(i, few + 1);
    by_lookup_ = rows.size() <= few;
    for (const std::size_t row : rows) {
      for (std::size_t w = 0; w < words_; ++w) met_[w] |= by_row_[row * words_ + w];
    }
  }
  bool meet(std::size_t j) const {
    return by_lookup_ ? (met_[j / 64] >> (j % 64) & 1) != 0 : overlap(active_, bits_[j].bytes());
  }

 private:
  static constexpr std::size_t few = 64;

  /// The first `most` rows of a selector.
  std::vector<std::size_t> rows_of(std::size_t i, std::size_t most) const {
    std::vector<std::size_t> out;
    for (std::size_t row = 0; row < bits_[i].size() && out.size() < most; ++row) {
      if (bits_[i].get(row)) out.push_back(row);
    }
    return out;
  }

  const std::vector<SelectorBits>& bits_;
  std::vector<std::uint8_t> active_;
  std::size_t words_ = 0;              ///< of a set of selectors; 0: nothing is looked up
  std::vector<std::uint64_t> by_row_;  ///< by row: the selectors that are active there
  std::vector<std::uint64_t> met_;     ///< the selectors that meet one of the set
  bool by_lookup_ = false;
};

/// Which selectors share a column, in the order in which the columns are allocated.
std::vector<std::vector<std::uint32_t>> combine(const ConstraintSystem& cs, const std::vector<SelectorBits>& bits,
                                                unsigned max_degree) {
  std::vector<unsigned> degrees(cs.num_selectors, 0);
  for (const auto& gate : cs.gates) {
    for (const auto& polynomial : gate.polynomials) {
      const std::uint32_t selector = simple_selector_of(polynomial.node());
      if (selector != no_selector) degrees[selector] = std::max(degrees[selector], polynomial.degree());
    }
  }
  std::vector<std::vector<std::uint32_t>> out;
  std::vector<bool> placed(cs.num_selectors, false);
  for (std::uint32_t i = 0; i < cs.num_selectors; ++i) {
    if (degrees[i] != 0) continue;
    out.push_back({i});
    placed[i] = true;
  }
  ActiveRows active(bits);
  for (std::uint32_t i = 0; i < cs.num_selectors; ++i) {
    if (placed[i]) continue;
    std::vector<std::uint32_t> members{i};
    active.begin(i);
    unsigned degree = degrees[i] - 1;
    for (std::uint32_t j = i + 1; j < cs.num_selectors && degree + members.size() != max_degree; ++j) {
      if (placed[j] || active.meet(j)) continue;
      const unsigned joined = std::max(degree, degrees[j] - 1);
      if (joined + members.size() + 1 > max_degree) continue;
      degree = joined;
      members.push_back(j);
      placed[j] = true;
      active.add(j);
    }
    out.push_back(std::move(members));
  }
  return out;
}

/// Member `number` of a combination of `size` over the column `query`: nonzero only on rows that hold `number`.
Expression member_expression(const Expression& query, std::size_t number, std::size_t size) {
  Expression out = query;
  for (std::size_t other = 1; other <= size; ++other) {
    if (other != number) out = out * (Expression::constant(Fr::from_u64(other)) - query);
  }
  return out;
}

class SelectorReplacement {
 public:
  explicit SelectorReplacement(std::vector<Expression> by_selector) : by_selector_(std::move(by_selector)) {}

  Expression operator()(const Expression& expression) const {
    const auto& node = expression.node();
    switch (node.op) {
      case Expression::Op::selector:
        return by_selector_.at(node.index);
      case Expression::Op::negated:
      case Expression::Op::scaled: {
        const Expression a = (*this)(Expression(node.a));
        if (a.shared() == node.a) return expression;
        return node.op == Expression::Op::negated ? -a : a.scaled(node.value);
      }
      case Expression::Op::sum:
      case Expression::Op::product: {
        const Expression a = (*this)(Expression(node.a)), b = (*this)(Expression(node.b));
        if (a.shared() == node.a && b.shared() == node.b) return expression;
        return node.op == Expression::Op::sum ? a + b : a * b;
      }
      default:
        return expression;
    }
  }

  void apply(std::vector<Expression>& tuple) const {
    for (auto& expression : tuple) expression = (*this)(expression);
  }

 private:
  std::vector<Expression> by_selector_;
};

}  // namespace

FinalSystem resolve(const ConstraintSystem& cs, const std::vector<SelectorBits>& selectors, bool compress) {
  if (compress) {
    EZKL_ENSURE(selectors.size() == cs.num_selectors, "one activation list is needed per selector");
    for (const auto& bits : selectors) {
      EZKL_ENSURE(bits.size() == selectors.front().size(), "selectors have different numbers of rows");
    }
  }
  FinalSystem out;
  out.cs = cs;
  out.arguments = cut_lookups(cs);
  out.shuffles = cs.shuffles;
  out.degree = system_degree(cs, out.arguments);
  out.selectors_in_digest = compress ? cs.num_selectors : 0;
  out.first_selector_column = cs.num_fixed;
  if (compress) {
    out.combinations = combine(cs, selectors, out.degree);
  } else {
    for (std::uint32_t i = 0; i < cs.num_selectors; ++i) out.combinations.push_back({i});
  }

  std::vector<Expression> by_selector(cs.num_selectors);
  for (const auto& members : out.combinations) {
    const Expression query = out.cs.query(out.cs.fixed_column(), 0);
    for (std::size_t t = 0; t < members.size(); ++t) {
      by_selector[members[t]] = member_expression(query, t + 1, members.size());
    }
  }
  const SelectorReplacement replace(std::move(by_selector));
  for (auto& gate : out.cs.gates) {
    replace.apply(gate.polynomials);
    out.gates.insert(out.gates.end(), gate.polynomials.begin(), gate.polynomials.end());
  }
  for (auto& argument : out.arguments) {
    replace.apply(argument.table);
    for (auto& tuple : argument.inputs) replace.apply(tuple);
  }
  for (auto& shuffle : out.shuffles) {
    replace.apply(shuffle.input);
    replace.apply(shuffle.shuffle);
  }
  for (const auto& gate : out.gates) out.degree = std::max(out.degree, gate.degree());
  return out;
}

}  // namespace ezkl::plonk
