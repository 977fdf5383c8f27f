#include "plonk/program.hpp"

#include <algorithm>

#include "base/cpu.hpp"
#include "base/ensure.hpp"
#include "base/parallel.hpp"
#include "field/kernels.hpp"
#include "plonk/program_avx2.hpp"
#include "plonk/program_ifma.hpp"

namespace ezkl::plonk {

using Step = ProgramStep;
using Code = ProgramStep::Code;

namespace {

/// Values of unreduced kernels stay below this many times the modulus.
constexpr unsigned most_bound = 8;
constexpr unsigned reduced_bound = 2;

/// A product of values below i p and j p comes out below (1 + 0.19 i j) p (field/ifma.hpp).
constexpr unsigned product_bound(unsigned i, unsigned j) { return 1 + (19 * i * j + 99) / 100; }

}  // namespace

/// Emits nodes after their operands, the operand that needs more registers first (Sethi and Ullman's order), and hands
/// registers back after their last use.
class Program::Compiler {
 public:
  using Graph = ExpressionGraph;
  using Id = Graph::Id;

  Compiler(Program& program, const Graph& graph, std::span<const Id> outputs)
      : program_(program), graph_(graph), outputs_(outputs) {}

  void compile() {
    wanted_ = graph_.reachable(outputs_);
    count_uses();
    absorb_products();
    count_registers();
    registers_.assign(graph_.nodes().size(), none);
    bounds_.assign(graph_.nodes().size(), 1);
    done_.assign(graph_.nodes().size(), false);
    for (std::size_t o = 0; o < outputs_.size(); ++o) {
      emit_tree(outputs_[o]);
      const std::uint32_t reg = use(outputs_[o]);
      Step step;
      step.code = Code::output;
      step.out = static_cast<std::uint32_t>(o);
      step.a = reg;
      program_.steps_.push_back(step);
      release(outputs_[o]);
    }
    program_.registers_ = used_;
  }

 private:
  static constexpr std::uint32_t none = ~std::uint32_t{0};

  static bool binary(Graph::Op op) { return op == Graph::Op::add || op == Graph::Op::sub || op == Graph::Op::mul; }

  void count_uses() {
    uses_.assign(graph_.nodes().size(), 0);
    for (Id i = 0; i < graph_.nodes().size(); ++i) {
      const Graph::Node& n = graph_.nodes()[i];
      if (!wanted_[i] || n.op == Graph::Op::constant || n.op == Graph::Op::leaf) continue;
      ++uses_[n.a];
      if (binary(n.op)) ++uses_[n.b];
    }
    for (const Id o : outputs_) ++uses_[o];
  }

  /// A product (or scaling) whose only user is a sum becomes part of it: one pass over the block instead of two.
  void absorb_products() {
    absorbed_.assign(graph_.nodes().size(), false);
    for (Id i = 0; i < graph_.nodes().size(); ++i) {
      const Graph::Node& n = graph_.nodes()[i];
      if (!wanted_[i] || n.op != Graph::Op::add) continue;
      for (const Id side : {n.b, n.a}) {
        const Graph::Op op = graph_.nodes()[side].op;
        if (uses_[side] == 1 && (op == Graph::Op::mul || op == Graph::Op::scale)) {
          absorbed_[side] = true;
          break;
        }
      }
    }
  }

  /// How many registers a node's tree takes when its costlier operand is computed first.
  void count_registers() {
    needs_.assign(graph_.nodes().size(), 1);
    for (Id i = 0; i < graph_.nodes().size(); ++i) {
      const Graph::Node& n = graph_.nodes()[i];
      if (!wanted_[i] || n.op == Graph::Op::constant || n.op == Graph::Op::leaf) continue;
      needs_[i] = needs_[n.a];
      if (binary(n.op)) needs_[i] = needs_[n.a] == needs_[n.b] ? needs_[n.a] + 1 : std::max(needs_[n.a], needs_[n.b]);
    }
  }

