#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ezkl::lilith {

/// What stands on the command line behind the name of a command: options with values, and words.
class Arguments {
 public:
  /// errors: Fault::usage for an option that is not among `known`, or that has no value.
  Arguments(const std::vector<std::string>& words, const std::vector<std::string>& known);

  /// errors: Fault::usage when it is missing and there is no `otherwise`.
  std::string text(const std::string& option) const;
  std::string text(const std::string& option, const std::string& otherwise) const;
  /// A whole number. errors: Fault::usage.
  std::uint64_t number(const std::string& option, std::uint64_t otherwise) const;
  /// Bytes, with K, M, G or T (powers of 1024) or nothing behind the number. errors: Fault::usage.
  std::uint64_t bytes(const std::string& option, std::uint64_t otherwise) const;
  /// errors: Fault::usage unless there are so many.
  const std::vector<std::string>& words(std::size_t count) const;

 private:
  std::map<std::string, std::string> options_;
  std::vector<std::string> words_;
};

}  // namespace ezkl::lilith
