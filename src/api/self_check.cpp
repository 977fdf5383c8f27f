#include "api/self_check.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "api/calibration_data.hpp"
#include "api/loaded_model.hpp"
#include "base/text.hpp"
#include "ezkl/error.hpp"
#include "floatrun/float_run.hpp"
#include "graph/claims/evaluation.hpp"
#include "graph/claims/recorder.hpp"
#include "graph/record.hpp"
#include "tensor/quantize.hpp"

namespace ezkl {
namespace {

floatrun::NamedTensors named_inputs(const Graph& graph, const InputData& sample) {
  floatrun::NamedTensors out;
  const std::vector<FloatTensor> floats = float_inputs(graph, sample);
  for (std::size_t i = 0; i < floats.size(); ++i) {
    out[graph.input_names.at(i)] = std::make_shared<const floatrun::Tensor>(floatrun::from_stored(floats[i]));
  }
  return out;
}

double largest_magnitude(const std::vector<double>& values) {
  double largest = 0;
  for (const double v : values) largest = std::isfinite(v) ? std::max(largest, std::fabs(v)) : largest;
  return largest;
}

std::vector<double> dequantized(const claims::Values& values, int scale) {
  std::vector<double> out;
  out.reserve(values.size());
  for (const Int128 v : values) out.push_back(dequantize(v, scale));
  return out;
}

struct Worst {
  double share = 0;  ///< of what is allowed
  std::optional<std::size_t> element;
};

/// The element that is worst, if its error is more than `least_share` of what is allowed.
Worst worst_element(const std::vector<double>& got, const std::vector<double>& wanted, double least_share) {
  const double largest = largest_magnitude(wanted);
  Worst worst{least_share, std::nullopt};
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (!std::isfinite(wanted[i])) continue;
    const double error = std::fabs(got[i] - wanted[i]);
    const double allowed = allowed_error(wanted[i], largest);
    // Where nothing is allowed, the output is all zeros.
    const double share = error == 0 ? 0 : error / std::max(allowed, 0x1p-60);
    if (share > worst.share) worst = {share, i};
  }
  return worst;
}

/// The first element that says another class.
std::optional<std::size_t> other_class(const ClassOutput& how, const Shape& shape, const std::vector<double>& got,
                                       const std::vector<double>& wanted) {
  if (how.by_value) {
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      if (got[i] != wanted[i]) return i;
    }
    return std::nullopt;
  }
  const std::size_t n = shape.back();
  for (std::size_t start = 0; start + n <= wanted.size(); start += n) {
    const auto best = [&](const std::vector<double>& line) {
      const auto begin = line.begin() + static_cast<std::ptrdiff_t>(start);
      return std::max_element(begin, begin + static_cast<std::ptrdiff_t>(n)) - begin;
    };
    const auto want = best(wanted);
    if (best(got) != want) return start + static_cast<std::size_t>(want);
  }
  return std::nullopt;
}

/// Whether `value`, of so many elements, is made as scores are: by a softmax or by a layer's matrix of that width, with
/// biases, types and shapes behind it at most.
bool makes_scores(const GraphDef& model, std::string value, std::size_t width) {
  const auto matrix_width = [&](const std::string& name, std::size_t axis) -> std::size_t {
    const auto found = model.initializers.find(name);
    return found != model.initializers.end() && found->second.shape.size() == 2 ? found->second.shape[axis] : 0;
  };
  // From the last node back: what makes a value stands before those that take it.
  for (auto node = model.nodes.rbegin(); node != model.nodes.rend(); ++node) {
    if (node->outputs.empty() || node->outputs[0] != value || node->inputs.empty()) continue;
    const std::string &op = node->op_type, &first = node->inputs[0],
                      second = node->inputs.size() > 1 ? node->inputs[1] : "";
    if (op == "Softmax" || op == "LogSoftmax") return true;
    if (op == "MatMul") return matrix_width(second, 1) == width || matrix_width(first, 0) == width;
    if (op == "Gemm") {
      const auto turned = node->attributes.find("transB");
      return matrix_width(second, turned != node->attributes.end() && turned->second.i != 0 ? 0 : 1) == width;
    }
    if (op == "Add") {
      value = model.initializers.count(first) != 0 ? second : first;
    } else if (op == "Identity" || op == "Cast" || op == "Reshape" || op == "Squeeze" || op == "Flatten") {
      value = first;
    } else {
      return false;
    }
  }
  return false;
}

}  // namespace

std::string more_digits() {
  return "a larger input_scale and param_scale in gen-settings keep more digits, and ezkl accuracy shows where they "
         "are "
         "lost";
}

double allowed_error(double wanted, double largest) {
  return 0.01 * std::fabs(wanted) + std::min(0x1p-8, largest / 16);
}

