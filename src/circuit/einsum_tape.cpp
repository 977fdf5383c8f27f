#include "circuit/einsum_tape.hpp"

#include <algorithm>
#include <limits>

#include "base/ensure.hpp"
#include "base/parallel.hpp"
#include "circuit/configure.hpp"
#include "circuit/einsum_plan.hpp"

namespace ezkl::circuit {

EinsumTape::EinsumTape(Tape& tape) : tape_(tape) {
  const Geometry& geometry = tape.geometry();
  program_.width_ = geometry.width;
  if (tape.settings().total_einsum_col_size == 0) return;
  if (tape.open()) {
    challenges_ = 2;
    capacity_ = std::numeric_limits<std::uint64_t>::max() / 2;
    return;
  }
  std::size_t cells = 0;
  for (const auto& [equation, sizes] : tape.settings().einsum_equations) {
    const EinsumPlan plan = plan_einsum(equation, sizes);
    cells += plan.cells;
    challenges_ = std::max(challenges_, plan.output.size());
  }
  capacity_ = blocks_for(cells, geometry.usable * geometry.width) * geometry.usable;
  if (tape.attached()) columns_ = &tape.columns().freivalds.at(0);
}

bool EinsumTape::fits(std::uint64_t rows) const {
  // A run that reaches a new block repeats its sum there.
  return next_ + rows + rows / tape_.geometry().usable + 1 <= capacity_;
}

EinsumTape::Row EinsumTape::place(std::uint64_t row) const {
  return {std::uint32_t(row / tape_.geometry().usable), std::uint32_t(row % tape_.geometry().usable)};
}

EinsumTape::Row EinsumTape::next_row(bool first) {
  EZKL_ENSURE(next_ < capacity_, "Freivalds columns overflow");
  const Row row = place(next_++);
  if (first || row.row != 0) return row;
  if (columns_ != nullptr) {
    const Row before = place(next_ - 2);
    tape_.copy_at(cell(columns_->outputs[1], before, 0), before.row, cell(columns_->outputs[1], row, 0), 0);
  }
  return place(next_++);
}

void EinsumTape::use_result(const ColumnBlocks& blocks, const Row& row, std::size_t inner, Result result) {
  const Row from = place(result);
  tape_.copy_at(cell(columns_->outputs[1], from, 0), from.row, cell(blocks, row, inner), row.row);
}

void EinsumTape::zero(const ColumnBlocks& blocks, const Row& row, std::size_t inner) {
  tape_.use_at(cell(blocks, row, inner), row.row, tape_.zero());
}

template <class Input>
EinsumTape::Result EinsumTape::run(std::size_t length, std::uint32_t challenge, std::size_t phase, const Input& input) {
  EZKL_ENSURE(length > 0 && challenge < challenges_, "a combination of something, with a challenge of the settings");
  const std::size_t width = tape_.geometry().width;
  for (std::size_t done = 0; done < length; done += width) {
    const Row row = next_row(done == 0);
    for (std::size_t j = 0; j < width; ++j) input(row, j, done + j);
    if (columns_ == nullptr) continue;
    const auto& pair = columns_->combinations[challenge].selectors[phase][row.block];
    tape_.select(done == 0 ? pair.init : pair.accumulate, row.row);
  }
  return next_ - 1;
}

EinsumTape::Result EinsumTape::combine(std::uint32_t challenge, std::span<const Var> values) {
  if (tape_.witness()) {
    program_.steps_.push_back(
        {EinsumProgram::Kind::combine_values, challenge, next_, program_.inputs(), values.size()});
    for (const Var v : values) {
      if (tape_.sums_in_field()) {
        program_.felts_.push_back(tape_.felt(v));
      } else {
        program_.values_.push_back(tape_.value(v));
      }
    }
  }
  const Result out = run(values.size(), challenge, 0, [&](const Row& row, std::size_t j, std::size_t i) {
    const Var v = i < values.size() ? values[i] : tape_.zero();
    tape_.use_at(columns_ != nullptr ? cell(columns_->inputs[0][0], row, j) : plonk::Column{}, row.row, v);
  });
  program_.rows_ = next_;
  return out;
}

EinsumTape::Result EinsumTape::combine(std::uint32_t challenge, std::span<const Result> results) {
  if (tape_.witness()) {
    program_.steps_.push_back(
        {EinsumProgram::Kind::combine_results, challenge, next_, program_.results_.size(), results.size()});
    program_.results_.insert(program_.results_.end(), results.begin(), results.end());
  }
  const Result out = run(results.size(), challenge, 1, [&](const Row& row, std::size_t j, std::size_t i) {
    if (columns_ == nullptr) return;
    const auto& blocks = columns_->inputs[1][0];
    if (i < results.size()) {
      use_result(blocks, row, j, results[i]);
    } else {
      zero(blocks, row, j);
    }
  });
  program_.rows_ = next_;
  return out;
}

void EinsumTape::dot(std::span<const Result> a, std::span<const Result> b, Result sum) {
  EZKL_ENSURE(!a.empty() && a.size() == b.size(), "a dot product has as many left as right factors");
  if (tape_.witness()) {
    program_.steps_.push_back({EinsumProgram::Kind::dot, 0, next_, program_.results_.size(), a.size()});
    program_.results_.insert(program_.results_.end(), a.begin(), a.end());
    program_.results_.insert(program_.results_.end(), b.begin(), b.end());
  }
  const std::size_t width = tape_.geometry().width;
  for (std::size_t done = 0; done < a.size(); done += width) {
    const Row row = next_row(done == 0);
    if (columns_ == nullptr) continue;
    for (std::size_t j = 0; j < width; ++j) {
      const std::size_t i = done + j;
      if (i < a.size()) {
        use_result(columns_->inputs[1][0], row, j, a[i]);
        use_result(columns_->inputs[1][1], row, j, b[i]);
      } else {
        zero(columns_->inputs[1][1], row, j);
      }
    }
    const BaseOp op = done == 0 ? BaseOp::dot_init : BaseOp::dot;
    tape_.select(columns_->contraction.at({op, FreivaldsPattern::both_second, row.block, 0}), row.row);
  }
  program_.rows_ = next_;
  if (columns_ == nullptr) return;
  const Row last = place(next_ - 1), claimed = place(sum);
  tape_.copy_at(cell(columns_->outputs[1], last, 0), last.row, cell(columns_->outputs[1], claimed, 0), claimed.row);
}

void EinsumProgram::fill(const FreivaldsColumns& where, std::size_t usable_rows, std::span<const Fr> challenges,
                         std::span<plonk::ColumnValues> columns) const {
  std::vector<Fr> results(rows_);
  // c^1 … c^width of every challenge.
  std::vector<std::vector<Fr>> powers;
  for (const auto& combination : where.combinations) {
    auto& list = powers.emplace_back(1, challenges[combination.challenge]);
    while (list.size() < width_) list.push_back(list.back() * list.front());
  }
  const auto input = [&](const Step& step, std::size_t i) {
    if (i >= step.count) return Fr::zero();
    if (step.kind != Kind::combine_values) return results[results_[step.first + i]];
    return felts_.empty() ? Fr::from_i128(values_[step.first + i]) : felts_[step.first + i];
  };
  // The row of each group of inputs; a run that enters a block repeats its sum on the first row.
  const auto run = [&](const Step& step, const auto& each_row) {
    std::uint64_t row = step.row;
    Fr sum;
    for (std::size_t done = 0; done < step.count; done += width_, ++row) {
      if (done > 0 && row % usable_rows == 0) results[row++] = sum;
      sum = each_row(row, done, sum);
      results[row] = sum;
    }
  };
  const auto compute = [&](const Step& step) {
    run(step, [&](std::uint64_t, std::size_t done, const Fr& sum) {
      Fr out;
      if (step.kind == Kind::dot) {
        out = sum;
        for (std::size_t i = done; i < std::min(done + width_, step.count); ++i) {
          out += results[results_[step.first + i]] * results[results_[step.first + step.count + i]];
        }
        return out;
      }
      const auto& power = powers[step.challenge];
      out = sum * power[width_ - 1];
      for (std::size_t j = 0; j < width_; ++j) {
        if (done + j < step.count) out += power[width_ - 1 - j] * input(step, done + j);
      }
      return out;
    });
  };
  // Combinations of values stand on their own, combinations of results on those, products on both.
  for (const Kind kind : {Kind::combine_values, Kind::combine_results, Kind::dot}) {
    parallel_for(steps_.size(), 64, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) {
        if (steps_[i].kind == kind) compute(steps_[i]);
      }
    });
  }
  const auto put = [&](const ColumnBlocks& blocks, std::uint64_t row, std::size_t inner, const Fr& value) {
    columns[blocks[row / usable_rows][inner].index].set(row % usable_rows, value);
  };
  for (std::uint64_t row = 0; row < rows_; ++row) put(where.outputs[1], row, 0, results[row]);
  for (const Step& step : steps_) {
    if (step.kind == Kind::combine_values) continue;
    run(step, [&](std::uint64_t row, std::size_t done, const Fr&) {
      for (std::size_t j = 0; j < width_ && done + j < step.count; ++j) {
        put(where.inputs[1][0], row, j, results[results_[step.first + done + j]]);
        if (step.kind == Kind::dot)
          put(where.inputs[1][1], row, j, results[results_[step.first + step.count + done + j]]);
      }
      return results[row];
    });
  }
}

}  // namespace ezkl::circuit
