// ezkl: one command of the pipeline a run. Flags in, one call of the library, messages out.
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <new>
#include <string>

#include "base/cpu.hpp"
#include "base/text.hpp"
#include "ezkl/error.hpp"
#include "options.hpp"

namespace {

void print(std::FILE* stream, const std::string& text) {
  std::fputs(text.c_str(), stream);
  if (!text.empty() && text.back() != '\n') std::fputc('\n', stream);
}

int run(int argc, char** argv) {
  if (const char* folder = std::getenv("EZKL_WORKING_DIR"); folder && *folder) {
    std::error_code failed;
    std::filesystem::current_path(folder, failed);
    if (failed)
      throw ezkl::Error(ezkl::Fault::io, std::string("EZKL_WORKING_DIR: ") + folder + ": " + failed.message());
  }
  const ezkl::cli::Request request = ezkl::cli::parse_command_line(argc, argv);
  if (!request.run) {
    print(request.exit_code == 0 ? stdout : stderr, request.text);
    return request.exit_code;
  }
  ezkl::in_context(request.command, [&] {
    ezkl::cpu_bits();
    request.run();
  });
  std::fputs(request.closing.c_str(), stdout);
  if (std::fflush(stdout) != 0) throw ezkl::Error(ezkl::Fault::io, "standard output cannot be written");
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGXFSZ, SIG_IGN);  // a file-size limit is an error of the write, not the death of the process
  std::string failure;
  int code = 1;
  try {
    return run(argc, argv);
  } catch (const ezkl::Error& e) {
    failure = e.what();
    if (e.fault() == ezkl::Fault::usage) code = 2;
  } catch (const std::bad_alloc&) {
    failure = "out of memory: the circuit needs more than this machine (or its limit) gives";
  } catch (const std::exception& e) {
    failure = std::string("internal error: ") + e.what();
  }
  std::fflush(stdout);
  print(stderr, ezkl::printable_message("ezkl: " + failure));
  return code;
}
