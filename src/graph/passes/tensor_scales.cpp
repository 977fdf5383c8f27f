#include "graph/passes/tensor_scales.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>

#include "ezkl/error.hpp"
#include "graph/execute.hpp"
#include "graph/passes/constant_scales.hpp"

namespace ezkl {
namespace {

/// Significant bits that the largest element of what counts needs for a tolerance of 1 %, and those it gets where the
/// usual scale leaves fewer.
constexpr int least_bits = 11, wanted_bits = 14;
/// A single-precision number has no more: what is behind them is no information.
constexpr int float_bits = 26;
/// Longer numbers cost more than they tell, and products of two must fit.
constexpr int longest = 44;
/// A slice that is this many bits below the largest is nothing.
constexpr int ignored_bits = 34;
constexpr int most_scale = 62;

constexpr const char* prefix = "scale ";

/// Exponent of the power of two above a magnitude.
int exponent_of(double size) {
  int exponent = 0;
  std::frexp(size, &exponent);
  return exponent;
}

/// Operators whose result has its operands' digits, none more and none less.
bool passes_on(const std::string& kind) {
  static const std::set<std::string> kinds = {"Add",
                                              "Sub",
                                              "Neg",
                                              "Abs",
                                              "Sum",
                                              "Identity",
                                              "Reshape",
                                              "Transpose",
                                              "Slice",
                                              "Gather",
                                              "Concat",
                                              "Max",
                                              "Min",
                                              "Iff",
                                              "Remap",
                                              "ReduceMax",
                                              "ReduceMin",
                                              "MaxPool",
                                              "SumPool",
                                              "LeakyReLU",
                                              "TopK",
                                              "GatherND",
                                              "Pad",
                                              "Tile",
                                              "GatherElements",
                                              "CumSum",
                                              "Div",
                                              "Trilu",
                                              "Masked",
                                              "ScatterND",
                                              "Resize",
                                              "MultiBroadcastTo",
                                              "ScatterElements"};
  return kinds.count(kind) != 0;
}

/// What samples show of one tensor.
struct Seen {
  std::vector<double> sizes;  ///< see slice_sizes

  void add(const FloatTensor& value) {
    const std::vector<double> own = slice_sizes(value.shape, value.data, value.shape.size());
    sizes.resize(own.size(), 0);
    for (std::size_t i = 0; i < own.size(); ++i) sizes[i] = std::max(sizes[i], own[i]);
  }
};

class Chooser {
 public:
  Chooser(const Graph& graph, const RunArgs& args, Digits digits)
      : graph_(graph), args_(args), digits_(digits), seen_(graph.nodes.size()), scales_(graph.nodes.size()) {}

  void add(const std::vector<FloatTensor>& sample) {
    execute(graph_, sample, args_, [&](std::uint32_t i, const FloatTensor& value) {
      if (graph_.nodes[i].op.kind != "Constant" && is_float(graph_.nodes[i].type)) seen_[i].add(value);
    });
  }

  std::vector<std::pair<std::string, std::size_t>> choose() {
    const ConstantScales constants(graph_);
    for (std::uint32_t i = 0; i < graph_.nodes.size(); ++i) {
      const Node& node = graph_.nodes[i];
      if (node.op.kind != "Constant") {
        scales_[i] = own_scale(i);
      } else if (is_float(node.type) && constants.is_factor(i)) {
        scales_[i] = constants.factor_scale(i, args_.param_scale, true);
      } else if (is_float(node.type)) {
        seen_[i].add({node.type, node.shape, node.constant->floats});
        if (own_scale(i)) scales_[i] = args_.param_scale;  // more where a reader asks for it
      }
    }
    hand_back();
    std::vector<std::pair<std::string, std::size_t>> out;
    const std::vector<std::string> names = scale_variables(graph_);
    for (std::uint32_t i = 0; i < graph_.nodes.size(); ++i) {
      if (scales_[i] && *scales_[i] != usual(i)) out.emplace_back(names[i], static_cast<std::size_t>(*scales_[i]));
    }
    return out;
  }

