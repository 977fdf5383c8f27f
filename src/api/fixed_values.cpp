#include "api/fixed_values.hpp"

#include "base/ensure.hpp"
#include "graph/claims/elements.hpp"

namespace ezkl {
namespace {

using Group = claims::Slot::Group;

bool is_fixed_value(const claims::Binding& binding) {
  return binding.visibility.kind == Visibility::Kind::fixed && binding.slot.group != Group::param;
}

/// The claim that `t` holds these values.
void fix(claims::Record& record, claims::Tensor t, claims::Felts values) {
  const claims::TensorInfo& info = record.tensors[t.id];
  EZKL_ENSURE(values.size() == volume(info.shape), "one value for every element");
  if (values.empty()) return;
  claims::Claim claim;
  claim.kind = claims::Kind::fixed;
  claim.node = info.node;
  claim.defines = false;
  claim.in = {t};
  claim.felts = std::make_shared<const claims::Felts>(std::move(values));
  record.claims.push_back(std::move(claim));
}

}  // namespace

bool has_fixed_values(const RunArgs& args) {
  return args.input_visibility.kind == Visibility::Kind::fixed ||
         args.output_visibility.kind == Visibility::Kind::fixed;
}

void fix_values(claims::Record& record, const std::vector<claims::Felts>& inputs,
                const std::vector<claims::Felts>& outputs) {
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
    claims::Felts values(volume(record.tensors[binding.tensor.id].shape));
    for (Fr& v : values) v = Fr::from_i128(next++);
    fix(record, binding.tensor, std::move(values));
  }
}

FileDigest fixed_digest(const claims::Record& record, const std::vector<claims::Felts>& inputs,
                        const std::vector<claims::Felts>& outputs) {
  ByteWriter writer;
  for (const claims::Binding& binding : record.bindings) {
    if (!is_fixed_value(binding)) continue;
    for (const Fr& v : (binding.slot.group == Group::input ? inputs : outputs)[binding.slot.index]) {
      write_signed(writer, v.to_int128_lossy());
      if (!claims::is_integer(v)) writer.bytes(v.to_bytes_le());
    }
  }
  return file_digest(writer.out);
}

}  // namespace ezkl
