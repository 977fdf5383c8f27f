#include "version_text.hpp"

#include "base/cpu.hpp"
#include "base/parallel.hpp"
#include "ezkl/ezkl.hpp"

namespace ezkl::cli {

std::string version_text() {
  return "ezkl-cpp " + own_version() + " (compatible with " + version() + ")\nkernels: " + std::string(cpu_level()) +
         "\nthreads: " + std::to_string(thread_count()) + "\n";
}

}  // namespace ezkl::cli
