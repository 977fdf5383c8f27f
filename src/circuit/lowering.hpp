#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "circuit/configure.hpp"
#include "circuit/cost.hpp"
#include "circuit/settings.hpp"
#include "graph/claims/elements.hpp"
#include "plonk/keys.hpp"
#include "plonk/prover.hpp"

namespace ezkl {

namespace circuit {
class EinsumProgram;
}

/// Where a circuit's cells stand follows from the model, the settings and this number, which rises with every change
/// that moves a cell of some circuit: a key and a witness of different numbers do not fit.
constexpr std::uint32_t layout_version = 4;

/// Fills in what the circuit of a model needs: counts, tables, range checks, module sizes, instance shapes. Of `base`
/// the run arguments, scales, types and the like are kept. With `choose_logrows` the logrows that `target` asks for is
/// picked (from run_args.logrows downwards or upwards), else run_args.logrows stays.
/// errors: Fault::range when no circuit of at most 2^26 rows holds the model.
GraphSettings plan_settings(const claims::Record& record, const GraphSettings& base, bool choose_logrows = false,
                            ChoiceTarget target = ChoiceTarget::prove);

/// Run arguments that a circuit may be made with: `base` as above, and the claims with them.
struct PlanOption {
  const claims::Record* record = nullptr;
  GraphSettings base;
};

/// The same with the best of several options, the first of equals. A layout is walked through once for all options that
/// differ in bounds only, and again for the few circuits that promise most. errors: Fault::range, too, when all
/// circuits cost `limit` (a price by `target`) or more.
GraphSettings plan_settings(std::span<const PlanOption> options, bool choose_logrows, ChoiceTarget target,
                            double limit = std::numeric_limits<double>::infinity());

/// Walks the layout without making columns. errors: Fault::range, as assemble, when the settings leave no room.
void check_room(const claims::Record& record, const GraphSettings& settings);

/// The fixed part of a circuit: selectors, constants, tables and copies, for keygen.
/// errors: Fault::range, naming the flag that helps, when the settings leave no room for the model.
plonk::Assembly assemble(const claims::Record& record, const GraphSettings& settings, const ConfiguredCircuit& circuit);

/// The cells of one run of a model: evaluates its claims on inputs and fills the advice columns.
/// `record` and `circuit` must outlive the object.
class CircuitWitness final : public plonk::AdviceSource {
 public:
  struct Options {
    /// false: write cells even where claims do not hold, for tests that forge witnesses.
    bool check = true;
    /// Values, by tensor, that the cells hold in place of the evaluated ones: for the same tests.
    std::map<std::uint32_t, claims::Values> forged;
    std::map<std::uint32_t, claims::Felts> forged_felts;
  };

  /// `inputs` one per Record::inputs, flat.
  /// errors: as claims::Evaluation::run; Fault::range when the settings leave no room.
  CircuitWitness(const claims::Record& record, const GraphSettings& settings, const ConfiguredCircuit& circuit,
                 claims::Inputs inputs, Options options);
  CircuitWitness(const claims::Record& record, const GraphSettings& settings, const ConfiguredCircuit& circuit,
                 claims::Inputs inputs)
      : CircuitWitness(record, settings, circuit, std::move(inputs), Options()) {}
  ~CircuitWitness() override;

  /// One list, for the one instance column: hashes, public inputs, public outputs (docs/spec/constraint-system.md 9.6).
  const std::vector<std::vector<Fr>>& instances() const { return instances_; }
  /// Of outputs that are integers; empty for those that are not.
  const std::vector<claims::Values>& outputs() const { return outputs_; }
  const std::vector<claims::Felts>& output_felts() const { return output_felts_; }

  /// Phase 0 is handed over, so it can be filled once.
  void fill(unsigned phase, std::span<const Fr> challenges, std::span<plonk::ColumnValues> columns) override;
  /// Phase 0 as written, for mock checks and tests.
  std::vector<plonk::ColumnValues>& columns() { return columns_; }
  /// Fills phase 1 of columns() as well, with challenges made up here: for mock checks, which take both.
  std::vector<Fr> complete_for_mock();

  /// What stands in a cell: "node 'conv1', V0[0][1] row 17".
  std::string where(const plonk::Cell& cell) const;

 private:
  const claims::Record& record_;
  const ConfiguredCircuit& circuit_;
  std::vector<plonk::ColumnValues> columns_;
  std::vector<std::vector<Fr>> instances_;
  std::vector<claims::Values> outputs_;
  std::vector<claims::Felts> output_felts_;
  std::vector<std::pair<std::uint64_t, std::uint32_t>> row_nodes_;
  std::unique_ptr<const circuit::EinsumProgram> einsums_;
};

}  // namespace ezkl
