// The main function of the test programs: the tests of a program run in one session, as the environment describes it.
#include <gtest/gtest.h>

#include <cstdio>

#include "environment.hpp"
#include "ezkl/session.hpp"

int main(int argc, char** argv) {
  try {
    ezkl::SessionOptions options = ezkl::options_from_environment();
    options.log = [](const ezkl::LogRecord& record) {
      const std::string text = record.message([](std::string_view parameter) { return std::string(parameter); });
      std::fprintf(stderr, "[%c] %s\n", "EW*DT"[int(record.level)], text.c_str());
    };
    ezkl::Session session(options);  // before anything asks which kernels there are
    ::testing::InitGoogleTest(&argc, argv);
    return session.run([] { return RUN_ALL_TESTS(); });
  } catch (const ezkl::Error& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 2;
  }
}
