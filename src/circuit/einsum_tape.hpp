#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "circuit/tape.hpp"

namespace ezkl::circuit {

/// The cells that depend on challenges, as they have to be computed once the challenges are known.
/// Rows are counted through all blocks of the Freivalds columns; every row has one result, in O1.
class EinsumProgram {
 public:
  /// Writes the phase-1 columns. `columns` as given to plonk::AdviceSource::fill.
  void fill(const FreivaldsColumns& where, std::size_t usable_rows, std::span<const Fr> challenges,
            std::span<plonk::ColumnValues> columns) const;
  bool empty() const { return steps_.empty(); }

 private:
  friend class EinsumTape;
  enum class Kind : std::uint8_t { combine_values, combine_results, dot };
  struct Step {
    Kind kind;
    std::uint32_t challenge;
    std::uint64_t row;         ///< first row
    std::size_t first, count;  ///< inputs: in values_ or results_ (for dot: count pairs, left ones first)
  };
  std::size_t inputs() const { return values_.size() + felts_.size(); }

  std::vector<Step> steps_;
  std::vector<Int128> values_;
  std::vector<Fr> felts_;               ///< in place of values_ where a witness has field elements
  std::vector<std::uint64_t> results_;  ///< rows whose O1 is the input
  std::uint64_t rows_ = 0;
  std::size_t width_ = 1;
};

/// Random linear combinations of values and of each other, for Freivalds' check of products.
class EinsumTape {
 public:
  explicit EinsumTape(Tape& tape);
  /// Number of challenges; 0 without Freivalds columns.
  std::size_t challenges() const { return challenges_; }
  /// Whether so many more rows fit.
  bool fits(std::uint64_t rows) const;
  std::uint64_t rows() const { return next_; }

  /// A value that depends on challenges: the row where it stands in O1.
  using Result = std::uint64_t;
  /// Σ values[t] · c^(padded length - t), padded to full rows with zeros.
  Result combine(std::uint32_t challenge, std::span<const Var> values);
  Result combine(std::uint32_t challenge, std::span<const Result> results);
  /// Σ a[t] · b[t] = sum
  void dot(std::span<const Result> a, std::span<const Result> b, Result sum);

  EinsumProgram take_program() { return std::move(program_); }

 private:
  struct Row {
    std::uint32_t block = 0, row = 0;
  };
  Row place(std::uint64_t row) const;
  Row next_row(bool first);
  plonk::Column cell(const ColumnBlocks& blocks, const Row& row, std::size_t inner) const {
    return blocks[row.block][inner];
  }
  void use_result(const ColumnBlocks& blocks, const Row& row, std::size_t inner, Result result);
  void zero(const ColumnBlocks& blocks, const Row& row, std::size_t inner);
  template <class Input>
  Result run(std::size_t length, std::uint32_t challenge, std::size_t phase, const Input& input);

  Tape& tape_;
  const FreivaldsColumns* columns_ = nullptr;
  std::size_t challenges_ = 0;
  std::uint64_t next_ = 0, capacity_ = 0;
  EinsumProgram program_;
};

}  // namespace ezkl::circuit
