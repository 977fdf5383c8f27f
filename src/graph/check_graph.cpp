#include "graph/check_graph.hpp"

#include <algorithm>
#include <limits>

#include "base/int128.hpp"
#include "ezkl/error.hpp"
#include "graph/claims/interval.hpp"
#include "graph/field_inputs.hpp"
#include "graph/op_table.hpp"
#include "tensor/quantize.hpp"

namespace ezkl {
namespace {

constexpr Int128 largest_constant = Int128{1} << 126;

void require(bool condition, const std::string& message) {
  if (!condition) throw Error(Fault::format, message);
}

/// The exponent of a factor or divisor. errors: Fault::format unless it is a power of two, Fault::range from 2^63 on.
int exponent_of(Int128 power, const std::string& what) {
  require(power > 0 && (power & (power - 1)) == 0, what + " " + to_string(power) + " is not a power of two");
  const int exponent = claims::bit_length(power) - 1;
  if (exponent > 62) {
    throw Error(Fault::range,
                what + " is 2^" + std::to_string(exponent) + ", more than 62 bits; choose smaller scales");
  }
  return exponent;
}

/// Scalars get an axis when a graph is quantized, so its shapes are equal when those axes are that hold nothing.
Shape without_ones(const Shape& shape) {
  Shape result;
  std::copy_if(shape.begin(), shape.end(), std::back_inserter(result), [](std::size_t extent) { return extent != 1; });
  return result;
}

class Checker {
 public:
  Checker(const Graph& graph, const RunArgs& args, GraphStage stage)
      : graph_(graph), args_(args), quantized_(stage == GraphStage::integers), is_input_(graph.nodes.size()) {
    args_.semantics = graph.semantics;
  }

  void run() {
    require(graph_.nodes.size() < std::numeric_limits<std::uint32_t>::max(), "the graph has too many nodes");
    require(graph_.semantics == Semantics::onnx || graph_.semantics == Semantics::published, "unknown semantics");
    check_names("input", graph_.inputs.size(), graph_.input_names.size());
    check_names("output", graph_.outputs.size(), graph_.output_names.size());
    for (std::size_t k = 0; k < graph_.inputs.size(); ++k) {
      const std::uint32_t i = graph_.inputs[k];
      const std::string where = "input " + std::to_string(k) + " of the model is node " + std::to_string(i);
      require(i < graph_.nodes.size() && graph_.nodes[i].op.kind == "Input", where + ", which is no input");
      require(!is_input_[i], where + ", as another input is");
      is_input_[i] = true;
    }
    for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
      const Node& node = graph_.nodes[i];
      const std::string name = node.name.empty() ? "number " + std::to_string(i) : "'" + node.name + "'";
      in_context("node " + name + " (" + node.op.kind + ")", [&] { check_node(i); });
    }
    require(!graph_.outputs.empty(), "the model has no outputs");
    for (const std::uint32_t i : graph_.outputs) {
      require(i < graph_.nodes.size(), "an output of the model is node " + std::to_string(i) + ", which is not there");
    }
  }

 private:
  static void check_names(const std::string& what, std::size_t count, std::size_t names) {
    require(count == names, std::to_string(names) + " names for " + std::to_string(count) + " " + what + "s");
  }

  void check_node(std::size_t i) {
    const Node& node = graph_.nodes[i];
    check_shape(node.shape);
    require(node.type <= DType::f64, "unknown element type");
    if (quantized_) check_scale(node.scale);
    if (node.op.kind == "Input" || node.op.kind == "Constant") return check_source(i);
    require(node.constant == nullptr, "an operator holds values of its own");
    if (node.op.kind == "ForceScale" && !quantized_) {
      check_operands(i);
      require(node.inputs.size() == 2 && node.op.attributes.empty() && node.shape == shapes_[0],
              "a change of scale is not of its operand's form");
      return;
    }
    const OpEntry& entry = op_entry(node.op.kind);
    check_signature(entry.signature, node.op, node.inputs.size());
    check_operands(i);
    const OpContext context{node.op, shapes_, scales_, args_, graph_.semantics, node.name};
    const Shape shape = entry.shape(context);
    const bool same = quantized_ ? without_ones(shape) == without_ones(node.shape) : shape == node.shape;
    require(same, "has shape " + to_string(node.shape) + " where the operator gives " + to_string(shape));
    if (quantized_) check_scales(node, entry, context);
  }

