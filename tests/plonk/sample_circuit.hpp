#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "plonk/keys.hpp"
#include "plonk/mock.hpp"
#include "plonk/prover.hpp"

namespace ezkl::plonk::test {

/// What the sample circuit is built with.
struct SampleOptions {
  unsigned k = 6;
  bool high_degree = false;  ///< a gate of degree 6: five pieces of h, several lookup inputs in one argument
  bool challenges = true;    ///< a second phase
  bool shuffle = true;
  bool lookups = true;
  bool dynamic = true;  ///< a lookup into advice cells, which makes the degree 6
  bool copies = true;
};

/// A small circuit that uses every argument of the proof system, with an honest witness that tests may spoil.
class SampleCircuit : public AdviceSource {
 public:
  explicit SampleCircuit(const SampleOptions& options);

  const ConstraintSystem& cs() const { return cs_; }
  unsigned k() const { return options_.k; }
  std::size_t n() const { return std::size_t{1} << options_.k; }
  Assembly assembly() const { return assembly_; }
  std::vector<std::vector<Fr>> instances;

  void fill(unsigned phase, std::span<const Fr> challenges, std::span<ColumnValues> columns) override;
  /// Called on the columns of a phase after they were filled honestly.
  std::function<void(unsigned phase, std::span<ColumnValues> columns)> spoil;

  /// The first failures of a mock run with made-up challenges.
  std::vector<MockFailure> mock();

  Column a, b, c, shuffled, second, open_column, constant, table_x, table_y, instance;

  static constexpr std::size_t product_row = 0;   ///< rows 0..7: c = a * b
  static constexpr std::size_t running_row = 8;   ///< rows 8..15: c[row+1] = c[row] + a[row+1]
  static constexpr std::size_t range_row = 20;    ///< rows 20..27: a in the table of x
  static constexpr std::size_t square_row = 28;   ///< rows 28..35: (a, b) in the table of (x, y)
  static constexpr std::size_t dynamic_row = 36;  ///< rows 36..39: (a, b) among those of rows 28..35
  static constexpr std::size_t copy_row = 42;     ///< row 42: a copies c of row 0, b the constant, c the instance

 private:
  void configure();
  void assemble();

  SampleOptions options_;
  ConstraintSystem cs_;
  Assembly assembly_;
};

}  // namespace ezkl::plonk::test
