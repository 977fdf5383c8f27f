#include "engine/dispatcher.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "ezkl/error.hpp"
#include "recipe/recipe.hpp"
#include "store/durable.hpp"

namespace ezkl::service {
namespace {

constexpr unsigned most_losses = 3;       // runners of a recipe that may vanish
constexpr unsigned most_submissions = 5;  // of one attempt that nobody claims
constexpr std::size_t looked_at = 64;     // waiting recipes a round: what does not fit lets smaller ones past

}  // namespace

Dispatcher::Dispatcher(Recipes& recipes, Holdings& holdings, Tenants& tenants, const BlobStore& blobs, Engine& engine,
                       Places places, std::function<void(const std::string&)> changed)
    : recipes_(recipes),
      holdings_(holdings),
      tenants_(tenants),
      blobs_(blobs),
      engine_(engine),
      places_(std::move(places)),
      changed_(std::move(changed)) {
  std::filesystem::create_directories(places_.recipes);
  if (places_.wake.empty()) return;
  if (::mkfifo(places_.wake.c_str(), 0600) != 0 && errno != EEXIST) {
    throw Error(Fault::io, std::string("cannot be made: ") + std::strerror(errno)).within(places_.wake.string());
  }
  wake_ = ::open(places_.wake.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (wake_ < 0)
    throw Error(Fault::io, std::string("cannot be opened: ") + std::strerror(errno)).within(places_.wake.string());
}

Dispatcher::~Dispatcher() {
  if (wake_ >= 0) ::close(wake_);
}

bool Dispatcher::step() {
  const std::vector<AttemptRow> active = recipes_.active();
  std::vector<std::string> uuids;
  for (const AttemptRow& attempt : active) uuids.push_back(attempt.uuid);
  const std::vector<std::string> listed = active.empty() ? uuids : engine_.list(uuids);
  bool moved = false;
  for (const AttemptRow& attempt : active) {
    moved |= settle(attempt, std::find(listed.begin(), listed.end(), attempt.uuid) != listed.end());
  }
  if (active.empty()) holdings_.sweep(blobs_);
  return admit() || moved;
}

bool Dispatcher::settle(const AttemptRow& attempt, bool listed) {
  AttemptFolder folder = folder_of(attempt);
  const std::optional<RecipeRow> recipe = recipes_.find(attempt.recipe);
  // Looked at before the report: a runner reports before it lets go of its claim.
  const AttemptFolder::Claim claim = folder.claimed();
  if (const auto report = folder.report()) {
    if (report->ending != Ending::done) return fail_or_again(attempt, *recipe, *report);
    if (claim == AttemptFolder::Claim::left) folder.finish(*report);  // the runner died before it could
    const auto result = folder.result();
    return result ? finish(attempt, folder, *result) : false;
  }
  if (const auto result = folder.result()) {
    if (claim == AttemptFolder::Claim::held) return false;  // it sees so itself
    return finish(attempt, folder, *result);
  }
  if (recipe->state == RecipeState::cancelling) folder.cancel();
  switch (claim) {
    case AttemptFolder::Claim::held:
      return false;
    case AttemptFolder::Claim::left:
      return fail_or_again(attempt, *recipe, {attempt.uuid, Ending::node_lost, "the runner vanished", {}, {}, 0, 0});
    case AttemptFolder::Claim::none:
      break;
  }
  if (recipe->state == RecipeState::cancelling) {
    // Whoever claims an attempt decides what becomes of it: a runner that is about to start finds it taken.
    if (!folder.close()) return false;
    return finish(attempt, folder, {attempt.uuid, Ending::cancelled, "", {}, {}, 0, 0});
  }
  if (listed) return false;  // about to start
  if (attempt.submissions >= most_submissions) {
    if (!folder.close()) return false;
    return finish(attempt, folder, {attempt.uuid, Ending::internal, "no runner took it up", {}, {}, 0, 0});
  }
  submit(attempt, *recipe);
  return true;
}

bool Dispatcher::finish(const AttemptRow& attempt, const AttemptFolder& folder, const AttemptReport& report) {
  recipes_.finish(attempt, report);
  folder.clear_work();
  if (changed_) changed_(attempt.recipe);
  return true;
}

bool Dispatcher::fail_or_again(const AttemptRow& attempt, const RecipeRow& recipe, const AttemptReport& report) {
  const std::uint64_t doubled = attempt.memory * 2;
  const auto nodes = engine_.capacity();
  const bool fits = std::any_of(nodes.begin(), nodes.end(), [&](const Node& node) { return node.memory >= doubled; });
  const bool lost = report.ending == Ending::node_lost && recipe.losses + 1 < most_losses;
  const bool larger = report.ending == Ending::out_of_memory && !recipe.memory_doubled && fits;
  const AttemptFolder folder = folder_of(attempt);
  if (recipe.state != RecipeState::running || (!lost && !larger)) return finish(attempt, folder, report);
  const auto next = recipes_.again(attempt, report.ending, larger ? doubled : attempt.memory);
  if (!next) return finish(attempt, folder, report);
  folder.clear_work();
  submit(*next, recipe);
  if (changed_) changed_(attempt.recipe);
  return true;
}

void Dispatcher::submit(const AttemptRow& attempt, const RecipeRow& recipe) {
  const AttemptFolder folder = folder_of(attempt);
  folder.write_spec(spec_of(recipe.body, attempt.uuid, attempt.memory, attempt.cores, recipe.limit_s));
  recipes_.submitted(attempt.uuid, engine_.submit(folder));
}

bool Dispatcher::admit() {
  const std::vector<RecipeRow> waiting = recipes_.waiting(looked_at);
  if (waiting.empty()) return false;
  bool moved = false;
  Node node = engine_.capacity().at(0);
  const Recipes::Usage used = recipes_.usage("");
  node.memory -= std::min(node.memory, used.memory);
  node.cores -= std::min(node.cores, used.cores);
  for (const RecipeRow& recipe : waiting) {
    if (recipe.memory > node.memory || recipe.cores > node.cores || !admit(recipe)) continue;
    node.memory -= recipe.memory;
    node.cores -= recipe.cores;
    moved = true;
  }
  return moved;
}

bool Dispatcher::admit(const RecipeRow& recipe) {
  const std::optional<Quota> quota = tenants_.quota(recipe.tenant);
  if (quota && recipes_.usage(recipe.tenant).memory + recipe.memory > quota->max_memory) return false;
  const auto attempt = recipes_.plan(recipe.id, recipe.memory, recipe.cores);
  if (!attempt) return false;
  submit(*attempt, recipe);
  if (changed_) changed_(recipe.id);
  return true;
}

void Dispatcher::run(const std::function<void(const std::string&)>& failed) {
  while (!stopped_) {
    try {
      step();
    } catch (const Error& e) {
      failed(e.what());
    } catch (const std::exception& e) {
      failed(e.what());
    }
    wait();
  }
}

void Dispatcher::wait() {
  constexpr int longest = 1000;  // milliseconds: the net below runners that cannot say that they ended
  pollfd pipe{wake_, POLLIN, 0};
  if (stopped_ || ::poll(&pipe, 1, longest) != 1) return;
  char bytes[256];
  while (::read(wake_, bytes, sizeof bytes) > 0) {
  }
}

void Dispatcher::stop() {
  stopped_ = true;
  nudge();
}

void Dispatcher::nudge() {
  const char byte = 1;
  if (wake_ >= 0) [[maybe_unused]]
    const auto written = ::write(wake_, &byte, 1);
}

}  // namespace ezkl::service
