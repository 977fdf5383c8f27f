#pragma once

#include "circuit_bench.hpp"

/// A product of matrices that is checked with random challenges.
namespace ezkl::test {

/// x·xᵀ per batch for x of [2, m, k].
inline claims::Tensor gram(claims::Writer& w, claims::Tensor x) {
  const Shape& shape = w.shape(x);
  const Shape out{shape[0], shape[1], shape[1]}, sum{shape[2]};
  const Shape loops{out[0], out[1], out[2], sum[0]};
  const claims::View factors[] = {{x, loops, {{0, {{0, 1}}}, {0, {{1, 1}}}, {0, {{3, 1}}}}, 0},
                                  {x, loops, {{0, {{0, 1}}}, {0, {{2, 1}}}, {0, {{3, 1}}}}, 0}};
  return w.contract(out, sum, factors);
}

inline GraphSettings freivalds_settings(const claims::Record& record, RunArgs args, std::size_t room) {
  GraphSettings settings = own_settings(record, args);
  settings.total_assignments += 400 * args.num_inner_cols;
  settings.total_const_size += 20;
  settings.total_einsum_col_size = room;
  settings.einsum_equations = {{"ab,bc->ac", {{"a", 2}, {"b", room / 5}, {"c", 2}}}};
  return settings;
}

}  // namespace ezkl::test
