#pragma once

#include <string>
#include <vector>

#include "graph/claims/claims.hpp"
#include "model/model_budget.hpp"

namespace ezkl::claims {

/// Writes claims down: the list that backends lay out and that evaluation runs, with the shape and the proven interval
/// of every tensor. Claims about tensors that the verifier knows are computed at once and become constants.
///
/// bounds  where operands are so wide that a result could leave about ±2^120, they are first claimed to be smaller
/// errors  Fault::range, naming the node, when a value may leave ±2^126 all the same, a range is empty, or tensors and
///         claims become more than the budget allows;
///         Fault::unsupported for field elements where only numbers can stand;
///         Fault::internal for claims that make no sense (shapes that differ, hints used before they are bounded).
class Recorder final : public Writer {
 public:
  explicit Recorder(const RunArgs& args, const ModelBudget& budget = ModelBudget());

  /// For what operators make besides tensors.
  ModelBudget& budget() { return budget_; }

  /// Claims made from here on belong to this node.
  void enter_node(const std::string& name);
  /// A model input within `interval`; `checked` false: the user waives the claim that it is, and nothing else relies
  /// on it.
  Tensor input(Shape shape, Interval interval, bool checked);
  /// A model input of field elements, of which nothing is claimed.
  Tensor field_input(Shape shape);
  /// The hash of a message as a tensor of `shape`, which has one element. The message is bound as a hash that is
  /// `hashed/private`: the statement lays the hash out.
  Tensor digest(Tensor message, Shape shape);
  /// A parameter. Unless it is `fixed` the prover may choose other values, of any size: its interval is no proven one
  /// and tells no more of the values than how many digits they have.
  Tensor param(Shape shape, std::shared_ptr<const Values> values, bool fixed);
  void output(Tensor t);
  void bind(Tensor t, const Visibility& visibility, Slot slot);
  /// The finished record, without the claims that reach no output and restrict nothing; the recorder is empty
  /// afterwards. errors: Fault::internal for a hint that no claim bounds, or that occurs in no equation.
  Record finish();

  const RunArgs& args() const override { return args_; }
  const Shape& shape(Tensor t) const override;
  Interval interval(Tensor t) override;
  bool is_proven(Tensor t) const override { return info(t).proven && info(t).bounded; }
  Interval expected(Tensor t) const override;
  bool is_fixed(Tensor t) const override;
  bool is_field(Tensor t) const override { return info(t).field; }
  const Values& fixed_values(Tensor t) const override;
  Tensor constant(Shape shape, Values values) override;
  std::vector<Tensor> hints(std::vector<Shape> shapes, std::vector<Tensor> sources, HintFunction function) override;
  Tensor linear(std::span<const Term> terms, Int128 constant) override;
  void zero(std::span<const Term> terms, Int128 constant) override;
  Tensor contract(const Shape& out, const Shape& sum, std::span<const View> factors) override;
  Tensor remap(Shape shape, std::span<const Tensor> sources, std::vector<std::int64_t> map, Values constants) override;
  Tensor view(const View& view) override;
  Tensor reshape(Tensor t, Shape shape) override;
  void range(Tensor t, Interval interval) override;
  void deduce(Tensor t, Interval interval, std::initializer_list<Tensor> from) override;
  Tensor table(Tensor key, const TableId& id) override;
  Tensor is_zero(Tensor x) override;
  Tensor gather(Tensor data, Tensor index) override;
  void permute(std::span<const Tensor> ys, std::span<const Tensor> xs) override;

 private:
  TensorInfo& info(Tensor t);
  const TensorInfo& info(Tensor t) const;
  Tensor make(Shape shape, Interval interval, Origin origin);
  Tensor make_fixed(Claim claim, Shape shape, std::shared_ptr<const Values> values);
  Tensor define(Claim claim, Shape shape, Interval interval);
  /// The same where the claim itself keeps the result within `interval`, whatever its sources are.
  Tensor define_within(Claim claim, Shape shape, Interval interval);
  void add_claim(Claim claim);
  bool all_fixed(std::span<const Tensor> tensors) const;
  bool all_proven(std::span<const Tensor> tensors) const;
  bool any_field(std::span<const Tensor> tensors) const;
  Claim linear_claim(std::span<const Term> terms, Int128 constant, Shape& shape, Interval& interval) const;
  /// What a table holds for a range of keys: all entries, and those within the decomposition limit.
  struct TableBounds {
    Interval all, useful;
  };
  const TableBounds& table_bounds(const TableId& id, Interval keys);
  /// Whether a view shows nothing but zeros.
  bool shows_zeros(const View& view) const;
  /// Claims that |t| is at most about `bound` unless that is proven already: room for what is computed from it.
  void make_room(Tensor t, Int128 bound);
  /// The same for the factors of a contraction of `terms` products.
  void make_room_for(const std::vector<Tensor>& factors, Int128 terms);
  /// Pays for a tensor before it is made.
  void spend(const Shape& shape);
  void drop_unused();
  template <class Body>
  decltype(auto) at_node(Body&& body) const;

  RunArgs args_;
  ModelBudget budget_;
  Record record_;
  std::vector<std::shared_ptr<const Values>> fixed_;  ///< by tensor; null unless the verifier knows the values
  std::map<std::pair<TableId, std::pair<Int128, Int128>>, TableBounds> tables_;
};

/// Largest magnitude that a decomposed value may have: decomp_base^decomp_legs - 1, at most 2^120.
Int128 decomposition_limit(const RunArgs& args);

/// Keys of a static table: lookup_range, and what fills its last column up (docs/spec/constraint-system.md 5.4). That
/// is less than one column, taken as 2^26 here so that a record does not depend on the number of rows.
Interval table_keys(const RunArgs& args);

}  // namespace ezkl::claims
