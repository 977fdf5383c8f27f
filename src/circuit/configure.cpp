#include "circuit/configure.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "circuit/configure_parts.hpp"
#include "ezkl/error.hpp"

namespace ezkl {
namespace detail {
namespace {

// Far above any circuit that fits a machine; keeps hostile settings from exhausting memory.
constexpr std::size_t max_columns = std::size_t{1} << 14;    // of advice, and of constants
constexpr std::size_t max_selectors = std::size_t{1} << 16;  // keys look for pairs that can share a column

}  // namespace

void require_columns(std::size_t present, std::size_t more, std::size_t cells, unsigned logrows) {
  if (more <= max_columns - std::min(max_columns, present)) return;
  throw Error(Fault::range, std::to_string(cells) + " cells do not fit " + std::to_string(max_columns) +
                                " columns of 2^" + std::to_string(logrows) + " rows: use a larger logrows");
}

void require_selectors(const plonk::ConstraintSystem& cs, std::size_t more) {
  if (more <= max_selectors - std::min<std::size_t>(max_selectors, cs.num_selectors)) return;
  throw Error(Fault::range, "settings: the circuit needs more than " + std::to_string(max_selectors) +
                                " selectors, one for each operation and table in each of its columns: use a larger "
                                "logrows, so that it has fewer columns");
}

ColumnBlocks add_advice_blocks(plonk::ConstraintSystem& cs, unsigned logrows, std::size_t width, std::size_t capacity,
                               std::uint8_t phase, bool unblinded) {
  const std::size_t blocks = blocks_for(capacity, cs.usable_rows(logrows) * width);
  require_columns(cs.num_advice, blocks * width, capacity, logrows);
  ColumnBlocks out(blocks);
  for (auto& block : out) {
    for (std::size_t i = 0; i < width; ++i) {
      block.push_back(cs.advice_column(phase, unblinded));
      cs.enable_equality(block.back());
    }
  }
  return out;
}

std::vector<plonk::Expression> block_row(plonk::ConstraintSystem& cs, const ColumnBlocks& blocks, std::size_t block) {
  std::vector<plonk::Expression> out;
  for (const auto& column : blocks[block]) out.push_back(cs.query(column));
  return out;
}

plonk::Expression constant(std::int64_t value) { return plonk::Expression::constant(Fr::from_i64(value)); }

void add_gate(plonk::ConstraintSystem& cs, const char* name, const plonk::Expression& selector,
              const std::vector<plonk::Expression>& polynomials) {
  std::vector<plonk::Expression> out;
  for (const auto& polynomial : polynomials) out.push_back(selector * polynomial);
  cs.gate(name, std::move(out));
}

}  // namespace detail

namespace {

constexpr unsigned min_logrows = 4;   // 8 rows are reserved: anything smaller leaves no table row
constexpr unsigned max_logrows = 26;
constexpr std::size_t max_width = 256;
constexpr std::size_t max_capacity = std::size_t{1} << 40;

void check_sizes(const GraphSettings& settings) {
  const auto& run_args = settings.run_args;
  if (run_args.logrows < min_logrows || run_args.logrows > max_logrows) {
    throw Error(Fault::range, "settings: run_args.logrows is " + std::to_string(run_args.logrows) +
                                  ", a circuit needs " + std::to_string(min_logrows) + " to " +
                                  std::to_string(max_logrows));
  }
  if (run_args.num_inner_cols == 0 || run_args.num_inner_cols > max_width) {
    throw Error(Fault::range, "settings: run_args.num_inner_cols is " + std::to_string(run_args.num_inner_cols) +
                                  ", it must be 1 to " + std::to_string(max_width));
  }
  const auto bounded = [](const char* field, std::size_t value) {
    if (value > max_capacity) {
      throw Error(Fault::range, std::string("settings: ") + field + " is " + std::to_string(value) + ", at most " +
                                    std::to_string(max_capacity) + " is possible");
    }
  };
  bounded("total_assignments", settings.total_assignments);
  bounded("total_const_size", settings.total_const_size);
  bounded("total_dynamic_col_size", settings.total_dynamic_col_size);
  bounded("total_shuffle_col_size", settings.total_shuffle_col_size);
  for (const std::size_t size : settings.polycommit_sizes) bounded("module_sizes.polycommit", size);
}

/// Whether the visibilities are ones that a circuit can have; illegal ones count as private / public / private.
bool legal_visibility(const RunArgs& run_args) {
  using Kind = Visibility::Kind;
  if (run_args.param_visibility.kind == Kind::public_) return false;
  return run_args.input_visibility.kind != Kind::private_ || run_args.output_visibility.kind != Kind::private_ ||
         run_args.param_visibility.kind != Kind::private_;
}

void add_constants(plonk::ConstraintSystem& cs, const GraphSettings& settings, bool any_hash) {
  std::size_t count = any_hash ? 1 : 0;
  if (settings.total_const_size > 0) {
    count = blocks_for(settings.total_const_size, cs.usable_rows(settings.run_args.logrows));
    detail::require_columns(0, count, settings.total_const_size, settings.run_args.logrows);
  }
  for (std::size_t i = 0; i < count; ++i) cs.enable_constant(cs.fixed_column());
}

}  // namespace

std::size_t blocks_for(std::size_t capacity, std::size_t block_size) {
  const std::size_t overhead = capacity / block_size + 1;
  return (capacity + overhead) / block_size + 1;
}

std::size_t table_rows(const plonk::ConstraintSystem& cs, unsigned logrows) {
  constexpr std::size_t reserved = 3;  // on top of the blinding factors
  return (std::size_t{1} << logrows) - cs.blinding_factors() - reserved;
}

ConfiguredCircuit configure(const GraphSettings& settings) {
  if (settings.run_args.proof_system != ProofSystem::plonk) {
    throw Error(Fault::unsupported, "settings of another proof system than PLONK make no circuit",
                {{"proof_system", "make settings with {} plonk"}});
  }
  check_sizes(settings);
  const auto& run_args = settings.run_args;
  ConfiguredCircuit out;
  auto& cs = out.cs;
  auto& columns = out.columns;
  columns.logrows = run_args.logrows;
  columns.width = run_args.num_inner_cols;

  for (const std::size_t size : settings.polycommit_sizes) {
    columns.polycommit.push_back(detail::add_advice_blocks(cs, run_args.logrows, 1, size, 0, true));
  }
  for (auto& variable : columns.model) {
    variable = detail::add_advice_blocks(cs, run_args.logrows, columns.width, settings.total_assignments);
  }
  const bool has_dynamic = settings.num_dynamic_lookups > 0;
  const bool has_shuffles = settings.num_shuffles > 0;
  if (has_dynamic || has_shuffles) {
    const std::size_t size = settings.total_dynamic_col_size + settings.total_shuffle_col_size;
    for (auto& table : columns.dynamic) table = detail::add_advice_blocks(cs, run_args.logrows, 1, size);
  }
  bool any_hash = false;
  bool public_hash = false;
  for (const auto* visibility :
       {&run_args.input_visibility, &run_args.output_visibility, &run_args.param_visibility}) {
    any_hash = any_hash || visibility->is_hashed();
    public_hash = public_hash || visibility->kind == Visibility::Kind::hashed_public;
  }
  add_constants(cs, settings, any_hash);

  std::optional<plonk::Column> instance;
  const bool hashes_something = !settings.poseidon_counts.empty() && settings.poseidon_counts.front() > 0;
  if (legal_visibility(run_args) && any_hash && hashes_something) {
    columns.poseidon.push_back(detail::configure_poseidon(cs, public_hash, instance));
  }
  if (!instance) {
    instance = cs.instance_column();
    cs.enable_equality(*instance);
  }
  columns.instance = *instance;

  detail::configure_base(cs, columns);
  detail::configure_tables(cs, columns, settings);
  if (has_dynamic) columns.dynamic_lookups = detail::configure_dynamic(cs, columns);
  if (has_shuffles) columns.shuffles = detail::configure_dynamic(cs, columns);
  if (settings.total_einsum_col_size > 0) columns.freivalds.push_back(detail::configure_freivalds(cs, settings));

  columns.constants = cs.constants;
  columns.usable_rows = cs.usable_rows(run_args.logrows);
  return out;
}

}  // namespace ezkl
