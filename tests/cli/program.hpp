#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "../temp_folder.hpp"

inline bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// What a run of the program gave.
struct Outcome {
  int code = -1;
  std::string out, err;
};

/// A folder of its own for one test, removed at the end.
class Scratch : public ezkl::testing::TempFolder {
 public:
  /// Runs the program here. `environment` holds assignments like "EZKL_CPU=portable".
  Outcome run(const std::vector<std::string>& arguments, const std::vector<std::string>& environment = {}) const;
  std::string read(const std::string& name) const;
  void write(const std::string& name, const std::string& content) const;
  bool has(const std::string& name) const { return std::filesystem::exists(path() / name); }
};
