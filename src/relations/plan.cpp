#include "relations/plan.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>

#include "base/ensure.hpp"
#include "base/session_state.hpp"
#include "ezkl/error.hpp"
#include "graph/claims/interval.hpp"
#include "relations/plan_check.hpp"
#include "relations/plan_steps.hpp"
#include "relations/reshape.hpp"
#include "relations/weight_cost.hpp"

namespace ezkl::relations {
namespace {

using claims::AxisMap;
using claims::Claim;
using claims::Kind;
using claims::Origin;

/// Fixed tensors of so few elements, or of equal ones, stand in the plan.
constexpr std::size_t known_elements = 64;

bool is_known(const claims::Values& values) {
  return values.size() <= known_elements ||
         std::all_of(values.begin(), values.end(), [&](Int128 v) { return v == values[0]; });
}

void check_options(const PlanOptions& o) {
  const auto check = [](const char* name, unsigned value, unsigned lo, unsigned hi) {
    if (value >= lo && value <= hi) return;
    throw Error(Fault::range, std::string(name) + " of " + std::to_string(value) + ", between " + std::to_string(lo) +
                                  " and " + std::to_string(hi) + " is possible");
  };
  check("row-bits", o.row_bits, o.least_row_bits, o.most_row_bits);
  check("limb-bits", o.limb_bits, 1, o.most_limb_bits);
  check("tree-bits", o.tree_bits, 1, o.most_tree_bits);
}

/// Step 1 and 2: what the tensors of the record are, and the equations of its claims and bindings.
class Planner {
 public:
  Planner(const claims::Record& record, const PlanOptions& options) : record_(record), builder_(options) {}

  Plan run() {
    add_tensors();
    std::vector<Equation> equations;
    for (const Claim& claim : record_.claims) take_claim(claim, equations);
    bind(equations);
    tell_products();
    for (const Equation& equation : equations) eliminate(builder_, equation);
    fold_constants(builder_);
    for (const Claim& claim : record_.claims) in_node(claim, [&] { prove_claim(claim); });
    fold_constants(builder_);
    materialise(builder_);
    plant_trees(builder_);
    list_tensors(builder_.plan);
    const std::vector<Hint> other{{"proof_system", "this model needs {} plonk"}};
    if (listed_elements(builder_.plan) > most_listed_elements) {
      throw Error(Fault::range, "more than 2^22 elements are rearranged one by one", other);
    }
    try {
      weight_work(builder_.plan);
    } catch (const Error& e) {
      throw Error(e.fault(), e.what(), other);
    }
    return std::move(builder_.plan);
  }

 private:
  template <class Body>
  void in_node(const Claim& claim, Body&& body) const {
    check_stop();
    in_context("node '" + record_.node_names[claim.node] + "'", std::forward<Body>(body));
  }

  void add_tensors() {
    for (const claims::TensorInfo& info : record_.tensors) {
      in_context("node '" + record_.node_names[info.node] + "'", [&] {
        if (info.used && info.field)
          throw Error(Fault::unsupported, "field elements are for PLONK", {{"proof_system", "use {} plonk"}});
        // A tensor that no claim mentions any more may be of any shape.
        const std::uint32_t id = builder_.add(info.used ? info.shape : Shape{1}, TensorKind::committed, {});
        const claims::Interval& bounds = info.interval;
        EZKL_ENSURE(!info.used || !info.proven || claims::magnitude(bounds) <= Int128{1} << 126,
                    "a proven tensor is that of an integer modulo the field");
        PlanTensor& tensor = builder_.plan.tensors[id];
        if (info.origin == Origin::param) tensor.kind = TensorKind::keyed_param;
        if (info.origin == Origin::fixed) tensor.kind = TensorKind::keyed;
        builder_.candidate[id] = info.origin == Origin::hint;
      });
    }
    builder_.plan.of_record = builder_.plan.tensors.size();
    for (const auto& [t, values] : record_.params) {
      PlanTensor& tensor = builder_.plan.tensors[t.id];
      tensor.values = values;
      if (tensor.kind == TensorKind::keyed && is_known(*values)) tensor.kind = TensorKind::known;
    }
  }

