#include "fuzz.hpp"

#include <unistd.h>
#include <xxhash.h>

#include <algorithm>
#include <fstream>

namespace ezkl::fuzz {
namespace {

/// A folder of the process, gone with it.
struct Folder {
  Folder() {
    const std::filesystem::path memory = "/dev/shm";
    std::error_code none;
    const bool has_memory = std::filesystem::is_directory(memory, none);
    path = (has_memory ? memory : std::filesystem::temp_directory_path()) / ("ezkl_fuzz_" + std::to_string(::getpid()));
    std::filesystem::create_directories(path);
  }
  ~Folder() {
    std::error_code none;
    std::filesystem::remove_all(path, none);
  }
  std::filesystem::path path;
};

}  // namespace

std::filesystem::path as_file(std::span<const std::uint8_t> bytes) {
  static const Folder folder;
  const std::filesystem::path path = folder.path / "input";
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  return path;
}

std::vector<std::uint8_t> resealed(std::span<const std::uint8_t> bytes) {
  std::vector<std::uint8_t> out(bytes.begin(), bytes.end());
  const std::size_t header = std::size_t(std::find(out.begin(), out.end(), '\n') - out.begin()) + 1;
  if (out.size() < header + 16) return out;
  const std::uint64_t length = out.size() - header - 16, sum = XXH3_64bits(out.data() + header + 16, length);
  for (unsigned i = 0; i < 8; ++i) {
    out[header + i] = static_cast<std::uint8_t>(length >> 8 * i);
    out[header + 8 + i] = static_cast<std::uint8_t>(sum >> 8 * i);
  }
  return out;
}

}  // namespace ezkl::fuzz
