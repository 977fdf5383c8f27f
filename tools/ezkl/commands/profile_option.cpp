#include "commands/profile_option.hpp"

#include <cstdio>
#include <string_view>

#include "artifact/trace_file.hpp"
#include "base/files.hpp"
#include "base/log.hpp"
#include "base/profile.hpp"

namespace ezkl::cli {

void declare_profile(Options& o, ProfileOption& option) {
  o.value_or("--profile", option.trace, "profile.json",
             "print where time and memory went, and write a Chrome trace for ui.perfetto.dev or chrome://tracing "
             "[PATH left out: profile.json]");
}

void run_profiled(const ProfileOption& option, const char* command, const std::function<void()>& work) {
  if (!option.trace) return work();
  Profile profile(command);
  work();
  const std::vector<PhaseRecord> records = profile.finish();
  std::fputs(phase_table(records).c_str(), stderr);
  write_file_atomically(*option.trace, std::string_view(trace_text(records)));
  log_info("trace written to " + option.trace->string());
}

}  // namespace ezkl::cli
