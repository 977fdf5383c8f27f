#include "base/progress.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace ezkl {

Progress::Progress(std::string what, std::size_t total)
    : what_(std::move(what)), total_(std::max<std::size_t>(total, 1)), terminal_(isatty(STDERR_FILENO) != 0) {
  if (terminal_) draw();
}

Progress::~Progress() {
  if (terminal_) std::fputs("\r\033[K", stderr);
}

void Progress::step(std::size_t n) {
  if (!terminal_) return;
  const std::lock_guard lock(mutex_);
  done_ = std::min(total_, done_ + n);
  draw();
}

void Progress::draw() {
  const int percent = int(double(done_) * 100.0 / double(total_));
  if (percent == shown_percent_) return;
  shown_percent_ = percent;
  constexpr int width = 40;
  const int filled = percent * width / 100;
  std::string line = "\r" + what_ + " [" + std::string(std::size_t(filled), '#') +
                     std::string(std::size_t(width - filled), '.') + "] " + std::to_string(percent) + "%";
  std::fputs(line.c_str(), stderr);
  std::fflush(stderr);
}

}  // namespace ezkl
