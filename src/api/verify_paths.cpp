#include "api/setup_files.hpp"
#include "api/verify.hpp"
#include "artifact/settings_file.hpp"
#include "ezkl/ezkl.hpp"

namespace ezkl {

VerifyFiles verify_files(const std::filesystem::path& proof, const std::filesystem::path& settings,
                         const std::filesystem::path& vk, const std::optional<std::filesystem::path>& srs,
                         bool reduced_srs) {
  VerifyFiles files{proof, settings, vk, {}, reduced_srs, {}, false};
  if (srs) {
    files.srs = *srs;
    return files;
  }
  const RunArgs args = read_settings(settings).run_args;
  files.srs = setup_path(srs, reduced_srs ? 1 : args.logrows, args.commitment);
  return files;
}

bool verify(const Path& proof_path, const Path& settings_path, const Path& vk_path, const std::optional<Path>& srs_path,
            bool reduced_srs, const std::optional<Path>& manifest, const std::optional<std::string>& digest) {
  VerifyFiles files = verify_files(proof_path, settings_path, vk_path, srs_path, reduced_srs);
  files.manifest = {manifest, digest};
  const auto verdict = verify(files);
  if (!verdict.accepted) throw Error(Fault::unsatisfied, proof_path.string() + ": " + verdict.reason);
  return true;
}

}  // namespace ezkl
