#include "commands/verdict.hpp"

#include <cstdio>

namespace ezkl::cli {

void print_verdict(const VerifyReport& report, bool json) {
  if (json) {
    std::printf("%s\n", report_json(report).c_str());
  } else {
    if (report.accepted) std::printf("%s", report_page(report).c_str());
    if (report.digest) std::printf("digest: %s\n", report.digest->c_str());
    std::printf("verified: %s\n", report.accepted ? "true" : "false");
  }
  if (!report.accepted) throw Error(Fault::unsatisfied, report.proof + ": " + report.reason);
}

}  // namespace ezkl::cli
