#pragma once

#include <functional>
#include <map>
#include <memory>
#include <span>
#include <vector>

#include "graph/claims/elements.hpp"

namespace ezkl::claims {

/// Elements by tensor id; null for tensors not known (yet, or any more).
using Trace = std::vector<std::shared_ptr<const Values>>;

/// The values of the tensors that `claim` defines, from those it is about. Claims that define nothing give none.
/// errors: Fault::range from hints that have no value, for indices outside their data and from table functions.
std::vector<std::shared_ptr<const Values>> defined_values(const Record& record, const Claim& claim, const Trace& trace);

/// Smallest and largest keys looked up in tables, the widest range claimed, and the largest magnitude of a value outside
/// the range claimed of it (0: none is), as the choice of settings wants them.
struct Extremes {
  Interval keys{0, 0};
  Int128 range_width = 0;
  Int128 outgrown = 0;
};

/// Runs the claims of a record one after the other on given inputs: this is witness generation in integers.
///
/// Tensors of field elements are computed modulo the field's prime. So is what is computed from an input that holds
/// such although nothing but a waived check lets it: as soon as a result lies within its expected bounds, it counts as
/// integers again.
///
/// errors   Fault::range, naming node, element, value, interval and the option that widens it, where a value leaves a
///          range or a table that some claim sets; Fault::format for inputs of the wrong number or size;
///          Fault::unsupported, naming node, element and value, for a field element where a number has to stand
/// memory   16 bytes an element of every live tensor, 32 of field elements; a tensor is dropped after the last claim
///          about it
/// threads  claims on many elements run on all of them
class Evaluation {
 public:
  struct Options {
    bool check_ranges = true;  ///< false: calibration, which looks for what the ranges should be
    bool keep_all = false;     ///< keep every tensor to the end
  };
  /// Called after each claim was evaluated, while the values of its tensors are alive.
  using Visitor = std::function<void(std::size_t index, const Claim& claim)>;

  /// `record` must outlive the evaluation. `inputs` one per Record::inputs.
  Evaluation(const Record& record, Inputs inputs, Options options);
  Evaluation(const Record& record, Inputs inputs) : Evaluation(record, std::move(inputs), Options()) {}

  void run(const Visitor& visit = {});

  /// errors: Fault::internal when the tensor is not alive, or holds field elements.
  const Values& values(Tensor t) const;
  /// Whether there are integers of the tensor to be had.
  bool alive(Tensor t) const { return trace_[t.id] != nullptr; }
  /// errors: Fault::internal when the tensor is not alive.
  Elements elements(Tensor t) const;
  /// errors: Fault::unsupported when an output holds field elements.
  std::vector<Values> outputs() const;
  std::vector<Felts> output_felts() const;
  const Trace& trace() const { return trace_; }
  const Extremes& extremes() const { return extremes_; }

 private:
  void set_input(Tensor t, Elements elements, bool ranged);
  /// Whether the claim is about field elements, or its result is some.
  bool in_field(const Claim& claim) const;
  void define(const Claim& claim);
  void store(Tensor t, Felts felts);
  void check(const Claim& claim);
  void check_felts(const Claim& claim) const;
  /// Whether x lies in the interval; notes how far out it is otherwise.
  bool fits(Int128 x, const Interval& interval);

  const Record& record_;
  Options options_;
  Trace trace_;
  std::vector<std::shared_ptr<const Felts>> felts_;  ///< of tensors that are not in trace_
  std::vector<std::vector<Tensor>> dying_;  ///< by claim: tensors no later claim mentions
  Extremes extremes_;
};

/// "node 'conv1', element 17 ([0, 1, 3])"
std::string place_name(const Record& record, Tensor t, std::size_t element);

}  // namespace ezkl::claims
