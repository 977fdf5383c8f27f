#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ezkl/ezkl.hpp"

namespace ezkl::cli {

/// Work in steps that a second run need not do again. A file keeps of each step the SHA-256 of its arguments, of what
/// it read and of what it wrote, from the moment it is done: a run that was stopped goes on where it was, and a file
/// that was changed, taken away or put there by something else makes its step run again. Says on the log which ran.
///
/// The digests are keyed (HMAC) by a secret that lies outside of the folder and that no other user reads: a folder from
/// somebody else may bring a record that fits another model's keys and proof, and is believed nothing.
class Steps {
 public:
  /// `record`: that file. One that is not there, or not of this version of the program, knows of no step.
  /// `secret`: the file of the secret, made where there is none. Without it nothing is believed or kept, and the log
  /// says so.
  Steps(Path record, const std::optional<Path>& secret);

  /// Runs `work` unless all of that is as it was. `arguments`: everything besides files that the result depends on.
  /// errors: those of `work`, Fault::io for files in `reads` that are not there.
  void run(const std::string& name, const std::string& arguments, const std::vector<Path>& reads,
           const std::vector<Path>& writes, const std::function<void()>& work);

  std::size_t count_run() const { return run_; }

 private:
  void save() const;
  /// Of names and contents.
  std::string digest_of(const std::string& name, const std::string& arguments, const std::vector<Path>& files) const;

  std::vector<std::uint8_t> secret_;  ///< empty without one
  Path record_;
  std::map<std::string, std::string> digests_;  ///< of steps by name
  std::size_t run_ = 0;
};

}  // namespace ezkl::cli
