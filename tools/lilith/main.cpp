// lilith: a proving service on one's own machine.
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <string>
#include <utility>

#include "base/border.hpp"
#include "base/text.hpp"
#include "commands.hpp"
#include "ezkl/error.hpp"

namespace {

constexpr const char* help =
    "lilith: a proving service on one's own machine. It sees models, inputs and witnesses (docs/lilith.md).\n"
    "\n"
    "  lilith tenant --data FOLDER NAME      add a tenant or change its quota\n"
    "      [--max-bytes SIZE] [--max-queued N] [--max-memory SIZE] [--max-requests N]   (requests a minute)\n"
    "  lilith key create --data FOLDER --tenant NAME [--scope read|prove|admin] [--days N]    print a new key, once\n"
    "  lilith key revoke --data FOLDER PREFIX\n"
    "  lilith key list --data FOLDER\n"
    "  lilith serve --data FOLDER            serve at 127.0.0.1 port 4321, for programs on this machine or a proxy "
    "with TLS\n"
    "      [--listen 127.0.0.1|::1] [--port N] [--ezkl PROGRAM] [--setups FOLDER]   (setups in its folder srs)\n"
    "      [--memory SIZE] [--cores N]                                              of all recipes at a time\n"
    "      [--recipe-memory SIZE] [--recipe-cores N] [--recipe-limit SECONDS]       of one that does not say\n"
    "  lilith check --data FOLDER            compare what is stored with what is written down of it\n"
    "  lilith backup --data FOLDER FILE      copy the ledger; the service may run\n"
    "  lilith run ...                        a runner: the service starts it\n";

int obey(const std::string& command, const ezkl::lilith::Words& words) try {
  using namespace ezkl::lilith;
  constexpr std::pair<const char*, void (*)(const Words&)> commands[] = {
      {"serve", serve}, {"run", run}, {"tenant", tenant}, {"key", key}, {"check", check}, {"backup", backup}};
  for (const auto& [name, body] : commands) {
    if (command != name) continue;
    body(words);
    return 0;
  }
  const bool asked = command == "help" || command == "--help" || command == "-h";
  std::fputs(help, asked ? stdout : stderr);
  return asked ? 0 : 2;
} catch (...) {
  ezkl::rethrow_as_error();
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGXFSZ, SIG_IGN);
  std::signal(SIGPIPE, SIG_IGN);
  const ezkl::lilith::Words words(argv + std::min(argc, 2), argv + argc);
  const std::string command = argc < 2 ? "" : argv[1];
  try {
    return obey(command, words);
  } catch (const ezkl::Error& error) {
    std::fprintf(stderr, "%s\n",
                 ezkl::printable_message("lilith: " + std::string(error.within(command).what())).c_str());
    return error.fault() == ezkl::Fault::usage ? 2 : 1;
  }
}
