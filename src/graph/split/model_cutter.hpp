#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "ezkl/run_args.hpp"
#include "graph/graph.hpp"
#include "model/node_def.hpp"

namespace ezkl {

/// Cuts an ONNX model into models that follow one another: what one part gives, in order, is what the next part takes.
/// A tensor that several parts further on is still needed is handed through the parts between: it is an input and an
/// output of each. The first part takes the model's inputs and the last one gives the model's outputs. Tensors that do
/// not depend on an input never cross: every part that reads one has it as a weight.
///
/// A place for a cut is a number 0 .. size(): between the nodes before it and those from it on.
class ModelCutter {
 public:
  /// errors: as build_graph.
  ModelCutter(const ModelDef& model, const RunArgs& args);

  /// Number of nodes that the outputs need and that depend on the inputs.
  std::size_t size() const { return order_.size(); }
  const NodeDef& node(std::size_t i) const { return model_.graph.nodes[order_[i]]; }

  /// Reorders the nodes so that each name's part holds all that the name needs and that no part before it holds, and
  /// gives the places of the cuts. A name is a tensor's, or a node's and stands for all its outputs.
  /// errors: Fault::usage for names that the model has not, or that leave a part without a node.
  std::vector<std::size_t> cut_behind(const std::vector<std::string>& names);

  /// The tensors that pass a place, in the order in which they were made: at 0 the model's inputs, at size() its
  /// outputs.
  std::vector<std::string> crossing(std::size_t place) const;
  /// Elements of all of them; as crossing, for all places 0 .. size() at once.
  std::vector<std::size_t> crossing_volumes() const;

  /// The part between two places. errors: Fault::internal unless begin < end <= size().
  ModelDef part(std::size_t begin, std::size_t end) const;

  /// Type and ONNX shape of a tensor that crosses.
  const Node& tensor(const std::string& name) const { return tensors_.at(name); }

 private:
  /// First and last place that a tensor passes.
  struct Span {
    std::size_t made = 0, read = 0;
  };

  void find_live_nodes();
  void find_spans();
  std::set<std::string> reads_of(const NodeDef& node) const;
  bool is_constant(const std::string& name) const;

  const ModelDef& model_;
  std::map<std::string, Node> tensors_;  ///< every name of the top level: shape, type and, for constants, elements
  std::vector<std::size_t> order_;       ///< indices into the model's nodes
  std::vector<std::pair<std::string, Span>> spans_;  ///< of tensors that cross any place, in the order they are made
};

}  // namespace ezkl
