// Claims whose elements are treated one by one: tables, zero tests, and rearrangements that make no cells at all.
#include "base/ensure.hpp"
#include "circuit/affine_index.hpp"
#include "circuit/walker.hpp"
#include "tensor/table_function.hpp"

namespace ezkl::circuit {

void Walker::lower_table(const claims::Claim& claim) {
  const std::size_t table = tape_.table_index({claim.table.name, claim.table.parameters});
  const Refs& keys = refs(claim.in[0]);
  Refs result;
  result.reserve(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (Tape::is_constant(keys[i])) {
      const Int128 key = tape_.constant_value(keys[i]);
      result.push_back(tape_.constant(table_value(claim.table.name, claim.table.parameters, key)));
      continue;
    }
    result.push_back(fresh_element(i));
    tape_.lookup(table, keys[i], result.back());
  }
  refs(claim.out[0]) = std::move(result);
}

std::optional<Int128> Walker::pinned_value(claims::Tensor z) const {
  if (uses_[z.id] != 1) return std::nullopt;
  const auto& claim = record_.claims[last_use_[z.id]];
  const bool pins = claim.kind == claims::Kind::linear && !claim.defines && claim.out.empty() && claim.in.size() == 1 &&
                    claim.coefficients[0] != 0 && claim.constant % claim.coefficients[0] == 0;
  if (!pins) return std::nullopt;
  const Int128 value = -claim.constant / claim.coefficients[0];
  return value == 0 || value == 1 ? std::optional(value) : std::nullopt;
}

void Walker::lower_is_zero(const claims::Claim& claim) {
  const Refs& xs = refs(claim.in[0]);
  const auto pinned = pinned_value(claim.out[0]);
  std::vector<Fr> inverses;
  if (tape_.witness()) {
    for (const Var x : xs) inverses.push_back(tape_.felt(x));
    batch_invert(inverses);
  }
  inverses.resize(xs.size());
  const Var one = tape_.constant(1);
  Refs result;
  result.reserve(xs.size());
  for (std::size_t i = 0; i < xs.size(); ++i) {
    if (Tape::is_constant(xs[i])) {
      result.push_back(tape_.constant(tape_.constant_value(xs[i]) == 0 ? 1 : 0));
    } else if (pinned) {
      // The only other claim says which it is: then x = 0, or x has an inverse.
      if (*pinned == 1) {
        tape_.equal(xs[i], tape_.zero());
      } else {
        tape_.mult_inverse(xs[i], inverses[i], one);
      }
      result.push_back(tape_.constant(*pinned));
    } else {
      const Var is_zero = fresh_element(i);
      const bool zero = tape_.witness() && inverses[i].is_zero();
      const Var not_zero = tape_.fresh(zero ? 0 : 1);
      tape_.mult_inverse(xs[i], inverses[i], not_zero);
      tape_.sub(one, not_zero, is_zero);
      tape_.mult(xs[i], is_zero, tape_.zero());
      result.push_back(is_zero);
    }
  }
  refs(claim.out[0]) = std::move(result);
}

void Walker::lower_view(const claims::Claim& claim) {
  const claims::View& view = claim.views[0];
  const Refs& source = refs(view.source);
  const Var outside = tape_.constant(view.outside);
  AffineIndex index(view, record_.tensors[view.source.id].shape, 0);
  index.set_outer({});
  Refs result(volume(view.extents));
  for (std::size_t i = 0; i < result.size(); ++i) {
    const std::int64_t at = index.at(i);
    result[i] = at < 0 ? outside : source[std::size_t(at)];
  }
  refs(claim.out[0]) = std::move(result);
}

void Walker::lower_remap(const claims::Claim& claim) {
  std::vector<Var> all;
  for (const claims::Tensor t : claim.in) all.insert(all.end(), refs(t).begin(), refs(t).end());
  Refs result;
  result.reserve(claim.map->size());
  for (const std::int64_t source : *claim.map) {
    result.push_back(source >= 0 ? all.at(std::size_t(source))
                                 : tape_.constant(claim.values->at(std::size_t(-1 - source))));
  }
  refs(claim.out[0]) = std::move(result);
}

}  // namespace ezkl::circuit
