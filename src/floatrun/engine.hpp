#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "floatrun/float_run.hpp"

namespace ezkl::floatrun {

/// A call of a function that is being run: where attributes of its body that refer to the call's are found.
struct Frame {
  const NodeDef* call = nullptr;
  const FunctionDef* function = nullptr;
  const Frame* caller = nullptr;
};

/// Names of one graph that is being run. A null pointer is a function's input that its caller left out.
struct Scope {
  std::map<std::string, TensorPtr> values;
  const std::map<std::string, FloatTensor>* initializers = nullptr;
  Scope* outer = nullptr;
};

class Engine {
 public:
  Engine(const ModelDef& model, const Budget& budget, const Observer& observer);

  std::vector<TensorPtr> run_model(const NamedTensors& inputs);

  /// Runs a subgraph of the node at hand; names around it are visible in it.
  std::vector<TensorPtr> run_subgraph(const GraphDef& body, std::span<const TensorPtr> inputs);

  /// errors: Fault::range beyond the budget.
  void spend(std::uint64_t work);
  /// A tensor of zeros; counts as work.
  Tensor make(DType type, const Shape& shape);

 private:
  friend class Call;
  class Entered;

  TensorPtr lookup(const std::string& name);
  TensorPtr keep(Tensor&& tensor);
  void run_nodes(const std::vector<NodeDef>& nodes, const std::vector<std::string>& wanted, bool top);
  std::vector<TensorPtr> run_node(const NodeDef& node);
  std::vector<TensorPtr> run_function(const FunctionDef& function, const NodeDef& call);
  Int opset_of(const std::string& domain) const;

  const ModelDef& model_;
  const Budget budget_;
  const Observer& observer_;
  /// The model's own functions by domain and name.
  std::map<std::pair<std::string_view, std::string_view>, const FunctionDef*> functions_;
  const std::map<std::string, Int>* opsets_;
  Scope* scope_ = nullptr;
  const Frame* frame_ = nullptr;
  std::uint64_t spent_ = 0;
  /// Shared with the tensors, which may outlive the engine.
  std::shared_ptr<std::uint64_t> alive_ = std::make_shared<std::uint64_t>(0);
  std::size_t depth_ = 0;
};

}  // namespace ezkl::floatrun