  void emit_tree(Id root) {
    std::vector<Id> open{root};
    while (!open.empty()) {
      const Id i = open.back();
      const Graph::Node& n = graph_.nodes()[i];
      if (done_[i] || n.op == Graph::Op::constant || n.op == Graph::Op::leaf) {
        open.pop_back();
        continue;
      }
      const bool two = binary(n.op);
      // Of equals the younger one goes first: it is the sum so far, the other its next term.
      const bool a_first = !two || needs_[n.a] > needs_[n.b] || (needs_[n.a] == needs_[n.b] && n.a > n.b);
      const Id first = a_first ? n.a : n.b;
      if (pending(first)) {
        open.push_back(first);
      } else if (two && pending(a_first ? n.b : n.a)) {
        open.push_back(a_first ? n.b : n.a);
      } else {
        open.pop_back();
        done_[i] = true;
        if (!absorbed_[i]) emit(i);
      }
    }
  }

  bool pending(Id i) const {
    const Graph::Op op = graph_.nodes()[i].op;
    return !done_[i] && op != Graph::Op::constant && op != Graph::Op::leaf;
  }

  std::uint32_t allocate() {
    if (free_.empty()) return used_++;
    const std::uint32_t reg = free_.back();
    free_.pop_back();
    return reg;
  }

  /// The register that holds node `i`; leaves and constants are brought in when first needed.
  std::uint32_t use(Id i) {
    if (registers_[i] != none) return registers_[i];
    const Graph::Node& n = graph_.nodes()[i];
    const std::uint32_t reg = registers_[i] = allocate();
    if (n.op == Graph::Op::leaf) {
      const auto number = static_cast<std::uint32_t>(program_.leaves_.size());
      program_.leaves_.push_back(graph_.leaf_value(n.a));
      Step step;
      step.code = Code::load;
      step.out = reg;
      step.a = number;
      program_.steps_.push_back(step);
    } else {
      EZKL_ENSURE(n.op == Graph::Op::constant, "an operand is used before it is computed");
      Step step;
      step.code = Code::fill;
      step.out = reg;
      step.value = graph_.constant_value(n.a);
      program_.steps_.push_back(step);
    }
    return reg;
  }

  void release(Id i) {
    if (--uses_[i] != 0) return;
    free_.push_back(registers_[i]);
    registers_[i] = none;
  }

  void emit(Id i) {
    const Graph::Node& n = graph_.nodes()[i];
    Step step;
    unsigned bound = 1;
    if (n.op == Graph::Op::add && (absorbed_[n.a] || absorbed_[n.b])) {
      const Id product = absorbed_[n.b] ? n.b : n.a;
      const Id other = absorbed_[n.b] ? n.a : n.b;
      const Graph::Node& p = graph_.nodes()[product];
      const bool scaled = p.op == Graph::Op::scale;
      step.code = scaled ? Code::scale_add : Code::mul_add;
      step.a = use(p.a);
      if (scaled) {
        step.value = graph_.constant_value(p.b);
      } else {
        step.b = use(p.b);
      }
      step.c = use(other);
      bound = product_bound(bounds_[p.a], scaled ? 1 : bounds_[p.b]) + bounds_[other];
      release(p.a);
      if (!scaled) release(p.b);
      release(other);
    } else {
      step.code = code_of(n.op);
      step.a = use(n.a);
      if (binary(n.op)) step.b = use(n.b);
      if (n.op == Graph::Op::scale || n.op == Graph::Op::shift) step.value = graph_.constant_value(n.b);
      bound = bound_of(n);
      step.subtrahend_bound = static_cast<std::uint8_t>(bounds_[n.op == Graph::Op::sub ? n.b : n.a]);
      release(n.a);
      if (binary(n.op)) release(n.b);
    }
    step.reduce = bound > most_bound;
    bounds_[i] = step.reduce ? reduced_bound : bound;
    step.out = registers_[i] = allocate();
    program_.steps_.push_back(step);
  }

