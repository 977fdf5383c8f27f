#include "plonk/mock.hpp"

#include <algorithm>
#include <mutex>
#include <set>
#include <string>
#include <tuple>

#include "base/ensure.hpp"
#include "base/parallel.hpp"
#include "ezkl/error.hpp"
#include "field/random.hpp"
#include "plonk/column_blocks.hpp"
#include "plonk/instance_room.hpp"
#include "plonk/program.hpp"
#include "plonk/value_index.hpp"

namespace ezkl::plonk {
namespace {

using Id = ExpressionGraph::Id;

const char* kind_name(ColumnKind kind) {
  if (kind == ColumnKind::advice) return "advice";
  return kind == ColumnKind::fixed ? "fixed" : "instance";
}

/// Field elements near 0 from either side read best as signed integers.
std::string value_text(const Fr& value) {
  const auto small = value.to_small();
  return small ? std::to_string(*small) : value.to_hex_be();
}

class MockRun {
 public:
  MockRun(const ConstraintSystem& cs, unsigned k, const Assembly& assembly, std::span<const ColumnValues> advice,
          std::span<const std::vector<Fr>> instances, std::span<const Fr> challenges,
          const std::function<std::string(const Cell&)>& where, std::size_t limit)
      : cs_(cs),
        assembly_(assembly),
        advice_(advice),
        where_(where),
        limit_(limit),
        n_(std::size_t{1} << k),
        usable_(cs.usable_rows(k)),
        names_{0, cs.num_advice, cs.num_advice + cs.num_fixed, cs.num_advice + cs.num_fixed + cs.num_instance,
               challenges} {
    check_sizes(k, instances);
  }

  std::vector<MockFailure> run() {
    check_gates();
    check_lookups();
    check_shuffles();
    check_copies();
    // The order does not depend on the threads that found them.
    std::sort(failures_.begin(), failures_.end(), [](const MockFailure& a, const MockFailure& b) {
      return std::tie(a.row, a.constraint, a.text) < std::tie(b.row, b.constraint, b.text);
    });
    if (failures_.size() > limit_) failures_.resize(limit_);
    return std::move(failures_);
  }

 private:
  void check_sizes(unsigned k, std::span<const std::vector<Fr>> instances) {
    EZKL_ENSURE(advice_.size() == cs_.num_advice && assembly_.fixed.size() == cs_.num_fixed &&
                    assembly_.selectors.size() == cs_.num_selectors &&
                    assembly_.next.size() == cs_.permutation.size() * n_ &&
                    names_.challenges.size() == cs_.num_challenges,
                "a mock run needs every column, selector, successor and challenge of its system");
    for (const ColumnValues& column : advice_) EZKL_ENSURE(column.size() == n_, "advice columns have n rows");
    for (const ColumnValues& column : assembly_.fixed) EZKL_ENSURE(column.size() == n_, "fixed columns have n rows");
    if (instances.size() != cs_.num_instance) {
      throw Error(Fault::format, std::to_string(instances.size()) + " instance columns given, the circuit has " +
                                     std::to_string(cs_.num_instance));
    }
    for (const std::vector<Fr>& values : instances) {
      if (const auto refusal = instance_room_refusal(cs_, k, values.size())) throw Error(Fault::format, *refusal);
      ColumnValues column(n_);
      for (std::size_t row = 0; row < values.size(); ++row) column.set(row, values[row]);
      instances_.push_back(std::move(column));
    }
  }

  const ColumnValues* column_of_slot(std::uint32_t slot) const {
    if (slot < names_.fixed) return &advice_[slot];
    if (slot < names_.instance) return &assembly_.fixed[slot - names_.fixed];
    return slot < names_.selector ? &instances_[slot - names_.instance] : nullptr;
  }

  Program::Fetch fetch() const {
    return fetch_rows(
        n_, [this](std::uint32_t slot) { return column_of_slot(slot); },
        [this](std::uint32_t slot) { return &assembly_.selectors.at(slot - names_.selector); });
  }

  const ColumnValues& values_of(const Column& column) const {
    if (column.kind == ColumnKind::advice) return advice_[column.index];
    return column.kind == ColumnKind::fixed ? assembly_.fixed[column.index] : instances_[column.index];
  }

  void fail(std::string constraint, std::string text, std::size_t row) {
    const std::scoped_lock lock(mutex_);
    failures_.push_back({std::move(constraint), std::move(text), static_cast<std::uint32_t>(row)});
    // Every thread may run ahead a little; the worst of it is cut here so that a wholly broken witness stays cheap.
    if (failures_.size() < 64 * (limit_ + 1)) return;
    std::nth_element(failures_.begin(), failures_.begin() + static_cast<std::ptrdiff_t>(limit_), failures_.end(),
                     [](const MockFailure& a, const MockFailure& b) { return a.row < b.row; });
    failures_.resize(limit_);
  }

