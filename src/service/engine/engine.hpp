#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "store/attempt_folder.hpp"

namespace ezkl::service {

/// Memory and cores that attempts may take.
struct Node {
  std::string name;
  std::uint64_t memory = 0;  ///< bytes
  unsigned cores = 0;
};

/// Where attempts run. It is told to run them and may forget them: the ledger is the only queue of record.
class Engine {
 public:
  virtual ~Engine() = default;

  /// Starts a runner for the attempt, whose folder is ready. May be asked twice for one attempt: its claim lets only
  /// one runner work. Gives the engine's own name for it. errors: Fault::io.
  virtual std::string submit(const AttemptFolder& attempt) = 0;
  /// Of these attempts, those that it still means to run or runs, as far as it knows.
  virtual std::vector<std::string> list(const std::vector<std::string>& uuids) = 0;
  virtual std::vector<Node> capacity() = 0;
};

}  // namespace ezkl::service
