#pragma once

#ifdef EZKL_HAVE_CURL

#include <curl/curl.h>

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

}  // namespace ezkl

#endif
