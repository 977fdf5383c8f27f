#include "steps.hpp"

#include <algorithm>
#include <sstream>

#include "artifact/sha256_text.hpp"
#include "base/files.hpp"
#include "base/log.hpp"

namespace ezkl::cli {
namespace {

std::string heading() { return "ezkl run " + own_version(); }

/// Of names and contents; length before each text, so that none can stand for two.
std::string digest_of(const std::string& arguments, const std::vector<Path>& files) {
  std::string text = std::to_string(arguments.size()) + ":" + arguments;
  for (const Path& file : files) {
    const std::string name = file.string();
    text += "\n" + std::to_string(name.size()) + ":" + name + " " + sha256_of_file(file);
  }
  return sha256_text(text);
}

bool all_there(const std::vector<Path>& files) {
  return std::all_of(files.begin(), files.end(), [](const Path& file) {
    std::error_code failed;
    return std::filesystem::is_regular_file(file, failed);
  });
}

}  // namespace

Steps::Steps(Path record) : record_(std::move(record)) {
  std::error_code failed;
  if (!std::filesystem::is_regular_file(record_, failed)) return;
  std::istringstream lines(read_text(record_, 1 << 16));
  std::string line;
  if (!std::getline(lines, line) || line != heading()) return;
  for (std::string name, digest; lines >> name >> digest;) digests_[name] = digest;
}

void Steps::save() const {
  std::string text = heading() + "\n";
  for (const auto& [name, digest] : digests_) text += name + " " + digest + "\n";
  write_file_atomically(record_, text);
}

void Steps::run(const std::string& name, const std::string& arguments, const std::vector<Path>& reads,
                const std::vector<Path>& writes, const std::function<void()>& work) {
  std::vector<Path> files = reads;
  files.insert(files.end(), writes.begin(), writes.end());
  const auto known = digests_.find(name);
  if (known != digests_.end() && all_there(files) && known->second == digest_of(arguments, files)) {
    log_info(name + ": up to date");
    return;
  }
  log_info(name);
  ++run_;
  in_context(name, work);
  digests_[name] = digest_of(arguments, files);
  save();
}

}  // namespace ezkl::cli
