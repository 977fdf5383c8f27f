#include "circuit/lowering.hpp"

#include <algorithm>

#include "base/ensure.hpp"
#include "base/parallel.hpp"
#include "circuit/tables.hpp"
#include "circuit/walker.hpp"
#include "graph/claims/evaluation.hpp"

namespace ezkl {

void check_room(const claims::Record& record, const GraphSettings& settings) {
  circuit::Tape tape(settings, false);
  circuit::Walker(record, tape).run();
}

plonk::Assembly assemble(const claims::Record& record, const GraphSettings& settings,
                         const ConfiguredCircuit& circuit) {
  circuit::Tape tape(settings, false);
  const std::size_t n = tape.geometry().n;
  plonk::Assembly assembly;
  assembly.fixed.assign(circuit.cs.num_fixed, plonk::ColumnValues(n));
  assembly.selectors.assign(circuit.cs.num_selectors, plonk::SelectorBits(n));
  tape.attach_keys(circuit.cs, circuit.columns, assembly);
  circuit::Walker(record, tape).run();
  circuit::fill_tables(circuit.columns, assembly);
  return assembly;
}

CircuitWitness::CircuitWitness(const claims::Record& record, const GraphSettings& settings,
                               const ConfiguredCircuit& circuit, claims::Inputs inputs, Options options)
    : record_(record), circuit_(circuit) {
  claims::Evaluation::Options evaluate;
  evaluate.check_ranges = options.check;
  const bool field = inputs.has_felts() || !options.forged_felts.empty() ||
                     std::any_of(record.tensors.begin(), record.tensors.end(),
                                 [](const claims::TensorInfo& t) { return t.field && t.used; });
  claims::Evaluation evaluation(record, std::move(inputs), evaluate);
  circuit::Tape tape(settings, false);
  if (field) tape.sum_in_field();
  columns_.resize(circuit.cs.num_advice);
  parallel_tasks(columns_.size(), [&](std::size_t i) { columns_[i] = plonk::ColumnValues(tape.geometry().n); });
  tape.attach_witness(circuit.cs, circuit.columns, columns_);
  circuit::Walker walker(record, tape, [&](claims::Tensor t) -> claims::Elements {
    const auto forged = options.forged.find(t.id);
    if (forged != options.forged.end()) return {&forged->second, nullptr};
    const auto forged_felts = options.forged_felts.find(t.id);
    if (forged_felts != options.forged_felts.end()) return {nullptr, &forged_felts->second};
    return evaluation.elements(t);
  });
  walker.begin();
  evaluation.run([&](std::size_t index, const claims::Claim&) { walker.claim(index); });
  walker.end();
  for (const claims::Tensor t : record.outputs) {
    outputs_.push_back(evaluation.alive(t) ? evaluation.values(t) : claims::Values());
  }
  output_felts_ = evaluation.output_felts();
  instances_ = {walker.instances()};
  row_nodes_ = tape.row_nodes();
  einsums_ = std::make_unique<const circuit::EinsumProgram>(walker.take_einsums());
}

CircuitWitness::~CircuitWitness() = default;

void CircuitWitness::fill(unsigned phase, std::span<const Fr> challenges, std::span<plonk::ColumnValues> columns) {
  if (phase == 0) {
    EZKL_ENSURE(columns.size() == columns_.size(), "one column per advice column, filled once");
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (circuit_.cs.advice_phase[i] == 0) columns[i] = std::move(columns_[i]);
    }
    columns_.clear();
  } else if (!einsums_->empty()) {
    einsums_->fill(circuit_.columns.freivalds.at(0), circuit_.columns.usable_rows, challenges, columns);
  }
}

std::vector<Fr> CircuitWitness::complete_for_mock() {
  std::vector<Fr> challenges;
  for (std::uint32_t i = 0; i < circuit_.cs.num_challenges; ++i) {
    challenges.push_back(Fr::from_u64(0x9E3779B97F4A7C15u + i).pow(0xD1B54A32D192ED03u));
  }
  if (!challenges.empty()) fill(1, challenges, columns_);
  return challenges;
}

std::string CircuitWitness::where(const plonk::Cell& cell) const {
  const std::string row = "row " + std::to_string(cell.row);
  const auto& columns = circuit_.columns;
  if (cell.column == columns.instance) return "instance " + std::to_string(cell.row);
  for (std::size_t operand = 0; operand < 3; ++operand) {
    for (std::size_t block = 0; block < columns.model[operand].size(); ++block) {
      const auto& inner = columns.model[operand][block];
      const auto found = std::find(inner.begin(), inner.end(), cell.column);
      if (found == inner.end()) continue;
      const std::uint64_t global = block * columns.usable_rows + cell.row;
      const auto after = std::upper_bound(row_nodes_.begin(), row_nodes_.end(), global,
                                          [](std::uint64_t r, const auto& entry) { return r < entry.first; });
      const std::string node =
          after == row_nodes_.begin() ? "" : "node '" + record_.node_names[std::prev(after)->second] + "', ";
      return node + "V" + std::to_string(operand) + "[" + std::to_string(block) + "][" +
             std::to_string(found - inner.begin()) + "] " + row;
    }
  }
  for (std::size_t k = 0; k < 3; ++k) {
    for (const auto& block : columns.dynamic[k]) {
      if (block.at(0) == cell.column) return "dynamic table, T" + std::to_string(k) + " " + row;
    }
  }
  for (const auto& hash : columns.poseidon) {
    if (hash.state[0] == cell.column || hash.state[1] == cell.column) return "hash, " + row;
  }
  for (const auto& message : columns.polycommit) {
    for (const auto& block : message) {
      if (block.at(0) == cell.column) return "committed column, " + row;
    }
  }
  return "";
}

}  // namespace ezkl
