// The steps from a split model to the proofs of its parts.
#include <algorithm>
#include <system_error>

#include "api/fixed_values.hpp"
#include "api/split.hpp"
#include "artifact/input_file.hpp"
#include "artifact/settings_file.hpp"
#include "artifact/witness_file.hpp"
#include "base/border.hpp"
#include "base/files.hpp"
#include "base/log.hpp"
#include "base/same_file.hpp"

namespace ezkl {
namespace {

/// `work` on every part in order, with its folder in front of errors.
template <class Work>
void for_each_part(const Path& split, Work work) {
  const std::vector<PartFiles> parts = part_files(split, read_split(split_path(split)));
  for (const PartFiles& part : parts) refuse_ways_out(part);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    log_info("part " + std::to_string(i + 1) + " of " + std::to_string(parts.size()) + ": " + parts[i].folder.string());
    work(parts[i]);
  }
}

/// Quantized values as input data: they are taken as they are.
std::string felts_as_input(const std::vector<std::vector<Fr>>& tensors) {
  std::vector<std::vector<InputValue>> out;
  for (const auto& tensor : tensors) {
    auto& list = out.emplace_back();
    for (const Fr& f : tensor) list.push_back({InputValue::Kind::felt, 0, f});
  }
  return input_text(out);
}

}  // namespace

std::optional<Path> split_of_part(const Path& settings) {
  std::error_code error;
  const Path part = std::filesystem::absolute(settings, error).lexically_normal().parent_path();
  const Path split = part.parent_path();
  if (error || !std::filesystem::exists(split_path(split), error)) return std::nullopt;
  const SplitFile file = read_split(split_path(split));
  const bool listed = std::find(file.parts.begin(), file.parts.end(), part.filename().string()) != file.parts.end();
  return listed ? std::optional(split) : std::nullopt;
}

std::string setup_split(const Path& split, const std::optional<Path>& srs_path, std::uint64_t max_model_size) try {
  for_each_part(split, [&](const PartFiles& part) {
    std::optional<Path> witness;
    if (has_fixed_values(read_settings(part.settings).run_args)) witness = part.witness;
    setup(part.compiled, part.vk, part.pk, srs_path, witness, false, 0, max_model_size);
  });
  return split_digest(split);
} catch (...) {
  rethrow_as_error();
}

void gen_witness_split(const std::string& data, const Path& split, const std::optional<Path>& srs_path,
                       std::uint64_t max_model_size) try {
  for (const PartFiles& part : part_files(split, read_split(split_path(split)))) {
    refuse_same_file({part.input, part.witness}, {Path(data), srs_path});
  }
  std::string next = data;
  for_each_part(split, [&](const PartFiles& part) {
    // Commitments are only for people to compare: without keys or a setup the witness goes without.
    std::error_code ignored;
    std::optional<Path> vk;
    if (srs_path && std::filesystem::exists(part.vk, ignored)) vk = part.vk;
    const std::string text = gen_witness(next, part.compiled, part.witness, vk, srs_path, {}, max_model_size);
    const Witness witness = parse_witness(text, part.witness.string());
    write_file_atomically(part.input, std::string_view(felts_as_input(witness.inputs)), Access::owner);
    next = felts_as_input(witness.outputs);
  });
} catch (...) {
  rethrow_as_error();
}

void prove_split(const Path& split, const std::optional<Path>& srs_path, const ProveOptions& options) try {
  for_each_part(split, [&](const PartFiles& part) {
    prove(part.witness, part.compiled, part.pk, part.proof, srs_path, options);
  });
} catch (...) {
  rethrow_as_error();
}

}  // namespace ezkl
