#pragma once

#include <functional>
#include <set>
#include <vector>

#include "graph/claims/checker.hpp"
#include "graph/claims/recorder.hpp"

namespace ezkl::claims {

/// Every tuple of output elements that the claims of a record accept for given inputs, whatever hints a prover picks
/// within their proven bounds. For records of few elements and narrow bounds.
class Enumeration {
 public:
  Enumeration(const Record& record, const std::vector<Values>& inputs)
      : record_(record), trace_(record.tensors.size()) {
    for (std::size_t i = 0; i < inputs.size(); ++i)
      trace_[record.inputs[i].id] = std::make_shared<const Values>(inputs[i]);
    for (const auto& [t, values] : record.params) trace_[t.id] = values;
    step(0);
  }
  const std::set<Values>& accepted() const { return accepted_; }

 private:
  void step(std::size_t at) {
    if (at == record_.claims.size()) {
      Values all;
      for (const Tensor t : record_.outputs) all.insert(all.end(), trace_[t.id]->begin(), trace_[t.id]->end());
      accepted_.insert(all);
      return;
    }
    const Claim& claim = record_.claims[at];
    if (claim.kind == Kind::hint) {
      choose(at, 0, 0);
      return;
    }
    const auto defined = defined_values(record_, claim, trace_);
    for (std::size_t k = 0; k < defined.size(); ++k) trace_[claim.out[k].id] = defined[k];
    if (claim_holds(record_, claim, trace_, nullptr)) step(at + 1);
  }

  /// Tries every value of element number `element` of hint number `k` of a claim, then goes on to the next.
  void choose(std::size_t at, std::size_t k, std::size_t element) {
    const Claim& claim = record_.claims[at];
    if (k == claim.out.size()) {
      step(at + 1);
      return;
    }
    const TensorInfo& info = record_.tensors[claim.out[k].id];
    if (element == volume(info.shape)) {
      choose(at, k + 1, 0);
      return;
    }
    for (Int128 value = info.interval.lo; value <= info.interval.hi; ++value) {
      Values values = element == 0 ? Values(volume(info.shape)) : *trace_[claim.out[k].id];
      values[element] = value;
      trace_[claim.out[k].id] = std::make_shared<const Values>(std::move(values));
      choose(at, k, element + 1);
    }
  }

  const Record& record_;
  Trace trace_;
  std::set<Values> accepted_;
};

/// Records `body` on inputs of one element each, within `bounds`.
inline Record record_of(const RunArgs& args, const std::vector<Shape>& shapes, Interval bounds,
                        const std::function<Tensor(Writer&, std::span<const Tensor>)>& body) {
  Recorder w(args);
  std::vector<Tensor> inputs;
  for (const Shape& shape : shapes) inputs.push_back(w.input(shape, bounds, true));
  w.output(body(w, inputs));
  return w.finish();
}

}  // namespace ezkl::claims
