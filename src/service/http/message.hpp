#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ezkl/error.hpp"

namespace ezkl::service {

/// A request as routes see it.
struct Request {
  std::string method, path;  ///< the path without the query, as it came
  std::map<std::string, std::string> query;
  std::map<std::string, std::string> headers;  ///< names in small letters
  std::optional<std::uint64_t> length;         ///< of the body, where it says
  std::string body;
  std::string address;  ///< of the peer

  std::string header(const std::string& name) const;
  /// A number of the query. errors: Fault::usage.
  std::uint64_t number(const std::string& name, std::uint64_t otherwise, std::uint64_t highest) const;
  /// The path between slashes.
  std::vector<std::string> pieces() const;
};

struct Response {
  int status = 200;
  std::string type = "application/json";
  std::string body;
  std::optional<std::filesystem::path> file;  ///< sent instead of the body
  std::vector<std::pair<std::string, std::string>> headers;
  bool may_wait = false;  ///< of something that has not ended
};

/// A refusal with its status, beside the statuses that faults have.
class Refusal : public std::exception {
 public:
  Refusal(int status, std::string detail) : status_(status), detail_(std::move(detail)) {}
  int status() const { return status_; }
  const std::string& detail() const { return detail_; }
  const char* what() const noexcept override { return detail_.c_str(); }

 private:
  int status_;
  std::string detail_;
};

/// application/problem+json (RFC 9457).
Response problem(int status, const std::string& detail, const std::string& fault = "");
Response problem(const Error& error);

/// The query of a URL's target, and a piece with %XX read. errors: Refusal 400.
std::map<std::string, std::string> parse_query(std::string_view text);
std::string percent_decoded(std::string_view text);

}  // namespace ezkl::service