std::optional<ClassOutput> class_output(const GraphDef& model, const std::vector<FloatTensor>& outputs) {
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const DType type = outputs[i].type;
    if (type == DType::i64 || type == DType::i32 || type == DType::boolean) return ClassOutput{i, true};
  }
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const Shape& shape = outputs[i].shape;
    if (shape.empty() || shape.size() > 2 || shape.back() < 2) continue;
    if (shape.size() == 2 || (i < model.outputs.size() && makes_scores(model, model.outputs[i].name, shape[0])))
      return ClassOutput{i, false};
  }
  return std::nullopt;
}

std::string ElementDifference::text() const {
  const std::string right = std::isnan(wanted)   ? "NaN"
                            : std::isinf(wanted) ? (wanted > 0 ? "infinity" : "-infinity")
                                                 : short_number(wanted, 6);
  return "output '" + output + "', element " + std::to_string(element) + " is " + short_number(got, 6) +
         ", the float model gives " + right;
}

void refuse_hashes_in_place(const RunArgs& args) {
  if (args.input_visibility.kind != Visibility::Kind::hashed_private) return;
  throw Error(Fault::unsupported, "the circuit computes with the hashes of inputs, the float model with the inputs");
}

std::vector<FloatTensor> float_outputs(const ModelDef& model, const Graph& graph, const InputData& sample) {
  std::vector<FloatTensor> out;
  for (const floatrun::TensorPtr& tensor : floatrun::run(model, named_inputs(graph, sample))) {
    out.push_back(floatrun::to_stored(*tensor));
  }
  return out;
}

std::vector<std::vector<FloatTensor>> float_outputs(const ModelDef& model, const Graph& graph,
                                                    const std::vector<InputData>& samples) {
  std::vector<std::vector<FloatTensor>> out;
  for (const InputData& sample : samples) out.push_back(float_outputs(model, graph, sample));
  return out;
}

SampleVerdict SelfCheck::judge(const std::vector<FloatTensor>& floats,
                               const std::vector<claims::Values>& outputs) const {
  if (floats.size() != outputs.size()) throw Error(Fault::format, "the float model has another number of outputs");
  const std::optional<ClassOutput> classes = class_output(model_.graph, floats);
  SampleVerdict verdict;
  for (std::size_t k = 0; k < floats.size(); ++k) {
    const std::vector<double>& wanted = floats[k].data;
    if (wanted.size() != outputs[k].size()) {
      throw Error(Fault::format, "output '" + graph_.output_names.at(k) + "' has " + std::to_string(outputs[k].size()) +
                                     " elements in the circuit and " + std::to_string(wanted.size()) +
                                     " in the float model");
    }
    const std::vector<double> got = dequantized(outputs[k], graph_.nodes[graph_.outputs[k]].scale);
    const auto difference = [&](std::size_t i) {
      return ElementDifference{graph_.output_names[k], i, got[i], wanted[i]};
    };
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      if (std::isfinite(wanted[i])) {
        verdict.largest_error = std::max(verdict.largest_error, std::fabs(got[i] - wanted[i]));
      } else if (!verdict.not_finite) {
        verdict.not_finite = difference(i);
      }
    }
    const bool labels = classes && classes->output == k && classes->by_value;
    const Worst worst = worst_element(got, wanted, verdict.share_of_allowed);
    if (!labels && worst.element) {
      verdict.share_of_allowed = worst.share;
      if (worst.share > 1) verdict.beyond = difference(*worst.element);
    }
    if (classes && classes->output == k && !verdict.not_finite) {
      if (const auto at = other_class(*classes, floats[k].shape, got, wanted)) verdict.other_class = difference(*at);
    }
  }
  return verdict;
}

std::string SelfCheck::first_node(const InputData& sample, const SampleVerdict& verdict) const {
  std::string found;
  const auto described = [](const NodeDef& node) { return "node '" + node.name + "' (" + node.op_type + ")"; };
  if (verdict.not_finite) {
    floatrun::run(model_, named_inputs(graph_, sample), {},
                  [&](const NodeDef& node, const std::string&, const floatrun::Tensor& value) {
                    const bool finite = std::all_of(value.reals().begin(), value.reals().end(),
                                                    [](double v) { return std::isfinite(v); });
                    if (!finite && found.empty()) found = described(node);
                  });
    return found;
  }
  claims::Evaluation evaluation(record_, quantize_inputs(sample, input_specs(graph_)), {true, true});
  evaluation.run();
  std::map<std::uint32_t, claims::Tensor> tensors;
  for (const auto& [node, tensor] : record_.node_values) {
    if (evaluation.alive(tensor)) tensors[node] = tensor;
  }
  std::multimap<std::string, std::uint32_t> by_name;
  for (const auto& [node, tensor] : tensors) by_name.emplace(graph_.nodes[node].name, node);
  const auto look = [&](const NodeDef& node, const std::string&, const floatrun::Tensor& value) {
    // The last node of the circuit's graph that has an ONNX node's name and its output's shape stands for that output.
    std::optional<std::uint32_t> match;
    const auto [begin, end] = by_name.equal_range(node.name);
    for (auto it = begin; it != end; ++it) {
      if (graph_.nodes[it->second].shape == value.shape) match = it->second;
    }
    if (!match) return;
    const std::vector<double> got = dequantized(evaluation.values(tensors.at(*match)), graph_.nodes[*match].scale);
    const std::vector<double> wanted = floatrun::to_stored(value).data;
    if (got.size() != wanted.size()) return;
    // Another class can come of errors that are small.
    const double share = verdict.beyond ? 1 : 0.1;
    // What agrees further on was not broken before: rewritten graphs hold other values under a node's name.
    if (!worst_element(got, wanted, share).element) {
      found.clear();
    } else if (found.empty()) {
      found = described(node);
    }
  };
  floatrun::run(model_, named_inputs(graph_, sample), {}, look);
  return found;
}

