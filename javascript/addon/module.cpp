// What lib/addon.js loads: commands of the C interface, and nothing that knows what they do.
#include <array>
#include <mutex>

#include "background.hpp"
#include "session.hpp"

namespace ezkl_node {
namespace {

template <std::size_t count>
std::array<napi_value, count> arguments(napi_env env, napi_callback_info info) {
  std::array<napi_value, count> out{};
  std::size_t given = count;
  check(napi_get_cb_info(env, info, &given, out.data(), nullptr, nullptr), "no arguments");
  if (given != count) throw NodeError("another number of arguments is needed");
  return out;
}

Request request(napi_env env, std::span<const napi_value> given) {
  return {text(env, given[0]), text(env, given[1]), list_of_bytes(env, given[2]), number(env, given[3]),
          options(env, given[4])};
}

/// run(command, arguments, memory, outputs, options, level, end, log, progress): a number for cancel
napi_value run(napi_env env, napi_callback_info info) {
  return guarded(env, [&] {
    const auto given = arguments<9>(env, info);
    if (!is_function(env, given[6])) throw NodeError("a function is needed");
    return of(env, begin(env, request(env, given), int(number(env, given[5])), {given[6], given[7], given[8]}));
  });
}

napi_value cancel_call(napi_env env, napi_callback_info info) {
  return guarded(env, [&]() -> napi_value {
    double id = 0;
    check(napi_get_value_double(env, arguments<1>(env, info)[0], &id), "a number is needed");
    cancel(id);
    return nullptr;
  });
}

struct Said {
  int level;
  std::string module, text;
};

/// runSync(command, arguments, memory, outputs, options, level): [details or null, result, outputs, log], where log is
/// a list of [level, module, text]. On the thread that calls.
napi_value run_sync(napi_env env, napi_callback_info info) {
  return guarded(env, [&] {
    const auto given = arguments<6>(env, info);
    std::vector<Said> log;
    std::mutex mutex;
    struct Listening {
      std::vector<Said>& log;
      std::mutex& mutex;
    } listening{log, mutex};
    const auto keep = [](void* user, int level, const char* module, const char* text) {
      auto& [kept, guard] = *static_cast<Listening*>(user);
      const std::lock_guard lock(guard);
      kept.push_back({level, module, text});
    };
    Session session;
    session.listen(nullptr, keep, int(number(env, given[5])), &listening);
    const Answer answer = session.run(request(env, given));
    std::vector<napi_value> outputs, said;
    for (const Bytes& bytes : answer.outputs) outputs.push_back(of(env, std::span(bytes)));
    for (const Said& one : log) {
      said.push_back(list(env, std::array{of(env, double(one.level)), of(env, one.module), of(env, one.text)}));
    }
    return list(env, std::array{answer.failed ? of(env, answer.details) : null(env), of(env, answer.result),
                                list(env, outputs), list(env, said)});
  });
}

napi_value init(napi_env env, napi_value exports) {
  return guarded(env, [&] {
    if (ezkl_abi_version() < EZKL_ABI_VERSION) throw std::runtime_error("libezkl.so.1 is older than this package");
    const auto function = [&](const char* name, napi_callback callback) {
      napi_value value = nullptr;
      check(napi_create_function(env, name, NAPI_AUTO_LENGTH, callback, nullptr, &value), "no function");
      check(napi_set_named_property(env, exports, name, value), "no property");
    };
    function("run", run);
    function("cancel", cancel_call);
    function("runSync", run_sync);
    check(napi_set_named_property(env, exports, "version", of(env, ezkl_version())), "no property");
    check(napi_set_named_property(env, exports, "compatibleVersion", of(env, ezkl_compatible_version())),
          "no property");
    return exports;
  });
}

}  // namespace
}  // namespace ezkl_node

NAPI_MODULE_INIT() { return ezkl_node::init(env, exports); }
