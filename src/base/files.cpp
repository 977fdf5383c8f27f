#include "base/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <utility>

#include "base/session_state.hpp"
#include "ezkl/error.hpp"

namespace ezkl {
namespace {

constexpr std::size_t buffer_bytes = 1 << 20;
constexpr std::uint64_t longest_stream = std::uint64_t{1}
                                         << 28;  // what has no size, such as /dev/zero, may have no end

Error io_error(const std::filesystem::path& path, const std::string& what, int number = 0) {
  const bool full = number == ENOSPC || number == EDQUOT;
  const std::string reason = number != 0 ? std::string(": ") + std::strerror(number) : "";
  return Error(full ? Fault::disk_full : Fault::io, what + reason).within(path.string());
}

/// What the process takes from the mode of new files. Asking by umask() would set it for a moment, for all threads.
mode_t file_mask() {
  constexpr std::string_view key = "Umask:";
  char text[1024];
  const int status = ::open("/proc/self/status", O_RDONLY | O_CLOEXEC);
  const ssize_t count = status < 0 ? -1 : ::read(status, text, sizeof text - 1);
  if (status >= 0) ::close(status);
  if (count > 0) {
    text[count] = 0;
    if (const char* const found = std::strstr(text, key.data())) {
      return static_cast<mode_t>(std::strtoul(found + key.size(), nullptr, 8));
    }
  }
  const mode_t mask = ::umask(0);
  ::umask(mask);
  return mask;
}

/// An open file that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return number_; }
  int release() { return std::exchange(number_, -1); }

 private:
  int number_;
};

struct Opened {
  int descriptor;
  std::uint64_t size;
  bool regular;
  std::int64_t changed;
};

Error changed_meanwhile(const std::filesystem::path& path) {
  return io_error(path, "changed while it was read: something else writes to this file");
}

std::int64_t change_time(const struct stat& info) {
  constexpr std::int64_t nanoseconds = 1'000'000'000;
  return std::int64_t{info.st_ctim.tv_sec} * nanoseconds + info.st_ctim.tv_nsec;
}

/// A file may be long and take no room: what was never written to it reads as zeros. Nothing that is read here is of
/// that kind, and it would take its length of memory. Backups leave out zeros too, so few holes are nobody's fault.
/// Leaves the file at its beginning. errors: Fault::io for a long file of which less than a sixteenth is stored.
void refuse_holes(int descriptor, std::uint64_t size, const std::filesystem::path& path) {
  constexpr std::uint64_t harmless = std::uint64_t{1} << 26;
  constexpr std::uint64_t sparse = 16;
  if (size <= harmless) return;
  const auto rewind = [&] {
    if (::lseek(descriptor, 0, SEEK_SET) < 0) throw io_error(path, "cannot be read", errno);
  };
  constexpr int most_pieces = 1 << 16;  // of a file that is worth reading
  std::uint64_t stored = 0;
  int pieces = 0;
  for (off_t at = 0; stored < size / sparse; ++pieces) {
    const off_t begin = ::lseek(descriptor, at, SEEK_DATA);
    if (begin < 0 && errno != ENXIO) return rewind();  // this file system does not tell
    const off_t end = begin < 0 ? begin : ::lseek(descriptor, begin, SEEK_HOLE);
    if (end <= begin || pieces == most_pieces) {
      throw io_error(path, "is " + std::to_string(size) + " bytes long, and only " + std::to_string(stored) +
                               " of them were ever written: a file of holes");
    }
    stored += std::uint64_t(end - begin);
    at = end;
  }
  rewind();
}

/// `flags`: O_NONBLOCK for who wants no pipe, whose opening waits for a writer.
Opened open_for_reading(const std::filesystem::path& path, int flags = 0) {
  if (path.empty()) throw Error(Fault::io, "a file name is empty");
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | flags));
  if (file.get() < 0) throw io_error(path, "cannot be opened", errno);
  struct stat info {};
  if (::fstat(file.get(), &info) != 0) throw io_error(path, "cannot be read", errno);
  if (S_ISDIR(info.st_mode)) throw io_error(path, "is a directory, a file is needed");
  return {file.release(), std::uint64_t(info.st_size), S_ISREG(info.st_mode), change_time(info)};
}

