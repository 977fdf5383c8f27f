#include "graph/claims/evaluation.hpp"

#include <algorithm>
#include <limits>

#include "base/ensure.hpp"
#include "base/int128.hpp"
#include "base/parallel.hpp"
#include "base/session_state.hpp"
#include "ezkl/error.hpp"
#include "graph/claims/field_values.hpp"
#include "graph/claims/interval.hpp"
#include "graph/claims/kernels.hpp"
#include "tensor/table_function.hpp"

namespace ezkl::claims {
namespace {

constexpr std::size_t grain = 1 << 13;

const Values& values_of(const Trace& trace, Tensor t) {
  EZKL_ENSURE(t.id < trace.size() && trace[t.id] != nullptr,
              "values of tensor " + std::to_string(t.id) + " are not alive");
  return *trace[t.id];
}

/// Equal keys are common (activations), so entries are computed once each.
Values table_values(const TableId& id, const Values& keys) {
  Values out(keys.size());
  parallel_for(keys.size(), grain, [&](std::size_t begin, std::size_t end) {
    std::map<Int128, Int128> known;
    for (std::size_t i = begin; i < end; ++i) {
      const auto [at, fresh] = known.try_emplace(keys[i], 0);
      if (fresh) at->second = table_value(id.name, id.parameters, keys[i]);
      out[i] = at->second;
    }
  });
  return out;
}

Values gather_values(const Shape& shape, const Values& data, const Values& index) {
  const std::size_t lines = shape[0], length = lines == 0 ? 0 : data.size() / lines;
  const std::size_t count = lines == 0 ? 0 : index.size() / lines;
  Values out(index.size());
  for (std::size_t i = 0; i < index.size(); ++i) {
    if (index[i] < 0 || index[i] >= static_cast<Int128>(length)) {
      throw Error(Fault::range, "index " + ezkl::to_string(index[i]) + " at element " + std::to_string(i) +
                                    " is outside an axis of " + std::to_string(length));
    }
    out[i] = data[i / count * length + static_cast<std::size_t>(index[i])];
  }
  return out;
}

std::vector<Values> run_claim(const Record& record, const Claim& claim, const Trace& trace) {
  std::vector<const Values*> in;
  for (const Tensor t : claim.in) in.push_back(&values_of(trace, t));
  const auto shape = [&](Tensor t) -> const Shape& { return record.tensors[t.id].shape; };
  switch (claim.kind) {
    case Kind::hint:
      return claim.hint(in);
    case Kind::linear: {
      return {linear_values(volume(shape(claim.out[0])), claim.coefficients, in, claim.constant)};
    }
    case Kind::contract: {
      std::vector<Source> sources;
      for (std::size_t k = 0; k < in.size(); ++k) sources.push_back({&claim.views[k], &shape(claim.in[k]), in[k]});
      return {contract_values(claim.out_extents, claim.sum_extents, sources)};
    }
    case Kind::remap:
      return {remap_values(in, *claim.map, *claim.values)};
    case Kind::view:
      return {view_values({&claim.views[0], &shape(claim.in[0]), in[0]})};
    case Kind::table:
      return {table_values(claim.table, *in[0])};
    case Kind::is_zero: {
      Values out(in[0]->size());
      for (std::size_t i = 0; i < out.size(); ++i) out[i] = (*in[0])[i] == 0 ? 1 : 0;
      return {std::move(out)};
    }
    case Kind::gather:
      return {gather_values(shape(claim.in[0]), *in[0], *in[1])};
    default:
      return {};
  }
}

bool is_identity(const Record& record, const Claim& claim) {
  if (claim.kind == Kind::reshape) return true;
  if (claim.kind != Kind::view) return false;
  const Shape& source = record.tensors[claim.in[0].id].shape;
  if (claim.views[0].extents != source) return false;
  for (std::size_t axis = 0; axis < source.size(); ++axis) {
    const AxisMap& map = claim.views[0].axes[axis];
    if (map.base != 0 || map.strides.size() != 1 || map.strides[0].first != axis || map.strides[0].second != 1)
      return false;
  }
  return true;
}

}  // namespace

std::vector<std::shared_ptr<const Values>> defined_values(const Record& record, const Claim& claim,
                                                          const Trace& trace) {
  if (!claim.defines || claim.kind == Kind::range || claim.kind == Kind::permute) return {};
  if (claim.kind == Kind::constant) return {claim.values};
  if (is_identity(record, claim)) {
    values_of(trace, claim.in[0]);
    return {trace[claim.in[0].id]};
  }
  std::vector<Values> values = run_claim(record, claim, trace);
  EZKL_ENSURE(values.size() == claim.out.size(), "a hint gives as many tensors as it announced");
  std::vector<std::shared_ptr<const Values>> result;
  for (std::size_t k = 0; k < values.size(); ++k) {
    EZKL_ENSURE(values[k].size() == volume(record.tensors[claim.out[k].id].shape), "a claim fills its whole tensor");
    result.push_back(std::make_shared<const Values>(std::move(values[k])));
  }
  return result;
}

std::string place_name(const Record& record, Tensor t, std::size_t element) {
  const TensorInfo& info = record.tensors[t.id];
  Shape index(info.shape.size());
  std::size_t rest = element;
  for (std::size_t axis = index.size(); axis-- > 0;) {
    index[axis] = rest % info.shape[axis];
    rest /= info.shape[axis];
  }
  return "element " + std::to_string(element) + " (" + ezkl::to_string(index) + " of " + ezkl::to_string(info.shape) +
         ")";
}

Evaluation::Evaluation(const Record& record, Inputs inputs, Options options)
    : record_(record),
      options_(options),
      trace_(record.tensors.size()),
      felts_(record.tensors.size()),
      dying_(record.claims.size()) {
  if (inputs.size() != record.inputs.size()) {
    throw Error(Fault::format, "the model has " + std::to_string(record.inputs.size()) + " inputs, not " +
                                   std::to_string(inputs.size()));
  }
  std::vector<bool> ranged(record.tensors.size());
  for (const Claim& claim : record.claims) {
    if (claim.kind == Kind::range) ranged[claim.in[0].id] = true;
  }
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const Tensor t = record.inputs[i];
    const TensorInfo& info = record.tensors[t.id];
    if (inputs[i].size() != volume(info.shape)) {
      throw Error(Fault::format, "input " + std::to_string(i) + " has " + std::to_string(inputs[i].size()) +
                                     " elements, the model wants " + ezkl::to_string(info.shape));
    }
    set_input(t, inputs[i], ranged[t.id]);
  }
  for (const auto& [t, values] : record.params) trace_[t.id] = values;

