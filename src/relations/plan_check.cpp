#include "relations/plan_check.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <unordered_set>

#include "ezkl/error.hpp"
#include "relations/reshape.hpp"
#include "relations/weight_cost.hpp"

namespace ezkl::relations {
namespace {

constexpr std::int64_t largest_step = std::int64_t{1} << 40;
constexpr std::uint64_t largest_volume = std::uint64_t{1} << Cube::largest_bits;

/// Tensors that are read at any weights, and those of which an expression is made.
template <class Read, class Add>
void visit_needs(const Plan& plan, Read&& read, Add&& add) {
  const auto expression = [&](const Expression& e) {
    for (const Term& term : e.terms) add(term.tensor);
  };
  for (const Constraint& constraint : plan.constraints) expression(constraint.expression);
  for (const Square& square : plan.squares) add(square.tensor);
  for (const Lookup& lookup : plan.lookups) {
    for (const Expression& column : lookup.columns) expression(column);
  }
  for (const Gather& gather : plan.gathers) {
    for (const std::uint32_t tensor : {gather.data, gather.index, gather.out}) read(tensor);
  }
  for (const Permute& permute : plan.permutes) {
    for (const std::uint32_t tensor : permute.ys) read(tensor);
    for (const std::uint32_t tensor : permute.xs) read(tensor);
  }
  for (const Table& table : plan.tables) {
    if (table.function && table.values != Table::no_values) read(table.values);
  }
  for (const Tree& tree : plan.trees) {
    for (const auto& [table, counts] : tree.tables) read(counts);
    for (const std::uint32_t counts : tree.gather_counts) read(counts);
  }
}

constexpr std::size_t most_axes = 64;

class Check {
 public:
  explicit Check(const Plan& plan) : plan_(plan) {}

  void run() {
    options();
    std::uint64_t cells = 0;
    for (std::uint32_t id = 0; id < plan_.tensors.size(); ++id) {
      const PlanTensor& tensor = plan_.tensors[id];
      need(tensor.cube.extents().size() == tensor.shape.size() &&
               std::equal(tensor.shape.begin(), tensor.shape.end(), tensor.cube.extents().begin()),
           id, "another cube than its shape's");
      // What weights do with axes is quadratic in their number.
      need(tensor.shape.size() <= most_axes && tensor.loops.size() <= most_axes, id, "more than 64 axes or loops");
      cells += tensor.cube.cells();
      need(cells <= largest_volume, id, "more than 2^34 cells with those before it");
      check_tensor(id, tensor);
    }
    order();
    claims();
    trees();
    ranks();
    try {
      weight_work(plan_);
    } catch (const Error& e) {
      fail(e.what());
    }
  }

 private:
  [[noreturn]] static void fail(const std::string& what) {
    throw Error(Fault::format, "a plan that cannot be run: " + what);
  }
  static void need(bool holds, const std::string& what) {
    if (!holds) fail(what);
  }
  static void need(bool holds, std::uint32_t id, const char* what) {
    if (!holds) fail("tensor " + std::to_string(id) + " has " + what);
  }
  const PlanTensor& tensor(std::uint32_t id) const {
    need(id < plan_.tensors.size(), "a tensor " + std::to_string(id) + " of " + std::to_string(plan_.tensors.size()));
    return plan_.tensors[id];
  }

  void options() const {
    const PlanOptions& o = plan_.options;
    need(o.row_bits >= o.least_row_bits && o.row_bits <= o.most_row_bits, "rows of 2^" + std::to_string(o.row_bits) + " cells");
    need(o.limb_bits >= 1 && o.limb_bits <= o.most_limb_bits, "limbs of " + std::to_string(o.limb_bits) + " bits");
    need(o.tree_bits >= 1 && o.tree_bits <= o.most_tree_bits, "trees of 2^" + std::to_string(o.tree_bits) + " cells");
  }

  void check_axes(std::uint32_t id, const std::vector<claims::AxisMap>& axes, const Shape& loops,
                  std::uint32_t source) const {
    need(axes.size() == tensor(source).shape.size(), id, "another number of axis maps than its source has axes");
    for (const claims::AxisMap& axis : axes) {
      need(axis.base > -largest_step && axis.base < largest_step, id, "a base of more than 40 bits");
      for (std::size_t k = 0; k < axis.strides.size(); ++k) {
        const auto& [loop, stride] = axis.strides[k];
        need(loop < loops.size() && loops[loop] > 1, id, "an axis driven by no loop");
        need(k == 0 || axis.strides[k - 1].first < loop, id, "loops of an axis out of order");
        need(stride != 0 && stride > -largest_step && stride < largest_step, id,
             "a stride of 0 or of more than 40 bits");
      }
    }
  }

