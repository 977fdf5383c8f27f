#include "base/same_file.hpp"

#include <string>
#include <system_error>

#include "base/files.hpp"
#include "ezkl/error.hpp"

namespace ezkl {
namespace {

/// Where its bytes lie, as far as folders on the way exist.
std::filesystem::path place_of(const std::filesystem::path& path) {
  std::error_code error;
  const std::filesystem::path target = std::filesystem::absolute(behind_links(path), error);
  const std::filesystem::path place = std::filesystem::weakly_canonical(target, error);
  return error ? target.lexically_normal() : place;
}

bool same(const std::filesystem::path& a, const std::filesystem::path& b) {
  std::error_code error;
  const auto is_other = [&](const std::filesystem::path& path) {
    return std::filesystem::exists(path, error) && !std::filesystem::is_regular_file(path, error);
  };
  if (a.empty() || b.empty() || is_other(a) || is_other(b)) return false;
  return place_of(a) == place_of(b) || std::filesystem::equivalent(a, b, error);
}

std::string both(const std::filesystem::path& a, const std::filesystem::path& b) {
  return a == b ? a.string() + ": " : a.string() + " and " + b.string() + " are one file: ";
}

}  // namespace

void refuse_same_file(std::initializer_list<CallFile> outputs, std::initializer_list<CallFile> inputs) {
  for (const CallFile* out = outputs.begin(); out != outputs.end(); ++out) {
    if (out->path == nullptr) continue;
    for (const CallFile* other = outputs.begin(); other != out; ++other) {
      if (other->path == nullptr || !same(*other->path, *out->path)) continue;
      throw Error(Fault::usage, both(*other->path, *out->path) +
                                    "two files are to be written there, of which the second would replace the first");
    }
    for (const CallFile& in : inputs) {
      if (in.path == nullptr || !same(*out->path, *in.path)) continue;
      throw Error(Fault::usage, both(*out->path, *in.path) + "it is read, and what is written would replace it");
    }
  }
}

}  // namespace ezkl
