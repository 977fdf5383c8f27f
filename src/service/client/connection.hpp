#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace ezkl::service {

/// A proving service, and who asks.
struct RemoteService {
  std::string url;  ///< "https://host", without a path
  std::string key;
};

struct Answer {
  long status = 0;
  std::string body;
};

/// Requests to one service, by libcurl. No redirects are followed: the key goes nowhere else.
class Connection {
 public:
  /// errors: Fault::usage for a URL that is neither https nor http to this machine; Fault::unsupported in a build
  /// without libcurl.
  explicit Connection(RemoteService service);

  /// errors of all: Fault::io when there is no service; Fault::cancelled when the session is stopped.
  Answer get(const std::string& path) const;
  Answer send(const std::string& method, const std::string& path, const std::string& body,
              const std::vector<std::string>& headers = {}) const;
  /// Sends a file's bytes from `offset` on.
  Answer patch(const std::string& path, const std::filesystem::path& file, std::uint64_t offset) const;
  /// Gives an answer of status 200 to `sink` as it comes; another answer is what is returned.
  Answer fetch(const std::string& path, const std::function<void(std::span<const std::uint8_t>)>& sink) const;

 private:
  struct Transfer;
  Answer perform(Transfer& transfer) const;

  RemoteService service_;
};

}  // namespace ezkl::service
