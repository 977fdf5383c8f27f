// What other programs use of the program: signals, errors and progress in a form for machines.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <string>
#include <thread>

#include "program.hpp"

namespace {

TEST(Signals, EndTheCommandInGoodOrder) {
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    const Scratch here;
    here.write("kzg.srs", "old");
    const Outcome o = here.run({"gen-srs", "--srs-path", "kzg.srs", "--logrows", "19"}, {}, [&](pid_t process) {
      std::this_thread::sleep_for(std::chrono::milliseconds(500));
      ::kill(process, number);
    });
    EXPECT_EQ(o.code, 128 + number) << o.err;
    EXPECT_TRUE(contains(o.err, "stopped before the end; no file is half-written")) << o.err;
    EXPECT_EQ(here.read("kzg.srs"), "old");
    EXPECT_FALSE(contains(o.err, "succeeded"));
    for (const auto& file : std::filesystem::directory_iterator(here.path())) {
      EXPECT_FALSE(file.path().filename().string().starts_with("kzg.srs.")) << file.path();
    }
  }
}

TEST(Signals, EndACommandThatWaitsForAPipe) {
  const std::vector<std::string> command{"print-proof-hex", "--proof-path", "pipe"};
  for (const bool with_writer : {false, true}) {
    const Scratch here;
    ASSERT_EQ(::mkfifo((here / "pipe").c_str(), 0600), 0);
    const auto start = std::chrono::steady_clock::now();
    const Outcome o = here.run(command, {}, [&](pid_t process) {
      const int writer = with_writer ? ::open((here / "pipe").c_str(), O_WRONLY) : -1;
      std::this_thread::sleep_for(std::chrono::milliseconds(300));
      ::kill(process, SIGTERM);
      std::this_thread::sleep_for(std::chrono::milliseconds(300));
      if (with_writer) ::close(writer);
    });
    EXPECT_EQ(o.code, 128 + SIGTERM) << o.err;
    EXPECT_TRUE(contains(o.err, "stopped before the end")) << o.err;
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
  }
}

TEST(ProgressLine, IsShownOnATerminalOnlyAndTakenAway) {
  const Scratch here;
  const std::vector<std::string> command{"gen-srs", "--srs-path", "kzg.srs", "--logrows", "17", "-q"};
  const std::string shown = here.run_on_terminal(command);
  EXPECT_TRUE(contains(shown, "multiples of a point [#")) << shown;
  const std::size_t last = shown.rfind("%");
  EXPECT_NE(shown.find("\r\033[K", last), std::string::npos) << shown;
  EXPECT_EQ(here.read(".out"), "");
  const Outcome o = here.run(command);
  EXPECT_FALSE(contains(o.err, "multiples") || contains(o.err, "\r")) << o.err;
}

TEST(MachineForms, ErrorsAreOneObject) {
  const Scratch here;
  Outcome o = here.run({"verify", "--json-errors"});
  EXPECT_EQ(o.code, 1);
  EXPECT_TRUE(o.err.starts_with(R"({"fault":"io","code":3,"frames":["verify",)")) << o.err;
  EXPECT_EQ(o.err.find('\n'), o.err.size() - 1);
  o = here.run({"--json-errors", "setup", "--no-such-option"});
  EXPECT_EQ(o.code, 2);
  EXPECT_TRUE(o.err.starts_with(R"({"fault":"usage","code":2,"frames":["setup"])")) << o.err;
  o = here.run({"get-srs", "--logrows", "5", "--mirror", "file:///none", "--json-errors"});
  EXPECT_TRUE(contains(o.err, R"("hints":[{"parameter":"mirror","advice":")")) << o.err;
  here.write("kzg.srs", "x");
  o = here.run({"gen-srs", "--srs-path", "/dev/full", "--logrows", "4", "--json-errors"});
  EXPECT_TRUE(o.err.starts_with(R"({"fault":"disk_full","code":9,)")) << o.err;
}

TEST(MachineForms, HintsAreSpelledAsOptionsAndVariables) {
  const Scratch here;
  Outcome o = here.run({"get-srs", "--logrows", "5", "--mirror", "file:///none"});
  EXPECT_TRUE(contains(o.err, "name another place with --mirror")) << o.err;
  o = here.run({"verify"}, {"EZKL_CPU=pdp11"});
  EXPECT_EQ(o.code, 2);
  EXPECT_TRUE(contains(o.err, "EZKL_CPU can be portable")) << o.err;
}

TEST(MachineForms, ProgressGoesToADescriptor) {
  const Scratch here;
  const Outcome o = here.run({"gen-srs", "--srs-path", "kzg.srs", "--logrows", "10", "--report", "2", "-q"});
  EXPECT_EQ(o.code, 0) << o.err;
  EXPECT_TRUE(contains(o.err, R"({"phase":"multiples of a point","done":1,"total":1,)")) << o.err;
  EXPECT_EQ(here.run({"gen-srs", "--srs-path", "kzg.srs", "--logrows", "4", "--report", "77"}).code, 2);
  EXPECT_EQ(here.run({"gen-srs", "--srs-path", "kzg.srs", "--logrows", "4", "--report", "x"}).code, 2);
}

}  // namespace
