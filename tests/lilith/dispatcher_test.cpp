#include "fixture.hpp"
#include "runner/sandbox.hpp"

namespace ezkl::service::testing {
namespace {

TEST(LilithDispatcher, RunsARecipe) {
  const Ground ground;
  Service service(ground);
  const std::string id = service.prove("ok").id;
  ASSERT_TRUE(service.ends(id));
  EXPECT_EQ(service.row(id).state, RecipeState::done) << service.row(id).detail;
  const auto files = service.recipes.files(id);
  ASSERT_EQ(files.size(), 1u);
  EXPECT_EQ(files[0].path, "proof.json");
  EXPECT_EQ(service.content(files[0]).find("proof of ok"), 0u);
  EXPECT_EQ(service.recipes.outputs(id), std::vector<std::string>{"said\n"});
  EXPECT_TRUE(service.holdings.size_of("team", files[0].sha256));
  EXPECT_FALSE(service.holdings.size_of("others", files[0].sha256));
  const auto attempts = service.recipes.attempts_of(id);
  ASSERT_EQ(attempts.size(), 1u);
  EXPECT_GT(attempts[0].peak_bytes, 0u);
  EXPECT_FALSE(std::filesystem::exists(service.dispatcher.folder_of(attempts[0]).work()));
}

TEST(LilithDispatcher, ReportsWhatTheProgramSays) {
  const Ground ground;
  Service service(ground);
  const std::string id = service.prove("fail").id;
  ASSERT_TRUE(service.ends(id));
  EXPECT_EQ(service.row(id).state, RecipeState::failed);
  EXPECT_EQ(service.row(id).ending, Ending::unsatisfied);
  EXPECT_EQ(service.row(id).detail, "prove: the witness does not hold");
}

TEST(LilithDispatcher, CancelsInEachState) {
  const Ground ground;
  Service service(ground);
  const std::string queued = service.prove("sleep").id;
  EXPECT_EQ(service.recipes.cancel(queued), RecipeState::cancelled);
  EXPECT_FALSE(service.dispatcher.step());

  const std::string planned = service.prove("sleep").id;
  const auto attempt = service.recipes.plan(planned, 100 << 20, 1);  // the service died here
  ASSERT_TRUE(attempt);
  EXPECT_EQ(service.recipes.cancel(planned), RecipeState::cancelling);
  ASSERT_TRUE(service.ends(planned));
  EXPECT_EQ(service.row(planned).state, RecipeState::cancelled);

  const std::string running = service.prove("sleep").id;
  ASSERT_TRUE(service.until([&] {
    const auto attempts = service.recipes.attempts_of(running);
    return !attempts.empty() && service.dispatcher.folder_of(attempts[0]).progress();
  }));
  EXPECT_EQ(service.recipes.cancel(running), RecipeState::cancelling);
  ASSERT_TRUE(service.ends(running));
  EXPECT_EQ(service.row(running).state, RecipeState::cancelled);

  const std::string done = service.prove("ok").id;
  ASSERT_TRUE(service.ends(done));
  EXPECT_EQ(service.recipes.cancel(done), RecipeState::done);
}

TEST(LilithDispatcher, EndsAtTheTimeLimit) {
  const Ground ground;
  Service service(ground);
  const std::string id = service.prove("sleep", std::nullopt, 1).id;
  ASSERT_TRUE(service.ends(id));
  EXPECT_EQ(service.row(id).ending, Ending::time_limit);
}

TEST(LilithDispatcher, TriesOnceMoreWithTwiceTheMemory) {
  const Ground ground;
  Service service(ground);
  const std::string id = service.prove("fat").id;  // 200 MiB and the interpreter; it may take 100, then 200
  ASSERT_TRUE(service.ends(id));
  EXPECT_EQ(service.row(id).ending, Ending::out_of_memory);
  const auto attempts = service.recipes.attempts_of(id);
  ASSERT_EQ(attempts.size(), 2u);
  EXPECT_EQ(attempts[1].memory, attempts[0].memory * 2);
}

TEST(LilithDispatcher, GivesUpAfterThreeLostRunners) {
  Ground ground;
  ground.runner_dies_behind = "1";
  ground.every_runner_dies = true;
  Service service(ground);
  const std::string id = service.prove("ok").id;
  ASSERT_TRUE(service.ends(id));
  EXPECT_EQ(service.row(id).ending, Ending::node_lost);
  EXPECT_EQ(service.recipes.attempts_of(id).size(), 3u);
}

TEST(LilithDispatcher, AdmitsByMemory) {
  const Ground ground;
  Service service(ground);
  std::vector<std::string> ids;
  for (int i = 0; i < 3; ++i) ids.push_back(service.prove("sleep").id);
  service.dispatcher.step();
  EXPECT_EQ(service.recipes.usage("").running, 3u);
  service.tenants.set("team", {.max_memory = 300 << 20});
  const std::string fourth = service.prove("ok").id;
  service.dispatcher.step();
  EXPECT_EQ(service.row(fourth).state, RecipeState::queued);
  for (const std::string& id : ids) service.recipes.cancel(id);
  EXPECT_TRUE(service.ends(fourth));
}

TEST(LilithDispatcher, KeepsTheProgramFromOtherFiles) {
  if (sandbox_version() == 0) GTEST_SKIP() << "the kernel has no Landlock";
  const Ground ground;
  Service service(ground);
  const std::string id = service.prove("escape").id;
  ASSERT_TRUE(service.ends(id));
  EXPECT_EQ(service.row(id).state, RecipeState::failed);
}

}  // namespace
}  // namespace ezkl::service::testing
