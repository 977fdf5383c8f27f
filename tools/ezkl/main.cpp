// ezkl: one command of the pipeline a run. Flags in, one call of the library, messages out.
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "base/border.hpp"
#include "base/text.hpp"
#include "environment.hpp"
#include "ezkl/ezkl.hpp"
#include "next_step.hpp"
#include "options.hpp"
#include "spelling.hpp"
#include "terminal.hpp"

namespace {

using ezkl::Error;
using ezkl::Fault;

std::atomic<ezkl::Session*> running{nullptr};
std::atomic<int> signal_caught{0};

/// Stops the command in good order. A second signal ends the program at once.
extern "C" void stop_running(int number) {
  signal_caught = number;
  if (ezkl::Session* const session = running.load()) session->stop();
}

void catch_signal(int number) {
  struct sigaction action {
  }, before{};
  action.sa_handler = stop_running;
  // Not SA_RESTART: a command that waits for a pipe is to stop waiting.
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigaction(number, nullptr, &before);
  if (before.sa_handler != SIG_IGN) sigaction(number, &action, nullptr);  // as nohup and & want it
}

void print(std::FILE* stream, const std::string& text) {
  std::fputs(text.c_str(), stream);
  if (!text.empty() && text.back() != '\n') std::fputc('\n', stream);
}

/// The way of progress to another program. One that does not read it is no reason to end, nor to wait.
void report_to(int descriptor, const ezkl::ProgressReport& report) {
  pollfd reader{descriptor, POLLOUT, 0};
  if (::poll(&reader, 1, 0) != 1) return;
  const std::string line = ezkl::progress_json(report) + "\n";
  [[maybe_unused]] const auto written = ::write(descriptor, line.data(), line.size());
}

void run(const ezkl::cli::Request& request, ezkl::cli::Terminal& terminal) {
  ezkl::SessionOptions options = ezkl::options_from_environment();
  options.log_level = request.log_level;
  options.log = [&](const ezkl::LogRecord& record) { terminal.log(record); };
  if (request.report) {
    if (::fcntl(*request.report, F_GETFD) < 0) throw Error(Fault::usage, "is not open").within("--report");
    std::signal(SIGPIPE, SIG_IGN);
  }
  if (request.report || terminal.shows_progress()) {
    options.progress = [&](const ezkl::ProgressReport& report) {
      if (terminal.shows_progress()) terminal.show(report);
      if (request.report) report_to(*request.report, report);
    };
  }
  // Never destroyed: a signal may come to any thread at any time.
  ezkl::Session& session = *new ezkl::Session(std::move(options));
  running = &session;
  catch_signal(SIGINT);
  catch_signal(SIGTERM);
  catch_signal(SIGHUP);
  session.run(request.run);
  terminal.clear();
  // Before the closing word, which a lost result must not have.
  if (std::fflush(stdout) != 0) throw Error(Fault::io, "standard output cannot be written");
  std::fputs(request.closing.c_str(), stderr);
}

/// Gives the exit status. errors: ezkl::Error for what `request` then is of.
int run(int argc, char** argv, ezkl::cli::Request& request) try {
  if (const char* folder = std::getenv("EZKL_WORKING_DIR"); folder && *folder) {
    std::error_code failed;
    std::filesystem::current_path(folder, failed);
    if (failed) throw Error(Fault::io, std::string(folder) + ": " + failed.message()).within("EZKL_WORKING_DIR");
  }
  request = ezkl::cli::parse_command_line(argc, argv);
  if (request.error && request.json_errors) {
    print(stderr, ezkl::error_json(*request.error));
  } else if (!request.run) {
    print(request.exit_code == 0 ? stdout : stderr, request.text);
  } else {
    ezkl::cli::Terminal terminal;
    run(request, terminal);
  }
  return request.exit_code;
} catch (...) {
  ezkl::rethrow_as_error();
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGXFSZ, SIG_IGN);  // a file-size limit is an error of the write, not the death of the process
  ezkl::cli::Request request;
  try {
    return run(argc, argv, request);
  } catch (const Error& found) {
    Error error = request.command.empty()
                      ? found
                      : ezkl::cli::with_next_step(found, request.command, request.files).within(request.command);
    if (signal_caught != 0 && error.fault() == Fault::io) {
      // What the signal interrupted: a pipe that nobody writes to, a server that does not answer.
      error = Error(Fault::cancelled, "stopped before the end; no file is half-written").within(request.command);
    }
    std::fflush(stdout);
    print(stderr, request.json_errors ? ezkl::error_json(error)
                                      : ezkl::printable_message("ezkl: " + error.message(ezkl::cli::spelled)));
    if (error.fault() == Fault::cancelled && signal_caught != 0) return 128 + signal_caught;
    return error.fault() == Fault::usage ? 2 : 1;
  }
}
