#include "api/setup_files.hpp"

#include <algorithm>

#include "base/border.hpp"
#include "base/log.hpp"
#include "base/session_state.hpp"
#include "commit/ipa_params.hpp"
#include "commit/setup_check.hpp"
#include "commit/srs.hpp"
#include "ezkl/ezkl.hpp"

namespace ezkl {

Path default_srs_path(std::uint32_t logrows, Commitment commitment) try {
  const Path& folder = session_options().srs_folder;
  if (folder.empty()) {
    throw Error(Fault::usage, "no path was given for the setup, and no folder is known to hold setups",
                {{"srs_path", "say where the setup lies with {}"}, {"srs_folder", "say where all setups lie with {}"}});
  }
  const char* const scheme = commitment == Commitment::kzg ? "kzg" : "ipa";
  return folder / (scheme + std::to_string(logrows) + ".srs");
} catch (...) {
  rethrow_as_error();
}

Path setup_path(const std::optional<Path>& given, std::uint32_t logrows, Commitment scheme) {
  if (given) return *given;
  const Path path = default_srs_path(logrows, scheme);
  std::error_code ignored;
  if (std::filesystem::exists(path, ignored)) return path;
  const std::string rows = std::to_string(logrows);
  std::vector<Hint> hints;
  if (scheme == Commitment::kzg) {
    hints = {{"logrows", "fetch the public one with get-srs, or make one for tests with gen-srs, {} " + rows},
             {"srs_path", "name one that lies elsewhere with {}"}};
  } else {
    hints = {{"commitment", "make it with get-srs {} ipa, logrows " + rows}};
  }
  throw Error(Fault::io, "failed to load srs from " + path.string() + ": no such file", hints);
}

std::unique_ptr<CommitmentKey> open_setup(const std::optional<Path>& given, const RunArgs& args) {
  const Path path = setup_path(given, args.logrows, args.commitment);
  if (args.commitment == Commitment::ipa) return std::make_unique<IpaParams>(IpaParams::open(path, args.logrows));
  return std::make_unique<Srs>(Srs::open(path, args.logrows));
}

std::unique_ptr<CommitmentKey> open_checked_setup(const std::optional<Path>& given, const RunArgs& args) {
  const Path path = setup_path(given, args.logrows, args.commitment);
  if (args.commitment == Commitment::ipa) return open_setup(path, args);  // which checks every point
  auto srs = std::make_unique<Srs>(Srs::open(path, args.logrows));
  if (const auto refusal = setup_refusal(*srs)) throw Error(Fault::format, path.string() + ": " + *refusal);
  return srs;
}

void warn_of_setup(SetupOrigin origin, const std::string& what) {
  if (origin != SetupOrigin::unknown) return;
  log_warn(what +
           ": not the public ceremony's setup, but one that somebody made (gen-srs does): whoever made it may have kept its "
           "secret, and can then forge proofs of anything that verify with it; get-srs fetches the public one");
}

void check_key_scheme(const plonk::VerifyingKey& vk, Commitment scheme, const Path& vk_path) {
  const auto holds = [&](const auto& of_other_scheme) {
    const auto& a = vk.fixed_commitments;
    const auto& b = vk.permutation_commitments;
    return std::any_of(a.begin(), a.end(), of_other_scheme) || std::any_of(b.begin(), b.end(), of_other_scheme);
  };
  const bool other = scheme == Commitment::kzg ? holds([](const G1Affine& p) { return p == ipa_bases().w; })
                                               : holds([](const G1Affine& p) { return p.is_identity(); });
  if (!other) return;
  const Commitment found = scheme == Commitment::kzg ? Commitment::ipa : Commitment::kzg;
  throw Error(Fault::format, vk_path.string() + ": this key was made for " + name_of(found) +
                                 " commitments, the settings say " + name_of(scheme) +
                                 ": run setup with these settings, or use the settings of the key");
}

}  // namespace ezkl
