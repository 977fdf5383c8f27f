#pragma once

// Values of JavaScript as those of C++ and back, by Node-API.
#include <node_api.h>

#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ezkl_node {

using Bytes = std::vector<std::uint8_t>;
using Options = std::vector<std::pair<std::string, std::string>>;

/// A call of Node-API that failed, which is a mistake of the JavaScript around this file: becomes a TypeError.
struct NodeError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

inline void check(napi_status status, const char* what) {
  if (status != napi_ok) throw NodeError(what);
}

/// UTF-8. errors: NodeError for what is no string.
std::string text(napi_env env, napi_value value);
std::uint32_t number(napi_env env, napi_value value);
/// Of an array.
std::vector<napi_value> items(napi_env env, napi_value array);
/// A copy of what a Uint8Array holds: its memory may be changed or given away while a call runs.
Bytes bytes(napi_env env, napi_value value);
/// Of an array of Uint8Arrays.
std::vector<Bytes> list_of_bytes(napi_env env, napi_value array);
/// Of an array of pairs of strings.
Options options(napi_env env, napi_value array);
bool is_function(napi_env env, napi_value value);

napi_value of(napi_env env, std::string_view text);
napi_value of(napi_env env, double value);
napi_value null(napi_env env);
/// A Uint8Array of its own memory.
napi_value of(napi_env env, std::span<const std::uint8_t> bytes);
napi_value list(napi_env env, std::span<const napi_value> values);

/// Runs what JavaScript called and turns exceptions into those of JavaScript.
template <class Work>
napi_value guarded(napi_env env, Work&& work) noexcept {
  try {
    return work();
  } catch (const NodeError& error) {
    napi_throw_type_error(env, nullptr, error.what());
  } catch (const std::exception& error) {
    napi_throw_error(env, nullptr, error.what());
  }
  return nullptr;
}

}  // namespace ezkl_node
