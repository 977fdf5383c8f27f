#pragma once

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <chrono>
#include <fstream>
#include <string>
#include <thread>

#include "../temp_folder.hpp"
#include "artifact/sha256_text.hpp"
#include "base/files.hpp"
#include "engine/dispatcher.hpp"
#include "engine/local_engine.hpp"
#include "recipe/recipe.hpp"

namespace ezkl::service::testing {

/// A folder of a service, with a program that stands for ezkl. It does what the witness file says: "ok" copies it into
/// the proof, "fail" ends like ezkl with a witness that does not hold, "sleep" waits for a minute, "fat" takes memory.
class Ground : public ezkl::testing::TempFolder {
 public:
  Ground() {
    const std::string program = R"(#!/bin/bash
proof=proof.json
for argument in "$@"; do
  case $argument in --proof-path=*) proof=${argument#*=};; --witness=*) witness=${argument#*=};; esac
done
what=$(cat "$witness")
echo '{"phase":"commit","done":1,"total":2,"weight":0.5,"part":0.5}' >&3
case $what in
  fail*) echo '{"fault":"unsatisfied","message":"prove: the witness does not hold"}' >&2; exit 1;;
  sleep*) exec sleep 60;;
  fat*) exec python3 -c 'x = bytearray(200 << 20); import time; time.sleep(60)';;
  escape*) cat /etc/passwd > "$proof" && exit 0; echo '{"fault":"io","message":"no"}' >&2; exit 1;;
esac
echo "proof of $what by $$ $RANDOM" > "$proof"
echo said
)";
    write_file_atomically(*this / "program", std::string_view(program));
    ::chmod((*this / "program").c_str(), 0755);
  }

  std::string runner_dies_behind = "0";  ///< number of the write
  bool every_runner_dies = false;        ///< not only the first

  std::vector<std::string> runner() const {
    return {EZKL_TEST_RUNNER,           (*this / "program").string(),
            (*this / "blobs").string(), (*this / "wake").string(),
            runner_dies_behind,         every_runner_dies ? "" : (*this / "died").string()};
  }
};

/// The service without its door.
struct Service {
  explicit Service(const Ground& ground)
      : database(ground / "ledger.db"),
        recipes(database),
        holdings(database),
        tenants(database),
        blobs(ground / "blobs"),
        engine(ground.runner(), Node{"here", std::uint64_t{1} << 30, 4}),
        dispatcher(recipes, holdings, tenants, blobs, engine, {ground / "recipes", ground / "wake"}),
        scratch(ground / "scratch") {
    std::filesystem::create_directories(scratch);
    tenants.set("team", {});
  }

  std::string blob(const std::string& content) {
    const std::filesystem::path file = scratch / sha256_text(content);
    write_file_atomically(file, std::string_view(content));
    const Blob made = blobs.take(file);
    std::filesystem::remove(file);
    holdings.hold("team", made);
    return made.sha256;
  }

  Accepted prove(const std::string& witness, const std::optional<std::string>& key = std::nullopt,
                 std::uint64_t limit_s = 60) {
    const Recipe recipe = parse_recipe(R"([{"ezkl_command": {"Prove": {"witness": "w.json"}}}])");
    NewRecipe made;
    made.tenant = "team";
    made.body = recipe_body(recipe, {{"w.json", blob(witness)}});
    made.body_sha256 = sha256_text(witness);
    made.idempotency_key = key;
    made.memory = 100 << 20;
    made.limit_s = limit_s;
    return recipes.accept(made);
  }

  RecipeRow row(const std::string& id) { return recipes.find(id).value(); }

  /// Steps until the condition holds, at most half a minute.
  template <class Condition>
  bool until(Condition condition) {
    for (int i = 0; i < 6000; ++i) {
      dispatcher.step();
      if (condition()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return false;
  }
  bool ends(const std::string& id) {
    return until([&] { return has_ended(row(id).state); });
  }
  std::string content(const ResultFile& file) { return read_text(blobs.path_of(file.sha256)); }

  Database database;
  Recipes recipes;
  Holdings holdings;
  Tenants tenants;
  BlobStore blobs;
  LocalEngine engine;
  Dispatcher dispatcher;
  std::filesystem::path scratch;
};

}  // namespace ezkl::service::testing
