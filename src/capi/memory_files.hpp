#pragma once

#include <filesystem>
#include <set>
#include <span>
#include <vector>

#include "ezkl/ezkl.h"

namespace ezkl::capi {

/// Bytes in memory where functions take paths: files in a folder that only this user can enter, in memory where the
/// system has such a place, gone with this object.
class MemoryFiles {
 public:
  MemoryFiles(std::span<const ezkl_bytes> in, std::span<ezkl_bytes> out) : in_(in), out_(out) {}
  ~MemoryFiles();
  MemoryFiles(const MemoryFiles&) = delete;
  MemoryFiles& operator=(const MemoryFiles&) = delete;

  /// The path of in[i], or of what out[i] will hold. errors: Fault::usage when there is none; Fault::io.
  std::filesystem::path input(std::size_t i);
  std::filesystem::path output(std::size_t i);
  /// Fills those outputs that were asked for and written: all or none.
  void collect();

 private:
  std::filesystem::path folder();

  const std::span<const ezkl_bytes> in_;
  const std::span<ezkl_bytes> out_;
  std::filesystem::path folder_;  ///< empty until it is made
  std::set<std::size_t> asked_;
};

/// Bytes that the caller owns from now on.
ezkl_bytes owned(std::vector<std::uint8_t> bytes);
ezkl_bytes owned(std::string_view text);

}  // namespace ezkl::capi