template <class Container>
Container read_whole(const std::filesystem::path& path, std::uint64_t max_bytes) {
  const Opened file = open_for_reading(path);
  const Descriptor closer(file.descriptor);
  if (!file.regular) max_bytes = std::min(max_bytes, longest_stream);
  const auto too_long = [&] { return io_error(path, "is longer than " + std::to_string(max_bytes) + " bytes"); };
  if (file.regular && file.size > max_bytes) throw too_long();
  if (file.regular) refuse_holes(file.descriptor, file.size, path);
  Container out;
  out.resize(file.regular ? file.size : 0);
  std::size_t filled = 0;
  for (;;) {
    // One byte more than expected is asked for, to notice a file that grew or a pipe.
    if (filled == out.size()) out.resize(filled + (filled == file.size && file.regular ? 1 : buffer_bytes));
    const ssize_t got = ::read(file.descriptor, out.data() + filled, out.size() - filled);
    if (got < 0 && errno == EINTR) {
      check_stop();  // whoever waits for a pipe may wait for ever
      continue;
    }
    if (got < 0) throw io_error(path, "cannot be read", errno);
    if (got == 0) break;
    filled += std::size_t(got);
    if (filled > max_bytes) throw too_long();
  }
  if (file.regular && filled < file.size) throw changed_meanwhile(path);
  out.resize(filled);
  return out;
}

}  // namespace

std::vector<std::uint8_t> read_file(const std::filesystem::path& path, std::uint64_t max_bytes) {
  return read_whole<std::vector<std::uint8_t>>(path, max_bytes);
}

std::string read_text(const std::filesystem::path& path, std::uint64_t max_bytes) {
  return read_whole<std::string>(path, max_bytes);
}

InputFile::InputFile(const std::filesystem::path& path) : path_(path) {
  const Opened file = open_for_reading(path, O_NONBLOCK);
  Descriptor closer(file.descriptor);
  if (!file.regular) throw io_error(path, "is not a regular file");
  refuse_holes(file.descriptor, file.size, path);
  descriptor_ = closer.release();
  size_ = file.size;
  changed_ = file.changed;
}

InputFile::~InputFile() { ::close(descriptor_); }

void InputFile::read(std::uint64_t offset, std::span<std::uint8_t> into) const {
  while (!into.empty()) {
    const ssize_t got = ::pread(descriptor_, into.data(), into.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw io_error(path_, "cannot be read", errno);
    if (got == 0) throw changed_meanwhile(path_);
    offset += std::uint64_t(got);
    into = into.subspan(std::size_t(got));
  }
}

std::vector<std::uint8_t> InputFile::read(std::uint64_t offset, std::uint64_t count) const {
  std::vector<std::uint8_t> out(count);
  read(offset, out);
  return out;
}

void InputFile::read_pieces(const std::function<void(std::span<const std::uint8_t>)>& sink) const {
  std::vector<std::uint8_t> piece(std::min<std::uint64_t>(size_, buffer_bytes));
  for (std::uint64_t at = 0; at < size_; at += piece.size()) {
    check_stop();
    piece.resize(std::min<std::uint64_t>(size_ - at, buffer_bytes));
    read(at, piece);
    sink(piece);
  }
}

void InputFile::check_unchanged() const {
  struct stat info {};
  if (::fstat(descriptor_, &info) != 0) throw io_error(path_, "cannot be read", errno);
  if (std::uint64_t(info.st_size) != size_ || change_time(info) != changed_) throw changed_meanwhile(path_);
}

std::vector<std::uint8_t> read_regular_file(const std::filesystem::path& path) {
  const InputFile file(path);
  return file.read(0, file.size());
}

std::filesystem::path behind_links(const std::filesystem::path& path) {
  std::filesystem::path target = path;
  std::error_code ignored;
  for (int hops = 0; hops < 40 && std::filesystem::is_symlink(target, ignored); ++hops) {
    target = target.parent_path() / std::filesystem::read_symlink(target, ignored);
  }
  return target;
}

AtomicWriter::AtomicWriter(const std::filesystem::path& path, Access access) : path_(path), target_(path) {
  if (path.empty()) throw Error(Fault::io, "the name of an output file is empty");
  std::error_code ignored;
  const auto status = std::filesystem::status(path, ignored);
  if (std::filesystem::is_directory(status)) throw io_error(path, "is a directory, a file is to be written");
  buffer_.reserve(buffer_bytes);
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status)) {
    // A pipe or a device such as /dev/null must be written to, not replaced.
    direct_ = true;
    descriptor_ = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
    if (descriptor_ < 0) throw io_error(path, "cannot be written", errno);
    return;
  }
  target_ = behind_links(path);  // the link stays, what it points to is replaced
  temporary_ = target_.string() + ".XXXXXX";
  descriptor_ = ::mkostemp(temporary_.data(), O_CLOEXEC);
  if (descriptor_ < 0) {
    const int number = errno;
    temporary_.clear();
    throw io_error(path, "cannot be written", number);
  }
  // mkostemp gives the file to its owner alone, which is what a private one needs from its first byte on.
  struct stat old {};
  const bool replaces = ::stat(target_.c_str(), &old) == 0;
  if (!replaces && access == Access::owner) return;
  const mode_t mode = replaces ? old.st_mode & 0777 : 0666 & ~file_mask();
  if (::fchmod(descriptor_, mode) != 0) {
    const int number = errno;
    ::close(descriptor_);
    ::unlink(temporary_.c_str());
    throw io_error(path, "cannot be given its mode", number);
  }
}

