// If, Loop and Scan: subgraphs are run, as often as the data say.
#include <algorithm>
#include <limits>

#include "floatrun/indexing.hpp"
#include "floatrun/kernels.hpp"

namespace ezkl::floatrun {
namespace {

bool truth(const Call& c, const Tensor& condition) {
  c.require(!condition.real() && condition.size() == 1, "a condition should be one boolean");
  return condition.ints()[0] != 0;
}

TensorPtr shared(Tensor t) { return std::make_shared<const Tensor>(std::move(t)); }

std::vector<TensorPtr> branch(const Call& c) {
  return c.engine().run_subgraph(c.graph(truth(c, c.in(0)) ? "then_branch" : "else_branch"), {});
}

/// What each round appends, along an axis that is new; of a loop that never ran, nothing is known but that it is empty.
TensorPtr joined(const Call& c, std::vector<TensorPtr> parts, std::size_t axis, bool reverse) {
  if (parts.empty()) return shared(c.make(DType::f32, Shape{0}));
  if (reverse) std::reverse(parts.begin(), parts.end());
  return shared(stacked(c, parts, axis));
}

std::vector<TensorPtr> loop(const Call& c) {
  const GraphDef& body = c.graph("body");
  const Int trips = c.has_input(0) ? c.int_scalar(0) : std::numeric_limits<Int>::max();
  std::vector<TensorPtr> state;
  for (std::size_t i = 2; i < c.input_count(); ++i) state.push_back(c.shared(i));
  const std::size_t carried = state.size();
  c.require(body.inputs.size() == carried + 2 && body.outputs.size() >= carried + 1,
            "the body's inputs and outputs do not match the loop's");
  std::vector<std::vector<TensorPtr>> collected(body.outputs.size() - carried - 1);
  bool running = !c.has_input(1) || truth(c, c.in(1));
  for (Int trip = 0; running && trip < trips; ++trip) {
    std::vector<TensorPtr> inputs{shared(int_tensor(c, DType::i64, {}, {trip})),
                                  shared(int_tensor(c, DType::boolean, {}, {1}))};
    inputs.insert(inputs.end(), state.begin(), state.end());
    const std::vector<TensorPtr> outputs = c.engine().run_subgraph(body, inputs);
    running = truth(c, *outputs[0]);
    std::copy_n(outputs.begin() + 1, carried, state.begin());
    for (std::size_t i = 0; i < collected.size(); ++i) collected[i].push_back(outputs[1 + carried + i]);
  }
  for (auto& parts : collected) state.push_back(joined(c, std::move(parts), 0, false));
  return state;
}

/// What a Scan goes over: axes and directions of the sequences it takes and of those it makes.
struct Plan {
  std::size_t carried = 0, scanned = 0;
  Ints axes, directions, out_axes, out_directions;
};

Plan plan_of(const Call& c, std::size_t operands, const char* direction_attribute) {
  const GraphDef& body = c.graph("body");
  const Int scanned = c.integer("num_scan_inputs");
  c.require(scanned >= 1 && scanned <= static_cast<Int>(operands), "num_scan_inputs is out of range");
  Plan plan;
  plan.scanned = static_cast<std::size_t>(scanned);
  plan.carried = operands - plan.scanned;
  c.require(body.outputs.size() >= plan.carried, "the body has fewer outputs than the state");
  const std::size_t made = body.outputs.size() - plan.carried;
  plan.axes = c.integers("scan_input_axes", Ints(plan.scanned, 0));
  plan.directions = c.integers(direction_attribute, Ints(plan.scanned, 0));
  plan.out_axes = c.integers("scan_output_axes", Ints(made, 0));
  plan.out_directions = c.integers("scan_output_directions", Ints(made, 0));
  c.require(plan.axes.size() == plan.scanned && plan.directions.size() == plan.scanned &&
                plan.out_axes.size() == made && plan.out_directions.size() == made,
            "axes and directions do not match the scan's inputs and outputs");
  return plan;
}

std::vector<TensorPtr> scan_over(const Call& c, const Plan& plan, const std::vector<TensorPtr>& operands,
                                 std::size_t limit) {
  std::vector<TensorPtr> state(operands.begin(), operands.begin() + static_cast<Int>(plan.carried));
  const std::vector<TensorPtr> sequences(operands.begin() + static_cast<Int>(plan.carried), operands.end());
  std::vector<std::size_t> axes;
  for (std::size_t i = 0; i < plan.scanned; ++i) axes.push_back(c.axis(plan.axes[i], sequences[i]->rank()));
  const std::size_t length = std::min(limit, sequences[0]->shape[axes[0]]);
  std::vector<std::vector<TensorPtr>> made(plan.out_axes.size());
  for (std::size_t t = 0; t < length; ++t) {
    std::vector<TensorPtr> inputs = state;
    for (std::size_t i = 0; i < plan.scanned; ++i) {
      c.require(sequences[i]->shape[axes[i]] == sequences[0]->shape[axes[0]], "the scan inputs differ in length");
      inputs.push_back(shared(picked(c, *sequences[i], axes[i], plan.directions[i] != 0 ? length - 1 - t : t)));
    }
    const std::vector<TensorPtr> outputs = c.engine().run_subgraph(c.graph("body"), inputs);
    std::copy_n(outputs.begin(), plan.carried, state.begin());
    for (std::size_t i = 0; i < made.size(); ++i) made[i].push_back(outputs[plan.carried + i]);
  }
  for (std::size_t i = 0; i < made.size(); ++i) {
    const std::size_t axis = made[i].empty() ? 0 : c.axis(plan.out_axes[i], made[i][0]->rank() + 1);
    state.push_back(joined(c, std::move(made[i]), axis, plan.out_directions[i] != 0));
  }
  return state;
}

/// Up to opset 8 everything has a batch axis in front, and each element of the batch is a scan of its own.
std::vector<TensorPtr> scan_batch(const Call& c) {
  const Ints lengths = c.has_input(0) ? c.ints(0) : Ints();
  const Plan plan = plan_of(c, c.input_count() - 1, "directions");
  const std::size_t batch = c.in(1).shape.at(0);
  std::vector<std::vector<TensorPtr>> parts;
  for (std::size_t b = 0; b < batch; ++b) {
    std::vector<TensorPtr> own;
    for (std::size_t i = 1; i < c.input_count(); ++i) own.push_back(shared(picked(c, c.in(i), 0, b)));
    const std::size_t limit =
        lengths.empty() ? std::numeric_limits<std::size_t>::max() : static_cast<std::size_t>(lengths.at(b));
    std::vector<TensorPtr> results = scan_over(c, plan, own, limit);
    parts.resize(results.size());
    for (std::size_t i = 0; i < results.size(); ++i) parts[i].push_back(results[i]);
  }
  std::vector<TensorPtr> out;
  for (auto& part : parts) out.push_back(joined(c, std::move(part), 0, false));
  return out;
}

std::vector<TensorPtr> scan(const Call& c) {
  c.require(c.input_count() >= 1, "there are no inputs");
  if (c.opset() < 9) return scan_batch(c);
  std::vector<TensorPtr> operands;
  for (std::size_t i = 0; i < c.input_count(); ++i) operands.push_back(c.shared(i));
  return scan_over(c, plan_of(c, operands.size(), "scan_input_directions"), operands,
                   std::numeric_limits<std::size_t>::max());
}

constexpr KernelEntry entries[] = {
    {"", "If", nullptr, branch},
    {"", "Loop", nullptr, loop},
    {"", "Scan", nullptr, scan},
};

}  // namespace

std::span<const KernelEntry> control_kernels() { return entries; }

}  // namespace ezkl::floatrun
