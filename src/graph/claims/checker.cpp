#include "graph/claims/checker.hpp"

#include <algorithm>
#include <string_view>

#include "base/ensure.hpp"
#include "base/int128.hpp"
#include "ezkl/error.hpp"
#include "graph/claims/interval.hpp"
#include "graph/claims/kernels.hpp"

namespace ezkl::claims {
namespace {

std::string_view kind_name(Kind kind) {
  static constexpr std::string_view names[] = {"constant", "hint",    "linear", "contract", "remap",
                                               "view",     "reshape", "range",  "table",    "is_zero",
                                               "gather",   "permute", "digest", "fixed"};
  return names[static_cast<std::size_t>(kind)];
}

/// Rows of some columns on one line, sorted.
std::vector<Values> sorted_rows(std::span<const Tensor> columns, const Trace& trace, std::size_t begin,
                                std::size_t length) {
  std::vector<Values> rows(length);
  for (std::size_t i = 0; i < length; ++i) {
    for (const Tensor t : columns) rows[i].push_back((*trace[t.id])[begin + i]);
  }
  std::sort(rows.begin(), rows.end());
  return rows;
}

bool permutes(const Record& record, const Claim& claim, const Trace& trace, std::size_t& element) {
  const std::size_t half = claim.in.size() / 2;
  const Shape& shape = record.tensors[claim.in[0].id].shape;
  for (std::size_t line = 0; line < shape[0]; ++line) {
    element = line * shape[1];
    const auto ys = sorted_rows(std::span(claim.in).first(half), trace, element, shape[1]);
    const auto xs = sorted_rows(std::span(claim.in).last(half), trace, element, shape[1]);
    if (ys != xs) return false;
  }
  return true;
}

std::size_t first_outside(const Values& values, Interval bounds) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] < bounds.lo || values[i] > bounds.hi) return i;
  }
  return values.size();
}

}  // namespace

bool claim_holds(const Record& record, const Claim& claim, const Trace& trace, std::string* message) {
  for (const Tensor t : claim.in) EZKL_ENSURE(trace[t.id] != nullptr, "a trace holds every tensor");
  const auto fail = [&](Tensor t, std::size_t element, const std::string& problem) {
    if (message != nullptr) {
      *message = "node '" + record.node_names[claim.node] + "', " + std::string(kind_name(claim.kind)) + ": " +
                 place_name(record, t, element) + " is " + ezkl::to_string((*trace[t.id])[element]) + ", " + problem;
    }
    return false;
  };
  std::size_t element = 0;
  switch (claim.kind) {
    case Kind::hint:
      return true;
    case Kind::range:
      element = first_outside(*trace[claim.in[0].id], claim.interval);
      if (element == trace[claim.in[0].id]->size()) return true;
      return fail(claim.in[0], element, "outside " + describe(claim.interval));
    case Kind::permute:
      return permutes(record, claim, trace, element) ||
             fail(claim.in[0], element, "the start of a line that is no permutation of its source");
    case Kind::fixed:
      for (const Int128 value : *trace[claim.in[0].id]) {
        if (!(Fr::from_i128(value) == (*claim.felts)[element])) {
          return fail(claim.in[0], element, "not the value that the key holds");
        }
        ++element;
      }
      return true;
    case Kind::linear:
      if (!claim.defines) {
        std::vector<const Values*> terms;
        for (const Tensor t : claim.in) terms.push_back(trace[t.id].get());
        const std::size_t n = equations(record, claim);
        const Values sums = linear_values(n, claim.coefficients, terms, claim.constant);
        element = first_outside(sums, {0, 0});
        return element == n || fail(claim.in[0], terms[0]->size() == 1 ? 0 : element, "which breaks an equation");
      }
      break;
    case Kind::gather:
    case Kind::table:
      element = first_outside(*trace[claim.in.back().id],
                              claim.kind == Kind::table
                                  ? claim.interval
                                  : Interval{0, static_cast<Int128>(record.tensors[claim.in[0].id].shape[1]) - 1});
      if (element != trace[claim.in.back().id]->size())
        return fail(claim.in.back(), element, "outside what it is looked up in");
      break;
    default:
      break;
  }
  const auto defined = defined_values(record, claim, trace);
  for (std::size_t k = 0; k < defined.size(); ++k) {
    const Values& given = *trace[claim.out[k].id];
    element = first_difference(*defined[k], given);
    if (element != given.size()) return fail(claim.out[k], element, "not " + ezkl::to_string((*defined[k])[element]));
  }
  return true;
}

std::vector<Violation> check_trace(const Record& record, const Trace& trace, std::size_t limit) {
  std::vector<Violation> result;
  std::string message;
  for (std::size_t i = 0; i < record.claims.size() && result.size() < limit; ++i) {
    if (!claim_holds(record, record.claims[i], trace, &message)) result.push_back({i, message});
  }
  for (std::uint32_t id = 0; id < record.tensors.size() && result.size() < limit; ++id) {
    const TensorInfo& info = record.tensors[id];
    if (!info.used || !info.proven) continue;
    const std::size_t element = first_outside(*trace[id], info.interval);
    if (element == trace[id]->size()) continue;
    result.push_back({record.claims.size(), "node '" + record.node_names[info.node] +
                                                "': " + place_name(record, {id}, element) + " is " +
                                                ezkl::to_string((*trace[id])[element]) +
                                                ", outside its proven bounds " + describe(info.interval)});
  }
  return result;
}

bool recompute_derived(const Record& record, Trace& trace) {
  try {
    for (const Claim& claim : record.claims) {
      if (claim.kind == Kind::hint) continue;
      auto defined = defined_values(record, claim, trace);
      for (std::size_t k = 0; k < defined.size(); ++k) trace[claim.out[k].id] = std::move(defined[k]);
    }
  } catch (const Error& e) {
    if (e.fault() == Fault::range) return false;
    throw;
  }
  return true;
}

std::vector<Forgery> forge(const Record& record, const Trace& honest, std::size_t per_tensor) {
  static constexpr std::int64_t steps[] = {1, -1, 2, -2, 127, -127, 128, -128, 16384, -16384, std::int64_t{1} << 40};
  std::vector<Forgery> accepted;
  for (std::uint32_t id = 0; id < record.tensors.size(); ++id) {
    if (record.tensors[id].origin != Origin::hint || !record.tensors[id].used) continue;
    const Values& values = *honest[id];
    const std::size_t tried = std::min(per_tensor, values.size());
    for (std::size_t k = 0; k < tried; ++k) {
      const std::size_t element = k * values.size() / tried;
      for (const std::int64_t step : steps) {
        Trace trace = honest;
        auto changed = std::make_shared<Values>(values);
        (*changed)[element] += step;
        trace[id] = changed;
        if (!recompute_derived(record, trace)) continue;
        const bool refused = std::any_of(record.claims.begin(), record.claims.end(), [&](const Claim& claim) {
          return !claim.defines || claim.kind == Kind::range || claim.kind == Kind::permute || claim.kind == Kind::table
                     ? !claim_holds(record, claim, trace, nullptr)
                     : false;
        });
        if (refused) continue;
        const bool changes = std::any_of(record.outputs.begin(), record.outputs.end(),
                                         [&](Tensor t) { return *trace[t.id] != *honest[t.id]; });
        accepted.push_back({{id}, element, values[element], values[element] + step, changes});
      }
    }
  }
  return accepted;
}

}  // namespace ezkl::claims