  if (options_.keep_all) return;
  std::vector<std::size_t> last(record.tensors.size(), record.claims.size());
  for (std::size_t i = 0; i < record.claims.size(); ++i) {
    for (const Tensor t : record.claims[i].in) last[t.id] = i;
    for (const Tensor t : record.claims[i].out) last[t.id] = i;
  }
  for (const Tensor t : record.outputs) last[t.id] = record.claims.size();
  for (const Binding& binding : record.bindings) last[binding.tensor.id] = record.claims.size();
  for (std::uint32_t id = 0; id < last.size(); ++id) {
    if (last[id] < record.claims.size()) dying_[last[id]].push_back({id});
  }
}

void Evaluation::set_input(Tensor t, Elements elements, bool ranged) {
  const TensorInfo& info = record_.tensors[t.id];
  if (info.field || elements.felts != nullptr) {
    felts_[t.id] = std::make_shared<const Felts>(elements.all_felts());
    return;
  }
  trace_[t.id] = std::make_shared<const Values>(*elements.integers);
  for (std::size_t k = 0; !ranged && k < elements.size(); ++k) {
    const Int128 value = (*elements.integers)[k];
    if (fits(value, info.interval) || !options_.check_ranges) continue;
    throw Error(
        Fault::range,
        "node '" + record_.node_names[info.node] + "': " + place_name(record_, t, k) + " is " + ezkl::to_string(value) +
            ", outside " + describe(info.interval),
        {{"decomp_legs", "more {}"}, {"decomp_base", "or a larger {}"}, {"input_scale", "or a smaller {} widens it"}});
  }
}

bool Evaluation::in_field(const Claim& claim) const {
  const auto is = [&](Tensor t) { return felts_[t.id] != nullptr || record_.tensors[t.id].field; };
  return std::any_of(claim.in.begin(), claim.in.end(), is) || std::any_of(claim.out.begin(), claim.out.end(), is);
}

void Evaluation::define(const Claim& claim) {
  if (!in_field(claim)) {
    auto defined = defined_values(record_, claim, trace_);
    for (std::size_t k = 0; k < defined.size(); ++k) trace_[claim.out[k].id] = std::move(defined[k]);
    return;
  }
  if (!claim.defines || claim.out.empty()) return;
  std::vector<Elements> in;
  for (const Tensor t : claim.in) in.push_back(elements(t));
  store(claim.out[0], field_values(record_, claim, in));
}

void Evaluation::store(Tensor t, Felts felts) {
  const TensorInfo& info = record_.tensors[t.id];
  const auto is_expected = [&](const Fr& felt) {
    const Int128 value = felt.to_int128_lossy();
    return value >= info.interval.lo && value <= info.interval.hi && is_integer(felt);
  };
  if (info.field || !std::all_of(felts.begin(), felts.end(), is_expected)) {
    felts_[t.id] = std::make_shared<const Felts>(std::move(felts));
    return;
  }
  trace_[t.id] = std::make_shared<const Values>(integers_of(felts));
}

