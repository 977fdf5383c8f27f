#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "artifact/input_file.hpp"
#include "graph/claims/claims.hpp"
#include "graph/graph.hpp"
#include "model/node_def.hpp"

namespace ezkl {

/// An element of an output and what the float model gives for it.
struct ElementDifference {
  std::string output;  ///< name
  std::size_t element = 0;
  double got = 0, wanted = 0;

  /// "output 'y', element 3 is 0.25, the float model gives 0.31"
  std::string text() const;
};

/// One sample's outputs beside those of the original float model.
///
/// An element may differ by 1 % of its own magnitude plus 2^-8, or plus a sixteenth of the output's largest magnitude
/// where that is less: outputs of small numbers are not zeros.
struct SampleVerdict {
  std::optional<ElementDifference> beyond;       ///< the worst element beyond that; none: all are within
  std::optional<ElementDifference> other_class;  ///< where the model decides otherwise
  std::optional<ElementDifference> not_finite;   ///< an element that is NaN or infinite in the float model
  double largest_error = 0;                      ///< absolute, over all elements that are finite in the float model
  double share_of_allowed = 0;                   ///< the worst element's error by what it may be; labels have none

  bool holds() const { return !beyond && !other_class && !not_finite; }
};

/// errors: Fault::unsupported where the circuit computes with the hash of an input, of which the float model knows
/// nothing.
void refuse_hashes_in_place(const RunArgs& args);

/// The original float model's outputs for a sample, in order. `graph`, made of `model`, says what the inputs are.
/// errors: as floatrun::run; Fault::unsupported for inputs that are field elements.
std::vector<FloatTensor> float_outputs(const ModelDef& model, const Graph& graph, const InputData& sample);
/// The same for each of several samples.
std::vector<std::vector<FloatTensor>> float_outputs(const ModelDef& model, const Graph& graph,
                                                    const std::vector<InputData>& samples);

/// The original float model as the judge of a circuit's arithmetic.
class SelfCheck {
 public:
  /// `record` is that of `graph`, which was made of `model`. All must outlive the check.
  SelfCheck(const ModelDef& model, const Graph& graph, const claims::Record& record)
      : model_(model), graph_(graph), record_(record) {}

  /// Compares what the circuit gives with what the float model gives.
  /// errors: Fault::format when the outputs differ in number or size.
  SampleVerdict judge(const std::vector<FloatTensor>& floats, const std::vector<claims::Values>& outputs) const;

  /// The node of the model where what `verdict` finds begins, "node 'Div_3' (Div)", or nothing where no node of the
  /// circuit can be compared. Runs both again and keeps every tensor.
  std::string first_node(const InputData& sample, const SampleVerdict& verdict) const;

  const Graph& graph() const { return graph_; }
  const claims::Record& record() const { return record_; }

  /// All that is wrong, where it begins and what would help; empty when nothing is. A sentence a finding. As costly as
  /// first_node.
  std::string report(const InputData& sample, const SampleVerdict& verdict) const;

 private:
  const ModelDef& model_;
  const Graph& graph_;
  const claims::Record& record_;
};

/// How a circuit does on the samples that it was chosen by.
struct SelfCheckResult {
  std::size_t samples = 0, beyond = 0;  ///< compared; and those whose verdict does not hold
  std::size_t first_beyond = 0;         ///< the first of those, and its verdict
  SampleVerdict first_verdict;
  double largest_error = 0;
  double share_of_allowed = 0;  ///< as of the worst sample's verdict
  /// the largest share of the lookup range that a key took, of keys that may leave it; 0: none may
  double keys_used = 0;
  double values_used = 0;  ///< the largest share of the bound on values that one took; 0: all are proven smaller
};

/// Runs a circuit on samples and compares each with the float model's outputs for it, `wanted`; without any, nothing is
/// compared.
/// errors: Fault::range for a sample that it does not take.
SelfCheckResult self_check(const SelfCheck& circuit, const RunArgs& args, const std::vector<InputData>& samples,
                           const std::vector<std::vector<FloatTensor>>& wanted);

/// What helps against too few digits.
std::string more_digits();

/// Which output of a model says a class, and how: labels by their values, scores by where the largest stands along the
/// last axis. Nothing for a model that does neither. A vector, which may as well be a series or a number for each row
/// of a batch, is scores where a softmax or a layer as wide as it makes it.
struct ClassOutput {
  std::size_t output = 0;
  bool by_value = false;
};
std::optional<ClassOutput> class_output(const GraphDef& model, const std::vector<FloatTensor>& outputs);

/// How far an element of the float model's value `wanted` may differ in an output of that largest magnitude.
double allowed_error(double wanted, double largest);

}  // namespace ezkl
