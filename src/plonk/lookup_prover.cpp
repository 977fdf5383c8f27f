#include "plonk/lookup_prover.hpp"

#include <algorithm>
#include <atomic>
#include <map>

#include "base/parallel.hpp"
#include "ezkl/error.hpp"
#include "field/kernels.hpp"
#include "field/random.hpp"
#include "plonk/value_index.hpp"

namespace ezkl::plonk {
namespace {

using Id = ExpressionGraph::Id;

std::uint32_t lower(std::atomic<std::uint32_t>& least, std::uint32_t value) {
  std::uint32_t seen = least.load();
  while (value < seen && !least.compare_exchange_weak(seen, value)) {
  }
  return value;
}

}  // namespace

std::string table_name(const std::vector<Expression>& table) {
  std::string out;
  for (const Expression& e : table) out += e.identifier();
  return out;
}

LookupTables find_lookups(const std::vector<LookupArgument>& arguments, std::size_t n, std::size_t usable,
                          const Fr& theta, const LeafNames& names, const Program::Fetch& fetch, bool forging) {
  ExpressionGraph graph;
  std::map<Id, std::vector<std::size_t>> users;  // compressed table -> arguments that look into it
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    users[graph.compress(arguments[i].table, theta, names)].push_back(i);
  }
  LookupTables out;
  out.arguments.resize(arguments.size());
  for (const auto& [table_id, members] : users) {
    const Id table_output = table_id;
    std::vector<Fr> table(usable);
    Program(graph, std::span(&table_output, 1))
        .run_parallel(usable, fetch, [&](std::size_t, std::size_t begin, std::size_t count, const Fr* values) {
          std::copy_n(values, count, table.data() + begin);
        });
    const ValueIndex index(table);

    std::vector<Id> inputs;
    std::vector<std::vector<std::uint32_t>*> rows;
    std::vector<std::size_t> owner;
    for (const std::size_t argument : members) {
      LookupWitness& witness = out.arguments[argument];
      witness.table = out.tables.size();
      witness.rows.resize(arguments[argument].inputs.size());
      for (std::size_t j = 0; j < arguments[argument].inputs.size(); ++j) {
        inputs.push_back(graph.compress(arguments[argument].inputs[j], theta, names));
        rows.push_back(&witness.rows[j]);
        owner.push_back(argument);
      }
    }
    parallel_tasks(rows.size(), [&](std::size_t j) { rows[j]->resize(usable); });
    std::vector<std::atomic<std::uint32_t>> first_missing(inputs.size());
    for (auto& row : first_missing) row = ValueIndex::missing;
    Program(graph, inputs)
        .run_parallel(usable, fetch, [&](std::size_t output, std::size_t begin, std::size_t count, const Fr* values) {
          for (std::size_t i = 0; i < count; ++i) {
            // Most rows look up the same value as the row above (the default of an inactive selector).
            const bool repeated = i > 0 && values[i] == values[i - 1];
            const std::uint32_t found = repeated ? (*rows[output])[begin + i - 1] : index.find(values[i]);
            if (found == ValueIndex::missing) lower(first_missing[output], static_cast<std::uint32_t>(begin + i));
            (*rows[output])[begin + i] = forging && found == ValueIndex::missing ? 0 : found;
          }
        });
    for (std::size_t j = 0; j < inputs.size(); ++j) {
      if (forging || first_missing[j] == ValueIndex::missing) continue;
      throw Error(Fault::unsatisfied, "lookup argument " + std::to_string(owner[j]) + " into table " +
                                          table_name(arguments[owner[j]].table) + ": row " +
                                          std::to_string(first_missing[j]) + " holds a value that is not in the table");
    }
    out.tables.push_back(std::move(table));
  }
  parallel_tasks(arguments.size(), [&](std::size_t i) {
    std::vector<std::int64_t> counts(usable, 0);
    for (const auto& rows : out.arguments[i].rows) {
      for (const std::uint32_t row : rows) ++counts[row];
    }
    ColumnValues m(n);
    for (std::size_t row = 0; row < usable; ++row) {
      if (counts[row] != 0) m.set(row, counts[row]);
    }
    out.arguments[i].multiplicity = std::move(m);
  });
  return out;
}

std::vector<Fr> inverse_table(std::span<const Fr> table, const Fr& beta) {
  std::vector<Fr> out(table.size());
  fr_kernels().add_scalar(out.data(), table.data(), beta, table.size());
  batch_invert(out);
  return out;
}

Fr running_sum(const LookupWitness& witness, std::span<const Fr> inverse, std::size_t usable, Random& random,
                 std::span<Fr> phi) {
  Fr sum = Fr::zero();
  const auto counts = witness.multiplicity.small();
  for (std::size_t i = 0; i < usable; ++i) {
    phi[i] = sum;
    for (const auto& rows : witness.rows) sum += inverse[rows[i]];
    if (counts[i] == 1) {
      sum -= inverse[i];
    } else if (counts[i] != 0) {
      sum -= Fr::from_i64(counts[i]) * inverse[i];
    }
  }
  phi[usable] = sum;
  for (std::size_t i = usable + 1; i < phi.size(); ++i) phi[i] = random_fr(random);
  return sum;
}

}  // namespace ezkl::plonk
