#include "runner/run_attempt.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>

#include "artifact/json.hpp"
#include "base/text.hpp"
#include "ezkl/error.hpp"
#include "runner/program.hpp"
#include "store/attempt_folder.hpp"
#include "store/blobs.hpp"
#include "store/limits.hpp"
#include "store/names.hpp"

namespace ezkl::service {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint64_t longest_file = std::uint64_t{256} << 30;
constexpr std::size_t longest_detail = 2000;

/// Which class of failure an error of the program is, by the name of its fault.
Ending ending_of(std::string_view fault) {
  if (fault == "limit") return Ending::too_large;
  for (const Ending ending : {Ending::unsatisfied, Ending::out_of_memory, Ending::disk_full, Ending::cancelled}) {
    if (fault == name_of(ending)) return ending;
  }
  return fault == "internal" ? Ending::internal : Ending::input;
}

/// What a run that did not end well came to.
void explain(const ProgramEnd& end, std::uint64_t memory, AttemptReport& report) {
  const std::string mebibytes = std::to_string(memory >> 20) + " MiB";
  if (end.cause == ProgramEnd::Cause::cancelled) {
    report.ending = Ending::cancelled;
    return;
  }
  if (end.cause == ProgramEnd::Cause::deadline) {
    report.ending = Ending::time_limit;
    report.detail = "it took longer than it may";
    return;
  }
  if (end.cause == ProgramEnd::Cause::memory) {
    report.ending = Ending::out_of_memory;
    report.detail = "it took more than " + mebibytes;
    return;
  }
  if (WIFSIGNALED(end.status)) {
    // By the system, which says no reason; near its limit there is only one.
    report.ending =
        WTERMSIG(end.status) == SIGKILL && end.peak_bytes > memory / 10 * 9 ? Ending::out_of_memory : Ending::internal;
    report.detail = "the program was ended by signal " + std::to_string(WTERMSIG(end.status));
    return;
  }
  try {
    const Json error = Json::parse(end.last_error, "error", most_json_values);
    report.ending = ending_of(error.at("fault").text());
    report.detail = elided(error.at("message").text(), longest_detail);
  } catch (const Error&) {
    report.ending = Ending::internal;
    report.detail = "the program ended with status " + std::to_string(WEXITSTATUS(end.status));
  }
  if (report.ending == Ending::out_of_memory || report.ending == Ending::too_large) {
    report.detail += " (the attempt may take " + mebibytes + ")";
  }
}

class Attempt {
 public:
  Attempt(const AttemptFolder& folder, const RunnerPlaces& places)
      : folder_(folder), places_(places), blobs_(places.blobs), spec_(folder.read_spec()), started_(Clock::now()) {}

  AttemptReport run() {
    AttemptReport out;
    out.uuid = folder_.uuid();
    try {
      place_files();
      for (std::size_t i = 0; i < spec_.steps.size(); ++i) {
        if (!run_step(i, out)) return out;
      }
      take_results(out);
      out.ending = Ending::done;
    } catch (const Error& e) {
      out.ending = e.fault() == Fault::disk_full                            ? Ending::disk_full
                   : e.fault() == Fault::internal || e.fault() == Fault::io ? Ending::internal
                                                                            : Ending::input;
      out.detail = elided(e.what(), longest_detail);
      out.files.clear();
    }
    return out;
  }

 private:
  void place_files() {
    folder_.clear_work();
    std::filesystem::create_directories(folder_.work());
    for (const auto& [name, sha256] : spec_.files) {
      check_inner_path(name);
      std::filesystem::create_directories((folder_.work() / name).parent_path());
      blobs_.place(sha256, folder_.work() / name);
    }
    for (const Step& step : spec_.steps) {
      for (const std::string& path : step.writes) {
        check_inner_path(path);
        std::filesystem::create_directories((folder_.work() / path).parent_path());
      }
    }
  }

