#include "api/curl.hpp"

#ifdef EZKL_HAVE_CURL

#include <dlfcn.h>

#include <optional>

#include "base/session_state.hpp"
#include "ezkl/error.hpp"

namespace ezkl {
namespace {

template <class Function>
bool find(void* library, const char* name, Function*& out) {
  out = reinterpret_cast<Function*>(::dlsym(library, name));
  return out != nullptr;
}

/// Nothing when no library of that interface can be used. It stays loaded until the process ends.
std::optional<Curl> open_library() {
  void* library = nullptr;
  for (const char* const name : {"libcurl.so.4", "libcurl-gnutls.so.4"}) {
    if (library == nullptr) library = ::dlopen(name, RTLD_NOW | RTLD_LOCAL);
  }
  if (library == nullptr) return std::nullopt;
  Curl out{};
  decltype(&::curl_global_init) global_init = nullptr;
  const bool whole =
      find(library, "curl_global_init", global_init) && find(library, "curl_easy_init", out.easy_init) &&
      find(library, "curl_easy_setopt", out.easy_setopt) && find(library, "curl_easy_perform", out.easy_perform) &&
      find(library, "curl_easy_getinfo", out.easy_getinfo) && find(library, "curl_easy_cleanup", out.easy_cleanup) &&
      find(library, "curl_easy_strerror", out.easy_strerror) && find(library, "curl_slist_append", out.slist_append) &&
      find(library, "curl_slist_free_all", out.slist_free_all);
  if (!whole || global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) return std::nullopt;
  return out;
}

/// Called by libcurl, which exceptions must not cross: about once a second while nothing comes, and more often while
/// something does.
int look_around(void* failure, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  try {
    check_stop();
    return 0;
  } catch (...) {
    *static_cast<std::exception_ptr*>(failure) = std::current_exception();
    return 1;
  }
}

}  // namespace

void end_when_stopped(const Curl& curl, CURL* handle, std::exception_ptr& failure) {
  curl.easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
  curl.easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, look_around);
  curl.easy_setopt(handle, CURLOPT_XFERINFODATA, &failure);
}

const Curl& load_curl(const std::string& what) {
  static const std::optional<Curl> curl = open_library();
  if (!curl) throw Error(Fault::io, what + ": the network library (libcurl) is not installed or does not start");
  return *curl;
}

}  // namespace ezkl

#endif
