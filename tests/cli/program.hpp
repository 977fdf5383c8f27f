#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "../temp_folder.hpp"

inline bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// A page of verify's with every entry on one line.
inline std::string unwrapped(std::string page) {
  const std::string next = "\n            ";
  for (std::size_t at; (at = page.find(next)) != std::string::npos;) page.replace(at, next.size(), " ");
  return page;
}

/// What a run of the program gave.
struct Outcome {
  int code = -1;
  std::string out, err;
};

/// A folder of its own for one test, removed at the end.
class Scratch : public ezkl::testing::TempFolder {
 public:
  /// Runs the program here. `environment` holds assignments like "EZKL_CPU=portable"; `meanwhile` gets the process.
  Outcome run(const std::vector<std::string>& arguments, const std::vector<std::string>& environment = {},
              const std::function<void(pid_t)>& meanwhile = {}) const;
  /// What the program writes on standard error where that is a terminal; the rest of it is as run's.
  std::string run_on_terminal(const std::vector<std::string>& arguments) const;
  std::string read(const std::string& name) const;
  void write(const std::string& name, const std::string& content) const;
  bool has(const std::string& name) const { return std::filesystem::exists(path() / name); }

 private:
  /// Begins the program with standard output in .out; closes `errors`, its standard error.
  pid_t start(const std::vector<std::string>& arguments, const std::vector<std::string>& environment, int errors) const;
};
