#include "api/srs_path.hpp"

#include <cstdlib>

#include "ezkl/ezkl.hpp"

namespace ezkl {

Path default_srs_path(std::uint32_t logrows) {
  Path folder;
  if (const char* repo = std::getenv("EZKL_REPO_PATH"); repo && *repo) {
    folder = repo;
  } else if (const char* home = std::getenv("HOME"); home && *home) {
    folder = Path(home) / ".ezkl";
  } else {
    throw Error(Fault::usage, "neither EZKL_REPO_PATH nor HOME is set: say where the setup lies with --srs-path");
  }
  return folder / "srs" / ("kzg" + std::to_string(logrows) + ".srs");
}

Path srs_path_or_default(const std::optional<Path>& given, std::uint32_t logrows) {
  if (given) return *given;
  const Path path = default_srs_path(logrows);
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) {
    throw Error(Fault::io, "failed to load srs from " + path.string() +
                               ": no such file; fetch the public one with get-srs, or make one for tests with "
                               "gen-srs --srs-path FILE --logrows " +
                               std::to_string(logrows) + " and name it with --srs-path");
  }
  return path;
}

}  // namespace ezkl