  PlanTensor& defined(const Claim& claim, TensorKind kind) {
    EZKL_ENSURE(claim.defines && claim.out.size() == 1, "a claim that defines its one tensor");
    PlanTensor& out = builder_.plan.tensors[claim.out[0].id];
    out.kind = kind;
    for (const claims::Tensor t : claim.in) out.sources.push_back(t.id);
    return out;
  }

  void take_claim(const Claim& claim, std::vector<Equation>& equations) {
    switch (claim.kind) {
      case Kind::constant: {
        PlanTensor& out = defined(claim, is_known(*claim.values) ? TensorKind::known : TensorKind::keyed);
        out.values = claim.values;
        break;
      }
      case Kind::linear: {
        std::vector<Term> terms;
        for (std::size_t k = 0; k < claim.in.size(); ++k) {
          terms.push_back({Fr::from_i128(claim.coefficients[k]), claim.in[k].id});
        }
        if (!claim.defines) {
          equations.push_back({std::move(terms), Fr::from_i128(claim.constant)});
          break;
        }
        PlanTensor& out = defined(claim, TensorKind::linear);
        out.sources.clear();
        out.linear = {merged(std::move(terms)), Fr::from_i128(claim.constant)};
        break;
      }
      case Kind::contract: {
        PlanTensor& out = defined(claim, claim.views.size() == 1 ? TensorKind::sum : TensorKind::contraction);
        out.loops = claim.out_extents;
        out.loops.insert(out.loops.end(), claim.sum_extents.begin(), claim.sum_extents.end());
        for (const claims::View& view : claim.views) out.axes.push_back(normal(view.axes, out.loops));
        break;
      }
      case Kind::view: {
        PlanTensor& out = defined(claim, TensorKind::view);
        out.loops = claim.views[0].extents;
        out.axes.push_back(normal(claim.views[0].axes, out.loops));
        out.outside = claim.views[0].outside;
        break;
      }
      case Kind::reshape:
        defined(claim, TensorKind::reshape);
        break;
      case Kind::remap: {
        PlanTensor& out = defined(claim, TensorKind::remap);
        out.map = claim.map;
        out.values = claim.values;
        break;
      }
      case Kind::table:
      case Kind::is_zero:
      case Kind::gather:
        builder_.candidate[claim.out[0].id] = true;
        break;
      case Kind::digest:
      case Kind::fixed:
        throw Error(Fault::unsupported, "hashes and values that the circuit holds are for PLONK",
                    {{"proof_system", "use {} plonk"}});
      case Kind::hint:
      case Kind::range:
      case Kind::permute:
        break;
    }
  }

  /// What the statement shows is a tensor of its own, which an equation ties to what is computed; an input stands for
  /// itself the first time.
  void bind(std::vector<Equation>& equations) {
    std::vector<bool> bound(record_.tensors.size());
    for (const claims::Binding& binding : record_.bindings) {
      const auto group = binding.slot.group;
      const std::uint32_t id = binding.tensor.id;
      const char* const name = group == claims::Slot::Group::input    ? "inputs"
                               : group == claims::Slot::Group::output ? "outputs"
                                                                      : "parameters";
      const auto word = binding.visibility.kind;
      if (binding.visibility.is_hashed() || word == Visibility::Kind::polycommit) {
        throw Error(Fault::unsupported,
                    std::string(name) + " that are " + (binding.visibility.is_hashed() ? "hashed" : "polycommit") +
                        " are for PLONK",
                    {{"proof_system", "use {} plonk"}});
      }
      if (group == claims::Slot::Group::param) {
        if (word == Visibility::Kind::public_) {
          throw Error(Fault::unsupported, "public parameters are for PLONK; here they are fixed or private",
                      {{"proof_system", "use {} plonk"}});
        }
        EZKL_ENSURE(builder_.plan.tensors[id].is_keyed() || builder_.plan.tensors[id].kind == TensorKind::known,
                    "a parameter is in the key");
        continue;
      }
      const bool first = !bound[id];
      bound[id] = true;
      if (word == Visibility::Kind::private_) continue;
      const TensorKind kind = word == Visibility::Kind::public_ ? TensorKind::instance : TensorKind::keyed;
      if (record_.tensors[id].origin == Origin::input && first) {
        builder_.plan.tensors[id].kind = kind;
        if (kind == TensorKind::instance) builder_.plan.instances.push_back(id);
        continue;
      }
      const std::uint32_t shown =
          builder_.add(Shape(builder_.plan.tensors[id].shape), kind, {Recipe::Kind::output, id});
      if (kind == TensorKind::instance) builder_.plan.instances.push_back(shown);
      equations.push_back({{{Fr::one(), id}, {-Fr::one(), shown}}, Fr::zero()});
    }
  }

