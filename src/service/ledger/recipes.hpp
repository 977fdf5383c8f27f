#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ledger/database.hpp"
#include "ledger/states.hpp"
#include "store/attempt_folder.hpp"

namespace ezkl::service {

/// A recipe as a client asks for it.
struct NewRecipe {
  std::string tenant;
  std::string body;  ///< JSON, with names of artifacts resolved to digests
  std::optional<std::string> idempotency_key;
  std::string body_sha256;  ///< of what the client sent
  std::uint64_t memory = 0;
  unsigned cores = 1;
  std::uint64_t limit_s = 0;
  int priority = 0;
};

struct RecipeRow {
  std::int64_t number = 0;
  std::string id, tenant;
  RecipeState state = RecipeState::queued;
  std::optional<Ending> ending;
  std::string detail, body;
  std::uint64_t memory = 0, limit_s = 0;
  unsigned cores = 1;
  int priority = 0;
  unsigned attempts = 0;  ///< that were planned
  unsigned losses = 0;    ///< attempts whose runner vanished
  bool memory_doubled = false;
  std::int64_t created = 0, started = 0, ended = 0;  ///< seconds since 1970; 0: not yet
};

struct AttemptRow {
  std::string uuid, recipe;
  AttemptState state = AttemptState::planned;
  std::string external;  ///< the engine's name for it; counts only together with the uuid
  unsigned submissions = 0;
  std::uint64_t memory = 0;
  unsigned cores = 1;
  std::optional<Ending> ending;
  std::uint64_t peak_bytes = 0;
  double cpu_s = 0;
  std::int64_t planned = 0, ended = 0;
};

/// What a POST came to.
struct Accepted {
  std::string id;
  bool known = false;  ///< the same request had been accepted before
};

/// Recipes and their attempts: each function is one transaction, and every move one of states.hpp.
///
/// errors: Fault::internal for a move that is not allowed.
class Recipes {
 public:
  explicit Recipes(Database& database) : database_(database) {}

  /// On the disk when it returns. errors: Fault::usage for an idempotency key that came with another body.
  Accepted accept(const NewRecipe& recipe);

  std::optional<RecipeRow> find(const std::string& id);
  /// As find, of this tenant only.
  std::optional<RecipeRow> find(const std::string& tenant, const std::string& id);
  /// The newest first, older than `before` (0: all).
  std::vector<RecipeRow> list(const std::string& tenant, std::int64_t before, std::size_t most);
  /// In the order in which they should run: priority, then tenants with fewer running recipes, then age.
  std::vector<RecipeRow> waiting(std::size_t most);
  /// Recipes that would run before it.
  std::uint64_t queue_position(const RecipeRow& recipe);
  struct Usage {
    std::uint64_t queued = 0, running = 0, memory = 0;  ///< memory: of attempts that have not ended
    unsigned cores = 0;
  };
  /// Of a tenant, or with an empty name of all.
  Usage usage(const std::string& tenant);

  /// queued -> running, with an attempt to begin with; nothing when it was cancelled before.
  std::optional<AttemptRow> plan(const std::string& recipe, std::uint64_t memory, unsigned cores);
  /// The engine has it.
  void submitted(const std::string& attempt, const std::string& external);
  /// Attempts that have not ended, the oldest first.
  std::vector<AttemptRow> active();
  std::vector<AttemptRow> attempts_of(const std::string& recipe);

  /// The attempt ended and another one begins; nothing, and no change, when the recipe was cancelled before.
  std::optional<AttemptRow> again(const AttemptRow& attempt, Ending ending, std::uint64_t memory);
  /// The attempt ended, and with it the recipe: done with its files, failed, or cancelled where that was asked for
  /// before. Gives the state that it is in now.
  RecipeState finish(const AttemptRow& attempt, const AttemptReport& report);
  /// Asks for the end. Gives the state that the recipe is in now: whichever commits first.
  RecipeState cancel(const std::string& recipe);

  std::vector<ResultFile> files(const std::string& recipe);
  std::vector<std::string> outputs(const std::string& recipe);
  /// How many recipes are in each state, and attempts by ending; for /metrics.
  std::vector<std::pair<std::string, std::uint64_t>> count_states();
  std::vector<std::pair<std::string, std::uint64_t>> count_endings();

 private:
  void move(const std::string& recipe, RecipeState from, RecipeState to);
  void end_attempt(const AttemptRow& attempt, Ending ending, const AttemptReport* report);
  AttemptRow insert_attempt(const std::string& recipe, std::uint64_t memory, unsigned cores);

  Database& database_;
};

/// Seconds since 1970.
std::int64_t unix_time();

}  // namespace ezkl::service
