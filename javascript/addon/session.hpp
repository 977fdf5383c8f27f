#pragma once

#include <ezkl/ezkl.h>

#include <string>
#include <vector>

#include "values.hpp"

namespace ezkl_node {

/// What is asked of the library.
struct Request {
  std::string command, arguments;
  std::vector<Bytes> memory;  ///< what {"memory": i} stands for
  std::uint32_t outputs = 0;  ///< how many {"output": i} there are
  Options options;            ///< of the session
};

/// What it gave: `details` of an error as JSON, or `result` and the outputs.
struct Answer {
  bool failed = false;
  std::string details;
  std::string result;
  std::vector<Bytes> outputs;
};

/// A session of the library, for one call.
class Session {
 public:
  /// errors: std::bad_alloc
  Session();
  ~Session() { ezkl_session_free(session_); }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void listen(ezkl_progress_fn progress, ezkl_log_fn log, int level, void* user);
  Answer run(const Request& request);
  /// From any thread.
  void cancel() { ezkl_cancel(session_); }

 private:
  Answer failure(int code) const;

  ezkl_session* session_;
};

}  // namespace ezkl_node
