#include "statement/statement.hpp"

#include "ezkl/error.hpp"

namespace ezkl {
namespace {

constexpr std::size_t most_instances = std::size_t{1} << 32;  // no circuit has as many rows

[[noreturn]] void contradict(const std::string& what) { throw Error(Fault::format, "settings: " + what); }

/// Whether the parameters are one of `total` messages, of which inputs and outputs are `others`.
std::size_t param_messages(std::size_t total, std::size_t others, bool params, const char* field) {
  if (total < others || total - others > (params ? 1 : 0)) {
    contradict(std::string(field) + " counts " + std::to_string(total) +
               ", by their visibility inputs and outputs have " + std::to_string(others) +
               (params ? " and the parameters one at most" : ""));
  }
  return total - others;
}

StatementOrder order_of(const StatementFacts& facts) {
  const std::size_t inputs = facts.input_scales.size(), outputs = facts.output_scales.size();
  const auto total = [&](auto is) { return (is(facts.inputs) ? inputs : 0) + (is(facts.outputs) ? outputs : 0); };
  const auto hashed = [](const Visibility& v) { return v.is_hashed(); };
  const auto committed = [](const Visibility& v) { return v.kind == Visibility::Kind::polycommit; };
  const auto open = [](const Visibility& v) { return v.kind == Visibility::Kind::public_; };
  const std::size_t hash = param_messages(facts.hashes, total(hashed), hashed(facts.params), "module_sizes.poseidon");
  const std::size_t commitment =
      param_messages(facts.committed.size(), total(committed), committed(facts.params), "module_sizes.polycommit");
  if (facts.public_shapes.size() != total(open)) {
    contradict("model_instance_shapes lists " + std::to_string(facts.public_shapes.size()) + " tensors, public are " +
               std::to_string(total(open)));
  }
  try {
    return statement_order({facts.inputs, inputs}, {facts.params, hash + commitment}, {facts.outputs, outputs});
  } catch (const Error& e) {
    contradict(e.what());
  }
}

/// Elements of a public tensor.
std::size_t elements_of(const Shape& shape) {
  try {
    return volume(shape);
  } catch (const Error& e) {
    contradict(std::string("model_instance_shapes: ") + e.what());
  }
}

}  // namespace

Statement describe_statement(const StatementFacts& facts) {
  const StatementOrder order = order_of(facts);
  Statement out;
  out.counted_hashes = facts.hashes;
  for (std::size_t i = 0; i < order.commitments.size(); ++i) {
    out.commitments.push_back({order.commitments[i].group, order.commitments[i].tensor, facts.committed[i]});
  }
  std::size_t next_shape = 0;
  for (const ShownTensor& shown : order.instances) {
    ShownInstances place{shown.group, shown.tensor, shown.manner, out.num_instances, 1, {}, 0};
    if (shown.manner == Manner::values) {
      place.shape = facts.public_shapes[next_shape++];
      place.count = elements_of(place.shape);
      place.scale = (shown.group == TensorGroup::inputs ? facts.input_scales : facts.output_scales)[shown.tensor];
    } else {
      ++out.num_hashes;
    }
    out.num_instances += place.count;
    if (out.num_instances > most_instances) contradict("model_instance_shapes describe more than 2^32 public values");
    out.instances.push_back(std::move(place));
  }
  return out;
}

std::optional<std::string> instance_count_refusal(const Statement& statement, std::size_t found) {
  if (found == statement.num_instances) return std::nullopt;
  return "Provided instances do not match the circuit: " + std::to_string(found) + " given, " +
         std::to_string(statement.num_instances) + " expected";
}

std::vector<ShownInstances> instances_of(const Statement& statement, TensorGroup group, Manner manner) {
  std::vector<ShownInstances> out;
  for (const ShownInstances& shown : statement.instances) {
    if (shown.group == group && shown.manner == manner) out.push_back(shown);
  }
  return out;
}

}  // namespace ezkl
