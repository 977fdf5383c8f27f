#include "next_step.hpp"

#include <algorithm>
#include <string_view>

namespace ezkl::cli {
namespace {

struct Maker {
  std::string_view option;    ///< the long name of the option that names the file
  std::string_view commands;  ///< that write it, between blanks: these are not missing it
  std::string_view advice;
};

constexpr Maker makers[] = {
    {"settings-path", " gen-settings ", "`ezkl gen-settings` makes it"},
    {"compiled-circuit", " compile-circuit compile-model ", "`ezkl compile-model` makes it"},
    {"vk-path", " setup gen-vk-from-pk ", "`ezkl setup` makes it"},
    {"pk-path", " setup ", "`ezkl setup` makes it"},
    {"witness", "", "`ezkl gen-witness` makes it"},
    {"witness-path", "", "`ezkl gen-witness` makes it"},
    {"proof-path", " prove ", "`ezkl prove` makes it"},
    {"srs-path", " gen-srs get-srs ",
     "`ezkl get-srs` fetches the public ceremony's; for tests, `ezkl gen-srs` makes one of a secret that it knew"},
    {"data", " gen-random-data ", "it is yours to write, `ezkl gen-random-data` shows the form"},
    {"sol-code-path", " create-evm-verifier ", "`ezkl create-evm-verifier` makes it"},
    {"vka-path", " create-evm-vka ", "`ezkl create-evm-vka` makes it"},
    {"calldata-path", "", "`ezkl encode-evm-calldata` makes it"},
    {"encoded-calldata", "", "`ezkl encode-evm-calldata` makes it"},
    {"split", " split ", "`ezkl split` makes it"},
    {"manifest", "", "`ezkl setup` makes it beside the key"},
};

bool is_missing(const std::filesystem::path& path) {
  std::error_code failed;
  return !path.empty() && !std::filesystem::exists(path, failed) && !failed;
}

}  // namespace

Error with_next_step(const Error& error, const std::string& command, std::span<const NamedFile> files) {
  if (error.fault() != Fault::io) return error;
  for (const NamedFile& file : files) {
    const std::filesystem::path path = file.path();
    const auto& frames = error.frames();
    if (!is_missing(path) || std::find(frames.begin(), frames.end(), path.string()) == frames.end()) continue;
    std::string parameter = file.option;
    std::replace(parameter.begin(), parameter.end(), '-', '_');
    // mock's model is a compiled one; everywhere else the word means the user's own.
    const bool compiled = file.option == "model" && command == "mock";
    const std::string option = compiled ? "compiled-circuit" : file.option;
    if (option == "model") return error.with({parameter, "{} names your model's ONNX file"});
    for (const Maker& maker : makers) {
      if (maker.option != option || maker.commands.find(" " + command + " ") != std::string_view::npos) continue;
      return error.with({parameter, std::string(maker.advice) + "; {} names another"});
    }
  }
  return error;
}

}  // namespace ezkl::cli