  unsigned bound_of(const Graph::Node& n) const {
    switch (n.op) {
      case Graph::Op::add:
      case Graph::Op::sub:
        return bounds_[n.a] + bounds_[n.b];
      case Graph::Op::mul:
        return product_bound(bounds_[n.a], bounds_[n.b]);
      case Graph::Op::scale:
        return product_bound(bounds_[n.a], 1);
      case Graph::Op::shift:
        return bounds_[n.a] + 1;
      default:
        return bounds_[n.a];
    }
  }

  static Code code_of(Graph::Op op) {
    switch (op) {
      case Graph::Op::add:
        return Code::add;
      case Graph::Op::sub:
        return Code::sub;
      case Graph::Op::mul:
        return Code::mul;
      case Graph::Op::neg:
        return Code::neg;
      case Graph::Op::scale:
        return Code::scale;
      default:
        return Code::shift;
    }
  }

  Program& program_;
  const Graph& graph_;
  std::span<const Id> outputs_;
  std::vector<bool> wanted_, absorbed_, done_;
  std::vector<std::uint32_t> uses_, needs_, registers_, free_;
  std::vector<unsigned> bounds_;  ///< of the values of a node, in multiples of the modulus
  std::uint32_t used_ = 0;
};

Program::Program(const ExpressionGraph& graph, std::span<const ExpressionGraph::Id> outputs) {
  Compiler(*this, graph, outputs).compile();
}

std::size_t Program::products() const {
  return static_cast<std::size_t>(std::count_if(steps_.begin(), steps_.end(), [](const Step& s) {
    return s.code == Code::mul || s.code == Code::scale || s.code == Code::mul_add || s.code == Code::scale_add;
  }));
}

void Program::run(std::size_t begin, std::size_t end, const Fetch& fetch, const Sink& sink) const {
  if (fr_kernels().needs & cpu_avx512ifma) {
    run_program_ifma({leaves_, steps_, registers_}, begin, end, fetch, sink);
  } else if (fr_kernels().needs & cpu_avx2) {
    run_program_avx2({leaves_, steps_, registers_}, begin, end, fetch, sink);
  } else {
    run_plain(begin, end, fetch, sink);
  }
}

void Program::run_plain(std::size_t begin, std::size_t end, const Fetch& fetch, const Sink& sink) const {
  const FrKernels& kernels = fr_kernels();
  std::vector<Fr> storage(registers_ * block_rows);
  std::vector<const Fr*> at(registers_);
  for (std::size_t row = begin; row < end; row += block_rows) {
    const std::size_t count = std::min(block_rows, end - row);
    for (const Step& s : steps_) {
      if (s.code == Code::output) {
        sink(s.out, row, count, at[s.a]);
        continue;
      }
      Fr* out = storage.data() + s.out * block_rows;
      switch (s.code) {
        case Code::load:
          at[s.out] = fetch(leaves_[s.a], row, count, out);
          continue;
        case Code::fill:
          std::fill_n(out, count, s.value);
          break;
        case Code::add:
          kernels.add(out, at[s.a], at[s.b], count);
          break;
        case Code::sub:
          kernels.sub(out, at[s.a], at[s.b], count);
          break;
        case Code::mul:
          kernels.mul(out, at[s.a], at[s.b], count);
          break;
        case Code::neg:
          kernels.neg(out, at[s.a], count);
          break;
        case Code::scale:
          kernels.mul_scalar(out, at[s.a], s.value, count);
          break;
        case Code::shift:
          kernels.add_scalar(out, at[s.a], s.value, count);
          break;
        case Code::mul_add:
          kernels.mul_add(out, at[s.a], at[s.b], at[s.c], count);
          break;
        case Code::scale_add:
          kernels.mul_scalar_add(out, at[s.a], s.value, at[s.c], count);
          break;
        case Code::output:
          break;
      }
      at[s.out] = out;
    }
  }
}

void Program::run_parallel(std::size_t rows, const Fetch& fetch, const Sink& sink) const {
  parallel_for(rows, 4 * block_rows, [&](std::size_t begin, std::size_t end) { run(begin, end, fetch, sink); });
}

}  // namespace ezkl::plonk
