// lilith serve, lilith run: the service and its runners.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <thread>

#include "arguments.hpp"
#include "base/text.hpp"
#include "commands.hpp"
#include "engine/local_engine.hpp"
#include "ezkl/error.hpp"
#include "http/server.hpp"
#include "runner/run_attempt.hpp"
#include "runner/sandbox.hpp"
#include "store/durable.hpp"

namespace ezkl::lilith {
namespace {

namespace fs = std::filesystem;
using namespace ezkl::service;

void say(const std::string& text) {
  char time[40];
  const std::time_t now = std::time(nullptr);
  std::tm broken{};
  std::strftime(time, sizeof time, "%Y-%m-%dT%H:%M:%SZ", ::gmtime_r(&now, &broken));
  std::fprintf(stderr, "%s lilith: %s\n", time, printable_line(text).c_str());
}

/// Tests end the process behind one of its writes.
void die_as_told(const char* variable, const char* once) {
  const char* const writes = std::getenv(variable);
  const char* const file = std::getenv(once);
  if (writes) die_behind_write(std::strtoull(writes, nullptr, 10), file ? file : "");
}

fs::path beside_this_program(const char* name) {
  std::error_code failed;
  return fs::read_symlink("/proc/self/exe", failed).parent_path() / name;
}

/// Held as long as the service lives: two of them on one folder would both admit.
void take_lock(const Data& data) {
  const int descriptor = ::open(data.lock().c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0 || ::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    throw Error(Fault::io, "another service works on this folder").within(data.folder.string());
  }
}

}  // namespace

void serve(const Words& words) {
  const Arguments given(words, {"data", "listen", "port", "ezkl", "setups", "memory", "cores", "recipe-memory",
                                "recipe-cores", "recipe-limit"});
  given.words(0);
  die_as_told("LILITH_DIES_BEHIND", "LILITH_DIED");
  ::umask(0077);
  Data data{given.text("data")};
  fs::create_directories(data.folder);
  data.folder = fs::canonical(data.folder);
  fs::create_directories(data.uploads());
  take_lock(data);
  const fs::path program = fs::absolute(given.text("ezkl", beside_this_program("ezkl").string()));
  if (::access(program.c_str(), X_OK) != 0)
    throw Error(Fault::usage, program.string() + " is no program").within("--ezkl");
  const std::string setups = given.text("setups", "");

  Database database(data.ledger());
  Recipes recipes(database);
  Holdings holdings(database);
  Tenants tenants(database);
  Audit audit(database);
  const BlobStore blobs(data.blobs());
  Node node = this_machine();
  node.memory = given.bytes("memory", node.memory);
  node.cores = static_cast<unsigned>(std::clamp<std::uint64_t>(given.number("cores", node.cores), 1, 4096));
  std::vector<std::string> runner = {
      fs::read_symlink("/proc/self/exe").string(), "run", "--data", data.folder.string(), "--ezkl", program.string()};
  if (!setups.empty()) runner.insert(runner.end(), {"--setups", fs::absolute(setups).string()});
  LocalEngine engine(runner, node);

  Server* door = nullptr;
  Dispatcher dispatcher(recipes, holdings, tenants, blobs, engine, {data.recipes(), data.wake()},
                        [&](const std::string& recipe) {
                          if (door) door->changed(recipe);
                        });
  const std::uint64_t usual_memory =
      given.bytes("recipe-memory", std::min<std::uint64_t>(node.memory, std::uint64_t{2} << 30));
  const unsigned usual_cores = static_cast<unsigned>(
      std::clamp<std::uint64_t>(given.number("recipe-cores", std::min(4u, node.cores)), 1, node.cores));
  Api api({recipes, holdings, tenants, audit, blobs, engine, dispatcher, data.uploads(), usual_memory, usual_cores,
           given.number("recipe-limit", 24 * 3600), say});
  Server server(api, given.text("listen", "127.0.0.1"),
                static_cast<std::uint16_t>(std::min<std::uint64_t>(given.number("port", 4321), 65535)));
  door = &server;
  say("listens at " + given.text("listen", "127.0.0.1") + " port " + std::to_string(server.port()) + ", " +
      std::to_string(node.memory >> 20) + " MiB and " + std::to_string(node.cores) + " cores for recipes, " +
      (sandbox_version() == 0 ? "NO sandbox: this kernel has no Landlock"
                              : "Landlock " + std::to_string(sandbox_version())));
  // Signals go to the thread of the server.
  sigset_t all, before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_BLOCK, &all, &before);
  std::thread at_work([&] { dispatcher.run(say); });
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  server.run();
  dispatcher.stop();
  at_work.join();
  say("ends; recipes at work go on");
}

void run(const Words& words) {
  const Arguments given(words, {"data", "ezkl", "setups"});
  die_as_told("LILITH_RUNNER_DIES_BEHIND", "LILITH_RUNNER_DIED");
  ::umask(0077);
  const Data data{given.text("data")};
  run_attempt(given.words(1)[0], {given.text("ezkl"), data.blobs(), given.text("setups", ""), data.wake()});
}

}  // namespace ezkl::lilith
