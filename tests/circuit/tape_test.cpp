#include "circuit/tape.hpp"

#include <gtest/gtest.h>

#include "circuit/configure.hpp"
#include "ezkl/error.hpp"

namespace ezkl::circuit {
namespace {

TEST(Tape, ACellIsAssignedOnce) {
  GraphSettings settings;
  settings.run_args.logrows = 5;
  settings.run_args.num_inner_cols = 2;
  settings.total_assignments = 20;
  settings.total_const_size = 4;
  const ConfiguredCircuit circuit = configure(settings);
  plonk::Assembly assembly;
  assembly.fixed.assign(circuit.cs.num_fixed, plonk::ColumnValues(32));
  assembly.selectors.assign(circuit.cs.num_selectors, plonk::SelectorBits(32));
  Tape tape(settings, false);
  tape.attach_keys(circuit.cs, circuit.columns, assembly);
  const Var x = tape.fresh(), y = tape.fresh();
  const At at = tape.next_cell();
  tape.use(0, at, x);
  tape.use(1, at, y);
  const auto expect_refusal = [](auto assign) {
    try {
      assign();
      FAIL() << "overwritten";
    } catch (const Error& e) {
      EXPECT_EQ(e.fault(), Fault::internal);
    }
  };
  expect_refusal([&] { tape.use(0, at, y); });
  expect_refusal([&] { tape.use(1, at, y); });
  const At next = tape.next_cell();
  EXPECT_NE(std::pair(next.group, next.row), std::pair(at.group, at.row));
  tape.use(0, next, y);
  tape.use_at(circuit.columns.instance, 3, x);
  expect_refusal([&] { tape.use_at(circuit.columns.instance, 3, y); });
}

}  // namespace
}  // namespace ezkl::circuit
