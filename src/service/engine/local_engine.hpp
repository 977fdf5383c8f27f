#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "engine/engine.hpp"

namespace ezkl::service {

/// Runners on this machine: processes in sessions of their own, which go on when the service dies and are known again
/// by their claims.
class LocalEngine : public Engine {
 public:
  /// `runner`: the program and its arguments, to which the attempt's folder is added.
  LocalEngine(std::vector<std::string> runner, Node node);

  std::string submit(const AttemptFolder& attempt) override;
  std::vector<std::string> list(const std::vector<std::string>& uuids) override;
  std::vector<Node> capacity() override { return {node_}; }

 private:
  std::vector<std::string> runner_;
  Node node_;
  std::mutex mutex_;
  std::multimap<std::string, int> children_;  ///< uuid -> process of ours that has not ended
};

/// This machine, less what the system and the service need.
Node this_machine();

}  // namespace ezkl::service
