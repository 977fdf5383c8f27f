#include "capi/memory_files.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/files.hpp"
#include "ezkl/error.hpp"

namespace ezkl::capi {

MemoryFiles::~MemoryFiles() {
  std::error_code ignored;
  if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
}

std::filesystem::path MemoryFiles::folder() {
  if (!folder_.empty()) return folder_;
  for (const char* const place : {"/dev/shm", "/tmp"}) {
    std::string name = std::string(place) + "/ezkl-XXXXXX";
    if (::mkdtemp(name.data()) != nullptr) return folder_ = name;
  }
  throw Error(Fault::io, std::string("no folder for bytes in memory: ") + std::strerror(errno));
}

std::filesystem::path MemoryFiles::input(std::size_t i) {
  if (i >= in_.size()) {
    throw Error(Fault::usage,
                "there is no input " + std::to_string(i) + ", the call has " + std::to_string(in_.size()));
  }
  if (in_[i].data == nullptr && in_[i].size != 0) {
    throw Error(Fault::usage, "input " + std::to_string(i) + " has a size and no data");
  }
  const std::filesystem::path path = folder() / ("input-" + std::to_string(i));
  if (!std::filesystem::exists(path)) {
    write_file_atomically(path, std::span<const std::uint8_t>(in_[i].data, in_[i].size), Access::owner);
  }
  return path;
}

std::filesystem::path MemoryFiles::output(std::size_t i) {
  if (i >= out_.size()) {
    throw Error(Fault::usage,
                "there is no place for output " + std::to_string(i) + ", the call has " + std::to_string(out_.size()));
  }
  asked_.insert(i);
  return folder() / ("output-" + std::to_string(i));
}

void MemoryFiles::collect() {
  std::map<std::size_t, std::vector<std::uint8_t>> found;
  for (const std::size_t i : asked_) {
    const std::filesystem::path path = folder_ / ("output-" + std::to_string(i));
    if (std::filesystem::exists(path)) found[i] = read_file(path);
  }
  try {
    for (auto& [i, bytes] : found) out_[i] = owned(std::move(bytes));
  } catch (...) {  // a failed call gives nothing
    for (ezkl_bytes& out : out_) ezkl_bytes_free(&out);
    throw;
  }
}

ezkl_bytes owned(std::vector<std::uint8_t> bytes) {
  auto kept = std::make_unique<std::vector<std::uint8_t>>(std::move(bytes));
  return {kept->data(), kept->size(), kept.release()};
}

ezkl_bytes owned(std::string_view text) { return owned(std::vector<std::uint8_t>(text.begin(), text.end())); }

}  // namespace ezkl::capi
