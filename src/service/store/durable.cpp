#include "store/durable.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "ezkl/error.hpp"

namespace ezkl::service {
namespace {

std::atomic<std::uint64_t> written{0};
std::uint64_t last_write = 0;
std::filesystem::path only_once;

bool first_to_die() {
  if (only_once.empty()) return true;
  const int made = ::open(only_once.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
  if (made >= 0) ::close(made);
  return made >= 0;
}

}  // namespace

void wrote_durably() {
  if (++written == last_write && first_to_die()) ::kill(::getpid(), SIGKILL);
}

void die_behind_write(std::uint64_t writes, std::filesystem::path once) {
  written = 0;
  last_write = writes;
  only_once = std::move(once);
}

void sync_folder(const std::filesystem::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = descriptor >= 0 && (::fsync(descriptor) == 0 || errno == EINVAL);
  const int number = errno;
  if (descriptor >= 0) ::close(descriptor);
  if (!synced)
    throw Error(Fault::io, std::string("cannot be brought to the disk: ") + std::strerror(number))
        .within(folder.string());
}

}  // namespace ezkl::service
