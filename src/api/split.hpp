#pragma once

#include <filesystem>
#include <optional>

#include "api/model_settings.hpp"
#include "api/verify_report.hpp"
#include "artifact/split_file.hpp"
#include "ezkl/ezkl.hpp"

namespace ezkl {

/// split_model of the public header, with everything chosen that was not given, for each part apart. Gives what was
/// written as split.json.
/// errors  Fault::usage when the options do not say where to cut or say it twice, for a model that fits in one part,
/// and
///         for run arguments that no part's statement allows; Fault::range when one node alone takes more rows than a
///         part may have; as build_graph and plan_settings.
SplitFile split_model(const std::filesystem::path& model, const std::filesystem::path& output, const RunArgs& run_args,
                      const SplitOptions& options, const SettingsChoice& choice);

/// The file names inside a part's folder.
struct PartFiles {
  explicit PartFiles(const std::filesystem::path& folder);

  std::filesystem::path folder, network, settings, compiled, vk, pk, input, witness, proof;
};

/// The parts that split.json of the folder lists, in order.
std::vector<PartFiles> part_files(const std::filesystem::path& split, const SplitFile& file);

/// Refuses to write into a split whose part or files are links or devices: nobody typed these paths, and a split from a
/// stranger must not lead to files outside, nor private values to a pipe. errors: Fault::io naming it.
void refuse_ways_out(const PartFiles& part);

/// The split that the folder of these settings is a part of: one whose split.json lies one folder up and lists it.
std::optional<std::filesystem::path> split_of_part(const std::filesystem::path& settings);

/// verify_split of the public header, with all that the proofs of the parts say together. `input` of the first part and
/// `output` of the last as in VerifyFiles.
VerifyReport verify_split_report(const std::filesystem::path& split, const std::optional<std::filesystem::path>& srs_path,
                                 bool reduced_srs, const std::optional<std::string>& digest,
                                 const std::optional<std::string>& input, const std::optional<std::string>& output);

/// The path of split.json.
std::filesystem::path split_path(const std::filesystem::path& split);

}  // namespace ezkl
