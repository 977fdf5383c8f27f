#include "runner/sandbox.hpp"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>

namespace ezkl::service {
namespace {

// Rights that came after the first version are not in every header.
constexpr std::uint64_t first_rights = (1u << 13) - 1, right_refer = 1u << 13, right_truncate = 1u << 14;
constexpr std::uint64_t right_execute = LANDLOCK_ACCESS_FS_EXECUTE, right_read = LANDLOCK_ACCESS_FS_READ_FILE,
                        right_write = LANDLOCK_ACCESS_FS_WRITE_FILE, right_list = LANDLOCK_ACCESS_FS_READ_DIR;
constexpr std::uint64_t network_rights = 3;  // bind and connect, by TCP

struct Ruleset {
  std::uint64_t files, network;
};

void allow(int ruleset, const char* path, std::uint64_t rights) {
  const int place = ::open(path, O_PATH | O_CLOEXEC);
  if (place < 0) return;  // what is not there needs no right
  struct stat info {};
  const bool folder = ::fstat(place, &info) == 0 && S_ISDIR(info.st_mode);
  if (!folder) rights &= right_execute | right_read | right_write | right_truncate;
  const landlock_path_beneath_attr rule{rights, place};
  ::syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
  ::close(place);
}

}  // namespace

int sandbox_version() {
  const long version = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  return version > 0 ? static_cast<int>(version) : 0;
}

bool confine(const Reach& reach) {
  const int version = sandbox_version();
  if (version == 0) return false;
  const std::uint64_t all = first_rights | (version >= 2 ? right_refer : 0) | (version >= 3 ? right_truncate : 0);
  const Ruleset rules{all, version >= 4 ? network_rights : 0};
  const std::size_t size = version >= 4 ? sizeof rules : sizeof rules.files;
  const int ruleset = static_cast<int>(::syscall(SYS_landlock_create_ruleset, &rules, size, 0));
  if (ruleset < 0) return false;
  for (const auto& path : reach.reads) allow(ruleset, path.c_str(), right_read | right_list | right_execute);
  for (const char* const path : {"/dev/null", "/dev/urandom"}) allow(ruleset, path, right_read | right_write);
  allow(ruleset, reach.writes.c_str(), all);
  const bool confined =
      ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && ::syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
  ::close(ruleset);
  return confined;
}

}  // namespace ezkl::service