  void check_shape(const Shape& shape) const {
    if (shape.size() > most_axes) {
      throw Error(Fault::unsupported,
                  "a tensor of " + std::to_string(shape.size()) + " axes, more than " + std::to_string(most_axes));
    }
    require(!quantized_ || !shape.empty(), "a tensor without axes");
    // Extents count where the tensor is empty too: operators multiply some of them.
    std::size_t elements = 1;
    for (const std::size_t extent : shape) {
      if (extent > most_elements / elements) {
        throw Error(Fault::range,
                    "a tensor " + to_string(shape) + " has more than 2^28 elements, which no circuit holds");
      }
      elements *= std::max<std::size_t>(extent, 1);
    }
  }

  void check_source(std::size_t i) const {
    const Node& node = graph_.nodes[i];
    const std::size_t marks = quantized_ && node.op.kind == "Input" && is_field_input(node) ? 1 : 0;
    require(node.inputs.empty() && node.op.attributes.size() == marks && node.input_multipliers.empty() &&
                node.rebase_divisor == 1,
            "a source has operands, attributes, factors or a divisor");
    if (node.op.kind == "Input") {
      require(is_input_[i], "is not listed among the model's inputs");
      require(node.constant == nullptr, "an input holds values");
      return;
    }
    require(node.constant != nullptr, "a constant without values");
    const std::size_t elements = volume(node.shape), floats = node.constant->floats.size();
    const auto filled = [&](std::size_t count) {
      require(count == elements, std::to_string(count) + " values for a tensor " + to_string(node.shape));
    };
    if (!quantized_ || floats != 0) filled(floats);
    if (!quantized_) return;
    filled(node.constant->integers.size());
    for (const Int128 value : node.constant->integers) {
      if (value < -largest_constant || value > largest_constant) {
        throw Error(Fault::range, "a constant of magnitude above 2^126; choose smaller scales");
      }
    }
  }

  /// Sets shapes_ and scales_ to what the operator sees.
  void check_operands(std::size_t i) {
    const Node& node = graph_.nodes[i];
    require(node.input_multipliers.empty() || node.input_multipliers.size() == node.inputs.size(),
            std::to_string(node.input_multipliers.size()) + " factors for " + std::to_string(node.inputs.size()) +
                " operands");
    shapes_.clear();
    scales_.clear();
    for (std::size_t k = 0; k < node.inputs.size(); ++k) {
      require(node.inputs[k] < i, "reads node " + std::to_string(node.inputs[k]) + ", which does not come before it");
      const Node& source = graph_.nodes[node.inputs[k]];
      const Int128 factor = node.input_multipliers.empty() ? 1 : node.input_multipliers[k];
      shapes_.push_back(source.shape);
      scales_.push_back(source.scale + exponent_of(factor, "the factor of operand " + std::to_string(k)));
    }
  }

  void check_scales(const Node& node, const OpEntry& entry, const OpContext& context) const {
    const int divided = exponent_of(node.rebase_divisor, "the divisor of the result");
    const std::vector<std::size_t> positions = entry.homogeneous(context);
    for (const std::size_t k : positions) {
      require(scales_.at(k) == scales_.at(positions.front()),
              "operands of scales " + std::to_string(scales_.at(positions.front())) + " and " +
                  std::to_string(scales_.at(k)) + ", which must be one");
    }
    const int scale = entry.natural_scale(context) - divided;
    // The published package brings tensors to larger scales by a division.
    const bool lifts = node.op.kind == "Div" && graph_.semantics == Semantics::published;
    require(scale == node.scale || lifts,
            "has scale " + std::to_string(node.scale) + " where the operator gives " + std::to_string(scale));
  }

  const Graph& graph_;
  RunArgs args_;
  bool quantized_;
  std::vector<bool> is_input_;
  std::vector<Shape> shapes_;
  std::vector<int> scales_;
};

}  // namespace

void check_graph(const Graph& graph, const RunArgs& args, GraphStage stage) { Checker(graph, args, stage).run(); }

}  // namespace ezkl