  bool run_step(std::size_t number, AttemptReport& out) {
    if (folder_.cancelled()) {
      out.ending = Ending::cancelled;
      return false;
    }
    const Step& step = spec_.steps[number];
    ProgramRun run;
    run.program = places_.program;
    const std::string dashes(2, '-');
    run.arguments = {dashes + "json-errors", dashes + "report=" + std::to_string(report_descriptor)};
    run.arguments.insert(run.arguments.end(), step.arguments.begin(), step.arguments.end());
    run.environment = {"PATH=/usr/bin:/bin", "LANG=C.UTF-8", "OMP_NUM_THREADS=" + std::to_string(spec_.cores)};
    if (!places_.setups.empty()) run.environment.push_back("EZKL_REPO_PATH=" + places_.setups.string());
    run.folder = folder_.work();
    run.reach = {{"/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/proc", "/sys", places_.program, places_.setups},
                 folder_.work()};
    run.memory = spec_.memory;
    run.file_bytes = longest_file;
    run.deadline = started_ + std::chrono::seconds(spec_.limit_s);
    run.log = folder_.log();
    run.cancelled = [this] { return folder_.cancelled(); };
    run.report = [&](const std::string& line) { tell(number, line); };
    tell(number, "");
    const ProgramEnd end = run_program(run);
    out.outputs.push_back(valid_utf8(end.out));
    out.peak_bytes = std::max(out.peak_bytes, end.peak_bytes);
    out.cpu_s += end.cpu_s;
    if (end.cause == ProgramEnd::Cause::itself && WIFEXITED(end.status) && WEXITSTATUS(end.status) == 0) return true;
    explain(end, spec_.memory, out);
    return false;
  }

  /// Passes on how far the program says it is; nothing of it is trusted to be well-formed.
  void tell(std::size_t step, const std::string& line) {
    AttemptProgress progress{step, spec_.steps[step].arguments[0], 0};
    try {
      if (!line.empty()) {
        const Json json = Json::parse(line, "report", most_json_values);
        progress.phase = elided(valid_utf8(json.at("phase").text()), 100);
        progress.part = std::clamp(json.at("part").real(), 0.0, 1.0);
      }
    } catch (const Error&) {
      return;
    }
    const auto now = Clock::now();
    if (!line.empty() && now - told_ < std::chrono::milliseconds(250)) return;
    told_ = now;
    progress.part = (static_cast<double>(step) + progress.part) / static_cast<double>(spec_.steps.size());
    folder_.write_progress(progress);
  }

  void take_results(AttemptReport& out) {
    for (const std::string& path : spec_.keep) {
      check_inner_path(path);
      const std::filesystem::path file = folder_.work() / path;
      // A link could lead to what the program may not read and this process may.
      for (std::filesystem::path at = file; at != folder_.work(); at = at.parent_path()) {
        if (std::filesystem::is_symlink(at)) throw Error(Fault::format, "is a link").within(path);
      }
      if (!std::filesystem::is_regular_file(file)) throw Error(Fault::usage, "was not written").within(path);
      const Blob blob = blobs_.take(file);
      out.files.push_back({path, blob.sha256, blob.size});
    }
  }

  const AttemptFolder& folder_;
  const RunnerPlaces& places_;
  BlobStore blobs_;
  AttemptSpec spec_;
  Clock::time_point started_, told_{};
};

void wake(const std::filesystem::path& pipe) {
  const int descriptor = ::open(pipe.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
  if (descriptor < 0) return;  // there is no service at the moment; the next one looks
  const char byte = 1;
  [[maybe_unused]] const auto written = ::write(descriptor, &byte, 1);
  ::close(descriptor);
}

}  // namespace

void run_attempt(const std::filesystem::path& folder_path, const RunnerPlaces& places) {
  AttemptFolder folder(std::filesystem::absolute(folder_path));
  if (!folder.claim()) return;
  if (!folder.result()) folder.finish(Attempt(folder, places).run());
  folder.clear_work();
  if (!places.wake.empty()) wake(places.wake);
}

}  // namespace ezkl::service
