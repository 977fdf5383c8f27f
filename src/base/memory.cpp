#include "base/memory.hpp"

#include <fcntl.h>
#include <unistd.h>

#if __has_include(<malloc.h>)
#include <malloc.h>
#endif

#include <cstdlib>
#include <string_view>

namespace ezkl {
namespace {

/// The number behind `key` in the text of /proc/self/status, which is in kB.
std::uint64_t kilobytes_behind(std::string_view text, std::string_view key) {
  const std::size_t at = text.find(key);
  return at == std::string_view::npos ? 0 : std::strtoull(text.data() + at + key.size(), nullptr, 10) << 10;
}

}  // namespace

ProcessMemory process_memory() {
  char text[4096];
  const int file = ::open("/proc/self/status", O_RDONLY | O_CLOEXEC);
  if (file < 0) return {};
  const ssize_t count = ::read(file, text, sizeof text - 1);
  ::close(file);
  if (count <= 0) return {};
  text[count] = 0;
  const std::string_view status(text, static_cast<std::size_t>(count));
  return {kilobytes_behind(status, "VmRSS:"), kilobytes_behind(status, "VmHWM:")};
}

bool restart_peak() {
  const int file = ::open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC);
  if (file < 0) return false;
  const bool done = ::write(file, "5", 1) == 1;
  ::close(file);
  return done;
}

void give_back_freed_memory() {
#if defined(__GLIBC__)
  malloc_trim(0);
#endif
}

}  // namespace ezkl
