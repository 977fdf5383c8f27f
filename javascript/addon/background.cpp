#include "background.hpp"

#include <array>
#include <map>
#include <mutex>
#include <thread>
#include <variant>

namespace ezkl_node {
namespace {

struct Log {
  int level;
  std::string module, text;
};

struct Progress {
  std::string phase;
  double done, total, part;
};

struct End {};

using Event = std::variant<Log, Progress, End>;

/// A function of JavaScript that is kept, or none.
class Listener {
 public:
  Listener(napi_env env, napi_value function) : env_(env) {
    if (is_function(env, function)) check(napi_create_reference(env, function, 1, &reference_), "no reference");
  }
  ~Listener() {
    if (reference_ != nullptr) napi_delete_reference(env_, reference_);
  }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  bool is_there() const { return reference_ != nullptr; }

  void call(std::span<const napi_value> arguments) const {
    if (!is_there()) return;
    napi_value function = nullptr, global = nullptr, ignored = nullptr;
    check(napi_get_reference_value(env_, reference_, &function), "no function");
    check(napi_get_global(env_, &global), "no global object");
    napi_call_function(env_, global, function, arguments.size(), arguments.data(), &ignored);
  }

  /// For an environment that is going away, which takes its references along.
  void forget() { reference_ = nullptr; }

 private:
  napi_env env_;
  napi_ref reference_ = nullptr;
};

class Call {
 public:
  Call(napi_env env, Request request, int log_level, const Listeners& listeners)
      : request_(std::move(request)),
        log_level_(log_level),
        end_(env, listeners.end),
        log_(env, listeners.log),
        progress_(env, listeners.progress) {
    check(napi_create_threadsafe_function(env, nullptr, nullptr, of(env, "ezkl"), 0, 1, nullptr, nullptr, this, deliver,
                                          &events_),
          "no thread-safe function");
  }
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  void start() {
    thread_ = std::thread([this] { work(); });
  }
  void cancel() { session_.cancel(); }
  void join() { thread_.join(); }
  void forget_listeners() {
    end_.forget();
    log_.forget();
    progress_.forget();
  }
  /// Of a call whose thread is no more.
  void release_events() { napi_release_threadsafe_function(events_, napi_tsfn_release); }

  double id = 0;

 private:
  void work() noexcept {
    session_.listen(progress_.is_there() ? tell_progress : nullptr, log_.is_there() ? tell_log : nullptr, log_level_,
                    this);
    try {
      answer_ = session_.run(request_);
    } catch (...) {  // copying what it gave
      answer_ = Answer{true, no_memory, "", {}};
    }
    request_ = {};
    tell(End{});
  }

  void tell(Event event) noexcept {
    try {
      auto kept = std::make_unique<Event>(std::move(event));
      if (napi_call_threadsafe_function(events_, kept.get(), napi_tsfn_nonblocking) == napi_ok) kept.release();
    } catch (...) {  // a message for which there is no memory
    }
  }

  static int tell_progress(void* user, const char* phase, std::uint64_t done, std::uint64_t total, double part) {
    static_cast<Call*>(user)->tell(Progress{phase, double(done), double(total), part});
    return 0;
  }

  static void tell_log(void* user, int level, const char* module, const char* text) {
    static_cast<Call*>(user)->tell(Log{level, module, text});
  }

  /// On the event loop's thread. `env` is null when the environment goes away.
  static void deliver(napi_env env, napi_value, void* context, void* data) {
    const std::unique_ptr<Event> event(static_cast<Event*>(data));
    if (env == nullptr) return;
    guarded(env, [&]() -> napi_value {
      auto* const call = static_cast<Call*>(context);
      if (const auto* const log = std::get_if<Log>(event.get())) {
        call->log_.call(std::array{of(env, double(log->level)), of(env, log->module), of(env, log->text)});
      } else if (const auto* const progress = std::get_if<Progress>(event.get())) {
        call->progress_.call(std::array{of(env, progress->phase), of(env, progress->done), of(env, progress->total),
                                        of(env, progress->part)});
      } else {
        finish(env, call);
      }
      return nullptr;
    });
  }

  static void finish(napi_env env, Call* call);
  void tell_end(napi_env env) const {
    if (answer_.failed) return end_.call(std::array{of(env, answer_.details)});
    std::vector<napi_value> outputs;
    for (const Bytes& bytes : answer_.outputs) outputs.push_back(of(env, std::span(bytes)));
    end_.call(std::array{null(env), of(env, answer_.result), list(env, outputs)});
  }

  static constexpr const char* no_memory =
      R"({"fault":"out_of_memory","code":8,"frames":[],"text":"no memory","hints":[]})";
  static constexpr const char* too_long =
      R"({"fault":"limit","code":10,"frames":[],"text":"the result is longer than JavaScript has strings","hints":[]})";

  Request request_;
  Answer answer_;
  int log_level_;
  Listener end_, log_, progress_;
  napi_threadsafe_function events_ = nullptr;
  Session session_;
  std::thread thread_;
};

/// The calls that run, of all environments of the process.
class Running {
 public:
  double add(Call& call) {
    const std::lock_guard lock(mutex_);
    call.id = ++last_;
    calls_[call.id] = &call;
    return call.id;
  }

  void cancel(double id) {
    const std::lock_guard lock(mutex_);
    const auto found = calls_.find(id);
    if (found != calls_.end()) found->second->cancel();
  }

  void remove(const Call& call) {
    const std::lock_guard lock(mutex_);
    calls_.erase(call.id);
  }

  /// At the end of the process: nothing may run while what it uses is taken down.
  ~Running() {
    for (const auto& [id, call] : calls_) call->cancel();
    for (const auto& [id, call] : calls_) call->join();
  }

 private:
  std::mutex mutex_;
  std::map<double, Call*> calls_;
  double last_ = 0;
};

Running running;

/// An environment (a Worker, say) that goes away while its call runs. Runs before the end of the call's thread-safe
/// function, which was made before this hook was.
void abandon(void* data) {
  const std::unique_ptr<Call> call(static_cast<Call*>(data));
  call->cancel();
  call->join();
  running.remove(*call);
  call->forget_listeners();
}

void Call::finish(napi_env env, Call* call) {
  const std::unique_ptr<Call> owned(call);
  napi_remove_env_cleanup_hook(env, abandon, call);
  call->join();
  running.remove(*call);
  call->release_events();
  try {
    call->tell_end(env);
  } catch (const NodeError&) {  // somebody waits for an end
    call->answer_ = Answer{true, too_long, "", {}};
    call->tell_end(env);
  }
}

}  // namespace

double begin(napi_env env, Request request, int log_level, const Listeners& listeners) {
  auto call = std::make_unique<Call>(env, std::move(request), log_level, listeners);
  const double id = running.add(*call);
  try {
    check(napi_add_env_cleanup_hook(env, abandon, call.get()), "no cleanup hook");
    call->start();
  } catch (...) {
    napi_remove_env_cleanup_hook(env, abandon, call.get());
    running.remove(*call);
    call->release_events();
    throw;
  }
  call.release();  // finish or abandon has it
  return id;
}

void cancel(double number) { running.cancel(number); }

}  // namespace ezkl_node