 private:
  int usual(std::uint32_t i) const {
    if (graph_.nodes[i].op.kind == "Constant") return args_.param_scale;
    if (graph_.nodes[i].op.kind == "Input") return args_.input_scale;
    return args_.rebase_scale.value_or(std::max(args_.input_scale, args_.param_scale));
  }

  /// The scale that node i's values ask for; nothing where they are no numbers with digits.
  std::optional<int> own_scale(std::uint32_t i) const {
    const std::vector<double>& sizes = seen_[i].sizes;
    if (sizes.empty() || sizes[0] == 0 || !std::isfinite(sizes[0])) return std::nullopt;
    double smallest = sizes[0];
    if (digits_ == Digits::of_slices) {
      for (const double size : sizes) {
        if (size > std::ldexp(sizes[0], -ignored_bits)) smallest = std::min(smallest, size);
      }
    }
    const bool enough = usual(i) + exponent_of(smallest) >= least_bits;
    const int wanted = enough ? usual(i) : wanted_bits - exponent_of(smallest);
    return std::min({wanted, std::max(longest - exponent_of(sizes[0]), 0), most_scale});
  }

  /// What an operator passes on must come with its digits.
  void hand_back() {
    for (std::uint32_t i = static_cast<std::uint32_t>(graph_.nodes.size()); i-- > 0;) {
      const Node& node = graph_.nodes[i];
      if (!scales_[i] || !passes_on(node.op.kind)) continue;
      for (const std::uint32_t source : node.inputs) {
        if (!scales_[source] || seen_[source].sizes.empty()) continue;
        const int top = exponent_of(seen_[source].sizes[0]);
        const int most = std::min({float_bits - top, longest - top, most_scale});
        scales_[source] = std::max(*scales_[source], std::min(*scales_[i], most));
      }
    }
  }

  const Graph& graph_;
  const RunArgs& args_;
  Digits digits_;
  std::vector<Seen> seen_;
  std::vector<std::optional<int>> scales_;
};

}  // namespace

std::vector<std::string> node_variables(const Graph& graph, const std::string& word) {
  std::map<std::string, std::size_t> counts;
  std::vector<std::string> names;
  for (const Node& node : graph.nodes) {
    names.push_back(word + " " + node.name + "#" + std::to_string(counts[node.name]++));
  }
  return names;
}

std::vector<std::string> scale_variables(const Graph& graph) { return node_variables(graph, "scale"); }

bool has_scales(const RunArgs& args) {
  return std::any_of(args.variables.begin(), args.variables.end(),
                     [](const auto& variable) { return variable.first.rfind(prefix, 0) == 0; });
}

std::vector<std::optional<int>> given_scales(const Graph& graph, const RunArgs& args) {
  std::vector<std::optional<int>> given(graph.nodes.size());
  std::map<std::string_view, std::size_t> by_name;
  for (const auto& [name, scale] : args.variables) {
    if (name.rfind(prefix, 0) != 0) continue;
    if (scale > most_scale) {
      throw Error(Fault::format, "the variable '" + name + "' is " + std::to_string(scale) +
                                     "; the scale of a tensor is 0 to " + std::to_string(most_scale));
    }
    by_name[name] = scale;
  }
  if (by_name.empty() || args.semantics != Semantics::onnx) return given;
  const std::vector<std::string> names = scale_variables(graph);
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto found = by_name.find(names[i]);
    // Integers have no fraction.
    if (found != by_name.end() && is_float(graph.nodes[i].type)) given[i] = static_cast<int>(found->second);
  }
  return given;
}

std::vector<std::pair<std::string, std::size_t>> tensor_scales(const Graph& graph, const RunArgs& args,
                                                               std::span<const std::vector<FloatTensor>> samples,
                                                               Digits digits) {
  Chooser chooser(graph, args, digits);
  for (const std::vector<FloatTensor>& sample : samples) chooser.add(sample);
  return chooser.choose();
}

}  // namespace ezkl
