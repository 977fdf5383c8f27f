#include "client/connection.hpp"

#include <algorithm>
#include <exception>

#include "api/curl.hpp"
#include "base/files.hpp"
#include "ezkl/error.hpp"

namespace ezkl::service {
namespace {

/// Whether the URL's host is this machine.
bool is_here(const std::string& url) {
  const std::string host = url.substr(7, url.find_first_of(":/", 7 + (url.substr(7, 1) == "[" ? 5 : 0)) - 7);
  return host == "127.0.0.1" || host == "localhost" || host == "[::1]";
}

constexpr std::size_t longest_answer = 64 << 20;

}  // namespace

struct Connection::Transfer {
  std::string method, path;
  std::vector<std::string> headers;
  std::span<const std::uint8_t> body;
  const std::function<void(std::span<const std::uint8_t>)>* sink = nullptr;
  std::function<long()> status;
  Answer answer;
  std::exception_ptr failure;
};

Connection::Connection(RemoteService service) : service_(std::move(service)) {
  while (!service_.url.empty() && service_.url.back() == '/') service_.url.pop_back();
  const bool open = service_.url.substr(0, 7) == "http://";
  if (service_.url.substr(0, 8) != "https://" && !(open && is_here(service_.url))) {
    throw Error(Fault::usage,
                "a service is at https://HOST, or at http:// on this machine: keys and witnesses must not pass openly")
        .within("remote");
  }
  if (service_.key.find_first_of("\r\n") != std::string::npos)
    throw Error(Fault::usage, "the key has more than one line").within("remote");
}

#ifdef EZKL_HAVE_CURL

Answer Connection::perform(Transfer& transfer) const {
  const std::string url = service_.url + transfer.path;
  const Curl& curl = load_curl(url);
  CURL* const handle = curl.easy_init();
  if (!handle) throw Error(Fault::io, url + ": the network library does not start");
  curl_slist* list = curl.slist_append(nullptr, ("X-API-KEY: " + service_.key).c_str());
  list = curl.slist_append(list, "Expect:");
  list = curl.slist_append(list, "Content-Type: application/octet-stream");
  for (const std::string& header : transfer.headers) list = curl.slist_append(list, header.c_str());
  transfer.status = [&] {
    long status = 0;
    curl.easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    return status;
  };
  curl.easy_setopt(handle, CURLOPT_URL, url.c_str());
  curl.easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl.easy_setopt(handle, CURLOPT_HTTPHEADER, list);
  curl.easy_setopt(handle, CURLOPT_CONNECTTIMEOUT, 30L);
  curl.easy_setopt(handle, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl.easy_setopt(handle, CURLOPT_LOW_SPEED_TIME, 120L);
  curl.easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  if (transfer.method != "GET") {
    curl.easy_setopt(handle, CURLOPT_POST, 1L);
    curl.easy_setopt(handle, CURLOPT_CUSTOMREQUEST, transfer.method.c_str());
    curl.easy_setopt(handle, CURLOPT_POSTFIELDS, reinterpret_cast<const char*>(transfer.body.data()));
    curl.easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(transfer.body.size()));
  }
  // Called by libcurl, which exceptions must not cross.
  constexpr std::size_t (*receive)(char*, std::size_t, std::size_t, void*) =
      [](char* data, std::size_t size, std::size_t count, void* user) -> std::size_t {
    Transfer& its = *static_cast<Transfer*>(user);
    try {
      const std::span bytes(reinterpret_cast<const std::uint8_t*>(data), size * count);
      if (its.sink && its.status() == 200) {
        (*its.sink)(bytes);
      } else {
        if (its.answer.body.size() + bytes.size() > longest_answer)
          throw Error(Fault::format, "the service answers without end");
        its.answer.body.append(data, bytes.size());
      }
      return bytes.size();
    } catch (...) {
      its.failure = std::current_exception();
      return 0;
    }
  };
  curl.easy_setopt(handle, CURLOPT_WRITEFUNCTION, receive);
  curl.easy_setopt(handle, CURLOPT_WRITEDATA, &transfer);
  end_when_stopped(curl, handle, transfer.failure);
  const CURLcode result = curl.easy_perform(handle);
  transfer.answer.status = transfer.status();
  curl.slist_free_all(list);
  curl.easy_cleanup(handle);
  if (transfer.failure) std::rethrow_exception(transfer.failure);
  if (result != CURLE_OK) throw Error(Fault::io, curl.easy_strerror(result)).within(service_.url);
  return std::move(transfer.answer);
}

#else

Answer Connection::perform(Transfer&) const {
  throw Error(Fault::unsupported, "this build has no network library (libcurl)").within(service_.url);
}

#endif

Answer Connection::get(const std::string& path) const {
  Transfer transfer;
  transfer.method = "GET";
  transfer.path = path;
  return perform(transfer);
}

Answer Connection::send(const std::string& method, const std::string& path, const std::string& body,
                        const std::vector<std::string>& headers) const {
  Transfer transfer;
  transfer.method = method;
  transfer.path = path;
  transfer.headers = headers;
  transfer.body = {reinterpret_cast<const std::uint8_t*>(body.data()), body.size()};
  return perform(transfer);
}

Answer Connection::patch(const std::string& path, const std::filesystem::path& file, std::uint64_t offset) const {
  // What a server keeps of an upload that breaks off is whole requests: a piece lost is a piece sent again.
  constexpr std::uint64_t piece = std::uint64_t{64} << 20;
  const InputFile input(file);
  while (true) {
    const auto bytes = input.read(offset, std::min(piece, input.size() - std::min(offset, input.size())));
    Transfer transfer;
    transfer.method = "PATCH";
    transfer.path = path;
    transfer.headers = {"Upload-Offset: " + std::to_string(offset)};
    transfer.body = bytes;
    Answer answer = perform(transfer);
    offset += bytes.size();
    if (answer.status != 204 || offset >= input.size()) return answer;
  }
}

Answer Connection::fetch(const std::string& path,
                         const std::function<void(std::span<const std::uint8_t>)>& sink) const {
  Transfer transfer;
  transfer.method = "GET";
  transfer.path = path;
  transfer.sink = &sink;
  return perform(transfer);
}

}  // namespace ezkl::service