bool Evaluation::fits(Int128 x, const Interval& interval) {
  if (x >= interval.lo && x <= interval.hi) return true;
  // What clamped functions give may be the smallest number there is, which has no counterpart.
  constexpr Int128 largest = std::numeric_limits<Int128>::max();
  extremes_.outgrown = std::max(extremes_.outgrown, x >= 0 ? x : x < -largest ? largest : -x);
  return false;
}

void Evaluation::check(const Claim& claim) {
  const auto refuse = [&](std::size_t element, const std::string& problem, const std::vector<Hint>& hints = {}) {
    throw Error(Fault::range,
                place_name(record_, claim.in[0], element) + " is " + ezkl::to_string(values(claim.in[0])[element]) +
                    ", " + problem,
                hints);
  };
  if (claim.kind == Kind::table) {
    const Values& keys = values(claim.in[0]);
    for (std::size_t i = 0; i < keys.size(); ++i) {
      extremes_.keys = hull(extremes_.keys, {keys[i], keys[i]});
      if (options_.check_ranges && (keys[i] < claim.interval.lo || keys[i] > claim.interval.hi)) {
        refuse(i, "outside the keys " + describe(claim.interval) + " of the table " + claim.table.name,
               {{"lookup_range", "a wider {} covers it"}});
      }
      if (options_.check_ranges && !claim.out.empty() && is_clamped(values(claim.out[0])[i])) {
        refuse(i, "where " + claim.table.name + " has no value that a circuit holds");
      }
    }
  }
  if (claim.kind != Kind::range) return;
  if (felts_[claim.in[0].id] != nullptr) return check_felts(claim);
  extremes_.range_width = std::max(extremes_.range_width, claim.interval.hi - claim.interval.lo);
  const Values& x = values(claim.in[0]);
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (fits(x[i], claim.interval) || !options_.check_ranges) continue;
    if (claim.interval == Interval{0, 1}) refuse(i, "which is neither 0 nor 1");
    const bool input = record_.tensors[claim.in[0].id].origin == Origin::input;
    refuse(i,
           "outside " + describe(claim.interval) +
               (input ? ", what its type, its scale and the digits of the decomposition leave of an input" : ""),
           {{"decomp_legs", "more {}"},
            {"decomp_base", "or a larger {}"},
            {"input_scale", input ? "or a smaller {} widen it as far as the type goes"
                                  : "or smaller scales, {} among them, widen it"}});
  }
}

void Evaluation::check_felts(const Claim& claim) const {
  const Felts& felts = *felts_[claim.in[0].id];
  for (std::size_t i = 0; i < felts.size() && options_.check_ranges; ++i) {
    const Int128 value = felts[i].to_int128_lossy();
    const bool number = is_integer(felts[i]);
    if (number && value >= claim.interval.lo && value <= claim.interval.hi) continue;
    const bool input = record_.tensors[claim.in[0].id].origin == Origin::input;
    const Hint hint = input ? Hint{"ignore_range_check_inputs_outputs", "an input holds it only with {}"}
                            : Hint{"data",
                                   "settings that gen-settings makes with such samples by {} claim no range "
                                   "where the model takes any field element"};
    throw Error(Fault::range,
                place_name(record_, claim.in[0], i) + " is " +
                    (number ? ezkl::to_string(value) : "the field element " + felts[i].to_hex_be()) + ", outside " +
                    describe(claim.interval) + (input ? "" : ": only a number can stand here"),
                {hint});
  }
}

void Evaluation::run(const Visitor& visit) {
  for (std::size_t i = 0; i < record_.claims.size(); ++i) {
    const Claim& claim = record_.claims[i];
    check_stop();
    in_context("node '" + record_.node_names[claim.node] + "'", [&] {
      define(claim);
      check(claim);
    });
    if (visit) visit(i, claim);
    for (const Tensor t : dying_[i]) {
      trace_[t.id].reset();
      felts_[t.id].reset();
    }
  }
}

const Values& Evaluation::values(Tensor t) const { return values_of(trace_, t); }

Elements Evaluation::elements(Tensor t) const {
  EZKL_ENSURE(t.id < felts_.size(), "a tensor of another record");
  if (felts_[t.id] != nullptr) return {nullptr, felts_[t.id].get()};
  return {&values(t), nullptr};
}

std::vector<Values> Evaluation::outputs() const {
  std::vector<Values> result;
  for (const Tensor t : record_.outputs) {
    if (felts_[t.id] != nullptr) {
      throw Error(Fault::unsupported, "output " + std::to_string(result.size()) + " holds field elements, no numbers");
    }
    result.push_back(values(t));
  }
  return result;
}

std::vector<Felts> Evaluation::output_felts() const {
  std::vector<Felts> result;
  for (const Tensor t : record_.outputs) result.push_back(elements(t).all_felts());
  return result;
}

}  // namespace ezkl::claims