  void check_loops(std::uint32_t id, const PlanTensor& t) const {
    need(t.loops.size() >= t.shape.size() && std::equal(t.shape.begin(), t.shape.end(), t.loops.begin()), id,
         "loops that do not begin with its shape");
    std::uint64_t all = 1;
    for (const std::size_t extent : t.loops) {
      need(extent >= 1 && extent <= largest_volume / all, id, "loops of more than 2^34 steps");
      all *= extent;
    }
  }

  /// A tensor that is named twice would count with the sum of both coefficients, to prover and verifier alike, and one
  /// times 0 for nothing. No record gives either: they would only say one thing in several ways, and hide a coefficient
  /// from whoever reads a key. Tensors of which there may be two, on purpose: the factors of a product, the columns of
  /// a permutation, the sources of a remap.
  void check_expression(const Expression& expression, std::uint32_t shaped_as, const std::string& where) const {
    const PlanTensor& as = tensor(shaped_as);
    std::unordered_set<std::uint32_t> named;
    for (const Term& term : expression.terms) {
      const PlanTensor& t = tensor(term.tensor);
      need(t.shape == as.shape || t.cube.elements() == 1, where + " adds tensors of other shapes");
      need(named.insert(term.tensor).second,
           where + " names tensor " + std::to_string(term.tensor) + " twice in a sum");
      need(!term.coefficient.is_zero(), where + " has 0 times tensor " + std::to_string(term.tensor) + " in a sum");
    }
  }

  void check_tensor(std::uint32_t id, const PlanTensor& t) const {
    const auto sources = [&](std::size_t count) {
      need(t.sources.size() == count, id, "another number of sources than its kind");
      for (const std::uint32_t source : t.sources) tensor(source);
    };
    need(!t.materialised || t.kind == TensorKind::product || t.kind == TensorKind::contraction, id,
         "a mark that only products have");
    switch (t.kind) {
      case TensorKind::instance:
      case TensorKind::committed:
      case TensorKind::keyed:
      case TensorKind::keyed_param:
        sources(0);
        break;
      case TensorKind::known:
        sources(0);
        need(t.values != nullptr && (t.values->size() == t.cube.elements() || t.values->size() == 1), id,
             "values for other elements");
        break;
      case TensorKind::linear:
        sources(0);
        check_expression(t.linear, id, "tensor " + std::to_string(id));
        break;
      case TensorKind::view:
      case TensorKind::sum:
        sources(1);
        check_loops(id, t);
        need(t.kind == TensorKind::sum || t.loops.size() == t.shape.size(), id, "a view that sums");
        need(t.axes.size() == 1, id, "more axis maps than sources");
        check_axes(id, t.axes[0], t.loops, t.sources[0]);
        break;
      case TensorKind::reshape:
        sources(1);
        need(tensor(t.sources[0]).cube.elements() == t.cube.elements(), id,
             "another number of elements than its source");
        break;
      case TensorKind::remap: {
        sources(t.sources.size());
        need(t.map != nullptr && t.values != nullptr && t.map->size() == t.cube.elements(), id,
             "a map of other elements");
        std::uint64_t all = 0;
        for (const std::uint32_t source : t.sources) all += tensor(source).cube.elements();
        for (const std::int64_t at : *t.map) {
          need(at < 0 ? static_cast<std::uint64_t>(-1 - at) < t.values->size() : static_cast<std::uint64_t>(at) < all,
               id, "a map to elements that are not there");
        }
        break;
      }
      case TensorKind::product:
        sources(2);
        for (const std::uint32_t source : t.sources)
          need(tensor(source).shape == t.shape, id, "factors of another shape");
        break;
      case TensorKind::contraction:
        sources(2);
        check_loops(id, t);
        need(t.axes.size() == 2, id, "axis maps for other factors than two");
        for (std::size_t k = 0; k < 2; ++k) check_axes(id, t.axes[k], t.loops, t.sources[k]);
        break;
      default:
        need(false, id, "a kind that is none");
    }
  }

  /// Nothing is made of itself.
  void order() const {
    enum : std::uint8_t { untouched, open, done };
    std::vector<std::uint8_t> state(plan_.tensors.size(), untouched);
    for (std::uint32_t start = 0; start < state.size(); ++start) {
      std::vector<std::uint32_t> path{start};
      while (!path.empty()) {
        const std::uint32_t at = path.back();
        if (state[at] != untouched) {
          path.pop_back();
          state[at] = done;
          continue;
        }
        state[at] = open;
        plan_.tensors[at].visit_sources([&](std::uint32_t source) {
          need(state[source] != open, source, "itself among its sources");
          if (state[source] == untouched) path.push_back(source);
        });
      }
    }
  }

