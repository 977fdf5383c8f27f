#pragma once

#include <filesystem>
#include <initializer_list>
#include <optional>

namespace ezkl {

/// A file that a call reads or writes, or none where it does without. Refers to the path.
struct CallFile {
  CallFile(const std::filesystem::path& file) : path(&file) {}
  CallFile(const std::optional<std::filesystem::path>& file) : path(file ? &*file : nullptr) {}

  const std::filesystem::path* path;
};

/// Refuses a call of which one output would replace another, or a file that the call reads: by one path, or by links or
/// mounts under two. What is no regular file may be named twice: /dev/null holds nothing that could be lost.
/// errors: Fault::usage, naming both.
void refuse_same_file(std::initializer_list<CallFile> outputs, std::initializer_list<CallFile> inputs);

}  // namespace ezkl