std::string SelfCheck::report(const InputData& sample, const SampleVerdict& verdict) const {
  if (verdict.holds()) return "";
  std::string out;
  const auto say = [&](const std::string& sentence) { out += (out.empty() ? "" : "; ") + sentence; };
  if (verdict.not_finite) say(verdict.not_finite->text() + ": no number of a circuit is right");
  const bool one = verdict.other_class && verdict.beyond && verdict.other_class->output == verdict.beyond->output &&
                   verdict.other_class->element == verdict.beyond->element;
  const std::string allowed = " (1 % and 2^-8 are allowed)";
  if (verdict.other_class) {
    say("the circuit decides otherwise: " + verdict.other_class->text() + (one ? allowed : ""));
  }
  if (verdict.beyond && !one) say(verdict.beyond->text() + allowed);
  const std::string start = first_node(sample, verdict);
  if (!start.empty()) say("it begins at " + start);
  if (verdict.not_finite) {
    say("give inputs for which the model has a value");
  } else {
    say(more_digits());
  }
  return out;
}

namespace {

/// The larger share of the keys below and above zero that a table's `keys` take, on the sides where others may go
/// beyond them: at a function's flat ends keys are clamped, so that what lies further out takes the last key, too.
double share_used(const claims::Values& keys, const claims::TensorInfo& key, const std::pair<Int128, Int128>& range) {
  const bool known = key.bounded && key.proven;
  const bool down = !known || key.interval.lo < range.first, up = !known || key.interval.hi > range.second;
  Int128 lowest = 0, highest = 0;
  for (const Int128 x : keys) {
    if (down) lowest = std::min(lowest, x);
    if (up) highest = std::max(highest, x);
  }
  const auto share = [](Int128 part, Int128 whole) {
    return part == 0 ? 0 : static_cast<double>(part) / static_cast<double>(std::max<Int128>(whole, 1));
  };
  return std::max(share(-lowest, -range.first), share(highest, range.second));
}

}  // namespace

SelfCheckResult self_check(const SelfCheck& circuit, const RunArgs& args, const std::vector<InputData>& samples,
                           const std::vector<std::vector<FloatTensor>>& wanted) {
  SelfCheckResult out;
  out.samples = wanted.size();
  const Int128 bound = claims::decomposition_limit(args);
  Int128 largest = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    claims::Evaluation evaluation(circuit.record(), quantize_inputs(samples[i], input_specs(circuit.graph())));
    evaluation.run([&](std::size_t, const claims::Claim& claim) {
      if (claim.kind == claims::Kind::table && evaluation.alive(claim.in[0])) {
        const claims::TensorInfo& key = circuit.record().tensors[claim.in[0].id];
        out.keys_used = std::max(out.keys_used, share_used(evaluation.values(claim.in[0]), key, args.lookup_range));
      }
      // Narrower ranges, of remainders and digits, are always used up.
      if (claim.kind != claims::Kind::range || claim.interval.hi < bound || !evaluation.alive(claim.in[0])) return;
      for (const Int128 x : evaluation.values(claim.in[0])) largest = std::max(largest, x < 0 ? -x : x);
    });
    if (wanted.empty()) continue;
    const SampleVerdict verdict = circuit.judge(wanted[i], evaluation.outputs());
    out.largest_error = std::max(out.largest_error, verdict.largest_error);
    out.share_of_allowed = std::max(out.share_of_allowed, verdict.share_of_allowed);
    if (verdict.holds()) continue;
    if (out.beyond++ > 0) continue;
    out.first_beyond = i;
    out.first_verdict = verdict;
  }
  out.values_used = static_cast<double>(largest) / static_cast<double>(bound);
  return out;
}

}  // namespace ezkl
