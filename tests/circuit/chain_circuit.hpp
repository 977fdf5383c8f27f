#pragma once

#include <map>
#include <vector>

#include "circuit_bench.hpp"
#include "graph/op_table.hpp"
#include "graph/ops/chain.hpp"

/// x·sigmoid(x) of four elements at scale 4 as a table for |x| <= 2, whose input and output are shown.
namespace ezkl::test {

struct ChainCircuit {
  static constexpr int scale = 4;
  static constexpr Int128 last_key = 32;
  static inline const claims::Values honest{-32, 0, 5, 32};

  RunArgs args = small_args(2);
  claims::Record record;
  claims::Tensor key, result;

  explicit ChainCircuit(bool checked) {
    args.logrows = 9;
    args.input_scale = args.param_scale = scale;
    args.input_visibility.kind = args.output_visibility.kind = Visibility::Kind::public_;
    OpSpec silu = ops::chain_op({{24, {0}, 0}, {3, {0, 1}, 0}});
    silu.attributes["reach"] = std::int64_t{512};
    claims::Recorder w(args);
    w.enter_node("input");
    key = w.input({honest.size()}, {-1000, 1000}, checked);
    w.bind(key, args.input_visibility, {claims::Slot::Group::input, 0});
    w.enter_node("model");
    const std::vector<Shape> shapes{w.shape(key)};
    const std::vector<int> scales{scale};
    result = op_entry("Chain").emit(w, {silu, shapes, scales, args, args.semantics, "node"}, std::vector{key});
    w.output(result);
    w.bind(result, args.output_visibility, {claims::Slot::Group::output, 0});
    record = w.finish();
  }

  const claims::Claim& lookup() const {
    for (const claims::Claim& claim : record.claims) {
      if (claim.kind == claims::Kind::gather) return claim;
    }
    throw Error(Fault::internal, "no lookup");
  }

  /// Element 2 of all tensors with another key, and another result beside it.
  std::map<std::uint32_t, claims::Values> with_key(Int128 other, Int128 other_result, claims::Values results) const {
    claims::Values keys = honest, places;
    keys[2] = other;
    results[2] = other_result;
    for (const Int128 k : keys) places.push_back(k + last_key);
    std::map<std::uint32_t, claims::Values> out;
    for (std::uint32_t id = 0; id < record.tensors.size(); ++id) {
      const claims::TensorInfo& info = record.tensors[id];
      if (!info.used || volume(info.shape) != honest.size()) continue;
      const bool is_result = id == lookup().out[0].id || id == result.id;
      out[id] = id == key.id ? keys : is_result ? results : places;
    }
    return out;
  }
};

}  // namespace ezkl::test
