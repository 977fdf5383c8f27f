#include "circuit/layout_profile.hpp"

#include <algorithm>

#include "circuit/walker.hpp"

namespace ezkl::circuit {
namespace {

template <class T>
bool same_content(const std::shared_ptr<const T>& a, const std::shared_ptr<const T>& b) {
  return a == b || (a && b && *a == *b);
}

bool same_view(const claims::View& a, const claims::View& b) {
  return a.source == b.source && a.extents == b.extents && a.outside == b.outside &&
         std::equal(a.axes.begin(), a.axes.end(), b.axes.begin(), b.axes.end(),
                    [](const auto& x, const auto& y) { return x.base == y.base && x.strides == y.strides; });
}

bool same_claim(const claims::Claim& a, const claims::Claim& b) {
  return a.kind == b.kind && a.defines == b.defines && a.in == b.in && a.out == b.out &&
         a.coefficients == b.coefficients && a.constant == b.constant && a.out_extents == b.out_extents &&
         a.sum_extents == b.sum_extents && a.table == b.table &&
         std::equal(a.views.begin(), a.views.end(), b.views.begin(), b.views.end(), same_view) &&
         same_content(a.values, b.values) && same_content(a.map, b.map) && same_content(a.felts, b.felts);
}

}  // namespace

LayoutFacts layout_facts(const Tape& tape, const Walker& walker) {
  const Usage usage = tape.usage();
  LayoutFacts out;
  out.constants = usage.constants;
  out.dynamic_rows = usage.dynamic_rows;
  out.longest_dynamic = usage.longest_dynamic;
  out.num_dynamic = usage.num_dynamic;
  out.num_shuffles = usage.num_shuffles;
  out.shuffle_rows = usage.shuffle_rows;
  out.tables.assign(tape.tables().begin(), tape.tables().end());
  std::sort(out.tables.begin(), out.tables.end());
  out.committed = walker.committed();
  out.hashes = walker.num_hashes();
  out.hash_rows = walker.hash_rows();
  out.instances = walker.num_instances();
  return out;
}

LayoutProfile layout_profile(const claims::Record& record, const RunArgs& args) {
  GraphSettings settings;
  settings.run_args = args;
  settings.total_einsum_col_size = 1;
  LayoutProfile out;
  out.checked.resize(record.claims.size());
  Tape tape(settings, true);
  tape.profile(out);
  Walker walker(record, tape);
  walker.run();
  static_cast<LayoutFacts&>(out) = layout_facts(tape, walker);
  return out;
}

bool same_layout(const claims::Record& a, const claims::Record& b) {
  return a.tensors.size() == b.tensors.size() && a.inputs == b.inputs && a.outputs == b.outputs &&
         a.params.size() == b.params.size() &&
         std::equal(a.tensors.begin(), a.tensors.end(), b.tensors.begin(),
                    [](const auto& x, const auto& y) { return x.shape == y.shape && x.origin == y.origin; }) &&
         std::equal(a.claims.begin(), a.claims.end(), b.claims.begin(), b.claims.end(), same_claim);
}

}  // namespace ezkl::circuit
