#include "graph/claims/recorder.hpp"

#include <algorithm>
#include <cmath>
#include <mutex>

#include "base/ensure.hpp"
#include "base/int128.hpp"
#include "base/parallel.hpp"
#include "ezkl/error.hpp"
#include "graph/claims/compound.hpp"
#include "graph/claims/interval.hpp"
#include "graph/claims/kernels.hpp"
#include "tensor/table_function.hpp"

namespace ezkl::claims {
namespace {

/// Results are kept below this where operands can be narrowed, so that what follows may add some of them up.
constexpr Int128 result_limit = Int128{1} << 120;

/// Table entries beyond this are saturated or useless; the tensor that holds them needs a range of its own.
constexpr Int128 table_entry_limit = Int128{1} << 62;

void check_view(const View& view, const Shape& source) {
  EZKL_ENSURE(view.axes.size() == source.size(), "a view maps every axis of its source");
  for (const AxisMap& axis : view.axes) {
    for (const auto& [loop, stride] : axis.strides) {
      EZKL_ENSURE(loop < view.extents.size(), "a view's stride names one of its loops");
      EZKL_ENSURE(stride > -(std::int64_t{1} << 40) && stride < (std::int64_t{1} << 40), "stride too large");
    }
  }
}

/// Bounds of what a view shows, given its source's.
Interval view_interval(const View& view, const TensorInfo& source) {
  if (!leaves_source(view, source.shape)) return source.interval;
  return hull(source.interval, {view.outside, view.outside});
}

/// Whoever asks for the size of field elements would compute something of them that is not exact.
[[noreturn]] void refuse_field() {
  throw Error(Fault::unsupported,
              "an operand holds field elements (a hash, or computed from one), which have no size and no sign: on them "
              "sums, differences, products, movement of elements, equality and selection are exact, this is not");
}

Interval symmetric(Interval a) { return {-magnitude(a), magnitude(a)}; }

bool same(const View& a, const View& b) {
  if (a.source != b.source || a.outside != b.outside || a.axes.size() != b.axes.size()) return false;
  for (std::size_t axis = 0; axis < a.axes.size(); ++axis) {
    if (a.axes[axis].base != b.axes[axis].base || a.axes[axis].strides != b.axes[axis].strides) return false;
  }
  return true;
}

}  // namespace

Int128 decomposition_limit(const RunArgs& args) {
  Int128 power = 1;
  for (std::size_t leg = 0; leg < args.decomp_legs; ++leg) {
    if (power > (Int128{1} << 120) / static_cast<Int128>(args.decomp_base)) return (Int128{1} << 120) - 1;
    power *= static_cast<Int128>(args.decomp_base);
  }
  return power - 1;
}

Interval table_keys(const RunArgs& args) {
  constexpr int most_logrows = 26;
  return {args.lookup_range.first, args.lookup_range.second + (Int128{1} << most_logrows)};
}

Recorder::Recorder(const RunArgs& args, const ModelBudget& budget) : args_(args), budget_(budget) {
  enter_node("graph");
}

void Recorder::enter_node(const std::string& name) { record_.node_names.push_back(name); }

template <class Body>
decltype(auto) Recorder::at_node(Body&& body) const {
  return in_context("node '" + record_.node_names.back() + "'", std::forward<Body>(body));
}

TensorInfo& Recorder::info(Tensor t) {
  EZKL_ENSURE(t.id < record_.tensors.size(), "tensor of another record");
  return record_.tensors[t.id];
}
const TensorInfo& Recorder::info(Tensor t) const {
  EZKL_ENSURE(t.id < record_.tensors.size(), "tensor of another record");
  return record_.tensors[t.id];
}

const Shape& Recorder::shape(Tensor t) const { return info(t).shape; }

Interval Recorder::interval(Tensor t) {
  const Interval wanted = expected(t);
  if (!info(t).proven) at_node([&] { range_around(*this, t, wanted); });
  return info(t).interval;
}

Interval Recorder::expected(Tensor t) const {
  if (info(t).field) refuse_field();
  EZKL_ENSURE(info(t).bounded,
              "a hint of node '" + record_.node_names[info(t).node] + "' is used before it is bounded");
  return info(t).interval;
}

bool Recorder::is_fixed(Tensor t) const { return info(t).origin == Origin::fixed; }

const Values& Recorder::fixed_values(Tensor t) const {
  EZKL_ENSURE(is_fixed(t), "values of a tensor that the verifier does not know");
  return *fixed_[t.id];
}

bool Recorder::all_proven(std::span<const Tensor> tensors) const {
  return std::all_of(tensors.begin(), tensors.end(), [&](Tensor t) { return info(t).proven; });
}

bool Recorder::any_field(std::span<const Tensor> tensors) const {
  return std::any_of(tensors.begin(), tensors.end(), [&](Tensor t) { return is_field(t); });
}

bool Recorder::all_fixed(std::span<const Tensor> tensors) const {
  return std::all_of(tensors.begin(), tensors.end(), [&](Tensor t) { return is_fixed(t); });
}

void Recorder::spend(const Shape& shape) {
  at_node([&] { budget_.charge(ModelBudget::Kind::make, volume(shape)); });
}

Tensor Recorder::make(Shape shape, Interval interval, Origin origin) {
  volume(shape);
  EZKL_ENSURE(record_.tensors.size() < UINT32_MAX, "too many tensors");
  TensorInfo& made = record_.tensors.emplace_back();
  made.shape = std::move(shape);
  made.interval = interval;
  made.bounded = origin != Origin::hint;
  made.origin = origin;
  made.node = static_cast<std::uint32_t>(record_.node_names.size() - 1);
  fixed_.emplace_back();
  return {static_cast<std::uint32_t>(record_.tensors.size() - 1)};
}

void Recorder::add_claim(Claim claim) {
  claim.node = static_cast<std::uint32_t>(record_.node_names.size() - 1);
  at_node([&] { budget_.charge(ModelBudget::Kind::node, 1); });
  record_.claims.push_back(std::move(claim));
}

Tensor Recorder::define(Claim claim, Shape shape, Interval interval) {
  const bool proven = all_proven(claim.in);
  const Tensor out = make(std::move(shape), proven ? interval : symmetric(interval), Origin::derived);
  info(out).proven = proven;
  info(out).field = any_field(claim.in);
  claim.out = {out};
  add_claim(std::move(claim));
  return out;
}

Tensor Recorder::define_within(Claim claim, Shape shape, Interval interval) {
  const Tensor out = define(std::move(claim), std::move(shape), interval);
  info(out).interval = interval;
  info(out).proven = true;
  info(out).field = false;
  return out;
}

Tensor Recorder::make_fixed(Claim claim, Shape shape, std::shared_ptr<const Values> values) {
  EZKL_ENSURE(values->size() == volume(shape), "a constant has as many values as elements");
  const Interval bounds = values->empty() ? Interval{0, 0} : at_node([&] { return hull_of(*values); });
  const Tensor out = make(std::move(shape), bounds, Origin::fixed);
  fixed_[out.id] = std::move(values);
  claim.out = {out};
  add_claim(std::move(claim));
  return out;
}

Tensor Recorder::input(Shape shape, Interval interval, bool checked) {
  spend(shape);
  const Tensor t = make(std::move(shape), interval, Origin::input);
  info(t).proven = checked;
  if (checked) {
    info(t).bounded = false;
    range(t, interval);
  } else {
    info(t).interval = symmetric(interval);
  }
  record_.inputs.push_back(t);
  return t;
}

Tensor Recorder::field_input(Shape shape) {
  spend(shape);
  const Tensor t = make(std::move(shape), {}, Origin::input);
  info(t).proven = false;
  info(t).field = true;
  record_.inputs.push_back(t);
  return t;
}

Tensor Recorder::digest(Tensor message, Shape shape) {
  EZKL_ENSURE(volume(shape) == 1, "a hash is one element");
  const Tensor out = make(std::move(shape), {}, Origin::derived);
  info(out).proven = false;
  info(out).field = true;
  Claim claim;
  claim.kind = Kind::digest;
  claim.in = {message};
  claim.out = {out};
  add_claim(std::move(claim));
  return out;
}

Tensor Recorder::param(Shape shape, std::shared_ptr<const Values> values, bool fixed) {
  EZKL_ENSURE(values->size() == volume(shape), "a parameter has as many values as elements");
  const Interval bounds = values->empty() ? Interval{0, 0} : at_node([&] { return hull_of(*values); });
  const Tensor t = make(std::move(shape), bounds, fixed ? Origin::fixed : Origin::param);
  if (fixed) {
    fixed_[t.id] = values;
  } else {
    const Int128 base = static_cast<Int128>(args_.decomp_base), most = magnitude(bounds);
    Int128 power = base;
    while (power - 1 < most && power <= result_limit / base) power *= base;
    const Int128 bound = std::max(most, power - 1);
    info(t).interval = {-bound, bound};
    info(t).proven = false;
  }
  record_.params.emplace_back(t, std::move(values));
  return t;
}

void Recorder::output(Tensor t) { record_.outputs.push_back(t); }

void Recorder::bind(Tensor t, const Visibility& visibility, Slot slot) {
  record_.bindings.push_back({t, visibility, slot});
}

Tensor Recorder::constant(Shape shape, Values values) {
  spend(shape);
  Claim claim;
  claim.kind = Kind::constant;
  claim.values = std::make_shared<const Values>(std::move(values));
  const auto shared = claim.values;
  return make_fixed(std::move(claim), std::move(shape), shared);
}

std::vector<Tensor> Recorder::hints(std::vector<Shape> shapes, std::vector<Tensor> sources, HintFunction function) {
  if (any_field(sources)) refuse_field();
  Claim claim;
  claim.kind = Kind::hint;
  claim.in = std::move(sources);
  claim.hint = std::move(function);
  for (Shape& shape : shapes) {
    spend(shape);
    claim.out.push_back(make(std::move(shape), {}, Origin::hint));
  }
  std::vector<Tensor> out = claim.out;
  add_claim(std::move(claim));
  return out;
}

Claim Recorder::linear_claim(std::span<const Term> terms, Int128 constant, Shape& shape, Interval& interval) const {
  EZKL_ENSURE(!terms.empty(), "a linear claim has terms");
  Claim claim;
  claim.kind = Kind::linear;
  claim.constant = constant;
  shape = info(terms[0].tensor).shape;
  interval = {constant, constant};
  for (const Term& term : terms) {
    constexpr Int128 limit = Int128{1} << 64;
    EZKL_ENSURE(term.coefficient > -limit && term.coefficient < limit, "coefficient of 2^64 or more");
    const Shape& other = info(term.tensor).shape;
    if (volume(shape) == 1 && volume(other) != 1) shape = other;
    claim.in.push_back(term.tensor);
    claim.coefficients.push_back(term.coefficient);
  }
  const bool field = any_field(claim.in);
  for (const Term& term : terms) {
    const Shape& other = info(term.tensor).shape;
    EZKL_ENSURE(other == shape || volume(other) == 1,
                "linear claim over " + to_string(shape) + " and " + to_string(other));
    if (field) continue;
    interval =
        at_node([&] { return claims::add(interval, claims::scale(expected(term.tensor), term.coefficient)); });
  }
  return claim;
}

void Recorder::make_room(Tensor t, Int128 bound) {
  const Interval bounds = expected(t);
  if (is_fixed(t) || (bounds.lo >= -bound && bounds.hi <= bound)) return;
  const Int128 base = static_cast<Int128>(args_.decomp_base), most = std::min(bound, result_limit);
  Int128 width = base;
  while (width <= 2 * most / base) width *= base;
  range(t,
        bounds.lo >= 0 && width - 1 <= most ? Interval{0, width - 1} : Interval{-(width / 2), width - 1 - width / 2});
}

Tensor Recorder::linear(std::span<const Term> terms, Int128 constant) {
  const bool field = std::any_of(terms.begin(), terms.end(), [&](const Term& term) { return is_field(term.tensor); });
  for (const Term& term : terms) {
    const Int128 c = term.coefficient < 0 ? -term.coefficient : term.coefficient;
    if (c > 1 && !field) make_room(term.tensor, 2 * result_limit / c);
  }
  Shape out;
  Interval bounds;
  Claim claim = linear_claim(terms, constant, out, bounds);
  spend(out);
  if (all_fixed(claim.in)) {
    std::vector<const Values*> values;
    for (const Tensor t : claim.in) values.push_back(&fixed_values(t));
    return this->constant(out, linear_values(volume(out), claim.coefficients, values, constant));
  }
  return define(std::move(claim), std::move(out), bounds);
}

void Recorder::zero(std::span<const Term> terms, Int128 constant) {
  Shape out;
  Interval bounds;
  Claim claim = linear_claim(terms, constant, out, bounds);
  if (any_field(claim.in)) refuse_field();
  claim.defines = false;
  at_node([&] {
    if (all_proven(claim.in) && (bounds.lo > 0 || bounds.hi < 0)) {
      throw Error(Fault::range, "an equation that no value satisfies");
    }
  });
  add_claim(std::move(claim));
}

bool Recorder::shows_zeros(const View& view) const {
  if (!is_fixed(view.source) || view.outside != 0) return false;
  const Values& values = fixed_values(view.source);
  return std::all_of(values.begin(), values.end(), [](Int128 v) { return v == 0; });
}

void Recorder::make_room_for(const std::vector<Tensor>& factors, Int128 terms) {
  const auto size = [&](Tensor t) { return std::max<Int128>(1, magnitude(expected(t))); };
  const Int128 room = result_limit / terms;
  if (factors.size() == 1) return make_room(factors[0], room);
  if (size(factors[0]) <= room / size(factors[1])) return;
  // Both down to the root of the room, then the first to what the second leaves.
  Int128 root = 1;
  while (root <= room / root / 4) root *= 2;
  const bool first_is_small = size(factors[0]) <= root;
  const Tensor large = factors[first_is_small ? 1 : 0], small = factors[first_is_small ? 0 : 1];
  make_room(small, root);
  make_room(large, room / size(small));
}

Tensor Recorder::contract(const Shape& out, const Shape& sum, std::span<const View> factors) {
  EZKL_ENSURE(factors.size() == 1 || factors.size() == 2, "a contraction has one or two factors");
  Claim claim;
  claim.kind = Kind::contract;
  claim.views.assign(factors.begin(), factors.end());
  claim.out_extents = out;
  claim.sum_extents = sum;
  Shape loops = out;
  loops.insert(loops.end(), sum.begin(), sum.end());
  std::vector<Interval> bounds;
  for (const View& factor : factors) {
    EZKL_ENSURE(factor.extents == loops, "a factor's loops are those of its contraction");
    check_view(factor, info(factor.source).shape);
    claim.in.push_back(factor.source);
  }
  const bool field = any_field(claim.in);
  if (!field) {
    for (const Tensor t : claim.in) expected(t);  // a hint has bounds by now
    make_room_for(claim.in, static_cast<Int128>(std::max<std::size_t>(1, volume(sum))));
    for (const View& factor : factors) bounds.push_back(view_interval(factor, info(factor.source)));
  }
  spend(out);
  // The products are summed by every evaluation.
  constexpr Int128 products_an_element = 128, most = Int128{1} << 62;
  at_node([&] {
    const Int128 products = static_cast<Int128>(volume(out)) * static_cast<Int128>(volume(sum));
    budget_.charge(ModelBudget::Kind::compute,
                   static_cast<std::uint64_t>(std::min(products / products_an_element, most)));
  });
  if (field) {
    const bool zero = std::any_of(factors.begin(), factors.end(), [&](const View& f) { return shows_zeros(f); });
    return zero ? define_within(std::move(claim), out, {0, 0}) : define(std::move(claim), out, {});
  }
  const Interval result = at_node([&] {
    const Interval term = bounds.size() == 1             ? bounds[0]
                          : same(factors[0], factors[1]) ? square(bounds[0])
                                                         : multiply(bounds[0], bounds[1]);
    return times(term, volume(sum));
  });
  if (all_fixed(claim.in)) {
    std::vector<Source> sources;
    for (const View& factor : claim.views) {
      sources.push_back({&factor, &info(factor.source).shape, &fixed_values(factor.source)});
    }
    return constant(out, contract_values(out, sum, sources));
  }
  return define(std::move(claim), out, result);
}

Tensor Recorder::remap(Shape shape, std::span<const Tensor> sources, std::vector<std::int64_t> map, Values constants) {
  spend(shape);
  EZKL_ENSURE(map.size() == volume(shape), "a remap names a source for every element");
  Claim claim;
  claim.kind = Kind::remap;
  claim.in.assign(sources.begin(), sources.end());
  std::size_t total = 0;
  std::vector<std::size_t> starts;
  for (const Tensor t : sources) {
    starts.push_back(total);
    total += volume(info(t).shape);
  }
  std::vector<bool> used(sources.size());
  Interval bounds;
  bool first = true;
  const auto include = [&](Interval other) {
    bounds = first ? other : hull(bounds, other);
    first = false;
  };
  for (const std::int64_t source : map) {
    if (source < 0) {
      EZKL_ENSURE(static_cast<std::size_t>(-1 - source) < constants.size(), "a remap names a constant it has not");
      const Int128 value = constants[static_cast<std::size_t>(-1 - source)];
      include({value, value});
    } else {
      EZKL_ENSURE(static_cast<std::size_t>(source) < total, "a remap names an element past its sources");
      used[static_cast<std::size_t>(std::upper_bound(starts.begin(), starts.end(), static_cast<std::size_t>(source)) -
                                    starts.begin() - 1)] = true;
    }
  }
  const bool field = any_field(sources);
  for (std::size_t k = 0; k < used.size() && !field; ++k) {
    if (used[k]) include(expected(sources[k]));
  }
  if (all_fixed(claim.in)) {
    std::vector<const Values*> values;
    for (const Tensor t : sources) values.push_back(&fixed_values(t));
    return constant(std::move(shape), remap_values(values, map, constants));
  }
  claim.map = std::make_shared<const std::vector<std::int64_t>>(std::move(map));
  claim.values = std::make_shared<const Values>(std::move(constants));
  return define(std::move(claim), std::move(shape), bounds);
}

Tensor Recorder::view(const View& view) {
  const TensorInfo& source = info(view.source);
  check_view(view, source.shape);
  spend(view.extents);
  if (!source.field) expected(view.source);  // a hint has bounds by now
  const Interval bounds = view_interval(view, source);
  Claim claim;
  claim.kind = Kind::view;
  claim.in = {view.source};
  claim.views = {view};
  if (is_fixed(view.source)) {
    auto values = std::make_shared<const Values>(view_values({&view, &source.shape, &fixed_values(view.source)}));
    return make_fixed(std::move(claim), view.extents, std::move(values));
  }
  return define(std::move(claim), view.extents, bounds);
}

Tensor Recorder::reshape(Tensor t, Shape shape) {
  if (info(t).shape == shape) return t;
  EZKL_ENSURE(volume(info(t).shape) == volume(shape),
              "reshape of " + to_string(info(t).shape) + " to " + to_string(shape));
  const Interval bounds = is_field(t) ? Interval{} : expected(t);
  Claim claim;
  claim.kind = Kind::reshape;
  claim.in = {t};
  if (is_fixed(t)) return make_fixed(std::move(claim), std::move(shape), fixed_[t.id]);
  return define(std::move(claim), std::move(shape), bounds);
}

void Recorder::range(Tensor t, Interval asked) {
  TensorInfo& tensor = info(t);
  if (tensor.field) refuse_field();
  at_node([&] {
    const Interval common = tensor.bounded ? intersect(tensor.interval, asked) : asked;
    if (common.lo > common.hi) {
      throw Error(Fault::range,
                  "no value can satisfy the range " + describe(asked) +
                      (tensor.bounded ? " of a tensor within " + describe(tensor.interval) : ""),
                  {{"decomp_legs", "more {}"}, {"input_scale", "or smaller scales, {} among them, may do"}});
    }
    if (tensor.bounded && tensor.proven && inside(tensor.interval, asked)) return;
    tensor.interval = claims::add(tensor.proven ? common : asked, {0, 0});
    tensor.bounded = tensor.proven = true;
    Claim claim;
    claim.kind = Kind::range;
    claim.in = {t};
    claim.interval = asked;
    add_claim(std::move(claim));
  });
}

void Recorder::deduce(Tensor t, Interval interval, std::initializer_list<Tensor> from) {
  TensorInfo& tensor = info(t);
  if (tensor.origin == Origin::fixed || tensor.field || !all_proven(from)) return;
  const Interval narrowed = tensor.proven ? intersect(expected(t), interval) : interval;
  tensor.proven = true;
  if (narrowed.lo > narrowed.hi) {
    at_node([&] {
      throw Error(Fault::range, "no value can satisfy the bounds " + describe(interval) + " of a tensor within " +
                                    describe(tensor.interval));
    });
  }
  tensor.interval = narrowed;
}

namespace {

/// Bounds of a table's entries for keys from `first` (at least 4 times its scale) to `last`, which only fill its last
/// column up: from there on all functions are monotone but the trigonometric ones and IsOdd.
Interval far_entries(const TableId& id, Int128 first, Int128 last) {
  const auto scale = id.parameters.find("scale");
  const auto one = scale == id.parameters.end() ? Int128{1} : static_cast<Int128>(std::ceil(scale->second));
  if (id.name == "Sin" || id.name == "Cos" || id.name == "IsOdd") return {-one, one};
  if (id.name == "Tan") return {-2 * table_entry_limit, 2 * table_entry_limit};
  const Int128 a = table_value(id.name, id.parameters, first), b = table_value(id.name, id.parameters, last);
  return {std::min(a, b), std::max(a, b)};
}

/// Functions whose entries never leave twice their scale, so that a long run of keys need not be looked at one by one.
bool stays_small(const std::string& name) {
  return name == "Erf" || name == "Sigmoid" || name == "Tanh" || name == "ATan" || name == "Sin" || name == "Cos";
}

}  // namespace

const Recorder::TableBounds& Recorder::table_bounds(const TableId& id, Interval keys) {
  const auto [at, fresh] = tables_.try_emplace({id, {keys.lo, keys.hi}});
  if (!fresh) return at->second;
  const auto scale = id.parameters.find("scale");
  const Int128 steep = scale == id.parameters.end() ? 4 : static_cast<Int128>(4 * std::ceil(scale->second));
  const Int128 last = std::min(keys.hi, std::max(args_.lookup_range.second, steep));
  constexpr Int128 most_keys = Int128{1} << 32;
  const auto too_many = [&] {
    return Error(Fault::range, "a table of " + ezkl::to_string(last - keys.lo + 1) + " keys",
                 {{"lookup_range", "narrow {} or choose smaller scales"}});
  };
  if (last - keys.lo >= most_keys) throw too_many();
  const Int128 first = table_value(id.name, id.parameters, keys.lo), limit = decomposition_limit(args_);
  TableBounds bounds{{first, first}, {0, 0}};
  constexpr Int128 many_keys = Int128{1} << 22;
  if (stays_small(id.name) && last - keys.lo > many_keys) {
    bounds.all = {-steep / 2, steep / 2};
    bounds.useful = intersect(bounds.all, {-limit, limit});
    return at->second = bounds;
  }
  // More rows than the largest circuit has; looking through more takes longer than proving should.
  if (last - keys.lo >= Int128{1} << 26) throw too_many();
  std::mutex guard;
  const std::size_t count = last < keys.lo ? 0 : static_cast<std::size_t>(last - keys.lo + 1);
  budget_.charge(ModelBudget::Kind::fill, count);
  parallel_for(count, 1 << 12, [&](std::size_t begin, std::size_t end) {
    TableBounds part{{first, first}, {0, 0}};
    for (std::size_t i = begin; i < end; ++i) {
      const Int128 entry = table_value(id.name, id.parameters, keys.lo + static_cast<Int128>(i));
      part.all = hull(part.all, {entry, entry});
      if (entry >= -limit && entry <= limit) part.useful = hull(part.useful, {entry, entry});
    }
    const std::lock_guard<std::mutex> lock(guard);
    bounds = {hull(bounds.all, part.all), hull(bounds.useful, part.useful)};
  });
  if (keys.hi > last) bounds.all = hull(bounds.all, far_entries(id, std::max(last + 1, keys.lo), keys.hi));
  return at->second = bounds;
}

Tensor Recorder::table(Tensor key, const TableId& id) {
  const Shape shape = info(key).shape;
  if (is_field(key)) refuse_field();
  spend(shape);
  if (is_fixed(key)) {
    Values values = fixed_values(key);
    for (Int128& value : values) value = table_value(id.name, id.parameters, value);
    return constant(shape, std::move(values));
  }
  const Interval keys = info(key).proven ? intersect(expected(key), table_keys(args_)) : table_keys(args_);
  const TableBounds bounds = at_node([&] {
    if (keys.lo > keys.hi) {
      throw Error(Fault::range, "every value lies outside the table " + id.name, {{"lookup_range", "widen {}"}});
    }
    return table_bounds(id, keys);
  });
  Claim claim;
  claim.kind = Kind::table;
  claim.in = {key};
  claim.table = id;
  claim.interval = {args_.lookup_range.first, args_.lookup_range.second};
  if (bounds.all.lo >= -table_entry_limit && bounds.all.hi <= table_entry_limit) {
    return define_within(std::move(claim), shape, bounds.all);
  }
  // Saturated and huge entries are kept out by a range that holds every other one.
  const Interval useful = bounds.useful;
  const Tensor out = define_within(std::move(claim), shape, useful);
  info(out).bounded = false;
  const Int128 base = static_cast<Int128>(args_.decomp_base);
  const Int128 width = at_node([&] { return power_above(base, useful.hi - useful.lo); });
  // The width a power of the base costs least; it grows towards the side that needs no bound of its own.
  range(out, useful.lo < 0 ? Interval{useful.hi - width + 1, useful.hi} : Interval{useful.lo, useful.lo + width - 1});
  return out;
}

Tensor Recorder::is_zero(Tensor x) {
  const Interval bounds = is_field(x) ? Interval{} : expected(x);
  const Shape shape = info(x).shape;
  spend(shape);
  if (is_fixed(x)) {
    Values values = fixed_values(x);
    for (Int128& value : values) value = value == 0 ? 1 : 0;
    return constant(shape, std::move(values));
  }
  if (is_proven(x) && (bounds.lo > 0 || bounds.hi < 0)) return constant(shape, Values(volume(shape), 0));
  Claim claim;
  claim.kind = Kind::is_zero;
  claim.in = {x};
  return define_within(std::move(claim), shape, {0, 1});
}

Tensor Recorder::gather(Tensor data, Tensor index) {
  const Shape &table = info(data).shape, &keys = info(index).shape;
  EZKL_ENSURE(table.size() == 2 && keys.size() == 2 && table[0] == keys[0],
              "gather takes lines of data and lines of indices");
  EZKL_ENSURE(table[1] > 0, "gather from an empty line");
  if (is_field(data) || is_field(index)) refuse_field();
  spend(keys);
  Claim claim;
  claim.kind = Kind::gather;
  claim.in = {data, index};
  const Interval bounds = expected(data);
  // The lookup proves that the index names an element of the line.
  TensorInfo& keyed = info(index);
  const Interval line{0, static_cast<Int128>(table[1]) - 1};
  if (keyed.origin != Origin::fixed) {
    keyed.interval = keyed.bounded && keyed.proven ? intersect(keyed.interval, line) : line;
  }
  keyed.bounded = keyed.proven = true;
  if (keyed.interval.lo > keyed.interval.hi) {
    at_node([&] { throw Error(Fault::range, "every index is outside an axis of " + std::to_string(table[1])); });
  }
  return define(std::move(claim), Shape(keys), bounds);
}

void Recorder::permute(std::span<const Tensor> ys, std::span<const Tensor> xs) {
  EZKL_ENSURE(!ys.empty() && ys.size() == xs.size(), "a permutation pairs columns");
  if (any_field(ys) || any_field(xs)) refuse_field();
  Claim claim;
  claim.kind = Kind::permute;
  const Shape& shape = info(xs[0]).shape;
  EZKL_ENSURE(shape.size() == 2, "a permutation takes lines");
  for (const Tensor t : ys) EZKL_ENSURE(info(t).shape == shape, "columns of one permutation have one shape");
  for (const Tensor t : xs) EZKL_ENSURE(info(t).shape == shape, "columns of one permutation have one shape");
  claim.in.assign(ys.begin(), ys.end());
  claim.in.insert(claim.in.end(), xs.begin(), xs.end());
  for (std::size_t k = 0; k < ys.size(); ++k) {
    TensorInfo& y = info(ys[k]);
    const Interval x = expected(xs[k]);
    const bool proven = info(xs[k]).proven;
    if (y.bounded && y.proven && !proven) continue;
    y.interval = y.bounded && y.proven == proven ? intersect(y.interval, x) : x;
    y.bounded = true;
    y.proven = proven;
  }
  add_claim(std::move(claim));
}

void Recorder::drop_unused() {
  std::vector<bool> used(record_.tensors.size());
  for (const Tensor t : record_.outputs) used[t.id] = true;
  for (const Binding& binding : record_.bindings) used[binding.tensor.id] = true;
  const auto restricts = [](const Claim& claim) {
    return !claim.defines || claim.kind == Kind::range || claim.kind == Kind::permute || claim.kind == Kind::gather ||
           claim.kind == Kind::table;
  };
  std::vector<Claim> kept;
  for (std::size_t i = record_.claims.size(); i-- > 0;) {
    Claim& claim = record_.claims[i];
    const bool needed =
        restricts(claim) || std::any_of(claim.out.begin(), claim.out.end(), [&](Tensor t) { return used[t.id]; });
    if (!needed) continue;
    for (const Tensor t : claim.in) used[t.id] = true;
    for (const Tensor t : claim.out) used[t.id] = true;
    kept.push_back(std::move(claim));
  }
  std::reverse(kept.begin(), kept.end());
  record_.claims = std::move(kept);
  for (std::size_t i = 0; i < used.size(); ++i) record_.tensors[i].used = used[i];
}

Record Recorder::finish() {
  drop_unused();
  std::vector<bool> pinned(record_.tensors.size());
  for (const Claim& claim : record_.claims) {
    if (claim.kind == Kind::hint || claim.kind == Kind::range) continue;
    for (const Tensor t : claim.in) pinned[t.id] = true;
  }
  for (std::size_t i = 0; i < record_.tensors.size(); ++i) {
    const TensorInfo& tensor = record_.tensors[i];
    const std::string where = "a hint of node '" + record_.node_names[tensor.node] + "'";
    EZKL_ENSURE(tensor.bounded || !tensor.used, where + " has no bounds");
    EZKL_ENSURE(tensor.origin != Origin::hint || pinned[i], where + " occurs in no equation");
  }
  Record result = std::move(record_);
  *this = Recorder(args_, budget_);
  return result;
}

}  // namespace ezkl::claims
