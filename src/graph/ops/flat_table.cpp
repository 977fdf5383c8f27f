#include "graph/ops/flat_table.hpp"

#include <algorithm>

#include "graph/claims/compound.hpp"
#include "tensor/table_function.hpp"

namespace ezkl::ops {
namespace {

using claims::TableId;
using claims::Tensor;
using claims::Writer;

/// Beyond it all functions here are constant at every scale that has a table.
constexpr Int128 far = Int128{1} << 45;

/// The key nearest to 0, on the side of `sign`, from which on the function stays at its value far out. The functions
/// are monotone, so the first such key is found by halving.
Int128 first_constant_key(const TableId& id, int sign) {
  const Int128 last = table_value(id.name, id.parameters, sign * far);
  Int128 differs = 0, same = far;
  while (same - differs > 1) {
    const Int128 middle = differs + (same - differs) / 2;
    (table_value(id.name, id.parameters, sign * middle) == last ? same : differs) = middle;
  }
  return sign * same;
}

bool grows_from_zero(const TableId& id) {
  const auto base = id.parameters.find("base");
  return id.name == "Exp" && base != id.parameters.end() && base->second > 1;
}

bool between_two_values(const TableId& id) { return id.name == "Sigmoid" || id.name == "Tanh" || id.name == "Erf"; }

Tensor constant(Writer& w, Tensor like, Int128 value) { return w.constant(Shape(w.shape(like).size(), 1), {value}); }

/// 0 up to -3, from 3 on the key itself.
Tensor hard_swish(Writer& w, Tensor key, const TableId& id) {
  const auto three = 3 * static_cast<Int128>(id.parameters.at("scale"));
  const claims::Interval bounds = w.interval(key);
  const bool ends = three > 0 && w.args().lookup_range.first <= -three && w.args().lookup_range.second >= three;
  if (!ends || (bounds.lo >= -three && bounds.hi <= three)) return w.table(key, id);
  const Tensor above = claims::relu(w, w.scale(key, 1, -three));
  Tensor within = w.sub(key, above);
  w.deduce(within, {bounds.lo, std::min(bounds.hi, three)}, {key});  // min(key, 3)
  if (bounds.lo < -three) within = claims::max_of(w, within, constant(w, key, -three));
  return w.add(w.table(within, id), above);
}

}  // namespace

bool has_chosen_range(const RunArgs& args) {
  return args.semantics == Semantics::onnx && args.lookup_range != RunArgs().lookup_range;
}

Tensor flat_table(Writer& w, Tensor key, const TableId& id) {
  if (!has_chosen_range(w.args()) || w.is_fixed(key) || volume(w.shape(key)) == 0) return w.table(key, id);
  if (id.name == "HardSwish") return hard_swish(w, key, id);
  const bool both = between_two_values(id);
  if (!both && !grows_from_zero(id)) return w.table(key, id);
  const std::pair<Int128, Int128> range = w.args().lookup_range;
  const Int128 low = first_constant_key(id, -1);
  if (range.first <= low && w.interval(key).lo < low) key = claims::max_of(w, key, constant(w, key, low));
  if (!both) return w.table(key, id);
  const Int128 high = first_constant_key(id, 1);
  if (range.second >= high && w.interval(key).hi > high) key = claims::min_of(w, key, constant(w, key, high));
  return w.table(key, id);
}

}  // namespace ezkl::ops
