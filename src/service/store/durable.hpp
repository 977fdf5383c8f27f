#pragma once

#include <cstdint>
#include <filesystem>

namespace ezkl::service {

/// Called behind every write that outlasts the process: a commit, a rename, a link, the start of a runner. Whatever
/// dies, dies between two of them, so a test that ends the process behind the first, the second and so on has tried
/// every place.
void wrote_durably();

/// Ends the process by SIGKILL behind its write number `writes`, counted from 1; 0: never. With `once`, only the
/// process that makes that file first ends; the others go on.
void die_behind_write(std::uint64_t writes, std::filesystem::path once = {});

/// Brings the names inside a folder to the disk. errors: Fault::io.
void sync_folder(const std::filesystem::path& folder);

}  // namespace ezkl::service
