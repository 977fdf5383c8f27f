#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "http/api.hpp"

namespace ezkl::service {

/// Connections: HTTP/1.1 on the loopback interface. Who wants others to reach it puts a proxy with TLS before it.
class Server {
 public:
  /// Listens. `port` 0: any free one. errors: Fault::io; Fault::usage for an address that is not of the loopback
  /// interface.
  Server(Api& api, const std::string& address, std::uint16_t port);
  ~Server();

  std::uint16_t port() const;
  /// Serves until `stop` or SIGINT or SIGTERM, then answers what is being answered, for a second at most.
  void run();
  void stop();
  /// Wakes who waits for this recipe. From any thread.
  void changed(const std::string& recipe);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ezkl::service
