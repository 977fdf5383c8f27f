#include "api/fixed_values.hpp"

#include <algorithm>

#include "base/ensure.hpp"

namespace ezkl {
namespace {

using Group = claims::Slot::Group;

bool is_fixed_value(const claims::Binding& binding) {
  return binding.visibility.kind == Visibility::Kind::fixed && binding.slot.group != Group::param;
}

/// A constant tensor of these values, and the claim that `t` equals it.
void fix(claims::Record& record, claims::Tensor t, claims::Values values) {
  const claims::TensorInfo like = record.tensors[t.id];
  EZKL_ENSURE(values.size() == volume(like.shape), "one value for every element");
  if (values.empty()) return;
  const claims::Tensor constant{std::uint32_t(record.tensors.size())};
  claims::TensorInfo info = like;
  info.origin = claims::Origin::fixed;
  info.interval = {*std::min_element(values.begin(), values.end()), *std::max_element(values.begin(), values.end())};
  info.bounded = info.proven = true;
  record.tensors.push_back(info);

  claims::Claim defined;
  defined.kind = claims::Kind::constant;
  defined.node = like.node;
  defined.out = {constant};
  defined.values = std::make_shared<const claims::Values>(std::move(values));
  record.claims.push_back(std::move(defined));

  claims::Claim equal;
  equal.kind = claims::Kind::linear;
  equal.node = like.node;
  equal.defines = false;
  equal.in = {t, constant};
  equal.coefficients = {1, -1};
  record.claims.push_back(std::move(equal));
}

}  // namespace

bool has_fixed_values(const RunArgs& args) {
  return args.input_visibility.kind == Visibility::Kind::fixed ||
         args.output_visibility.kind == Visibility::Kind::fixed;
}

void fix_values(claims::Record& record, const std::vector<claims::Values>& inputs,
                const std::vector<claims::Values>& outputs) {
  const auto bindings = record.bindings;
  for (const claims::Binding& binding : bindings) {
    if (!is_fixed_value(binding)) continue;
    fix(record, binding.tensor, (binding.slot.group == Group::input ? inputs : outputs)[binding.slot.index]);
  }
}

void fix_any_values(claims::Record& record) {
  Int128 next = Int128(1) << 40;
  const auto bindings = record.bindings;
  for (const claims::Binding& binding : bindings) {
    if (!is_fixed_value(binding)) continue;
    claims::Values values(volume(record.tensors[binding.tensor.id].shape));
    for (Int128& v : values) v = next++;
    fix(record, binding.tensor, std::move(values));
  }
}

FileDigest fixed_digest(const claims::Record& record, const std::vector<claims::Values>& inputs,
                        const std::vector<claims::Values>& outputs) {
  ByteWriter writer;
  for (const claims::Binding& binding : record.bindings) {
    if (!is_fixed_value(binding)) continue;
    for (const Int128 v : (binding.slot.group == Group::input ? inputs : outputs)[binding.slot.index]) {
      write_signed(writer, v);
    }
  }
  return file_digest(writer.out);
}

}  // namespace ezkl
