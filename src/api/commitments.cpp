#include "api/make_witness.hpp"
#include "api/setup_files.hpp"
#include "artifact/felt_text.hpp"
#include "artifact/settings_file.hpp"
#include "artifact/sumcheck_settings.hpp"
#include "artifact/vk_file.hpp"
#include "base/border.hpp"
#include "circuit/configure.hpp"
#include "ezkl/ezkl.hpp"

namespace ezkl {
namespace {

std::vector<std::string> commit_felts(Commitment scheme, const std::vector<std::string>& message, const Path& vk_path,
                                      const Path& settings_path, const std::optional<Path>& srs_path) {
  std::vector<Fr> felts;
  for (std::size_t i = 0; i < message.size(); ++i) {
    felts.push_back(in_context("element " + std::to_string(i), [&] { return parse_felt(message[i]); }));
  }
  const GraphSettings settings = read_settings(settings_path);
  in_context(settings_path.string(), [&] { need_plonk(settings.run_args, "a commitment that proofs show"); });
  if (settings.run_args.commitment != scheme) {
    throw Error(Fault::format, settings_path.string() + ": these settings say " +
                                   name_of(settings.run_args.commitment) + ", not " + name_of(scheme) + ": use " +
                                   (scheme == Commitment::kzg ? "ipa-commit" : "kzg-commit"));
  }
  const auto cs = in_context(settings_path.string(), [&] { return configure(settings).cs; });
  check_key_scheme(read_verifying_key(vk_path, cs, settings.run_args.logrows, key_format()), scheme, vk_path);
  const auto setup = open_checked_setup(srs_path, settings.run_args);
  std::vector<std::string> out;
  for (const G1Affine& point : commit_message(felts, cs, *setup)) out.push_back(point_text(point));
  return out;
}

}  // namespace

std::vector<std::string> kzg_commit(const std::vector<std::string>& message, const Path& vk_path,
                                    const Path& settings_path, const std::optional<Path>& srs_path) try {
  return commit_felts(Commitment::kzg, message, vk_path, settings_path, srs_path);
} catch (...) {
  rethrow_as_error();
}

std::vector<std::string> ipa_commit(const std::vector<std::string>& message, const Path& vk_path,
                                    const Path& settings_path, const std::optional<Path>& srs_path) try {
  return commit_felts(Commitment::ipa, message, vk_path, settings_path, srs_path);
} catch (...) {
  rethrow_as_error();
}

}  // namespace ezkl
