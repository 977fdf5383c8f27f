#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace ezkl {

/// A phase of work that has ended, or the run of a thread of the pool for one parallel call (thread above 0).
struct PhaseRecord {
  const char* name = "";
  std::int32_t parent = -1;               ///< number of the record around it; -1: none, and for all threads of the pool
  std::uint32_t thread = 0;               ///< 0 is the thread that profiles
  std::int64_t begin_ns = 0, end_ns = 0;  ///< since the profile began
  std::int64_t cpu_ns = 0;                ///< of the whole process for thread 0, else of that thread
  std::uint64_t peak_bytes = 0;           ///< most resident memory of the process meanwhile; thread 0 only
  std::uint64_t end_bytes = 0;            ///< resident memory at the end; thread 0 only
};

/// Collects the phases of the process from its making until `finish`. The thread that makes it is the one whose phases
/// count. There may be one at a time (Fault::internal).
class Profile {
 public:
  explicit Profile(const char* name);
  ~Profile();
  Profile(const Profile&) = delete;
  Profile& operator=(const Profile&) = delete;

  /// Ends the phase that is the profile itself, and with it the collecting. Record 0 is that phase; a phase comes
  /// before those inside it.
  std::vector<PhaseRecord> finish();
};

/// From its making to the end of its scope, a phase of the call, which the session's progress tells of, and of the
/// profile there is; on other threads than the call's a comparison and nothing else. A stopped session ends its call
/// where a phase begins (Stopped). Phases nest and do not belong inside parallel calls: what their tasks take counts
/// for the phase around the call.
class Phase {
 public:
  explicit Phase(const char* name) { begin(name); }
  ~Phase() { end(); }
  Phase(const Phase&) = delete;
  Phase& operator=(const Phase&) = delete;
  /// Ends this phase and begins the next one in its place.
  void next(const char* name) {
    end();
    begin(name);
  }

 private:
  void begin(const char* name);
  void end();

  const char* name_before_ = nullptr;
  std::int32_t record_ = -1;
};

/// The same for a thread of the pool while it works on a parallel call: named after the phase around that call, and on
/// the profile's own thread nothing.
class PoolPhase {
 public:
  PoolPhase();
  ~PoolPhase();
  PoolPhase(const PoolPhase&) = delete;
  PoolPhase& operator=(const PoolPhase&) = delete;

 private:
  const char* name_ = nullptr;
  std::int64_t begin_ns_ = 0, begin_cpu_ns_ = 0;
};

/// The phases as an indented table: wall and processor seconds, processor seconds a second, peak memory. Phases of one
/// name in the same place become one line with their number.
std::string phase_table(const std::vector<PhaseRecord>& records);

}  // namespace ezkl
