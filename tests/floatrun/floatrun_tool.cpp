// Runs the model of each folder (model.onnx, test_data_set_0) and prints one line a folder:
// "<name>\t<pass|fail|unsupported|error>\t<why>".
//
//     floatrun_tool [--tolerance X] FOLDER…
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "case_file.hpp"
#include "ezkl/error.hpp"

namespace {

void judge(const std::filesystem::path& folder, double tolerance) {
  std::string verdict = "pass", why;
  const auto start = std::chrono::steady_clock::now();
  try {
    const auto test = ezkl::testing::read_case_folder(folder);
    const auto got = ezkl::floatrun::run(test.model, test.inputs);
    for (std::size_t i = 0; i < test.expected.size() && verdict == "pass"; ++i) {
      why = ezkl::testing::difference(*got.at(i), test.expected[i], tolerance);
      if (why.empty()) continue;
      verdict = "fail";
      why = "output " + std::to_string(i) + ": " + why;
    }
  } catch (const ezkl::Error& e) {
    verdict = e.fault() == ezkl::Fault::unsupported ? "unsupported" : "error";
    why = e.what();
  } catch (const std::exception& e) {
    verdict = "crash";
    why = e.what();
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  for (char& ch : why) ch = ch == '\n' || ch == '\t' ? ' ' : ch;
  std::printf("%s\t%s\t%.3f\t%s\n", folder.filename().c_str(), verdict.c_str(), took.count(), why.c_str());
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  double tolerance = 1e-4;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument == "--tolerance" && i + 1 < argc) {
      tolerance = std::atof(argv[++i]);
    } else {
      judge(argument, tolerance);
    }
  }
}
