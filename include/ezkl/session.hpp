#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ezkl/error.hpp"
#include "ezkl/export.hpp"

namespace ezkl {

enum class LogLevel : std::uint8_t { error, warn, info, debug, trace };

/// One thing that the library says.
struct LogRecord {
  LogLevel level = LogLevel::info;
  std::string_view module;  ///< the room that says it: "api", "graph"
  std::string_view text;
  const std::vector<Hint>& hints;

  /// The text with its hints, parameters as a door spells them.
  std::string message(const Spelling& spelling) const { return with_hints(std::string(text), hints, spelling); }
};

/// How far a call is.
struct ProgressReport {
  std::string_view phase;             ///< of the call: "read model", "commit"
  std::uint64_t done = 0, total = 0;  ///< steps of the phase; total 0: they are not counted
  double weight = 0;                  ///< the phase's part of the call by predicted cost; 0: nothing is predicted
  double part = 0;                    ///< of the call that is done, 0 to 1 by predicted cost; 0: nothing is predicted
};

/// What functions take from their surroundings. They look at nothing else: no variable of the environment, no terminal.
struct SessionOptions {
  /// Gets what is said up to `log_level`; without it nothing is said. Called from any thread, also from several at
  /// once; must not throw.
  std::function<void(const LogRecord&)> log;
  LogLevel log_level = LogLevel::info;
  /// Told at least every 100 ms how far a call is, while tasks take no longer; on the thread that called. May stop the
  /// session.
  std::function<void(const ProgressReport&)> progress;
  /// Threads that work for this session, the calling one included; 0: one a processor that the process may use.
  int threads = 0;
  /// "portable", "adx", "avx2" or "avx512": kernels for the whole process, so all sessions that name some must agree.
  /// All give the same results. Empty: the best that the processor has.
  std::string kernels;
  /// Bytes that the process may take, for setup, prove and mock where their own argument does not say; 0: no limit.
  std::uint64_t max_memory = 0;
  /// The most columns times rows that a circuit may have; 0: no limit.
  std::uint64_t max_circuit_area = 0;
  /// Where setups lie that no path names: kzg{k}.srs and ipa{k}.srs. Empty: they must be named.
  std::filesystem::path srs_folder;
  /// What get_srs fetches from. Empty: the public mirror.
  std::string srs_mirror;
  /// How points stand in key files: raw-bytes, raw-bytes-unchecked (the same bytes) or processed (compressed).
  std::string key_format = "raw-bytes";
  /// The Solidity compiler, a program or a Node script. Empty: solc or solcjs, looked for in `program_path`.
  std::string solidity_compiler;
  /// Folders of programs, colons between them.
  std::string program_path;
  /// Who pays for transactions where no argument says, 64 hexadecimal digits. Empty: the first well-known account of
  /// local development nodes.
  std::string private_key;
};

struct SessionState;

/// The surroundings of calls. A thread that uses one runs its calls in it; without one, calls have the default options.
/// Sessions are independent of each other, and each serves one thread at a time. Must outlive the calls in it.
class EZKL_API Session {
 public:
  /// errors: Fault::usage for kernels that are unknown, that this processor lacks, or that come too late: after another
  /// session's, or after work with others; and for a number of threads below 0 or above 1024.
  explicit Session(SessionOptions options = {});
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  const SessionOptions& options() const noexcept;

  /// Lets the session's calls, running ones and later ones, end by Fault::cancelled with no file half-written: those of
  /// finished parts of a split stay. From any thread, and from a signal handler.
  void stop() noexcept;
  bool stopped() const noexcept;
  /// Takes `stop` back. Not while a call runs.
  void resume() noexcept;

  /// Makes a session that of the thread until the end of the scope; the one before comes back then.
  class EZKL_API Use {
   public:
    /// errors: Fault::usage while another thread uses it.
    explicit Use(Session& session);
    ~Use();
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;

   private:
    SessionState* before_;
    bool calling_before_, outermost_;
  };

  /// Runs `work` in the session.
  template <class Work>
  decltype(auto) run(Work&& work) {
    const Use use(*this);
    return std::forward<Work>(work)();
  }

 private:
  std::unique_ptr<SessionState> state_;
};

}  // namespace ezkl
