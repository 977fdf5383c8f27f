// ezkl gen-srs, get-srs: where setups come from.
#include <cstdio>

#include "commands/commands.hpp"
#include "commands/run_arguments.hpp"
#include "ezkl/ezkl.hpp"

namespace ezkl::cli {
namespace {

std::function<void()> declare_gen(Options& o) {
  struct Args {
    Path srs;
    std::uint32_t logrows = 0;
    Commitment commitment = Commitment::kzg;
  };
  auto a = std::make_shared<Args>();
  o.parsed(
      "--srs-path", "PATH", "", [a](const std::string& text) { a->srs = text; }, "where to write the setup");
  o.require();
  o.parsed(
      "--logrows", "INT", "", [a](const std::string& text) { a->logrows = std::uint32_t(parse_integer(text, 1, 26)); },
      "log2 of the number of rows");
  o.require();
  o.parsed(
      "--commitment", "SCHEME", "kzg", [a](const std::string& text) { a->commitment = parse_commitment(text); },
      "kzg, or ipa for the setup without a secret");
  return [a] { gen_srs(a->srs, a->logrows, a->commitment); };
}

std::function<void()> declare_get(Options& o) {
  struct Args {
    std::optional<Path> srs;
    Path settings = "settings.json";
    std::optional<std::uint32_t> logrows;
    std::optional<std::string> mirror;
    std::optional<Commitment> commitment;
  };
  auto a = std::make_shared<Args>();
  o.value("--srs-path", a->srs, "where to put the setup [default: $EZKL_REPO_PATH/srs/kzg{k}.srs]");
  o.value("-S,--settings-path", a->settings, "settings to take the size from");
  o.value("--logrows", a->logrows, "the size, instead of the settings'");
  o.value("--mirror", a->mirror, "fetch kzg{k}.srs from below this URL; file:// works too", "URL");
  o.parsed(
      "--commitment", "SCHEME", "the settings', or kzg",
      [a](const std::string& text) { a->commitment = parse_commitment(text); },
      "kzg, or ipa for a setup that is made, not fetched");
  return [a] { std::printf("%s\n", get_srs(a->settings, a->logrows, a->srs, a->mirror, a->commitment).c_str()); };
}

}  // namespace

const Command gen_srs_command{"gen-srs", "Make a setup: of a fresh secret, for tests, or the one for IPA",
                              "  ezkl gen-srs --srs-path kzg.srs --logrows 17\n"
                              "  ezkl gen-srs --srs-path ipa.srs --logrows 17 --commitment ipa\n",
                              declare_gen};
const Command get_srs_command{"get-srs", "Fetch the public ceremony's setup and check its hash",
                              "  ezkl get-srs\n"
                              "  ezkl get-srs --logrows 17 --srs-path kzg17.srs\n"
                              "  ezkl get-srs --logrows 17 --mirror file:///media/ceremony\n",
                              declare_get};

}  // namespace ezkl::cli
