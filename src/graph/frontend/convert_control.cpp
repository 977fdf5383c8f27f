// Control flow. A circuit has none: branches are chosen when the model is read, or both computed and one selected;
// loops are unrolled.
#include <algorithm>

#include "graph/frontend/families.hpp"

namespace ezkl {
namespace {

constexpr std::int64_t max_iterations = 1 << 16;

const std::vector<Hint> fixed_input{
    {"constant", "if it depends on an input that always has one value, say so with {} NAME=VALUE"}};

/// A branch beside which the other is computed, too. What contradicts itself there is never taken by the model.
std::vector<Value> branch(Converter& c, const OnnxNode& n, const std::string& name) {
  try {
    return c.convert_subgraph(n.graph(name), {});
  } catch (const Error& e) {
    if (e.fault() != Fault::format) throw;
    n.unsupported("the condition is computed, and its " + name + " does not fit: " + e.what(), fixed_input);
  }
}

std::vector<Value> convert_if(Converter& c, const OnnxNode& n) {
  const Value condition = n.input(0);
  if (const auto value = c.uniform_constant(condition)) {
    return c.convert_subgraph(n.graph(*value != 0 ? "then_branch" : "else_branch"), {});
  }
  const std::vector<Value> yes = branch(c, n, "then_branch");
  const std::vector<Value> no = branch(c, n, "else_branch");
  if (yes.size() != no.size()) n.fail(Fault::format, "the branches differ in their number of outputs");
  std::vector<Value> results;
  for (std::size_t i = 0; i < yes.size(); ++i) {
    if (c.shape(yes[i]) != c.shape(no[i])) {
      n.unsupported("the branches give shapes " + to_string(c.shape(yes[i])) + " and " + to_string(c.shape(no[i])) +
                        " and the condition is computed: give both branches one shape",
                    fixed_input);
    }
    const Value mask = c.reshape(condition, Shape(c.rank(yes[i]), 1));
    results.push_back(c.where(mask, yes[i], no[i]));
  }
  return results;
}

/// Joins what each iteration appends along a new axis. `parts[i]` is iteration i.
Value stack(Converter& c, const std::vector<Value>& parts, std::size_t axis, bool reverse) {
  std::vector<Value> wide;
  for (const Value part : parts) wide.push_back(c.unsqueeze(part, {static_cast<std::int64_t>(axis)}));
  if (reverse) std::reverse(wide.begin(), wide.end());
  return c.concat(std::move(wide), axis);
}

bool condition_holds(const Converter& c, const OnnxNode& n, Value condition) {
  const auto value = c.uniform_constant(condition);
  if (!value) n.unsupported("how often the loop runs depends on the data; export it with a fixed number of iterations");
  return *value != 0;
}

std::vector<Value> convert_loop(Converter& c, const OnnxNode& n) {
  const GraphDef& body = n.graph("body");
  std::int64_t trips = max_iterations + 1;
  if (n.has_input(0)) {
    const Integers count = n.constant_integers(0);
    if (count.size() != 1) n.fail(Fault::format, "the trip count must be one number");
    trips = std::min(count[0], trips);
  }
  std::vector<Value> state;
  for (std::size_t i = 2; i < n.input_count(); ++i) state.push_back(n.input(i));
  const std::size_t carried = state.size();
  if (body.inputs.size() != carried + 2 || body.outputs.size() < carried + 1) {
    n.fail(Fault::format, "the body's inputs and outputs do not match the loop's");
  }
  std::vector<std::vector<Value>> stacked(body.outputs.size() - carried - 1);
  bool running = !n.has_input(1) || condition_holds(c, n, n.input(1));
  for (std::int64_t trip = 0; running && trip < trips; ++trip) {
    if (trip == max_iterations) n.unsupported("the loop runs more than 65536 times; shorten it");
    std::vector<Value> inputs{c.scalar(DType::i64, static_cast<double>(trip)), c.scalar(DType::boolean, 1)};
    inputs.insert(inputs.end(), state.begin(), state.end());
    const std::vector<Value> outputs = c.convert_subgraph(body, inputs);
    running = condition_holds(c, n, outputs.front());
    std::copy_n(outputs.begin() + 1, carried, state.begin());
    for (std::size_t i = 0; i < stacked.size(); ++i) stacked[i].push_back(outputs[1 + carried + i]);
  }
  std::vector<Value> results = state;
  for (const auto& parts : stacked) {
    if (parts.empty()) n.unsupported("the loop never runs, so the shape of what it collects is unknown");
    results.push_back(stack(c, parts, 0, false));
  }
  return results;
}

/// What a Scan goes over: axes and directions of the sequences it takes and of those it makes.
struct ScanPlan {
  std::size_t carried = 0;
  Integers axes, directions, out_axes, out_directions;
};

ScanPlan scan_plan(const OnnxNode& n, std::size_t inputs, const std::string& direction_attribute) {
  const GraphDef& body = n.graph("body");
  const std::int64_t scanned = n.integer("num_scan_inputs");
  const auto total = static_cast<std::int64_t>(inputs);
  if (scanned < 1 || scanned > total) n.fail(Fault::format, "num_scan_inputs is out of range");
  ScanPlan plan;
  plan.carried = static_cast<std::size_t>(total - scanned);
  const auto scan_count = static_cast<std::size_t>(scanned);
  if (body.outputs.size() < plan.carried) n.fail(Fault::format, "the body has fewer outputs than the state");
  const std::size_t collected = body.outputs.size() - plan.carried;
  plan.axes = n.integers("scan_input_axes", Integers(scan_count, 0));
  plan.directions = n.integers(direction_attribute, Integers(scan_count, 0));
  plan.out_axes = n.integers("scan_output_axes", Integers(collected, 0));
  plan.out_directions = n.integers("scan_output_directions", Integers(collected, 0));
  if (plan.axes.size() != scan_count || plan.directions.size() != scan_count || plan.out_axes.size() != collected ||
      plan.out_directions.size() != collected) {
    n.fail(Fault::format, "axes and directions do not match the number of scan inputs and outputs");
  }
  return plan;
}

std::vector<Value> scan(Converter& c, const OnnxNode& n, const ScanPlan& plan, const std::vector<Value>& operands) {
  const GraphDef& body = n.graph("body");
  const auto& [carried, axes, directions, out_axes, out_directions] = plan;
  const std::size_t scan_count = axes.size(), collected = out_axes.size();
  std::vector<Value> state, sequences;
  for (std::size_t i = 0; i < operands.size(); ++i) (i < carried ? state : sequences).push_back(operands[i]);
  std::vector<std::size_t> axis;
  for (std::size_t i = 0; i < scan_count; ++i) axis.push_back(n.axis(axes[i], c.rank(sequences[i])));
  const std::size_t length = c.shape(sequences[0])[axis[0]];
  if (length == 0 || length > static_cast<std::size_t>(max_iterations))
    n.unsupported("the sequence has no or too many elements");
  std::vector<std::vector<Value>> stacked(collected);
  for (std::size_t t = 0; t < length; ++t) {
    std::vector<Value> inputs = state;
    for (std::size_t i = 0; i < scan_count; ++i) {
      if (c.shape(sequences[i])[axis[i]] != length) n.fail(Fault::format, "the scan inputs differ in length");
      const auto at = static_cast<std::int64_t>(directions[i] != 0 ? length - 1 - t : t);
      inputs.push_back(c.squeeze(c.slice(sequences[i], axis[i], at, 1), {static_cast<std::int64_t>(axis[i])}));
    }
    const std::vector<Value> outputs = c.convert_subgraph(body, inputs);
    std::copy_n(outputs.begin(), carried, state.begin());
    for (std::size_t i = 0; i < collected; ++i) stacked[i].push_back(outputs[carried + i]);
  }
  std::vector<Value> results = state;
  for (std::size_t i = 0; i < collected; ++i) {
    const std::size_t rank = c.rank(stacked[i].front()) + 1;
    results.push_back(stack(c, stacked[i], n.axis(out_axes[i], rank), out_directions[i] != 0));
  }
  return results;
}

/// Up to opset 8 everything has a batch axis in front, and each element of the batch is a scan of its own.
std::vector<Value> scan_batch(Converter& c, const OnnxNode& n) {
  if (n.has_input(0)) n.unsupported("sequence_lens; leave it out and cut the sequences");
  std::vector<Value> operands;
  for (std::size_t i = 1; i < n.input_count(); ++i) operands.push_back(n.input(i));
  const ScanPlan plan = scan_plan(n, operands.size(), "directions");
  const std::size_t batch = c.shape(operands.front()).at(0);
  std::vector<std::vector<Value>> parts;
  for (std::size_t b = 0; b < batch; ++b) {
    std::vector<Value> own;
    for (const Value v : operands) own.push_back(c.squeeze(c.slice(v, 0, static_cast<std::int64_t>(b), 1), {0}));
    const std::vector<Value> results = scan(c, n, plan, own);
    parts.resize(results.size());
    for (std::size_t i = 0; i < results.size(); ++i) parts[i].push_back(results[i]);
  }
  std::vector<Value> joined;
  for (const auto& part : parts) joined.push_back(stack(c, part, 0, false));
  return joined;
}

std::vector<Value> convert_scan(Converter& c, const OnnxNode& n) {
  if (n.opset() < 9) return scan_batch(c, n);
  return scan(c, n, scan_plan(n, n.input_count(), "scan_input_directions"), n.inputs());
}

constexpr ConverterEntry entries[] = {
    {"", "If", convert_if},
    {"", "Loop", convert_loop},
    {"", "Scan", convert_scan},
};

}  // namespace

std::span<const ConverterEntry> control_converters() { return entries; }

}  // namespace ezkl
