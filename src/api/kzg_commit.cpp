#include "api/srs_path.hpp"
#include "api/statement.hpp"
#include "artifact/felt_text.hpp"
#include "artifact/settings_file.hpp"
#include "artifact/vk_file.hpp"
#include "circuit/configure.hpp"
#include "ezkl/ezkl.hpp"

namespace ezkl {

std::vector<std::string> kzg_commit(const std::vector<std::string>& message, const Path& vk_path,
                                    const Path& settings_path, const std::optional<Path>& srs_path) {
  std::vector<Fr> felts;
  for (std::size_t i = 0; i < message.size(); ++i) {
    felts.push_back(in_context("element " + std::to_string(i), [&] { return parse_felt(message[i]); }));
  }
  const GraphSettings settings = read_settings(settings_path);
  const unsigned k = settings.run_args.logrows;
  const auto cs = in_context(settings_path.string(), [&] { return configure(settings).cs; });
  read_verifying_key(vk_path, cs, k, key_format());
  const Srs srs = Srs::open(srs_path_or_default(srs_path, k), k);
  std::vector<std::string> out;
  for (const G1Affine& point : commit_message(felts, cs, srs)) out.push_back(point_text(point));
  return out;
}

}  // namespace ezkl
