#include <algorithm>
#include <map>
#include <utility>

#include "plonk/quotient.hpp"

namespace ezkl::plonk {

using Id = ExpressionGraph::Id;

PolynomialSlots::PolynomialSlots(const FinalSystem& system) {
  const ConstraintSystem& cs = system.cs;
  std::uint32_t next = 0;
  const auto take = [&next](std::size_t amount) {
    const std::uint32_t first = next;
    next += static_cast<std::uint32_t>(amount);
    return first;
  };
  advice = take(cs.num_advice);
  fixed = take(cs.num_fixed);
  instance = take(cs.num_instance);
  sigma = take(cs.permutation.size());
  z = take(system.permutation_sets());
  phi = take(system.arguments.size());
  m = take(system.arguments.size());
  shuffle_z = take(system.shuffles.size());
  committed = next;
  first_row = take(1);
  active = take(1);
  position = take(1);
  count = next;
}

/// Collects the constraints in the order that gives them their powers of y.
class Constraints::Builder {
 public:
  Builder(Constraints& out, const FinalSystem& system, const PolynomialSlots& slots, const ConstraintScalars& scalars)
      : out_(out),
        graph_(out.graph_),
        system_(system),
        slots_(slots),
        scalars_(scalars),
        names_(slots.names(scalars.challenges)),
        blinding_(static_cast<std::int32_t>(system.cs.blinding_factors())) {}

  void build() {
    const std::size_t sets = system_.permutation_sets();
    const std::size_t permutation = sets == 0 ? 0 : 1 + 2 * sets;
    std::size_t left = system_.gates.size() + permutation + 3 * system_.arguments.size() + 3 * system_.shuffles.size();
    powers_.assign(left, Fr::one());
    for (std::size_t i = left; i-- > 1;) powers_[i - 1] = powers_[i] * scalars_.y;

    one_ = graph_.constant(Fr::one());
    first_ = graph_.leaf({slots_.first_row, 0});
    // Row n - i has the Lagrange polynomial of row 0 moved by i rows.
    last_ = graph_.leaf({slots_.first_row, blinding_ + 1});
    active_ = graph_.leaf({slots_.active, 0});
    for (const Expression& gate : system_.gates) {
      ++unit_;
      add_gate(gate);
    }
    if (sets != 0) add_permutation();
    for (std::size_t i = 0; i < system_.arguments.size(); ++i) add_lookup(i);
    for (std::size_t i = 0; i < system_.shuffles.size(); ++i) add_shuffle(i);
  }

 private:
  /// factor * body is the next constraint.
  void add(Id factor, Id body) {
    const Id scaled = graph_.scale(body, powers_[next_++]);
    const Id zero = graph_.constant(Fr::zero());
    if (factor == zero || scaled == zero) return;
    std::vector<std::uint32_t> slots = graph_.slots_of(scaled);
    const std::vector<std::uint32_t> more = graph_.slots_of(factor);
    slots.insert(slots.end(), more.begin(), more.end());
    std::sort(slots.begin(), slots.end());
    slots.erase(std::unique(slots.begin(), slots.end()), slots.end());
    out_.terms_.push_back({factor, scaled, unit_, std::move(slots)});
  }

  /// "z of this set begins with what z of the set before ends with", as two terms, so that the two sets need not be in
  /// memory together.
  void add_link(Id start, Id end_before) {
    add(first_, start);
    --next_;
    --unit_;
    add(first_, graph_.neg(end_before));
  }

  bool only_fixed(Id id) const {
    const std::vector<std::uint32_t> slots = graph_.slots_of(id);
    return std::all_of(slots.begin(), slots.end(), [this](std::uint32_t s) {
      return s >= slots_.fixed && s < slots_.fixed + system_.cs.num_fixed;
    });
  }

  /// A gate is as a rule selector * polynomial: the selector becomes the factor of its term.
  void add_gate(const Expression& gate) {
    const Expression::Node& n = gate.node();
    if (n.op == Expression::Op::product) {
      const Id factor = graph_.import(Expression(n.a), names_);
      if (only_fixed(factor)) {
        add(factor, graph_.import(Expression(n.b), names_));
        return;
      }
    }
    add(one_, graph_.import(gate, names_));
  }

  Id column(const Column& c) {
    const std::uint32_t base = c.kind == ColumnKind::advice  ? slots_.advice
                               : c.kind == ColumnKind::fixed ? slots_.fixed
                                                             : slots_.instance;
    return graph_.leaf({base + c.index, 0});
  }