  std::string place(const Cell& cell) const { return where_ ? where_(cell) : std::string(); }

  /// "advice[2] row 7 = -3 (node 4 'Relu'), …": the cells an expression reads.
  void describe(const Expression::Node& node, std::size_t row, std::set<std::string>& out) const {
    switch (node.op) {
      case Expression::Op::fixed:
      case Expression::Op::advice:
      case Expression::Op::instance: {
        const ColumnKind kind = node.op == Expression::Op::advice  ? ColumnKind::advice
                                : node.op == Expression::Op::fixed ? ColumnKind::fixed
                                                                   : ColumnKind::instance;
        const Column column{kind, node.index, node.phase};
        const std::size_t at = (row + static_cast<std::size_t>(static_cast<std::int64_t>(node.rotation))) & (n_ - 1);
        out.insert(cell_text({column, static_cast<std::uint32_t>(at)}));
        break;
      }
      default:
        if (node.a) describe(*node.a, row, out);
        if (node.b) describe(*node.b, row, out);
    }
  }

  std::string cell_text(const Cell& cell) const {
    std::string out = std::string(kind_name(cell.column.kind)) + "[" + std::to_string(cell.column.index) + "] row " +
                      std::to_string(cell.row) + " = " + value_text(values_of(cell.column).at(cell.row));
    const std::string name = place(cell);
    return name.empty() ? out : out + " (" + name + ")";
  }

  std::string cells_text(std::span<const Expression> expressions, std::size_t row) const {
    std::set<std::string> cells;
    for (const Expression& e : expressions) describe(e.node(), row, cells);
    std::string out;
    for (const std::string& cell : cells) out += (out.empty() ? "" : ", ") + cell;
    return out;
  }

  /// The blocks of rows in which a gate can be anything but 0: where its selectors are active, if it has such.
  std::vector<std::size_t> active_blocks(const Gate& gate) const {
    constexpr std::size_t block = Program::block_rows;
    std::vector<bool> active((usable_ + block - 1) / block, false);
    for (const Expression& e : gate.polynomials) {
      const Expression::Node& n = e.node();
      if (n.op != Expression::Op::product || n.a->op != Expression::Op::selector) {
        active.assign(active.size(), true);
        break;
      }
      const SelectorBits& bits = assembly_.selectors.at(n.a->index);
      for (std::size_t row = 0; row < usable_; ++row) {
        if (bits.get(row)) active[row / block] = true;
      }
    }
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < active.size(); ++i) {
      if (active[i]) out.push_back(i);
    }
    return out;
  }

