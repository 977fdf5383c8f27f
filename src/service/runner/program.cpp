#include "runner/program.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fstream>

#include "ezkl/error.hpp"

namespace ezkl::service {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t most_output = 1 << 20, longest_line = 1 << 16;
constexpr std::uint64_t most_log = 16 << 20;
constexpr std::chrono::milliseconds look_every{200};
constexpr std::chrono::seconds grace{10};

/// The reading end of a pipe whose writing end the program has.
struct Pipe {
  int read = -1, write = -1;
  Pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw Error(Fault::io, std::string("no pipe: ") + std::strerror(errno));
    read = ends[0];
    write = ends[1];
    ::fcntl(read, F_SETFL, O_NONBLOCK);
  }
  ~Pipe() {
    close_write();
    if (read >= 0) ::close(read);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  void close_write() {
    if (write >= 0) ::close(write);
    write = -1;
  }
  /// Gives what is there to `take`; closes itself at the end.
  template <class Take>
  void drain(Take take) {
    char bytes[1 << 14];
    for (;;) {
      const ssize_t got = ::read(read, bytes, sizeof bytes);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return;
      if (got == 0) {
        ::close(read);
        read = -1;
        return;
      }
      take(std::string_view(bytes, static_cast<std::size_t>(got)));
    }
  }
};

/// Cuts a stream into lines; what is longer than anything sensible is cut.
class Lines {
 public:
  template <class Take>
  void add(std::string_view bytes, Take take) {
    for (const char c : bytes) {
      if (c != '\n') {
        if (line_.size() < longest_line) line_ += c;
        continue;
      }
      take(line_);
      line_.clear();
    }
  }

 private:
  std::string line_;
};

void limit(int what, std::uint64_t value) {
  const rlimit both{value, value};
  ::setrlimit(static_cast<__rlimit_resource_t>(what), &both);
}

/// Between fork and exec: nothing here makes memory.
[[noreturn]] void become(const ProgramRun& run, char* const* arguments, char* const* environment, int in, int out,
                         int error, int report, pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(127);
  ::dup2(in, STDIN_FILENO);
  ::dup2(out, STDOUT_FILENO);
  ::dup2(error, STDERR_FILENO);
  if (report == report_descriptor) {
    ::fcntl(report, F_SETFD, 0);
  } else {
    ::dup2(report, report_descriptor);
  }
  // The fence proper is what is resident, which this process watches; address space also counts what is only reserved.
  limit(RLIMIT_AS, run.memory * 2 + (std::uint64_t{4} << 30));
  limit(RLIMIT_FSIZE, run.file_bytes);
  limit(RLIMIT_CORE, 0);
  ::setpriority(PRIO_PROCESS, 0, 5);
  if (::chdir(run.folder.c_str()) != 0) ::_exit(127);
  confine(run.reach);
  ::execve(run.program.c_str(), arguments, environment);
  ::_exit(127);
}

std::uint64_t resident(pid_t process) {
  char path[64], text[256];
  std::snprintf(path, sizeof path, "/proc/%d/statm", static_cast<int>(process));
  const int file = ::open(path, O_RDONLY | O_CLOEXEC);
  const ssize_t got = file < 0 ? -1 : ::read(file, text, sizeof text - 1);
  if (file >= 0) ::close(file);
  unsigned long long pages = 0;
  if (got <= 0) return 0;
  text[got] = 0;
  if (std::sscanf(text, "%*u %llu", &pages) != 1) return 0;
  return pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> out;
  for (std::string& word : words) out.push_back(word.data());
  out.push_back(nullptr);
  return out;
}

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

}  // namespace

ProgramEnd run_program(const ProgramRun& run) {
  std::vector<std::string> words = run.arguments, variables = run.environment;
  words.insert(words.begin(), run.program.string());
  const std::vector<char*> arguments = pointers(words), environment = pointers(variables);
  Pipe out, error, report;
  const int in = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  std::ofstream log(run.log, std::ios::app);
  const pid_t parent = ::getpid(), process = ::fork();
  if (process < 0)
    throw Error(Fault::io, std::string("cannot be started: ") + std::strerror(errno)).within(run.program.string());
  if (process == 0) {
    become(run, arguments.data(), environment.data(), in, out.write, error.write, report.write, parent);
  }
  for (Pipe* pipe : {&out, &error, &report}) pipe->close_write();
  ::close(in);

  ProgramEnd end;
  Lines errors, reports;
  std::uint64_t logged = 0;
  const auto end_by = [&](ProgramEnd::Cause cause, int signal) {
    if (end.cause == ProgramEnd::Cause::itself) end.cause = cause;
    ::kill(process, signal);
  };
  Clock::time_point kill_at = Clock::time_point::max();
  rusage usage{};
  for (bool ended = false; !ended || out.read >= 0 || error.read >= 0 || report.read >= 0;) {
    pollfd pipes[] = {{out.read, POLLIN, 0}, {error.read, POLLIN, 0}, {report.read, POLLIN, 0}};
    const bool open = out.read >= 0 || error.read >= 0 || report.read >= 0;
    ::poll(pipes, 3, open && !ended ? static_cast<int>(look_every.count()) : open ? 0 : 5);
    if (out.read >= 0) {
      out.drain([&](std::string_view bytes) {
        end.out += bytes.substr(0, most_output - std::min(most_output, end.out.size()));
      });
    }
    if (error.read >= 0) {
      error.drain([&](std::string_view bytes) {
        if (logged < most_log) log << bytes << std::flush;
        logged += bytes.size();
        errors.add(bytes, [&](const std::string& line) { end.last_error = line; });
      });
    }
    if (report.read >= 0) report.drain([&](std::string_view bytes) { reports.add(bytes, run.report); });
    if (ended) break;  // whoever still holds a pipe is not the program
    ended = ::wait4(process, &end.status, WNOHANG, &usage) == process;
    if (ended) continue;
    const auto now = Clock::now();
    if (resident(process) > run.memory) end_by(ProgramEnd::Cause::memory, SIGKILL);
    if (kill_at == Clock::time_point::max()) {
      const bool late = now >= run.deadline;
      if (late || run.cancelled()) {
        end_by(late ? ProgramEnd::Cause::deadline : ProgramEnd::Cause::cancelled, SIGTERM);
        kill_at = now + grace;
      }
    } else if (now >= kill_at) {
      ::kill(process, SIGKILL);
    }
  }
  end.peak_bytes = static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
  end.cpu_s = seconds(usage.ru_utime) + seconds(usage.ru_stime);
  return end;
}

}  // namespace ezkl::service
