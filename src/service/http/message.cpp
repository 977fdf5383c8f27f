#include "http/message.hpp"

#include <charconv>

#include "artifact/json_writer.hpp"
#include "base/text.hpp"

namespace ezkl::service {
namespace {

const char* title_of(int status) {
  switch (status) {
    case 400:
      return "Bad request";
    case 401:
      return "No valid key";
    case 403:
      return "Not allowed with this key";
    case 404:
      return "Not found";
    case 405:
      return "Not for this method";
    case 409:
      return "Conflict";
    case 411:
      return "A length is needed";
    case 412:
      return "Another version";
    case 413:
      return "Too large";
    case 422:
      return "Cannot be done";
    case 429:
      return "Too much at a time";
    case 507:
      return "No space left";
    default:
      return "Internal error";
  }
}

int status_of(Fault fault) {
  switch (fault) {
    case Fault::usage:
    case Fault::format:
    case Fault::range:
    case Fault::unsupported:
      return 400;
    case Fault::limit:
      return 413;
    case Fault::disk_full:
      return 507;
    default:
      return 500;
  }
}

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string Request::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? "" : found->second;
}

std::uint64_t Request::number(const std::string& name, std::uint64_t otherwise, std::uint64_t highest) const {
  const auto found = query.find(name);
  if (found == query.end()) return otherwise;
  const std::string& text = found->second;
  std::uint64_t out = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (failed != std::errc() || end != text.data() + text.size() || out > highest) {
    throw Refusal(400, name + " must be a number up to " + std::to_string(highest));
  }
  return out;
}

std::vector<std::string> Request::pieces() const {
  std::vector<std::string> out;
  for (std::size_t begin = 1; begin <= path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    out.push_back(percent_decoded(std::string_view(path).substr(begin, end - begin)));
    begin = end + 1;
  }
  return out;
}

Response problem(int status, const std::string& detail, const std::string& fault) {
  JsonWriter json;
  json.open_object();
  json.member("type", "about:blank");
  json.member("title", title_of(status));
  json.member("status", status);
  json.member("detail", valid_utf8(detail));
  json.member("message", valid_utf8(detail));  // where published clients look
  if (!fault.empty()) json.member("fault", fault);
  json.close_object();
  Response out;
  out.status = status;
  out.type = "application/problem+json";
  out.body = json.take();
  return out;
}

Response problem(const Error& error) {
  const int status = status_of(error.fault());
  // What went wrong inside names files of this machine: for its log, not for clients.
  return problem(status, status == 500 ? "the service could not do it; its log says why" : error.what(),
                 name_of(error.fault()));
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? digit(text[i + 1]) : -1, low = i + 2 < text.size() ? digit(text[i + 2]) : -1;
    if (high < 0 || low < 0) throw Refusal(400, "the address is malformed");
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

std::map<std::string, std::string> parse_query(std::string_view text) {
  std::map<std::string, std::string> out;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('&', begin), text.size());
    const std::string_view part = text.substr(begin, end - begin);
    const std::size_t equals = std::min(part.find('='), part.size());
    out[percent_decoded(part.substr(0, equals))] = percent_decoded(part.substr(std::min(equals + 1, part.size())));
    begin = end + 1;
  }
  return out;
}

}  // namespace ezkl::service