  void check_gates() {
    for (const Gate& gate : cs_.gates) {
      ExpressionGraph graph;
      std::vector<Id> outputs;
      for (const Expression& e : gate.polynomials) outputs.push_back(graph.import(e, names_));
      const Program program(graph, outputs);
      const auto sink = [&](std::size_t o, std::size_t begin, std::size_t count, const Fr* values) {
        for (std::size_t i = 0; i < count; ++i) {
          if (!values[i].is_zero()) fail_gate(gate, o, values[i], begin + i);
        }
      };
      const std::vector<std::size_t> blocks = active_blocks(gate);
      parallel_for(blocks.size(), 4, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
          const std::size_t row = blocks[i] * Program::block_rows;
          program.run(row, std::min(row + Program::block_rows, usable_), fetch(), sink);
        }
      });
    }
  }

  void fail_gate(const Gate& gate, std::size_t polynomial, const Fr& value, std::size_t row) {
    fail("gate " + gate.name,
         "polynomial " + std::to_string(polynomial) + " is " + value_text(value) + ", not 0, with " +
             cells_text(std::span(&gate.polynomials[polynomial], 1), row),
         row);
  }

  void check_lookups() {
    // Tuples are compared as one value each: a scalar drawn after they are fixed keeps different ones apart.
    Random random = Random::from_os();
    const Fr theta = random_fr(random);
    for (const auto& named : cs_.lookups) {
      const LookupEntry& entry = named.second;
      ExpressionGraph graph;
      std::vector<Id> outputs{graph.compress(entry.table, theta, names_)};
      for (const auto& tuple : entry.inputs) outputs.push_back(graph.compress(tuple, theta, names_));
      std::vector<Fr> table(usable_);
      Program(graph, std::span(outputs).first(1))
          .run_parallel(usable_, fetch(), [&](std::size_t, std::size_t begin, std::size_t count, const Fr* values) {
            std::copy_n(values, count, table.begin() + static_cast<std::ptrdiff_t>(begin));
          });
      const ValueIndex index(table);
      Program(graph, std::span(outputs).subspan(1))
          .run_parallel(usable_, fetch(), [&](std::size_t o, std::size_t begin, std::size_t count, const Fr* values) {
            for (std::size_t i = 0; i < count; ++i) {
              if (index.find(values[i]) != ValueIndex::missing) continue;
              fail("lookup " + named.first,
                   "call " + std::to_string(o) + ": not in the table, with " + cells_text(entry.inputs[o], begin + i),
                   begin + i);
            }
          });
    }
  }

  void check_shuffles() {
    Random random = Random::from_os();
    const Fr theta = random_fr(random);
    for (std::size_t s = 0; s < cs_.shuffles.size(); ++s) {
      ExpressionGraph graph;
      const Id outputs[] = {graph.compress(cs_.shuffles[s].input, theta, names_),
                            graph.compress(cs_.shuffles[s].shuffle, theta, names_)};
      std::vector<Fr> sides[] = {std::vector<Fr>(usable_), std::vector<Fr>(usable_)};
      Program(graph, outputs)
          .run_parallel(usable_, fetch(), [&](std::size_t o, std::size_t begin, std::size_t count, const Fr* values) {
            std::copy_n(values, count, sides[o].begin() + static_cast<std::ptrdiff_t>(begin));
          });
      const ValueIndex index(sides[1]);
      std::vector<std::int64_t> left(usable_, 0);
      for (const Fr& value : sides[1]) ++left[index.find(value)];
      for (std::size_t row = 0; row < usable_; ++row) {
        const std::uint32_t at = index.find(sides[0][row]);
        if (at != ValueIndex::missing && left[at]-- > 0) continue;
        fail("shuffle " + std::to_string(s),
             "no row of the other side is left for " + cells_text(cs_.shuffles[s].input, row), row);
      }
    }
  }

  void check_copies() {
    parallel_tasks(cs_.permutation.size(), [&](std::size_t c) {
      const ColumnValues& column = values_of(cs_.permutation[c]);
      for (std::size_t row = 0; row < n_; ++row) {
        const std::uint32_t other = assembly_.next[c * n_ + row];
        if (other == c * n_ + row) continue;
        const Column& other_column = cs_.permutation[other / n_];
        const auto other_row = static_cast<std::uint32_t>(other % n_);
        if (row >= usable_) {
          fail("copy", "row " + std::to_string(row) + " is not usable but under a copy constraint", row);
        } else if (column.at(row) != values_of(other_column).at(other_row)) {
          fail("copy",
               cell_text({cs_.permutation[c], static_cast<std::uint32_t>(row)}) + " must equal " +
                   cell_text({other_column, other_row}),
               row);
        }
      }
    });
  }

  const ConstraintSystem& cs_;
  const Assembly& assembly_;
  std::span<const ColumnValues> advice_;
  const std::function<std::string(const Cell&)>& where_;
  std::size_t limit_, n_, usable_;
  LeafNames names_;
  std::vector<ColumnValues> instances_;
  std::mutex mutex_;
  std::vector<MockFailure> failures_;
};

}  // namespace

std::uint64_t mock_bytes(const ConstraintSystem& cs, unsigned k) {
  // In bytes a row, by what stands in memory at the same time.
  constexpr std::size_t integer = 8, element = sizeof(Fr), link = sizeof(std::uint32_t);
  constexpr std::size_t wide = sizeof(std::pair<std::uint32_t, Fr>), slots = 4 * link;
  const std::size_t cells = cs.permutation.size();
  std::size_t columns = integer * (cs.num_advice + cs.num_fixed + cs.num_instance) + cs.num_selectors / 8 + 1;
  for (const auto phase : cs.advice_phase) columns += phase > 0 ? wide : 0;
  std::size_t comparing = 0;
  if (!cs.lookups.empty()) comparing = element + slots;
  if (!cs.shuffles.empty()) comparing = 2 * element + slots + integer;
  // The assembly joins cycles of cells; afterwards their successors stay.
  return static_cast<std::uint64_t>(columns + std::max(3 * link * cells, link * cells + comparing)) << k;
}

std::vector<MockFailure> mock_check(const ConstraintSystem& cs, unsigned k, const Assembly& assembly,
                                    std::span<const ColumnValues> advice, std::span<const std::vector<Fr>> instances,
                                    std::span<const Fr> challenges,
                                    const std::function<std::string(const Cell&)>& where, std::size_t limit) {
  return MockRun(cs, k, assembly, advice, instances, challenges, where, limit).run();
}

}  // namespace ezkl::plonk
