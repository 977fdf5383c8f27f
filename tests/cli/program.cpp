#include "program.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

Outcome Scratch::run(const std::vector<std::string>& arguments, const std::vector<std::string>& environment,
                     const std::function<void(pid_t)>& meanwhile) const {
  const std::string err = path() / ".err";
  const pid_t child = start(arguments, environment, ::open(err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600));
  if (meanwhile) meanwhile(child);
  int status = 0;
  ::waitpid(child, &status, 0);
  Outcome outcome;
  outcome.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  outcome.out = read(".out");
  outcome.err = read(".err");
  return outcome;
}

std::string Scratch::run_on_terminal(const std::vector<std::string>& arguments) const {
  const int terminal = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (terminal < 0 || ::grantpt(terminal) != 0 || ::unlockpt(terminal) != 0) return "no terminal";
  const pid_t child = start(arguments, {}, ::open(::ptsname(terminal), O_WRONLY | O_NOCTTY));
  std::string out;
  char piece[4096];
  for (ssize_t count = 0; (count = ::read(terminal, piece, sizeof piece)) > 0;) out.append(piece, std::size_t(count));
  ::close(terminal);
  ::waitpid(child, nullptr, 0);
  return out;
}

pid_t Scratch::start(const std::vector<std::string>& arguments, const std::vector<std::string>& environment,
                     int errors) const {
  const std::string out = path() / ".out";
  std::vector<std::string> words{EZKL_PROGRAM};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& w : words) argv.push_back(w.data());
  argv.push_back(nullptr);
  const pid_t child = ::fork();
  if (child == 0) {
    if (::chdir(path().c_str()) != 0) ::_exit(126);
    ::dup2(::open(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), 1);
    ::dup2(errors, 2);
    ::setenv("EZKL_REPO_PATH", (path() / "home").c_str(), 1);
    for (const char* name : {"EZKL_LOG", "RUST_LOG", "EZKL_WORKING_DIR", "EZKL_KEY_FORMAT", "EZKL_CPU"})
      ::unsetenv(name);
    for (const std::string& assignment : environment) {
      const std::size_t equals = assignment.find('=');
      ::setenv(assignment.substr(0, equals).c_str(), assignment.substr(equals + 1).c_str(), 1);
    }
    ::execv(argv[0], argv.data());
    ::_exit(127);
  }
  ::close(errors);
  return child;
}

std::string Scratch::read(const std::string& name) const {
  std::ifstream file(path() / name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void Scratch::write(const std::string& name, const std::string& content) const {
  std::ofstream(path() / name, std::ios::binary) << content;
}
