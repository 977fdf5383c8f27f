#include "api/json_rpc.hpp"

#include <string_view>

#include "api/curl.hpp"
#include "ezkl/error.hpp"

namespace ezkl {
namespace {

#ifdef EZKL_HAVE_CURL
// The longest that is asked for is a contract's code, of 24 KiB. A list that is read takes some 50 times its text.
constexpr std::size_t longest_answer = std::size_t{1} << 22;

/// Called by libcurl. Another number than it offers ends the transfer.
std::size_t receive(char* data, std::size_t size, std::size_t count, void* user) {
  std::string& text = *static_cast<std::string*>(user);
  if (size * count > longest_answer - text.size()) return 0;
  text.append(data, size * count);
  return size * count;
}

/// The answer's body, whatever its status: nodes put their errors there. A call that is stopped waits for it unless
/// `may_stop`.
std::string post(const std::string& url, const std::string& body, bool may_stop) {
  const Curl& curl = load_curl(shown_url(url));
  CURL* const handle = curl.easy_init();
  if (!handle) throw Error(Fault::io, shown_url(url) + ": the network library does not start");
  curl_slist* const headers = curl.slist_append(nullptr, "Content-Type: application/json");
  std::string answer;
  curl.easy_setopt(handle, CURLOPT_URL, url.c_str());
  curl.easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
  curl.easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  curl.easy_setopt(handle, CURLOPT_POSTFIELDS, body.c_str());
  curl.easy_setopt(handle, CURLOPT_CONNECTTIMEOUT, 30L);
  curl.easy_setopt(handle, CURLOPT_TIMEOUT, 300L);
  curl.easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl.easy_setopt(handle, CURLOPT_NOPROXY, "localhost,127.0.0.1,::1");
  curl.easy_setopt(handle, CURLOPT_WRITEFUNCTION, receive);
  curl.easy_setopt(handle, CURLOPT_WRITEDATA, &answer);
  std::exception_ptr stopped;
  if (may_stop) end_when_stopped(curl, handle, stopped);
  const CURLcode result = curl.easy_perform(handle);
  long status = 0;
  curl.easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  curl.slist_free_all(headers);
  curl.easy_cleanup(handle);
  if (stopped) std::rethrow_exception(stopped);
  if (result == CURLE_WRITE_ERROR) {
    throw Error(Fault::format, shown_url(url) + ": the answer is longer than " + std::to_string(longest_answer) +
                                   " bytes, which none of a node needs to be");
  }
  if (result != CURLE_OK) {
    throw Error(Fault::io, shown_url(url) + ": no node answers there (" + curl.easy_strerror(result) + ")",
                {{"rpc_url", "{} must be the address of its JSON-RPC interface"}});
  }
  if (status >= 400 && answer.find("jsonrpc") == std::string::npos) {
    throw Error(Fault::io, shown_url(url) + ": the server answers with status " + std::to_string(status) +
                               ", not as the JSON-RPC interface of a node");
  }
  return answer;
}
#else
std::string post(const std::string&, const std::string&, bool) {
  throw Error(Fault::unsupported, "this build cannot talk to a node: it was made without libcurl");
}
#endif

}  // namespace

std::string shown_url(const std::string& url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string::npos) return url.substr(0, 60);
  const std::size_t end = url.find_first_of("/?#", scheme + 3);
  const std::string server = url.substr(scheme + 3, end == std::string::npos ? end : end - scheme - 3);
  const std::size_t user = server.rfind('@');
  return url.substr(0, scheme + 3) + (user == std::string::npos ? server : server.substr(user + 1));
}

RpcAnswer rpc(const std::string& url, const std::string& method, const std::string& params) {
  if (url.substr(0, 7) != "http://" && url.substr(0, 8) != "https://") {
    throw Error(Fault::usage, shown_url(url) + ": expected the URL of a node, http://... or https://...");
  }
  const bool changes_nothing = method != "eth_sendRawTransaction";
  return parse_rpc_answer(post(url, rpc_request(method, params), changes_nothing), shown_url(url) + ": " + method);
}

Json rpc_result(const std::string& url, const std::string& method, const std::string& params) {
  RpcAnswer answer = rpc(url, method, params);
  if (answer.failure) throw Error(Fault::io, shown_url(url) + ": " + method + ": " + answer.failure->message);
  return std::move(answer.result);
}

}  // namespace ezkl