  /// Contractions that sum nothing and whose factors are plain are products; of the others the pivot comes first.
  void tell_products() {
    using Key =
        std::tuple<std::uint32_t,
                   std::vector<std::pair<std::int64_t, std::vector<std::pair<std::uint32_t, std::int64_t>>>>, Shape>;
    std::map<Key, std::uint32_t> views;
    for (std::uint32_t id = 0; id < builder_.plan.of_record; ++id) {
      if (builder_.plan.tensors[id].kind != TensorKind::contraction) continue;
      const PlanTensor tensor = builder_.plan.tensors[id];
      bool flat[2];
      for (std::size_t k = 0; k < 2; ++k) {
        flat[k] = is_plain_factor(tensor.axes[k], tensor.loops, builder_.plan.tensors[tensor.sources[k]].shape);
      }
      std::size_t summed = 1;
      for (std::size_t l = tensor.shape.size(); l < tensor.loops.size(); ++l) summed *= tensor.loops[l];
      if (!flat[0] || !flat[1] || summed != 1) {
        if (flat[0] && !flat[1]) {
          PlanTensor& swapped = builder_.plan.tensors[id];
          std::swap(swapped.axes[0], swapped.axes[1]);
          std::swap(swapped.sources[0], swapped.sources[1]);
        }
        continue;
      }
      const std::vector<AxisMap> own = normal(whole_axes(tensor.shape), tensor.shape);
      std::vector<std::uint32_t> operands;
      for (std::size_t k = 0; k < 2; ++k) {
        const std::uint32_t source = tensor.sources[k];
        if (builder_.plan.tensors[source].shape == tensor.shape && same_axes(tensor.axes[k], own)) {
          operands.push_back(source);
          continue;
        }
        Key key{source, {}, tensor.shape};
        for (const AxisMap& axis : tensor.axes[k]) std::get<1>(key).emplace_back(axis.base, axis.strides);
        const auto [found, fresh] = views.try_emplace(std::move(key), 0);
        if (fresh) {
          found->second = builder_.add(Shape(tensor.shape), TensorKind::view, {Recipe::Kind::derived});
          PlanTensor& view = builder_.plan.tensors[found->second];
          view.sources = {source};
          view.axes = {tensor.axes[k]};
          view.loops = tensor.shape;
        }
        operands.push_back(found->second);
      }
      PlanTensor& product = builder_.plan.tensors[id];
      product.kind = TensorKind::product;
      product.sources = std::move(operands);
      product.axes.clear();
      product.loops.clear();
    }
  }

  void prove_claim(const Claim& claim) {
    Plan& plan = builder_.plan;
    switch (claim.kind) {
      case Kind::range:
        add_range(builder_, claim.in[0].id, claim.interval.lo, claim.interval.hi);
        break;
      case Kind::table:
        plan.lookups.push_back({builder_.function_table(claim.table, claim.interval),
                                claim.in[0].id,
                                {{{{Fr::one(), claim.in[0].id}}, {}}, {{{Fr::one(), claim.out[0].id}}, {}}}});
        break;
      case Kind::is_zero: {
        const claims::TensorInfo& x = record_.tensors[claim.in[0].id];
        add_zero_test(builder_, claim.in[0].id, claim.out[0].id,
                      x.proven && x.bounded ? std::optional(x.interval) : std::nullopt);
        break;
      }
      case Kind::gather:
        plan.gathers.push_back({claim.in[0].id, claim.in[1].id, claim.out[0].id});
        break;
      case Kind::permute: {
        Permute permute;
        for (std::size_t k = 0; k < claim.in.size(); ++k) {
          (k < claim.in.size() / 2 ? permute.ys : permute.xs).push_back(claim.in[k].id);
        }
        plan.permutes.push_back(std::move(permute));
        break;
      }
      default:
        break;
    }
  }

  const claims::Record& record_;
  PlanBuilder builder_;
};

}  // namespace

Plan make_plan(const claims::Record& record, const PlanOptions& options) {
  check_options(options);
  return Planner(record, options).run();
}

}  // namespace ezkl::relations
