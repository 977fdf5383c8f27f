#include "steps.hpp"

#include <algorithm>
#include <sstream>

#include "artifact/sha256_text.hpp"
#include "base/files.hpp"
#include "base/hex.hpp"
#include "base/log.hpp"
#include "base/random.hpp"
#include "transcript/sha256.hpp"

namespace ezkl::cli {
namespace {

std::string heading() { return "ezkl run " + own_version(); }

constexpr std::size_t secret_size = 32;

/// The secret in a file, made by the first who asks; nothing where it can be neither read nor written.
std::vector<std::uint8_t> secret_in(const Path& file) try {
  std::error_code failed;
  if (std::filesystem::exists(file, failed)) {
    std::vector<std::uint8_t> kept = read_regular_file(file);
    if (kept.size() == secret_size) return kept;
  }
  std::vector<std::uint8_t> made(secret_size);
  Random::from_os().fill(made);
  std::filesystem::create_directories(file.parent_path(), failed);
  write_file_atomically(file, made, Access::owner);
  return made;
} catch (const Error& e) {
  log_info("every step is done: there is no secret to know an earlier run's record by (" + std::string(e.what()) + ")");
  return {};
}

bool all_there(const std::vector<Path>& files) {
  return std::all_of(files.begin(), files.end(), [](const Path& file) {
    std::error_code failed;
    return std::filesystem::is_regular_file(file, failed);
  });
}

}  // namespace

Steps::Steps(Path record, const std::optional<Path>& secret) : record_(std::move(record)) {
  if (secret) secret_ = secret_in(*secret);
  std::error_code failed;
  if (secret_.empty() || !std::filesystem::is_regular_file(record_, failed)) return;
  std::istringstream lines(read_text(record_, 1 << 16));
  std::string line;
  if (!std::getline(lines, line) || line != heading()) return;
  for (std::string name, digest; lines >> name >> digest;) digests_[name] = digest;
}

// Length before each text, so that none can stand for two.
std::string Steps::digest_of(const std::string& name, const std::string& arguments,
                             const std::vector<Path>& files) const {
  std::string text = heading() + "\n" + name + "\n" + std::to_string(arguments.size()) + ":" + arguments;
  for (const Path& file : files) {
    const std::string path = file.string();
    text += "\n" + std::to_string(path.size()) + ":" + path + " " + sha256_of_file(file);
  }
  const std::vector<std::uint8_t> bytes(text.begin(), text.end());
  return hex_text(hmac_sha256(secret_, bytes));
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
  if (known != digests_.end() && all_there(files) && known->second == digest_of(name, arguments, files)) {
    log_info(name + ": up to date");
    return;
  }
  log_info(name);
  ++run_;
  in_context(name, work);
  if (secret_.empty()) return;
  digests_[name] = digest_of(name, arguments, files);
  save();
}

}  // namespace ezkl::cli