  void claims() const {
    std::vector<bool> shown(plan_.tensors.size());
    for (const std::uint32_t id : plan_.instances) {
      need(tensor(id).kind == TensorKind::instance && !shown[id], id, "no place, or two, in the statement");
      shown[id] = true;
    }
    for (std::uint32_t id = 0; id < shown.size(); ++id) {
      need(plan_.tensors[id].kind != TensorKind::instance || shown[id], id, "no place in the statement");
    }
    for (const Constraint& constraint : plan_.constraints) {
      check_expression(constraint.expression, constraint.shaped_as, "a constraint");
      if (!constraint.of) continue;
      const PlanTensor& product = tensor(*constraint.of);
      need(product.materialised && product.shape == tensor(constraint.shaped_as).shape, *constraint.of,
           "a constraint of another shape");
    }
    for (const Square& square : plan_.squares) tensor(square.tensor);
    for (const Table& table : plan_.tables) {
      need(table.rows >= 1 && table.rows <= Table::most_rows, "a table of " + std::to_string(table.rows) + " rows");
      if (!table.function) continue;
      const PlanTensor& values = tensor(table.values);
      need(values.kind == TensorKind::keyed && values.shape == Shape{table.rows}, table.values,
           "another shape than its table's");
    }
    for (const Lookup& lookup : plan_.lookups) {
      need(lookup.table < plan_.tables.size(), "a lookup in no table");
      need(lookup.columns.size() == (plan_.tables[lookup.table].function ? 2u : 1u),
           "a lookup of other columns than its table's");
      for (const Expression& column : lookup.columns) check_expression(column, lookup.shaped_as, "a lookup");
    }
    for (const Gather& gather : plan_.gathers) {
      const Shape &data = tensor(gather.data).shape, &index = tensor(gather.index).shape;
      need(data.size() == 2 && index.size() == 2 && data[0] == index[0] && tensor(gather.out).shape == index,
           "a gather of other shapes");
    }
    for (const Permute& permute : plan_.permutes) {
      need(!permute.ys.empty() && permute.ys.size() == permute.xs.size(), "a permutation of unpaired columns");
      const Shape& shape = tensor(permute.ys[0]).shape;
      need(shape.size() == 2, "a permutation of other than lines");
      for (const auto* columns : {&permute.ys, &permute.xs}) {
        for (const std::uint32_t id : *columns)
          need(tensor(id).shape == shape, id, "another shape than its permutation");
      }
    }
  }

  void trees() const {
    need(!plan_.trees.empty(), "no tree");
    std::vector<unsigned> lookups(plan_.lookups.size()), gathers(plan_.gathers.size()), permutes(plan_.permutes.size());
    const auto count = [&](const std::vector<std::uint32_t>& numbers, std::vector<unsigned>& seen) {
      for (const std::uint32_t k : numbers) {
        need(k < seen.size() && seen[k]++ == 0, "a lookup in no tree, or in two");
      }
    };
    const auto counts_of = [&](std::uint32_t id, const Shape& shape) {
      need(tensor(id).kind == TensorKind::committed && tensor(id).shape == shape, id,
           "another shape than what it counts");
    };
    for (const Tree& tree : plan_.trees) {
      count(tree.lookups, lookups);
      count(tree.gathers, gathers);
      count(tree.permutes, permutes);
      std::set<std::uint32_t> wanted;
      for (const std::uint32_t k : tree.lookups) wanted.insert(plan_.lookups[k].table);
      for (std::size_t i = 0; i < tree.tables.size(); ++i) {
        const auto& [table, counts] = tree.tables[i];
        need(wanted.contains(table) && (i == 0 || tree.tables[i - 1].first < table),
             "a tree of other tables than its lookups'");
        counts_of(counts, {plan_.tables[table].rows});
      }
      need(tree.tables.size() == wanted.size(), "a tree without a table that it looks into");
      need(tree.gather_counts.size() == tree.gathers.size(), "a tree without the counts of a gather");
      for (std::size_t i = 0; i < tree.gathers.size(); ++i) {
        counts_of(tree.gather_counts[i], tensor(plan_.gathers[tree.gathers[i]].data).shape);
      }
      std::uint64_t leaves = 0;
      const auto lay = [&](std::uint32_t id, std::uint64_t times) { leaves += times * tensor(id).cube.cells(); };
      for (const std::uint32_t k : tree.lookups) lay(plan_.lookups[k].shaped_as, 1);
      for (const auto& [table, counts] : tree.tables) lay(counts, 1);
      for (const std::uint32_t k : tree.gathers) {
        lay(plan_.gathers[k].data, 1);
        lay(plan_.gathers[k].index, 1);
      }
      for (const std::uint32_t k : tree.permutes) lay(plan_.permutes[k].ys[0], 2);
      need(leaves <= std::uint64_t{1} << 32, "a tree of more than 2^32 leaves");
    }
    for (const auto* seen : {&lookups, &gathers, &permutes}) {
      need(std::all_of(seen->begin(), seen->end(), [](unsigned n) { return n == 1; }),
           "a lookup in no tree, or in two");
    }
  }

