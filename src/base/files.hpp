#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ezkl {

/// Whole content of a file, or of a pipe of at most 2^28 bytes. errors: Fault::io naming the path when it is empty
/// text, a directory, unreadable or longer than `max_bytes`.
std::vector<std::uint8_t> read_file(const std::filesystem::path& path, std::uint64_t max_bytes = 1ull << 36);
std::string read_text(const std::filesystem::path& path, std::uint64_t max_bytes = 1ull << 36);

/// A file mapped read-only. The bytes live as long as the object. errors: Fault::io as for read_file, and for a pipe.
class MappedFile {
 public:
  explicit MappedFile(const std::filesystem::path& path);
  ~MappedFile();
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  std::span<const std::uint8_t> bytes() const { return {data_, size_}; }

 private:
  const std::uint8_t* data_ = nullptr;
  std::size_t size_ = 0;
};

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
class AtomicWriter {
 public:
  explicit AtomicWriter(const std::filesystem::path& path, Access access = Access::everybody);
  ~AtomicWriter();
  AtomicWriter(const AtomicWriter&) = delete;
  AtomicWriter& operator=(const AtomicWriter&) = delete;
  void write(std::span<const std::uint8_t> bytes);
  void commit();

 private:
  void flush();
  void sync_folder() const;

  std::filesystem::path path_, target_;
  std::string temporary_;  ///< empty when the target is written to directly
  int descriptor_ = -1;
  std::vector<std::uint8_t> buffer_;
};

void write_file_atomically(const std::filesystem::path& path, std::span<const std::uint8_t> bytes,
                           Access access = Access::everybody);
void write_file_atomically(const std::filesystem::path& path, std::string_view text, Access access = Access::everybody);

}  // namespace ezkl
