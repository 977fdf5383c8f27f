#include "api/loaded_model.hpp"

#include "api/fixed_values.hpp"
#include "api/make_witness.hpp"
#include "api/proof_system.hpp"
#include "base/int128.hpp"
#include "circuit/configure.hpp"
#include "circuit/statement_of.hpp"
#include "ezkl/error.hpp"
#include "graph/record.hpp"

namespace ezkl {
namespace {

std::string named(const char* group, std::size_t i, const std::vector<std::string>& names) {
  return std::string(group) + " " + std::to_string(i) + (i < names.size() ? " '" + names[i] + "'" : "");
}

/// errors: Fault::format unless there is a list for each of the nodes, of its size.
void check_group(const std::vector<std::vector<Fr>>& lists, const char* group, const Graph& graph,
                 const std::vector<std::uint32_t>& nodes, const std::vector<std::string>& names,
                 const std::string& what) {
  if (lists.size() != nodes.size()) {
    throw Error(Fault::format, what + ": holds " + std::to_string(lists.size()) + " " + group + "s, the model has " +
                                   std::to_string(nodes.size()) + "; run gen-witness with this model");
  }
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const Shape& shape = graph.nodes[nodes[i]].shape;
    if (lists[i].size() == volume(shape)) continue;
    throw Error(Fault::format, what + ": " + named(group, i, names) + " has shape " + to_string(shape) +
                                   ", the witness holds " + std::to_string(lists[i].size()) +
                                   " elements; run gen-witness with this model");
  }
}

/// A value as messages name it.
std::string value_text(const Fr& value) {
  return claims::is_integer(value) ? to_string(value.to_int128_lossy()) : "the field element " + value.to_hex_be();
}

}  // namespace

LoadedModel::LoadedModel(const std::filesystem::path& file, bool with_float, std::uint64_t max_model_size)
    : path(file.string()), compiled(read_compiled(file, with_float)), record(in_context(path, [&] {
        return ezkl::record(compiled.graph, compiled.settings.run_args, max_model_size);
      })) {}

ConfiguredCircuit circuit_of(const LoadedModel& model) {
  return in_context(model.path, [&] { return configure(model.settings()); });
}

std::vector<InputSpec> input_specs(const Graph& graph) {
  std::vector<InputSpec> out;
  for (std::size_t i = 0; i < graph.inputs.size(); ++i) {
    const Node& node = graph.nodes[graph.inputs[i]];
    out.push_back({i < graph.input_names.size() ? graph.input_names[i] : node.name, node.shape, node.type, node.scale});
  }
  return out;
}

claims::Inputs witness_inputs(const Witness& witness, const Graph& graph, const std::string& what) {
  check_group(witness.inputs, "input", graph, graph.inputs, graph.input_names, what);
  claims::Inputs out;
  for (const auto& list : witness.inputs) out.add(list);
  return out;
}

FileDigest fix_values_of(const Witness& witness, LoadedModel& model, const std::string& what) {
  const RunArgs& args = model.settings().run_args;
  if (!has_fixed_values(args)) return {};
  const Graph& graph = model.compiled.graph;
  // Outputs that are not fixed may be hashes in the witness: then they have other shapes.
  if (args.output_visibility.kind == Visibility::Kind::fixed) {
    check_group(witness.outputs, "output", graph, graph.outputs, graph.output_names, what);
  }
  if (backend_of(args).claims_fixed_values()) fix_values(model.record, witness.inputs, witness.outputs);
  return fixed_digest(model.record, witness.inputs, witness.outputs);
}

void check_outputs(const Witness& witness, const std::vector<claims::Felts>& outputs, const LoadedModel& model,
                   const std::string& what) {
  const std::vector<std::vector<Fr>> computed = witness_outputs(outputs, model.settings().run_args);
  if (witness.outputs.size() != computed.size()) {
    throw Error(Fault::unsatisfied, what + ": holds " + std::to_string(witness.outputs.size()) +
                                        " outputs, the model has " + std::to_string(computed.size()));
  }
  for (std::size_t i = 0; i < computed.size(); ++i) {
    const std::string where = what + ": " + named("output", i, model.compiled.graph.output_names);
    if (witness.outputs[i].size() != computed[i].size()) {
      throw Error(Fault::unsatisfied, where + " holds " + std::to_string(witness.outputs[i].size()) +
                                          " elements, the model computes " + std::to_string(computed[i].size()));
    }
    for (std::size_t j = 0; j < computed[i].size(); ++j) {
      if (witness.outputs[i][j] == computed[i][j]) continue;
      throw Error(Fault::unsatisfied, where + ", element " + std::to_string(j) + " is " +
                                          value_text(witness.outputs[i][j]) + ", the model computes " +
                                          value_text(computed[i][j]) +
                                          " from the witness's inputs: the witness is false; run gen-witness again");
    }
  }
}

Statement statement_of_model(const LoadedModel& model) {
  return in_context(model.path, [&] { return statement_of(model.settings()); });
}

void check_instances(const Statement& statement, const std::vector<std::vector<Fr>>& instances,
                     const LoadedModel& model) {
  std::size_t found = 0;
  for (const auto& column : instances) found += column.size();
  if (const auto refusal = instance_count_refusal(statement, found)) {
    throw Error(Fault::format, model.path + ": its settings do not describe its circuit: " + *refusal +
                                   "; run gen-settings and compile-circuit again");
  }
}

}  // namespace ezkl
