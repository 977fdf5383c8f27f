// The service and its runners are killed behind every write that outlasts them, one place after the other. Nothing is
// lost, nothing runs twice, and each recipe has exactly one result.
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>

#include "fixture.hpp"
#include "store/durable.hpp"

namespace ezkl::service::testing {
namespace {

const std::vector<std::string> witnesses = {"ok one", "ok two", "fail"};

/// What a client does that does not know whether it was heard: it sends all again, under the same keys.
std::vector<std::string> send_all(Service& service) {
  std::vector<std::string> ids;
  for (const std::string& witness : witnesses) ids.push_back(service.prove(witness, "key of " + witness).id);
  return ids;
}

/// A whole life of a service, to the end of all recipes. Gives how the process ended.
int live(const Ground& ground, std::uint64_t die_behind) {
  const pid_t process = ::fork();
  if (process == 0) {
    die_behind_write(die_behind);
    try {
      Service service(ground);
      bool whole = true;
      for (const std::string& id : send_all(service)) whole = service.ends(id) && whole;
      ::_exit(whole ? 0 : 1);
    } catch (const std::exception& e) {
      std::fprintf(stderr, "%s\n", e.what());
      ::_exit(2);
    }
  }
  int status = 0;
  ::waitpid(process, &status, 0);
  return status;
}

void expect_one_result_each(const Ground& ground, std::size_t most_attempts) {
  Service service(ground);
  const std::vector<std::string> ids = send_all(service);
  ASSERT_EQ(service.recipes.list("team", 0, 100).size(), witnesses.size());
  EXPECT_TRUE(service.recipes.active().empty());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    SCOPED_TRACE(witnesses[i]);
    const bool good = witnesses[i] != "fail";
    EXPECT_EQ(service.row(ids[i]).state, good ? RecipeState::done : RecipeState::failed);
    EXPECT_EQ(service.row(ids[i]).ending, good ? Ending::done : Ending::unsatisfied);
    const std::vector<AttemptRow> attempts = service.recipes.attempts_of(ids[i]);
    EXPECT_GE(attempts.size(), 1u);
    EXPECT_LE(attempts.size(), most_attempts);
    EXPECT_EQ(std::filesystem::exists(ground / "recipes" / ids[i] / "result.json"), good);
    const std::vector<ResultFile> files = service.recipes.files(ids[i]);
    ASSERT_EQ(files.size(), good ? 1u : 0u);
    if (!good) continue;
    // The proof is that of its own witness, and the one that was first.
    EXPECT_EQ(service.content(files[0]).find("proof of " + witnesses[i]), 0u);
    const AttemptFolder any(ground / "recipes" / ids[i], attempts[0].uuid);
    EXPECT_EQ(any.result()->files[0].sha256, files[0].sha256);
  }
}

TEST(LilithKill, ServiceKilledBehindEveryWrite) {
  std::uint64_t places = 0;
  for (bool whole = false; !whole;) {
    SCOPED_TRACE("write " + std::to_string(places + 1));
    const Ground ground;
    const int status = live(ground, ++places);
    whole = WIFEXITED(status);
    if (whole) {
      EXPECT_EQ(WEXITSTATUS(status), 0);
    } else {
      ASSERT_EQ(WTERMSIG(status), SIGKILL);
      EXPECT_EQ(live(ground, 0), 0);
    }
    // Runners outlive the service, so no attempt is made twice.
    expect_one_result_each(ground, 1);
    if (HasFailure()) return;
  }
  EXPECT_GT(places, 20u);
  RecordProperty("places", std::to_string(places));
}

TEST(LilithKill, ServiceKilledAgainAndAgain) {
  const Ground ground;
  int lives = 0;
  // Sending again takes three writes, so that each life gets four further.
  while (!WIFEXITED(live(ground, 7))) ASSERT_LT(++lives, 100);
  EXPECT_GT(lives, 3);
  expect_one_result_each(ground, 1);
}

TEST(LilithKill, RunnerKilledBehindEveryWrite) {
  for (int place = 1; place <= 5; ++place) {
    SCOPED_TRACE("write " + std::to_string(place));
    Ground ground;
    ground.runner_dies_behind = std::to_string(place);
    EXPECT_EQ(live(ground, 0), 0);
    // Four writes of a run that succeeds: its claim, its proof, its report, its result.
    EXPECT_EQ(std::filesystem::exists(ground / "died"), place <= 4);
    expect_one_result_each(ground, 2);
  }
}

}  // namespace
}  // namespace ezkl::service::testing
