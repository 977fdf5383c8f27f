// ezkl gen-srs, get-srs: where setups come from.
#include <cstdio>

#include "commands/commands.hpp"
#include "ezkl/ezkl.hpp"

namespace ezkl::cli {
namespace {

std::function<void()> declare_gen(Options& o) {
  struct Args {
    Path srs;
    std::uint32_t logrows = 0;
  };
  auto a = std::make_shared<Args>();
  o.parsed(
      "--srs-path", "PATH", "", [a](const std::string& text) { a->srs = text; }, "where to write the setup");
  o.require();
  o.parsed(
      "--logrows", "INT", "", [a](const std::string& text) { a->logrows = std::uint32_t(parse_integer(text, 1, 26)); },
      "log2 of the number of rows");
  o.require();
  return [a] { gen_srs(a->srs, a->logrows); };
}

std::function<void()> declare_get(Options& o) {
  struct Args {
    std::optional<Path> srs;
    Path settings = "settings.json";
    std::optional<std::uint32_t> logrows;
    std::optional<std::string> mirror;
  };
  auto a = std::make_shared<Args>();
  o.value("--srs-path", a->srs, "where to put the setup [default: $EZKL_REPO_PATH/srs/kzg{k}.srs]");
  o.value("-S,--settings-path", a->settings, "settings to take the size from");
  o.value("--logrows", a->logrows, "the size, instead of the settings'");
  o.value("--mirror", a->mirror, "fetch kzg{k}.srs from below this URL; file:// works too", "URL");
  return [a] { std::printf("%s\n", get_srs(a->settings, a->logrows, a->srs, a->mirror).c_str()); };
}

}  // namespace

const Command gen_srs_command{"gen-srs", "Make a setup of a fresh secret, for tests",
                              "  ezkl gen-srs --srs-path kzg.srs --logrows 17\n", declare_gen};
const Command get_srs_command{"get-srs", "Fetch the public ceremony's setup and check its hash",
                              "  ezkl get-srs\n"
                              "  ezkl get-srs --logrows 17 --srs-path kzg17.srs\n"
                              "  ezkl get-srs --logrows 17 --mirror file:///media/ceremony\n",
                              declare_get};

}  // namespace ezkl::cli