AtomicWriter::~AtomicWriter() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void AtomicWriter::write(std::span<const std::uint8_t> bytes) {
  check_stop();
  while (!bytes.empty()) {
    const std::size_t part = std::min(bytes.size(), buffer_bytes - buffer_.size());
    buffer_.insert(buffer_.end(), bytes.begin(), bytes.begin() + std::ptrdiff_t(part));
    bytes = bytes.subspan(part);
    if (buffer_.size() == buffer_bytes) flush();
  }
}

void AtomicWriter::flush() {
  std::size_t done = 0;
  while (done < buffer_.size()) {
    const ssize_t written = ::write(descriptor_, buffer_.data() + done, buffer_.size() - done);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw io_error(path_, "cannot be written", errno);
    done += std::size_t(written);
  }
  buffer_.clear();
}

void AtomicWriter::finish() {
  if (descriptor_ < 0) return;
  flush();
  if (!temporary_.empty() && ::fsync(descriptor_) != 0) throw io_error(path_, "cannot be written", errno);
  const int descriptor = std::exchange(descriptor_, -1);
  if (::close(descriptor) != 0) throw io_error(path_, "cannot be written", errno);
}

void AtomicWriter::rename() {
  if (temporary_.empty()) return;
  if (std::rename(temporary_.c_str(), target_.c_str()) != 0) throw io_error(path_, "cannot be replaced", errno);
  temporary_.clear();
}

void AtomicWriter::commit() { commit_all({this}); }

void commit_all(std::initializer_list<AtomicWriter*> writers) {
  const auto each = [&](void (*step)(AtomicWriter&)) {
    for (AtomicWriter* const writer : writers) {
      if (writer != nullptr) step(*writer);
    }
  };
  each([](AtomicWriter& w) { w.finish(); });
  each([](AtomicWriter& w) { w.rename(); });
  each([](AtomicWriter& w) { w.sync_folder(); });
}

void AtomicWriter::sync_folder() const {
  if (direct_) return;
  const std::filesystem::path parent = target_.parent_path();
  const Descriptor folder(::open(parent.empty() ? "." : parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.get() < 0) return;  // a folder that may be written to but not read
  // Some file systems cannot sync a folder, and say so with EINVAL.
  if (::fsync(folder.get()) != 0 && errno != EINVAL) throw io_error(path_, "may not outlast a power cut", errno);
}

void write_file_atomically(const std::filesystem::path& path, std::span<const std::uint8_t> bytes, Access access) {
  AtomicWriter writer(path, access);
  writer.write(bytes);
  writer.commit();
}

void write_file_atomically(const std::filesystem::path& path, std::string_view text, Access access) {
  write_file_atomically(path, std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()), access);
}

}  // namespace ezkl
