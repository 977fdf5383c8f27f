#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>

namespace ezkl::service {

struct Blob {
  std::string sha256;
  std::uint64_t size = 0;
};

/// Files by the SHA-256 of their bytes. A name shows a whole file or nothing, and never changes what it shows. Any
/// number of processes may use one folder.
class BlobStore {
 public:
  /// Makes the folder where it is missing. errors: Fault::io.
  explicit BlobStore(std::filesystem::path root);

  std::filesystem::path path_of(const std::string& sha256) const;
  /// Nothing when it is not there.
  std::optional<std::uint64_t> size_of(const std::string& sha256) const;
  /// Takes a file in, by a link where the file system allows: the file must not change any more. Its bytes and its name
  /// are on the disk afterwards. errors: Fault::io, disk_full.
  Blob take(const std::filesystem::path& file) const;
  /// As take, of a file that must have this digest. errors: also Fault::format where it has another.
  Blob take(const std::filesystem::path& file, const std::string& sha256) const;
  /// Gives a blob a name elsewhere on the same file system. errors: Fault::io when it is not there.
  void place(const std::string& sha256, const std::filesystem::path& name) const;
  void remove(const std::string& sha256) const;

 private:
  Blob keep(const std::filesystem::path& file, const std::string& sha256) const;

  std::filesystem::path root_;
};

/// A blob that comes in pieces, over as many connections as it takes: a file of its own until it is whole.
class Upload {
 public:
  /// errors: Fault::io; Fault::usage while there is another one of this file.
  explicit Upload(std::filesystem::path file);
  ~Upload();
  Upload(const Upload&) = delete;
  Upload& operator=(const Upload&) = delete;

  /// Bytes that are there.
  std::uint64_t offset() const { return offset_; }
  /// errors: Fault::io, disk_full.
  void append(std::span<const std::uint8_t> bytes);

 private:
  std::filesystem::path file_;
  int descriptor_ = -1;
  std::uint64_t offset_ = 0;
};

}  // namespace ezkl::service
