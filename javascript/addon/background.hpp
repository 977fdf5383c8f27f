#pragma once

#include <functional>
#include <memory>

#include "session.hpp"

namespace ezkl_node {

/// What a call on another thread tells the event loop's. `log` and `progress` may be undefined.
struct Listeners {
  napi_value end;       ///< (details or null, result, outputs)
  napi_value log;       ///< (level, module, text)
  napi_value progress;  ///< (phase, done, total, part)
};

/// Begins a call on a thread of its own, and gives a number for `cancel`. Threads of libuv's pool are left to files and
/// name look-ups, which a proof would keep waiting. Listeners are called on the event loop's thread, `end` last and
/// once. errors: NodeError, std::system_error when there is no thread.
double begin(napi_env env, Request request, int log_level, const Listeners& listeners);

/// Ends the call of that number with EZKL_CANCELLED; nothing for one that is over.
void cancel(double number);

}  // namespace ezkl_node
