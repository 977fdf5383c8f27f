// Control flow. A circuit has none: branches are chosen when the model is read, or both computed and one selected;
// loops are unrolled.
#include <algorithm>

#include "graph/frontend/families.hpp"

namespace ezkl {
namespace {

constexpr std::int64_t max_iterations = 1 << 16;

std::vector<Value> convert_if(Converter& c, const OnnxNode& n) {
  const Value condition = n.input(0);
  if (const auto value = c.uniform_constant(condition)) {
    return c.convert_subgraph(n.graph(*value != 0 ? "then_branch" : "else_branch"), {});
  }
  const std::vector<Value> yes = c.convert_subgraph(n.graph("then_branch"), {});
  const std::vector<Value> no = c.convert_subgraph(n.graph("else_branch"), {});
  if (yes.size() != no.size()) n.fail(Fault::format, "the branches differ in their number of outputs");
  std::vector<Value> results;
  for (std::size_t i = 0; i < yes.size(); ++i) {
    if (c.shape(yes[i]) != c.shape(no[i])) {
      n.unsupported("the branches give shapes " + to_string(c.shape(yes[i])) + " and " + to_string(c.shape(no[i])) +
                    " and the condition is computed; give both branches one shape");
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

std::vector<Value> convert_scan(Converter& c, const OnnxNode& n) {
  if (n.opset() < 9) n.unsupported("Scan before opset 9 is not known; export the model for opset 9 or later");
  const GraphDef& body = n.graph("body");
  const std::int64_t scanned = n.integer("num_scan_inputs");
  const auto total = static_cast<std::int64_t>(n.input_count());
  if (scanned < 1 || scanned > total) n.fail(Fault::format, "num_scan_inputs is out of range");
  const auto carried = static_cast<std::size_t>(total - scanned);
  const auto scan_count = static_cast<std::size_t>(scanned);
  if (body.outputs.size() < carried) n.fail(Fault::format, "the body has fewer outputs than the state");
  const std::size_t collected = body.outputs.size() - carried;
  const Integers axes = n.integers("scan_input_axes", Integers(scan_count, 0));
  const Integers directions = n.integers("scan_input_directions", Integers(scan_count, 0));
  const Integers out_axes = n.integers("scan_output_axes", Integers(collected, 0));
  const Integers out_directions = n.integers("scan_output_directions", Integers(collected, 0));
  if (axes.size() != scan_count || directions.size() != scan_count || out_axes.size() != collected ||
      out_directions.size() != collected) {
    n.fail(Fault::format, "axes and directions do not match the number of scan inputs and outputs");
  }
  std::vector<Value> state, sequences;
  for (std::size_t i = 0; i < n.input_count(); ++i) (i < carried ? state : sequences).push_back(n.input(i));
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

constexpr ConverterEntry entries[] = {
    {"", "If", convert_if},
    {"", "Loop", convert_loop},
    {"", "Scan", convert_scan},
};

}  // namespace

std::span<const ConverterEntry> control_converters() { return entries; }

}  // namespace ezkl
