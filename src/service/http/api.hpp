#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "engine/dispatcher.hpp"
#include "http/message.hpp"
#include "ledger/audit.hpp"
#include "ledger/holdings.hpp"
#include "ledger/recipes.hpp"
#include "ledger/tenants.hpp"
#include "store/blobs.hpp"

namespace ezkl::service {

/// What routes work on.
struct ApiParts {
  Recipes& recipes;
  Holdings& holdings;
  Tenants& tenants;
  Audit& audit;
  const BlobStore& blobs;
  Engine& engine;
  Dispatcher& dispatcher;
  std::filesystem::path uploads;   ///< where blobs lie that are not whole yet
  std::uint64_t usual_memory = 0;  ///< bytes of a recipe that does not say
  unsigned usual_cores = 1;
  std::uint64_t usual_limit_s = 0;
  std::function<void(const std::string&)> log;
};

/// A body that is stored while it comes.
class BodySink {
 public:
  virtual ~BodySink() = default;
  /// errors: ezkl::Error, Refusal.
  virtual void append(std::span<const std::uint8_t> bytes) = 0;
  virtual Response finish() = 0;
};

/// What is known of a request before a byte of its body is read.
struct Admission {
  std::optional<Response> refused;
  KeyOwner owner;
  std::uint64_t most_body = 0;     ///< bytes
  std::unique_ptr<BodySink> sink;  ///< takes the body, if it is one to store
};

/// The REST interface, without connections: requests to responses. Any thread.
class Api {
 public:
  explicit Api(ApiParts parts) : parts_(std::move(parts)) {}

  /// Looks for a valid key, its scope, its rate and the route's limits. Never throws.
  Admission admit(const Request& request);
  /// Answers an admitted request. Never throws.
  Response handle(const Request& request, const KeyOwner& owner);
  /// The answer when the body of one to store is whole. Never throws.
  Response finish(const Request& request, Admission& admission);
  /// What something that was thrown is to the client.
  Response refusal(const Request& request);

 private:
  Response health();
  Response metrics();
  Response route(const Request& request, const KeyOwner& owner);
  void note(const Request& request, const KeyOwner& owner, int status);
  bool within_rate(const KeyOwner& owner);

  Response blobs(const Request& request, const KeyOwner& owner, const std::vector<std::string>& at);
  Response uploads(const Request& request, const KeyOwner& owner, const std::vector<std::string>& at);
  std::unique_ptr<BodySink> blob_sink(const Request& request, const KeyOwner& owner,
                                      const std::vector<std::string>& at);
  Response artifacts(const Request& request, const KeyOwner& owner, const std::vector<std::string>& at);
  Response recipes(const Request& request, const KeyOwner& owner, const std::vector<std::string>& at);
  Response accept(const Request& request, const KeyOwner& owner, bool published);
  Response log_of(const Request& request, const RecipeRow& recipe);
  Response published(const Request& request, const KeyOwner& owner, const std::vector<std::string>& at);
  Response usage(const KeyOwner& owner);
  Response capacity();
  std::string status_json(const RecipeRow& recipe);
  std::optional<AttemptFolder> last_folder(const RecipeRow& recipe);

  ApiParts parts_;
  std::mutex mutex_;  ///< of what follows
  struct Bucket {
    double tokens = 0;
    std::chrono::steady_clock::time_point filled{};
  };
  std::map<std::string, Bucket> buckets_;
  std::map<int, std::uint64_t> answers_;  ///< by status
};

}  // namespace ezkl::service
