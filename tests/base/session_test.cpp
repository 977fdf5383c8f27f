#include "ezkl/session.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstring>
#include <mutex>
#include <new>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/border.hpp"
#include "base/files.hpp"
#include "base/log.hpp"
#include "base/parallel.hpp"
#include "base/profile.hpp"
#include "base/progress.hpp"
#include "base/session_state.hpp"

namespace ezkl {
namespace {

using namespace std::chrono_literals;

std::string plain(std::string_view parameter) { return std::string(parameter); }

/// A log that is kept.
struct Kept {
  std::mutex mutex;
  std::vector<std::string> lines;

  SessionOptions options(LogLevel level = LogLevel::info) {
    SessionOptions out;
    out.log_level = level;
    out.log = [this](const LogRecord& record) {
      const std::lock_guard lock(mutex);
      lines.push_back(std::string(record.module) + ": " + record.message(plain));
    };
    return out;
  }
};

/// What work of a session ends with, as it leaves the library.
template <class Work>
Fault fault_of(Session& session, Work&& work) {
  try {
    session.run([&] {
      try {
        work();
      } catch (...) {
        rethrow_as_error();
      }
    });
  } catch (const Error& e) {
    return e.fault();
  }
  ADD_FAILURE() << "nothing was thrown";
  return Fault::internal;
}

TEST(Session, TasksLogToTheSessionOfTheirCaller) {
  Kept a, b;
  Session first(a.options()), second(b.options());
  std::thread other([&] { second.run([] { parallel_tasks(200, [](std::size_t) { log_info("b"); }); }); });
  first.run([] { parallel_tasks(20, [](std::size_t) { parallel_tasks(10, [](std::size_t) { log_info("a"); }); }); });
  other.join();
  EXPECT_EQ(a.lines, std::vector<std::string>(200, "base: a"));
  EXPECT_EQ(b.lines, std::vector<std::string>(200, "base: b"));
}

TEST(Session, WithoutOneNothingIsSaid) {
  std::thread([] {
    EXPECT_EQ(current_session(), nullptr);
    log_error("to nobody");
    check_stop();
    const Progress progress("counted", 3);
    const Phase phase("named");
  }).join();
}

TEST(Session, LevelsAndHints) {
  Kept kept;
  Session session(kept.options(LogLevel::warn));
  session.run([] {
    log_info("too much");
    log_warn("a file is missing", {{"srs_path", "name it with {}"}, {"logrows", "or change {} and {}"}});
  });
  EXPECT_EQ(kept.lines,
            std::vector<std::string>{"base: a file is missing; name it with srs_path or change logrows and {}"});
}

TEST(Session, ScopesNest) {
  Session outer, inner;
  const SessionState* const before = current_session();
  outer.run([&] {
    const SessionState* const of_outer = current_session();
    inner.run([&] { EXPECT_NE(current_session(), of_outer); });
    outer.run([&] { EXPECT_EQ(current_session(), of_outer); });
    EXPECT_EQ(current_session(), of_outer);
  });
  EXPECT_EQ(current_session(), before);
}

TEST(Session, ServesOneThreadAtATime) {
  Session session;
  session.run([&] { std::thread([&] { EXPECT_EQ(fault_of(session, [] {}), Fault::usage); }).join(); });
  std::thread([&] { session.run([] {}); }).join();
}

TEST(Session, HasTheThreadsItAsksFor) {
  for (const int threads : {1, 2, 5}) {
    SessionOptions options;
    options.threads = threads;
    Session session(options);
    session.run([&] {
      EXPECT_EQ(thread_count(), threads);
      std::mutex mutex;
      std::set<std::thread::id> seen;
      std::atomic<int> here{0};
      // Until as many threads as there are to be are in a task at once.
      parallel_tasks(std::size_t(threads), [&](std::size_t) {
        EXPECT_EQ(thread_count(), threads);
        ++here;
        while (here < threads) std::this_thread::yield();
        const std::lock_guard lock(mutex);
        seen.insert(std::this_thread::get_id());
      });
      EXPECT_EQ(seen.size(), std::size_t(threads));
      // And never more.
      std::atomic<int> now{0}, most{0};
      parallel_tasks(50, [&](std::size_t) {
        const int count = ++now;
        for (int known = most; known < count && !most.compare_exchange_weak(known, count);) {
        }
        std::this_thread::sleep_for(100us);
        --now;
      });
      EXPECT_LE(most, threads);
    });
  }
}

TEST(Session, RefusesWhatCannotBe) {
  const auto fault = [](const SessionOptions& options) {
    try {
      Session session(options);
    } catch (const Error& e) {
      return e.fault();
    }
    return Fault::internal;
  };
  SessionOptions options;
  options.threads = -1;
  EXPECT_EQ(fault(options), Fault::usage);
  options.threads = 1025;
  EXPECT_EQ(fault(options), Fault::usage);
  options.threads = 0;
  options.kernels = "sse9";
  EXPECT_EQ(fault(options), Fault::usage);
}

TEST(Stop, EndsParallelWorkAndStaysUntilItIsTakenBack) {
  for (const int threads : {1, 3}) {
    SessionOptions options;
    options.threads = threads;
    Session session(options);
    std::atomic<int> begun{0};
    std::thread stopper([&] {
      while (begun < 10) std::this_thread::yield();
      session.stop();
    });
    const auto endless = [&] {
      parallel_tasks(1'000'000, [&](std::size_t) {
        ++begun;
        std::this_thread::sleep_for(100us);
      });
    };
    EXPECT_EQ(fault_of(session, endless), Fault::cancelled);
    stopper.join();
    EXPECT_LT(begun, 100'000);
    EXPECT_TRUE(session.stopped());
    EXPECT_EQ(fault_of(session, [] { parallel_for(10, 1, [](std::size_t, std::size_t) { FAIL(); }); }),
              Fault::cancelled);
    EXPECT_EQ(fault_of(session, [] { const Phase phase("next"); }), Fault::cancelled);
    session.resume();
    session.run([] { parallel_tasks(10, [](std::size_t) {}); });
  }
}

TEST(Stop, ReachesCallsInsideTasks) {
  Session session;
  EXPECT_EQ(fault_of(session,
                     [&] {
                       parallel_tasks(4, [&](std::size_t) {
                         session.stop();
                         parallel_tasks(4, [](std::size_t) { ADD_FAILURE(); });
                       });
                     }),
            Fault::cancelled);
}

TEST(Stop, OneSessionDoesNotStopAnother) {
  Session first, second;
  first.stop();
  std::atomic<int> done{0};
  second.run([&] { parallel_tasks(100, [&](std::size_t) { ++done; }); });
  EXPECT_EQ(done, 100);
}

TEST(Stop, IsNoErrorOfAPart) {
  // A search that takes errors for "this one does not fit" must not go on.
  Session session;
  bool went_on = false;
  const auto search = [&] {
    try {
      session.stop();
      check_stop();
    } catch (const Error&) {
      went_on = true;
    }
  };
  EXPECT_EQ(fault_of(session, search), Fault::cancelled);
  EXPECT_FALSE(went_on);
}

TEST(Stop, LeavesFilesAsTheyWere) {
  const std::filesystem::path path = std::filesystem::path(::testing::TempDir()) / "ezkl_stopped";
  write_file_atomically(path, std::string_view("old"));
  Session session;
  session.stop();
  EXPECT_EQ(fault_of(session, [&] { write_file_atomically(path, std::string_view("new")); }), Fault::cancelled);
  EXPECT_EQ(read_text(path), "old");
  std::filesystem::remove(path);
}

/// Reports as they came.
struct Reports {
  struct One {
    std::string phase;
    std::uint64_t done, total;
    double part;
  };
  std::vector<One> all;
  std::set<std::thread::id> threads;

  SessionOptions options() {
    SessionOptions out;
    out.threads = 2;
    out.progress = [this](const ProgressReport& r) {
      all.push_back({std::string(r.phase), r.done, r.total, r.part});
      threads.insert(std::this_thread::get_id());
    };
    return out;
  }
};

TEST(ProgressReports, PhasesAndCountsOnTheCallingThread) {
  Reports reports;
  Session session(reports.options());
  session.run([] {
    Phase phase("first");
    phase.next("second");
    Progress progress("counting", 8);
    parallel_tasks(8, [&](std::size_t) {
      std::this_thread::sleep_for(60ms);
      progress.step();
    });
  });
  ASSERT_GE(reports.all.size(), 4u);
  EXPECT_EQ(reports.all[0].phase, "first");
  EXPECT_EQ(reports.all[1].phase, "second");
  EXPECT_EQ(reports.threads, std::set<std::thread::id>{std::this_thread::get_id()});
  std::uint64_t before = 0;
  for (const auto& r : reports.all) {
    if (r.phase != "counting") continue;
    EXPECT_EQ(r.total, 8u);
    EXPECT_GE(r.done, before);
    before = r.done;
  }
  EXPECT_EQ(before, 8u) << "the end is reported";
}

TEST(ProgressReports, PartsFollowThePlan) {
  Reports reports;
  Session session(reports.options());
  session.run([] {
    const PhasePlan plan({{"read", 1}, {"work", 6}, {"write", 3}});
    Phase phase("read");
    phase.next("work");
    { const Phase inner("not in the plan"); }
    phase.next("write");
  });
  std::vector<double> parts;
  for (const auto& r : reports.all) parts.push_back(r.part);
  ASSERT_EQ(parts.size(), 5u);
  EXPECT_DOUBLE_EQ(parts[0], 0);
  EXPECT_DOUBLE_EQ(parts[1], 0.1);
  EXPECT_DOUBLE_EQ(parts[2], 0.1);
  EXPECT_DOUBLE_EQ(parts[3], 0.7);
  EXPECT_DOUBLE_EQ(parts[4], 1);
}

TEST(ProgressReports, MayStopTheSession) {
  SessionOptions options;
  Session* self = nullptr;
  options.progress = [&](const ProgressReport&) { self->stop(); };
  Session session(options);
  self = &session;
  EXPECT_EQ(fault_of(session, [] { const Phase phase("any"); }), Fault::cancelled);
}

TEST(ProgressReports, AThrownExceptionStopsTheSession) {
  SessionOptions options;
  options.progress = [](const ProgressReport&) { throw 1; };
  Session session(options);
  EXPECT_EQ(fault_of(session, [] { const Phase phase("any"); }), Fault::cancelled);
}

TEST(Border, WhatLeavesIsAnError) {
  const auto leaving = [](const auto& thrown) {
    try {
      try {
        throw thrown;
      } catch (...) {
        rethrow_as_error();
      }
    } catch (const Error& e) {
      return e.fault();
    }
    return Fault::usage;  // nothing left
  };
  EXPECT_EQ(leaving(Error(Fault::range, "x")), Fault::range);
  EXPECT_EQ(leaving(Stopped()), Fault::cancelled);
  EXPECT_EQ(leaving(std::bad_alloc()), Fault::out_of_memory);
  EXPECT_EQ(leaving(std::filesystem::filesystem_error("x", "a", std::make_error_code(std::errc::permission_denied))),
            Fault::io);
  EXPECT_EQ(leaving(std::filesystem::filesystem_error("x", "a", std::make_error_code(std::errc::no_space_on_device))),
            Fault::disk_full);
  EXPECT_EQ(leaving(std::runtime_error("x")), Fault::internal);
  EXPECT_EQ(leaving(1), Fault::internal);
}

TEST(Errors, HavePlacesTextAndAdvice) {
  try {
    in_context("prove", [] {
      in_context("a.key", [] { throw Error(Fault::format, "is cut off", {{"pk_path", "name another with {}"}}); });
    });
    FAIL();
  } catch (const Error& e) {
    EXPECT_STREQ(e.what(), "prove: a.key: is cut off; name another with pk_path");
    EXPECT_EQ(e.message([](std::string_view p) { return "<" + std::string(p) + ">"; }),
              "prove: a.key: is cut off; name another with <pk_path>");
    EXPECT_EQ(e.frames(), (std::vector<std::string>{"prove", "a.key"}));
    EXPECT_EQ(e.text(), "is cut off");
    ASSERT_EQ(e.hints().size(), 1u);
    EXPECT_EQ(e.hints()[0].parameter, "pk_path");
    EXPECT_EQ(e.as(Fault::io).fault(), Fault::io);
    EXPECT_STREQ(e.with({"x", "{}"}).what(), "prove: a.key: is cut off; name another with pk_path; x");
    EXPECT_STREQ(name_of(e.fault()), "format");
  }
}

}  // namespace
}  // namespace ezkl
