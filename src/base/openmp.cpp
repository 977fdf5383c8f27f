// Parallel calls by OpenMP: one region for an outermost call, tasks of OpenMP that fetch ours, so that calls nest and
// threads with nothing to do, which wait at the region's end, help inside the last ones.
#include <omp.h>

#include <algorithm>
#include <memory>

#include "base/tasks.hpp"

// Of LLVM's runtime, which also runs what gcc compiles: how many milliseconds its threads look for work before they
// sleep. GCC's runtime takes that from GOMP_SPINCOUNT or OMP_WAIT_POLICY alone.
extern "C" __attribute__((weak)) void kmp_set_blocktime(int milliseconds);

namespace ezkl {
namespace {

/// This thread and helpers do the tasks; some may be at the last ones when it comes back. What this thread does is a
/// task of its own, so that calls inside wait for their own helpers and not for these.
void share(const std::shared_ptr<Tasks>& tasks, int threads) {
  const std::shared_ptr<Tasks> shared = tasks;
  const auto helpers = static_cast<int>(std::min<std::size_t>(tasks->size(), static_cast<std::size_t>(threads)) - 1);
  for (int i = 0; i < helpers; ++i) {
#pragma omp task firstprivate(shared)
    {
      const SessionScope scope(shared->session());
      shared->work();
    }
  }
#pragma omp task if (0) firstprivate(shared)
  shared->work();
}

}  // namespace

void run_tasks(const std::shared_ptr<Tasks>& tasks, int threads) {
  if (omp_in_parallel()) {
    share(tasks, threads);
    // Waits for the helpers and takes on nothing but tasks made here.
#pragma omp taskwait
    return;
  }
  if (kmp_set_blocktime != nullptr) kmp_set_blocktime(0);
#pragma omp parallel num_threads(threads)
#pragma omp master
  share(tasks, threads);
}

}  // namespace ezkl
