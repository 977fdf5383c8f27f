#pragma once

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>

#include "engine/engine.hpp"
#include "ledger/holdings.hpp"
#include "ledger/recipes.hpp"
#include "ledger/tenants.hpp"

namespace ezkl::service {

/// Brings what the ledger says and what the engine and the files of runners say together, step by step. Every step may
/// be the last one of the process: the next process goes on from what is written.
class Dispatcher {
 public:
  struct Places {
    std::filesystem::path recipes;  ///< folders of recipes
    std::filesystem::path wake;     ///< a pipe that runners write to when they end; empty: none
  };

  /// `changed` is called with the id of a recipe that moved. errors: Fault::io.
  Dispatcher(Recipes& recipes, Holdings& holdings, Tenants& tenants, const BlobStore& blobs, Engine& engine,
             Places places, std::function<void(const std::string&)> changed = {});
  ~Dispatcher();
  Dispatcher(const Dispatcher&) = delete;
  Dispatcher& operator=(const Dispatcher&) = delete;

  /// One round: attempts are settled, missing ones submitted again, waiting recipes admitted. Gives whether anything
  /// moved.
  bool step();
  /// Rounds until `stop`, at the latest every second and whenever a runner ends or `nudge` is called. What goes wrong
  /// in a round goes to `failed`; the next round tries again.
  void run(const std::function<void(const std::string&)>& failed);
  void stop();
  /// Something was accepted or cancelled.
  void nudge();

  AttemptFolder folder_of(const AttemptRow& attempt) const { return {places_.recipes / attempt.recipe, attempt.uuid}; }

 private:
  bool settle(const AttemptRow& attempt, bool listed);
  bool finish(const AttemptRow& attempt, const AttemptFolder& folder, const AttemptReport& report);
  bool fail_or_again(const AttemptRow& attempt, const RecipeRow& recipe, const AttemptReport& report);
  void submit(const AttemptRow& attempt, const RecipeRow& recipe);
  bool admit();
  bool admit(const RecipeRow& recipe);
  void wait();

  Recipes& recipes_;
  Holdings& holdings_;
  Tenants& tenants_;
  const BlobStore& blobs_;
  Engine& engine_;
  Places places_;
  std::function<void(const std::string&)> changed_;
  int wake_ = -1;  ///< the pipe, held open for writing too, so that it does not end with the last runner
  std::atomic<bool> stopped_{false};
};

}  // namespace ezkl::service
