#include "engine/local_engine.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <thread>

#include "ezkl/error.hpp"
#include "store/durable.hpp"

extern char** environ;

namespace ezkl::service {

LocalEngine::LocalEngine(std::vector<std::string> runner, Node node)
    : runner_(std::move(runner)), node_(std::move(node)) {}

std::string LocalEngine::submit(const AttemptFolder& attempt) {
  std::vector<std::string> words = runner_;
  words.push_back(attempt.path().string());
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);

  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  ::posix_spawn_file_actions_init(&files);
  ::posix_spawnattr_init(&attributes);
  ::posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  const std::string said = (attempt.path() / "runner.log").string();
  ::posix_spawn_file_actions_addopen(&files, STDERR_FILENO, said.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  sigset_t none, all;
  ::sigemptyset(&none);
  ::sigfillset(&all);
  ::posix_spawnattr_setsigmask(&attributes, &none);
  ::posix_spawnattr_setsigdefault(&attributes, &all);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  pid_t child = 0;
  const int failed = ::posix_spawn(&child, arguments[0], &files, &attributes, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&files);
  ::posix_spawnattr_destroy(&attributes);
  if (failed != 0) throw Error(Fault::io, std::string("cannot be started: ") + std::strerror(failed)).within(words[0]);
  {
    const std::lock_guard held(mutex_);
    children_.emplace(attempt.uuid(), child);
  }
  wrote_durably();
  return "pid:" + std::to_string(child);
}

std::vector<std::string> LocalEngine::list(const std::vector<std::string>& uuids) {
  const std::lock_guard held(mutex_);
  for (auto it = children_.begin(); it != children_.end();) {
    int status = 0;
    it = ::waitpid(it->second, &status, WNOHANG) == it->second ? children_.erase(it) : std::next(it);
  }
  std::vector<std::string> out;
  std::copy_if(uuids.begin(), uuids.end(), std::back_inserter(out),
               [&](const std::string& uuid) { return children_.count(uuid) != 0; });
  return out;
}

Node this_machine() {
  Node out{"local", 0, std::max(1u, std::thread::hardware_concurrency())};
  const auto pages = static_cast<std::uint64_t>(std::max(0L, ::sysconf(_SC_PHYS_PAGES)));
  const auto page = static_cast<std::uint64_t>(std::max(0L, ::sysconf(_SC_PAGESIZE)));
  out.memory = pages * page / 10 * 8;
  char host[256] = "";
  if (::gethostname(host, sizeof host - 1) == 0) out.name = host;
  return out;
}

}  // namespace ezkl::service