  /// What may stand where a tensor is read: products, contractions, or neither.
  enum class Rank : std::uint8_t { linear, contractions, products };

  void readable(std::uint32_t start, Rank allowed, std::vector<std::uint8_t>& passed) const {
    std::vector<std::pair<std::uint32_t, Rank>> todo{{start, allowed}};
    while (!todo.empty()) {
      const auto [at, rank] = todo.back();
      todo.pop_back();
      // Once seen with as little allowed, it needs no second look.
      if (passed[at] != 0 && passed[at] - 1u <= static_cast<unsigned>(rank)) continue;
      passed[at] = static_cast<std::uint8_t>(static_cast<unsigned>(rank) + 1);
      const PlanTensor& t = plan_.tensors[at];
      if (t.is_anchor()) continue;
      if (t.kind == TensorKind::product || t.kind == TensorKind::contraction) {
        need(rank == Rank::products || (rank == Rank::contractions && t.kind == TensorKind::contraction), at,
             "a product in it that is not committed to");
        continue;
      }
      const Rank of_sources = keeps_points(plan_, t) ? rank : Rank::linear;
      t.visit_sources([&](std::uint32_t source) { todo.emplace_back(source, of_sources); });
    }
  }

  void ranks() const {
    std::vector<std::uint8_t> passed(plan_.tensors.size());
    visit_needs(
        plan_, [&](std::uint32_t id) { readable(id, Rank::linear, passed); },
        [&](std::uint32_t id) { readable(id, Rank::products, passed); });
    for (const Square& square : plan_.squares) readable(square.tensor, Rank::contractions, passed);
    const std::vector<bool> needed = needed_tensors(plan_);
    std::vector<unsigned> shown(plan_.tensors.size());
    for (const Constraint& constraint : plan_.constraints) {
      if (constraint.of) ++shown[*constraint.of];
    }
    for (std::uint32_t id = 0; id < plan_.tensors.size(); ++id) {
      const PlanTensor& t = plan_.tensors[id];
      if (!needed[id]) continue;
      if (t.kind == TensorKind::product) {
        for (const std::uint32_t source : t.sources) readable(source, Rank::contractions, passed);
      } else if (t.kind == TensorKind::contraction) {
        for (const std::uint32_t source : t.sources) readable(source, Rank::linear, passed);
      }
      need(shown[id] == (t.materialised ? 1u : 0u), id, "no constraint that makes it the product it is");
    }
    need(listed_elements(plan_) <= most_listed_elements, "more than 2^22 elements that are rearranged one by one");
  }

  const Plan& plan_;
};

}  // namespace

std::vector<bool> needed_tensors(const Plan& plan) {
  std::vector<std::uint32_t> todo;
  const auto add = [&](std::uint32_t id) { todo.push_back(id); };
  visit_needs(plan, add, add);
  std::vector<bool> out(plan.tensors.size());
  while (!todo.empty()) {
    const std::uint32_t at = todo.back();
    todo.pop_back();
    if (out[at]) continue;
    out[at] = true;
    plan.tensors[at].visit_sources([&](std::uint32_t source) { todo.push_back(source); });
  }
  return out;
}

std::uint64_t listed_elements(const Plan& plan) {
  const std::vector<bool> needed = needed_tensors(plan);
  std::uint64_t out = 0;
  for (std::size_t id = 0; id < needed.size(); ++id) {
    const PlanTensor& t = plan.tensors[id];
    if (!needed[id]) continue;
    if (t.kind == TensorKind::remap || (t.kind == TensorKind::reshape && !keeps_points(plan, t)))
      out += t.cube.elements();
  }
  return out;
}

void list_tensors(Plan& plan) {
  const std::vector<bool> needed = needed_tensors(plan);
  for (std::uint32_t id = 0; id < plan.tensors.size(); ++id) {
    if (!needed[id]) continue;
    if (plan.tensors[id].is_committed()) plan.committed.push_back(id);
    if (plan.tensors[id].is_keyed()) plan.keyed.push_back(id);
    if (plan.tensors[id].kind == TensorKind::contraction) plan.contractions.push_back(id);
  }
}

void check_plan(const Plan& plan) { Check(plan).run(); }

}  // namespace ezkl::relations
