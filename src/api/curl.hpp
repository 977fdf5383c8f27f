#pragma once

#ifdef EZKL_HAVE_CURL

#include <curl/curl.h>

#include <exception>
#include <string>

namespace ezkl {

/// The functions of libcurl that the program calls. The library is loaded at the first use: it brings some thirty
/// others with it, and loading those takes longer than verifying a proof.
struct Curl {
  decltype(&::curl_easy_init) easy_init;
  decltype(&::curl_easy_setopt) easy_setopt;
  decltype(&::curl_easy_perform) easy_perform;
  decltype(&::curl_easy_getinfo) easy_getinfo;
  decltype(&::curl_easy_cleanup) easy_cleanup;
  decltype(&::curl_easy_strerror) easy_strerror;
  decltype(&::curl_slist_append) slist_append;
  decltype(&::curl_slist_free_all) slist_free_all;
};

/// errors: Fault::io that begins with `what`, when the library is absent or does not start.
const Curl& load_curl(const std::string& what);

/// Lets a transfer end soon after its call is stopped. `failure` is then what to throw once the handle is closed.
void end_when_stopped(const Curl& curl, CURL* handle, std::exception_ptr& failure);

}  // namespace ezkl

#endif
