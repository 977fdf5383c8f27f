#include <sqlite3.h>

#include <thread>

#include "../fault_of.hpp"
#include "../temp_folder.hpp"
#include "base/files.hpp"
#include "ledger/audit.hpp"
#include "ledger/holdings.hpp"
#include "ledger/recipes.hpp"
#include "ledger/tenants.hpp"

namespace ezkl::service {
namespace {

using ezkl::testing::fault_of;
using ezkl::testing::TempFolder;

TEST(LilithStates, OnlyTheListedMoves) {
  using R = RecipeState;
  for (const R ended : {R::done, R::failed, R::cancelled}) {
    for (const R to : {R::queued, R::running, R::cancelling, R::done, R::failed, R::cancelled}) {
      EXPECT_FALSE(may_move(ended, to)) << name_of(ended) << " to " << name_of(to);
    }
  }
  EXPECT_TRUE(may_move(R::queued, R::running));
  EXPECT_FALSE(may_move(R::queued, R::done));
  EXPECT_FALSE(may_move(R::cancelling, R::done));
  EXPECT_FALSE(may_move(AttemptState::ended, AttemptState::submitted));
  for (const R state : {R::queued, R::cancelling}) EXPECT_EQ(recipe_state_from(name_of(state)), state);
  EXPECT_EQ(fault_of([] { recipe_state_from("lost"); }), Fault::format);
}

NewRecipe recipe(const std::string& key, const std::string& body = "{}") {
  NewRecipe out;
  out.tenant = "team";
  out.body = body;
  out.body_sha256 = body;
  if (!key.empty()) out.idempotency_key = key;
  return out;
}

TEST(LilithLedger, OneRecipeForAKeyFromManyThreads) {
  const TempFolder folder;
  Database database(folder / "ledger.db");
  Recipes recipes(database);
  std::vector<std::string> ids(32);
  std::vector<std::thread> threads;
  for (std::string& id : ids) threads.emplace_back([&] { id = recipes.accept(recipe("key")).id; });
  for (std::thread& thread : threads) thread.join();
  for (const std::string& id : ids) EXPECT_EQ(id, ids[0]);
  EXPECT_EQ(recipes.list("team", 0, 100).size(), 1u);
  EXPECT_EQ(fault_of([&] { recipes.accept(recipe("key", "{\"other\":1}")); }), Fault::usage);
  EXPECT_NE(recipes.accept(recipe("")).id, ids[0]);
}

TEST(LilithLedger, NeitherOthersNorUnknownRecipesAreFound) {
  const TempFolder folder;
  Database database(folder / "ledger.db");
  Recipes recipes(database);
  const std::string id = recipes.accept(recipe("")).id;
  EXPECT_TRUE(recipes.find("team", id));
  EXPECT_FALSE(recipes.find("others", id));
  EXPECT_TRUE(recipes.list("others", 0, 10).empty());
}

TEST(LilithLedger, AnAttemptEndsOnce) {
  const TempFolder folder;
  Database database(folder / "ledger.db");
  Recipes recipes(database);
  const std::string id = recipes.accept(recipe("")).id;
  const auto attempt = recipes.plan(id, 1, 1);
  ASSERT_TRUE(attempt);
  EXPECT_FALSE(recipes.plan(id, 1, 1));
  const AttemptReport report{attempt->uuid, Ending::done, "", {}, {}, 0, 0};
  EXPECT_EQ(recipes.finish(*attempt, report), RecipeState::done);
  EXPECT_EQ(fault_of([&] { recipes.finish(*attempt, report); }), Fault::internal);
  EXPECT_EQ(fault_of([&] { recipes.submitted(attempt->uuid, "x"); }), Fault::internal);
  EXPECT_EQ(recipes.find(id)->state, RecipeState::done);
}

TEST(LilithLedger, TenantsWithLessAtWorkComeFirst) {
  const TempFolder folder;
  Database database(folder / "ledger.db");
  Recipes recipes(database);
  const std::string first = recipes.accept(recipe("")).id, second = recipes.accept(recipe("")).id;
  NewRecipe other = recipe("");
  other.tenant = "others";
  const std::string third = recipes.accept(other).id;
  NewRecipe urgent = recipe("");
  urgent.priority = 1;
  const std::string fourth = recipes.accept(urgent).id;
  recipes.plan(first, 1, 1);
  std::vector<std::string> order;
  for (const RecipeRow& row : recipes.waiting(10)) order.push_back(row.id);
  EXPECT_EQ(order, (std::vector<std::string>{fourth, third, second}));
}

TEST(LilithLedger, RefusesAFileThatIsNoLedger) {
  const TempFolder folder;
  write_file_atomically(folder / "ledger.db", std::string_view("this is no database, and long enough to be looked at"));
  EXPECT_EQ(fault_of([&] { Database database(folder / "ledger.db"); }), Fault::format);
}

TEST(LilithLedger, KeysAreStoredAsHashes) {
  const TempFolder folder;
  std::string key, old;
  {
    Database database(folder / "ledger.db");
    Tenants tenants(database);
    EXPECT_EQ(fault_of([&] { tenants.make_key("team", Scope::prove, 0); }), Fault::usage);
    tenants.set("team", {.max_queued = 7});
    key = tenants.make_key("team", Scope::prove, 0);
    old = tenants.make_key("team", Scope::read, unix_time() - 1);
    const auto owner = tenants.owner(key);
    ASSERT_TRUE(owner);
    EXPECT_EQ(owner->tenant, "team");
    EXPECT_EQ(owner->scope, Scope::prove);
    EXPECT_EQ(owner->quota.max_queued, 7u);
    EXPECT_FALSE(tenants.owner(old));
    EXPECT_FALSE(tenants.owner(""));
    std::string wrong = key;
    wrong.back() = wrong.back() == '0' ? '1' : '0';
    EXPECT_FALSE(tenants.owner(wrong));
    EXPECT_TRUE(tenants.revoke(owner->prefix));
    EXPECT_FALSE(tenants.revoke(owner->prefix));
    EXPECT_FALSE(tenants.owner(key));
  }
  for (const auto& file : std::filesystem::directory_iterator(folder.path())) {
    EXPECT_EQ(read_text(file.path()).find(key.substr(20)), std::string::npos) << file.path();
  }
}

TEST(LilithLedger, ArtifactsHaveVersions) {
  const TempFolder folder;
  Database database(folder / "ledger.db");
  Holdings holdings(database);
  const Blob blob{std::string(64, 'a'), 5};
  EXPECT_EQ(fault_of([&] { holdings.put_artifact("team", "net", 0, {{"pk.key", blob}}); }), Fault::usage);
  holdings.hold("team", blob);
  EXPECT_EQ(holdings.put_artifact("team", "net", 0, {{"pk.key", blob}}), 1);
  EXPECT_EQ(fault_of([&] { holdings.put_artifact("team", "net", 0, {}); }), Fault::usage);
  EXPECT_EQ(holdings.put_artifact("team", "net", 1, {}), 2);
  EXPECT_EQ(holdings.artifact("team", "net")->version, 2);
  EXPECT_EQ(holdings.artifact("team", "net", 1)->files.at("pk.key").size, 5u);
  EXPECT_FALSE(holdings.artifact("others", "net"));
  EXPECT_FALSE(holdings.artifact("team", "net", 3));
  EXPECT_EQ(fault_of([&] { holdings.give_up("team", blob.sha256); }), Fault::usage);
  EXPECT_TRUE(holdings.remove_artifact("team", "net"));
  holdings.give_up("team", blob.sha256);
  EXPECT_FALSE(holdings.size_of("team", blob.sha256));
}

TEST(LilithLedger, ARemovedAuditLineShows) {
  const TempFolder folder;
  {
    Database database(folder / "ledger.db");
    Audit audit(database);
    for (const char* const action : {"POST", "DELETE", "PUT"}) audit.add({"team", "lk_1", "::1", action, "x", 200});
    EXPECT_FALSE(audit.first_broken());
  }
  for (const auto& [change, found] : {std::pair("update audit set status = 201 where number = 3", 3),
                                      std::pair("delete from audit where number = 2", 3)}) {
    sqlite3* raw = nullptr;
    ASSERT_EQ(sqlite3_open((folder / "ledger.db").c_str(), &raw), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(raw, change, nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(raw);
    Database database(folder / "ledger.db");
    EXPECT_EQ(Audit(database).first_broken(), found);
  }
}

}  // namespace
}  // namespace ezkl::service
