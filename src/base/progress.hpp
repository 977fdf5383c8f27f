#pragma once

#include <cstddef>
#include <mutex>
#include <string>

namespace ezkl {

/// A progress line on stderr, drawn only when stderr is a terminal. `step` may be called from any thread.
class Progress {
 public:
  Progress(std::string what, std::size_t total);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  void step(std::size_t n = 1);

 private:
  void draw();

  std::string what_;
  std::size_t total_;
  std::size_t done_ = 0;
  int shown_percent_ = -1;
  bool terminal_;
  std::mutex mutex_;
};

}  // namespace ezkl
