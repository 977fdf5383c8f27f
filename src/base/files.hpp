#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ezkl {

/// Whole content of a file, or of a pipe of at most 2^28 bytes. errors: Fault::io naming the path when it is empty
/// text, a directory, unreadable or longer than `max_bytes`.
std::vector<std::uint8_t> read_file(const std::filesystem::path& path, std::uint64_t max_bytes = 1ull << 36);
std::string read_text(const std::filesystem::path& path, std::uint64_t max_bytes = 1ull << 36);

/// The same of a regular file only: of a folder from elsewhere, which may hold a pipe that nobody writes to.
std::vector<std::uint8_t> read_regular_file(const std::filesystem::path& path);

/// A regular file whose bytes are read where they are needed. Not mapped: a file that somebody cuts short meanwhile (cp
/// over it does) would end the process by SIGBUS. errors: Fault::io as for read_file, and for a pipe.
class InputFile {
 public:
  explicit InputFile(const std::filesystem::path& path);
  ~InputFile();
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;
  /// As it was when the file was opened.
  std::uint64_t size() const { return size_; }
  /// The bytes from `offset` on, within size(); from any thread. errors: Fault::io when the file has become shorter.
  void read(std::uint64_t offset, std::span<std::uint8_t> into) const;
  std::vector<std::uint8_t> read(std::uint64_t offset, std::uint64_t count) const;
  /// All bytes in order, a piece at a time.
  void read_pieces(const std::function<void(std::span<const std::uint8_t>)>& sink) const;
  /// errors: Fault::io when the file was written to since it was opened, as the system's clock tells.
  void check_unchanged() const;

 private:
  std::filesystem::path path_;
  int descriptor_;
  std::uint64_t size_;
  std::int64_t changed_;  ///< when that was, in nanoseconds
};

/// The file that is written to under this name: what links lead to, whether it exists or not.
std::filesystem::path behind_links(const std::filesystem::path& path);

/// Who may read a file that is made anew. One that exists keeps its mode.
enum class Access : std::uint8_t {
  everybody,  ///< what the umask leaves of 0644 or so, as open() gives it
  owner,      ///< 0600: the file holds somebody's data, such as a witness
};

/// Writes a file so that its name shows either the old content or the whole new one: bytes go to a temporary file in
/// the same folder, `commit` renames it, and the destructor removes it when there was no commit. The bytes are on the
/// disk before the rename and the name after it, so that a power cut leaves one or the other. Links are followed, and
/// what is no regular file (a pipe, /dev/null) is written to directly. errors: Fault::io or disk_full naming the path,
/// for every step that fails.
///
/// Files that belong together are committed by commit_all, so that a disk that is full for one of them leaves all the
/// old ones.
class AtomicWriter {
 public:
  explicit AtomicWriter(const std::filesystem::path& path, Access access = Access::everybody);
  ~AtomicWriter();
  AtomicWriter(const AtomicWriter&) = delete;
  AtomicWriter& operator=(const AtomicWriter&) = delete;
  void write(std::span<const std::uint8_t> bytes);
  /// Brings the bytes to the disk under the temporary name: what can fail for want of room. Nothing is written after
  /// it.
  void finish();
  /// finish, if that was not done, and the rename.
  void commit();

 private:
  friend void commit_all(std::initializer_list<AtomicWriter*> writers);
  void flush();
  void rename();
  void sync_folder() const;

  std::filesystem::path path_, target_;
  bool direct_ = false;    ///< the target is no regular file and is written to
  std::string temporary_;  ///< empty also when it has its name
  int descriptor_ = -1;
  std::vector<std::uint8_t> buffer_;
};

/// Finishes all of them before it renames the first. Null pointers stand for files that are not written.
void commit_all(std::initializer_list<AtomicWriter*> writers);

void write_file_atomically(const std::filesystem::path& path, std::span<const std::uint8_t> bytes,
                           Access access = Access::everybody);
void write_file_atomically(const std::filesystem::path& path, std::string_view text, Access access = Access::everybody);

}  // namespace ezkl
