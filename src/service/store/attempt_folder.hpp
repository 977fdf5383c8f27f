#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ezkl::service {

/// How an attempt, and at last a recipe, ended; the class of a failure as clients read it.
enum class Ending : std::uint8_t {
  done,
  input,          ///< a file or an argument is wrong
  unsatisfied,    ///< a proof or a witness does not hold
  too_large,      ///< refused before the work, for the limit that it has
  out_of_memory,  ///< took more than the attempt may
  time_limit,
  disk_full,
  node_lost,  ///< the runner vanished
  cancelled,
  internal,
};
const char* name_of(Ending ending) noexcept;
/// errors: Fault::format.
Ending ending_from(std::string_view name);

/// One command of a recipe: arguments of the program, and the files that it writes.
struct Step {
  std::vector<std::string> arguments;
  std::vector<std::string> writes;
};

/// What a runner is told.
struct AttemptSpec {
  std::string uuid;
  std::map<std::string, std::string> files;  ///< name inside the working folder -> SHA-256
  std::vector<Step> steps;
  std::vector<std::string> keep;  ///< which written files come back
  std::uint64_t memory = 0;       ///< bytes
  unsigned cores = 1;
  std::uint64_t limit_s = 0;
};

struct ResultFile {
  std::string path, sha256;
  std::uint64_t size = 0;
};

/// What a runner tells at the end.
struct AttemptReport {
  std::string uuid;
  Ending ending = Ending::internal;
  std::string detail;
  std::vector<std::string> outputs;  ///< of the commands, what they printed
  std::vector<ResultFile> files;
  std::uint64_t peak_bytes = 0;
  double cpu_s = 0;
};

struct AttemptProgress {
  std::size_t step = 0;
  std::string phase;
  double part = 0;  ///< of the recipe, 0 to 1
};

/// What passes between service and runner: files of one folder, each whole or absent.
///
///     RECIPE/result.json            the report of the attempt that was first, never replaced
///     RECIPE/UUID/spec.json         what to do
///     RECIPE/UUID/claim             whose runner it is: held locked while that lives
///     RECIPE/UUID/cancel            present: stop
///     RECIPE/UUID/progress.json, log, report.json, work/
class AttemptFolder {
 public:
  AttemptFolder(std::filesystem::path recipe, std::string uuid);
  /// Of a runner's argument.
  explicit AttemptFolder(const std::filesystem::path& folder);

  std::filesystem::path path() const { return recipe_ / uuid_; }
  std::filesystem::path work() const { return path() / "work"; }
  std::filesystem::path log() const { return path() / "log"; }
  const std::string& uuid() const { return uuid_; }

  void write_spec(const AttemptSpec& spec) const;
  AttemptSpec read_spec() const;

  /// Makes the attempt this process' until it ends. False when it is another's, alive or dead: an attempt is run once.
  bool claim();
  /// As claim, and lets go of it at once: no runner gets the attempt any more.
  bool close();
  enum class Claim : std::uint8_t { none, held, left };  ///< left: whoever claimed it is dead
  Claim claimed() const;

  void cancel() const;
  bool cancelled() const;

  void write_progress(const AttemptProgress& progress) const;
  std::optional<AttemptProgress> progress() const;

  /// Puts the report down; one of success becomes the recipe's result, unless there is one. Gives whether it did. May
  /// be called again, for a runner that died in between.
  bool finish(const AttemptReport& report) const;
  std::optional<AttemptReport> report() const;
  /// Of whichever attempt was first.
  std::optional<AttemptReport> result() const;

  /// Removes what only the runner needed.
  void clear_work() const;

 private:
  /// The locked file, or -1 when it is another's.
  int take_claim();

  std::filesystem::path recipe_;
  std::string uuid_;
};

}  // namespace ezkl::service