  void add_permutation() {
    const auto& columns = system_.cs.permutation;
    const std::size_t sets = system_.permutation_sets();
    const std::size_t chunk = system_.permutation_chunk();
    const auto z = [this](std::size_t set, std::int32_t rotation) {
      return graph_.leaf({slots_.z + static_cast<std::uint32_t>(set), rotation});
    };
    const std::uint32_t first_unit = unit_ + 1;
    unit_ = first_unit;
    add(first_, graph_.sub(one_, z(0, 0)));
    unit_ = first_unit + static_cast<std::uint32_t>(sets) - 1;
    const Id end = z(sets - 1, 0);
    add(last_, graph_.sub(graph_.mul(end, end), end));
    for (std::size_t i = 1; i < sets; ++i) {
      unit_ = first_unit + static_cast<std::uint32_t>(i);
      add_link(z(i, 0), z(i - 1, -blinding_ - 1));
    }
    const Id position = graph_.leaf({slots_.position, 0});
    const Id gamma = graph_.constant(scalars_.gamma);
    Fr label = scalars_.beta;
    for (std::size_t i = 0; i < sets; ++i) {
      unit_ = first_unit + static_cast<std::uint32_t>(i);
      Id left = z(i, 1);
      Id right = z(i, 0);
      for (std::size_t c = i * chunk; c < std::min(columns.size(), (i + 1) * chunk); ++c) {
        const Id value = graph_.add(column(columns[c]), gamma);
        const Id sigma = graph_.leaf({slots_.sigma + static_cast<std::uint32_t>(c), 0});
        left = graph_.mul(left, graph_.add(graph_.scale(sigma, scalars_.beta), value));
        right = graph_.mul(right, graph_.add(graph_.scale(position, label), value));
        label *= Fr::delta();
      }
      add(active_, graph_.sub(left, right));
    }
  }

  void add_lookup(std::size_t index) {
    ++unit_;
    const LookupArgument& argument = system_.arguments[index];
    const auto i = static_cast<std::uint32_t>(index);
    const Id beta = graph_.constant(scalars_.beta);
    const Id phi = graph_.leaf({slots_.phi + i, 0});
    const Id phi_next = graph_.leaf({slots_.phi + i, 1});
    const Id m = graph_.leaf({slots_.m + i, 0});
    const Id table = graph_.add(graph_.compress(argument.table, scalars_.theta, names_), beta);
    Id product = one_;
    Id partial = graph_.constant(Fr::zero());  // sum over the inputs of the product of all the others
    for (const auto& tuple : argument.inputs) {
      const Id input = graph_.add(graph_.compress(tuple, scalars_.theta, names_), beta);
      partial = graph_.add(graph_.mul(partial, input), product);
      product = graph_.mul(product, input);
    }
    // "phi is 0 on the first row" and "… on the last row" have powers of y one apart: one term does for both.
    const Id ends = graph_.add(graph_.scale(first_, scalars_.y), last_);
    ++next_;
    add(ends, phi);
    const Id moved = graph_.sub(graph_.mul(product, graph_.sub(phi_next, phi)), partial);
    add(active_, graph_.add(graph_.mul(table, moved), graph_.mul(m, product)));
  }

  void add_shuffle(std::size_t index) {
    ++unit_;
    const ShuffleArgument& argument = system_.shuffles[index];
    const auto slot = slots_.shuffle_z + static_cast<std::uint32_t>(index);
    const Id z = graph_.leaf({slot, 0});
    const Id z_next = graph_.leaf({slot, 1});
    const Id gamma = graph_.constant(scalars_.gamma);
    const Id input = graph_.add(graph_.compress(argument.input, scalars_.theta, names_), gamma);
    const Id shuffled = graph_.add(graph_.compress(argument.shuffle, scalars_.theta, names_), gamma);
    add(first_, graph_.sub(one_, z));
    add(last_, graph_.sub(graph_.mul(z, z), z));
    add(active_, graph_.sub(graph_.mul(z_next, shuffled), graph_.mul(z, input)));
  }

  Constraints& out_;
  ExpressionGraph& graph_;
  const FinalSystem& system_;
  const PolynomialSlots& slots_;
  const ConstraintScalars& scalars_;
  LeafNames names_;
  std::int32_t blinding_;
  std::vector<Fr> powers_;
  std::size_t next_ = 0;
  std::uint32_t unit_ = 0;
  Id one_ = 0, first_ = 0, last_ = 0, active_ = 0;
};

Constraints::Constraints(const FinalSystem& system, const PolynomialSlots& slots, const ConstraintScalars& scalars,
                         std::vector<std::uint32_t> zero)
    : graph_(std::move(zero)) {
  Builder(*this, system, slots, scalars).build();
}

Id Constraints::sum(std::span<const std::size_t> terms) {
  std::map<Id, std::vector<Id>> by_factor;
  for (const std::size_t t : terms) by_factor[terms_[t].factor].push_back(terms_[t].body);
  Id total = graph_.constant(Fr::zero());
  for (const auto& [factor, bodies] : by_factor) {
    Id sum = bodies.front();
    for (std::size_t i = 1; i < bodies.size(); ++i) sum = graph_.add(sum, bodies[i]);
    total = graph_.add(total, graph_.mul(factor, sum));
  }
  return total;
}

Fr Constraints::evaluate(const std::function<Fr(const Leaf&)>& value) {
  std::vector<std::size_t> all(terms_.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
  return graph_.evaluate(sum(all), value);
}

}  // namespace ezkl::plonk
