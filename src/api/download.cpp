#include "api/download.hpp"

#include <exception>

#include "api/curl.hpp"
#include "base/files.hpp"
#include "ezkl/error.hpp"

namespace ezkl {
namespace {

#ifdef EZKL_HAVE_CURL
struct Transfer {
  const std::function<void(std::span<const std::uint8_t>)>& sink;
  std::exception_ptr failure;
};

/// Called by libcurl, which exceptions must not cross.
std::size_t receive(char* data, std::size_t size, std::size_t count, void* user) {
  Transfer& transfer = *static_cast<Transfer*>(user);
  try {
    transfer.sink({reinterpret_cast<const std::uint8_t*>(data), size * count});
    return size * count;
  } catch (...) {
    transfer.failure = std::current_exception();
    return 0;
  }
}

void fetch(const std::string& url, const std::function<void(std::span<const std::uint8_t>)>& sink) {
  const Curl& curl = load_curl(url);
  CURL* const handle = curl.easy_init();
  if (!handle) throw Error(Fault::io, url + ": the network library does not start");
  Transfer transfer{sink, nullptr};
  curl.easy_setopt(handle, CURLOPT_URL, url.c_str());
  curl.easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 1L);
  // What was asked for over an encrypted connection must not come over an open one.
  const char* const redirects = url.substr(0, 8) == "https://" ? "https" : "http,https";
  const bool bound = curl.easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
                     curl.easy_setopt(handle, CURLOPT_REDIR_PROTOCOLS_STR, redirects) == CURLE_OK;
  if (!bound) {
    curl.easy_cleanup(handle);
    throw Error(Fault::unsupported, url + ": the network library (libcurl) is older than 7.85");
  }
  curl.easy_setopt(handle, CURLOPT_MAXREDIRS, 10L);
  curl.easy_setopt(handle, CURLOPT_FAILONERROR, 1L);
  curl.easy_setopt(handle, CURLOPT_CONNECTTIMEOUT, 30L);
  curl.easy_setopt(handle, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl.easy_setopt(handle, CURLOPT_LOW_SPEED_TIME, 60L);
  curl.easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl.easy_setopt(handle, CURLOPT_WRITEFUNCTION, receive);
  curl.easy_setopt(handle, CURLOPT_WRITEDATA, &transfer);
  end_when_stopped(curl, handle, transfer.failure);
  const CURLcode result = curl.easy_perform(handle);
  long status = 0;
  curl.easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  curl.easy_cleanup(handle);
  if (transfer.failure) std::rethrow_exception(transfer.failure);
  if (result != CURLE_OK) {
    throw Error(Fault::io, url + ": " + curl.easy_strerror(result) +
                               (status >= 400 ? " (status " + std::to_string(status) + ")" : "") +
                               (result == CURLE_UNSUPPORTED_PROTOCOL
                                    ? ": it leads elsewhere than to " + std::string(redirects)
                                    : ""));
  }
}
#else
void fetch(const std::string& url, const std::function<void(std::span<const std::uint8_t>)>&) {
  throw Error(Fault::unsupported, url + ": this build has no network library (libcurl); bring the file by hand");
}
#endif

}  // namespace

void download(const std::string& url, const std::function<void(std::span<const std::uint8_t>)>& sink) {
  constexpr std::string_view file_scheme = "file://";
  if (url.substr(0, file_scheme.size()) == file_scheme) {
    return InputFile(url.substr(file_scheme.size())).read_pieces(sink);
  }
  if (url.substr(0, 7) != "http://" && url.substr(0, 8) != "https://") {
    throw Error(Fault::usage, url + ": expected a URL that starts with https://, http:// or file://");
  }
  fetch(url, sink);
}

}  // namespace ezkl
