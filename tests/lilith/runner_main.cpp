// A runner for tests: PROGRAM BLOBS WAKE DIE_BEHIND ONCE FOLDER.
#include <cstdlib>

#include "runner/run_attempt.hpp"
#include "store/durable.hpp"

int main(int argc, char** argv) {
  if (argc != 7) return 2;
  ezkl::service::die_behind_write(std::strtoull(argv[4], nullptr, 10), argv[5]);
  ezkl::service::run_attempt(argv[6], {argv[1], argv[2], "", argv[3]});
}
