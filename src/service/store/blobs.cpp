#include "store/blobs.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "artifact/sha256_text.hpp"
#include "base/hex.hpp"
#include "ezkl/error.hpp"
#include "store/durable.hpp"
#include "transcript/sha256.hpp"

namespace ezkl::service {
namespace {

[[noreturn]] void refuse(const std::filesystem::path& path, const char* what, int number) {
  const bool full = number == ENOSPC || number == EDQUOT;
  throw Error(full ? Fault::disk_full : Fault::io, std::string(what) + ": " + std::strerror(number))
      .within(path.string());
}

/// Read piece by piece: a mapped file would count as memory of the service, however large it is.
std::string digest_of(const std::filesystem::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (descriptor < 0) refuse(file, "cannot be opened", errno);
  Sha256 hash;
  std::vector<std::uint8_t> piece(1 << 20);
  ssize_t got = 0;
  do {
    got = ::read(descriptor, piece.data(), piece.size());
    if (got > 0) hash.update({piece.data(), static_cast<std::size_t>(got)});
  } while (got > 0 || (got < 0 && errno == EINTR));
  const int number = errno;
  ::close(descriptor);
  if (got < 0) refuse(file, "cannot be read", number);
  return hex_text(hash.finish());
}

void bring_to_disk(const std::filesystem::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (descriptor < 0) refuse(file, "cannot be opened", errno);
  const bool synced = ::fsync(descriptor) == 0;
  const int number = errno;
  ::close(descriptor);
  if (!synced) refuse(file, "cannot be brought to the disk", number);
}

}  // namespace

BlobStore::BlobStore(std::filesystem::path root) : root_(std::move(root)) {
  std::error_code failed;
  std::filesystem::create_directories(root_, failed);
  if (failed) throw Error(Fault::io, failed.message()).within(root_.string());
}

std::filesystem::path BlobStore::path_of(const std::string& sha256) const {
  if (!is_sha256_text(sha256)) throw Error(Fault::usage, "a blob's name is 64 hexadecimal digits");
  return root_ / sha256.substr(0, 2) / sha256;
}

std::optional<std::uint64_t> BlobStore::size_of(const std::string& sha256) const {
  std::error_code absent;
  const auto size = std::filesystem::file_size(path_of(sha256), absent);
  return absent ? std::nullopt : std::optional<std::uint64_t>(size);
}

Blob BlobStore::take(const std::filesystem::path& file) const { return keep(file, digest_of(file)); }

Blob BlobStore::take(const std::filesystem::path& file, const std::string& sha256) const {
  const std::string found = digest_of(file);
  if (found != sha256) throw Error(Fault::format, "the bytes that came have the SHA-256 " + found + ", not " + sha256);
  return keep(file, sha256);
}

Blob BlobStore::keep(const std::filesystem::path& file, const std::string& sha256) const {
  const std::filesystem::path target = path_of(sha256);
  std::error_code failed;
  if (!size_of(sha256)) {
    std::filesystem::create_directory(target.parent_path(), failed);
    if (failed) refuse(target.parent_path(), "cannot be made", failed.value());
    if (::chmod(file.c_str(), 0400) != 0) refuse(file, "cannot be given its mode", errno);
    bring_to_disk(file);
    if (::link(file.c_str(), target.c_str()) != 0 && errno != EEXIST) refuse(target, "cannot be linked", errno);
    sync_folder(target.parent_path());
    sync_folder(root_);
    wrote_durably();
  }
  return {sha256, *size_of(sha256)};
}

void BlobStore::place(const std::string& sha256, const std::filesystem::path& name) const {
  if (::link(path_of(sha256).c_str(), name.c_str()) != 0 && errno != EEXIST) refuse(name, "cannot be linked", errno);
}

void BlobStore::remove(const std::string& sha256) const {
  std::error_code ignored;
  std::filesystem::remove(path_of(sha256), ignored);
}

Upload::Upload(std::filesystem::path file) : file_(std::move(file)) {
  descriptor_ = ::open(file_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor_ < 0) refuse(file_, "cannot be opened", errno);
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
    ::close(descriptor_);
    throw Error(Fault::usage, "another connection sends to this upload");
  }
  struct stat info {};
  if (::fstat(descriptor_, &info) == 0) offset_ = static_cast<std::uint64_t>(info.st_size);
}

Upload::~Upload() { ::close(descriptor_); }

void Upload::append(std::span<const std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) refuse(file_, "cannot be written", errno);
    offset_ += static_cast<std::uint64_t>(written);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
}

}  // namespace ezkl::service
