#pragma once

#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "circuit/lowering.hpp"
#include "ezkl/error.hpp"
#include "graph/claims/evaluation.hpp"
#include "graph/claims/recorder.hpp"
#include "plonk/mock.hpp"
#include "plonk/prover.hpp"

namespace ezkl::test {

/// A small circuit from claims, with its key parts.
struct Bench {
  claims::Record record;
  GraphSettings settings;
  ConfiguredCircuit circuit;
  plonk::Assembly assembly;

  Bench(claims::Record r, GraphSettings s)
      : record(std::move(r)),
        settings(std::move(s)),
        circuit(configure(settings)),
        assembly(assemble(record, settings, circuit)) {}

  std::vector<plonk::MockFailure> mock(CircuitWitness& witness, std::span<const plonk::ColumnValues> columns) const {
    const std::vector<Fr> challenges = witness.complete_for_mock();
    return plonk::mock_check(
        circuit.cs, settings.run_args.logrows, assembly, columns, witness.instances(), challenges,
        [&](const plonk::Cell& cell) { return witness.where(cell); }, 3);
  }
  std::vector<plonk::MockFailure> mock(const std::vector<claims::Values>& inputs, bool check = true) const {
    CircuitWitness::Options options;
    options.check = check;
    CircuitWitness witness(record, settings, circuit, inputs, options);
    return mock(witness, witness.columns());
  }
  std::vector<claims::Values> outputs(const std::vector<claims::Values>& inputs) const {
    return CircuitWitness(record, settings, circuit, inputs).outputs();
  }
};

/// Hands out columns as they are, whatever the circuit says of them.
class Given final : public plonk::AdviceSource {
 public:
  explicit Given(std::vector<plonk::ColumnValues> columns) : columns_(std::move(columns)) {}
  void fill(unsigned, std::span<const Fr>, std::span<plonk::ColumnValues> columns) override {
    for (std::size_t i = 0; i < columns.size(); ++i) columns[i] = columns_[i];
  }

 private:
  std::vector<plonk::ColumnValues> columns_;
};

inline RunArgs small_args(std::size_t width) {
  RunArgs args;
  args.logrows = 7;
  args.num_inner_cols = width;
  args.decomp_base = 16;
  args.decomp_legs = 3;
  args.lookup_range = {-40, 40};
  return args;
}

/// What the published package's settings offer: its range checks, and more room than needed.
inline GraphSettings published_settings(const claims::Record& record, const RunArgs& args) {
  GraphSettings base;
  base.run_args = args;
  GraphSettings out = plan_settings(record, base);
  const auto digit = static_cast<Int128>(args.decomp_base) - 1;
  out.required_range_checks = {{-1, 1}, {0, digit}};
  out.total_assignments *= 4;
  out.total_const_size = 300;
  out.num_shuffles = out.num_dynamic_lookups;
  out.total_shuffle_col_size = out.total_dynamic_col_size;
  return out;
}

inline GraphSettings own_settings(const claims::Record& record, const RunArgs& args, bool choose = false) {
  GraphSettings base;
  base.run_args = args;
  return plan_settings(record, base, choose);
}

using Build = std::function<claims::Tensor(claims::Writer&, claims::Tensor)>;

/// A model of one input of `shape` within ±`bound`: private input, public output.
inline claims::Record model(const RunArgs& args, const Shape& shape, Int128 bound, const Build& build) {
  claims::Recorder w(args);
  w.enter_node("input");
  const claims::Tensor x = w.input(shape, {-bound, bound}, true);
  w.bind(x, args.input_visibility, {claims::Slot::Group::input, 0});
  w.enter_node("model");
  const claims::Tensor y = build(w, x);
  w.enter_node("output");
  w.output(y);
  w.bind(y, args.output_visibility, {claims::Slot::Group::output, 0});
  return w.finish();
}

inline std::string text(const std::vector<plonk::MockFailure>& failures) {
  std::string out;
  for (const auto& f : failures) out += f.constraint + ": " + f.text + "\n";
  return out;
}

}  // namespace ezkl::test
