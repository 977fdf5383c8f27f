#include "artifact/rpc_message.hpp"

#include <limits>

#include "artifact/json_writer.hpp"
#include "base/hex.hpp"

namespace ezkl {
namespace {

constexpr std::size_t longest_message = 500;  // of a node, shown to the user

/// The digits behind "0x".
std::string_view digits_of(const Json& json) {
  const std::string& text = json.text();
  if (text.substr(0, 2) != "0x")
    throw Error(Fault::format, "expected text that starts with 0x, found \"" + text.substr(0, 60) + '"');
  return std::string_view(text).substr(2);
}

/// Some nodes give the revert data as text, others one level deeper.
const Json* revert_data(const Json& error) {
  const Json* data = error.find("data");
  if (data && data->kind() == Json::Kind::object) data = data->find("data");
  return data && data->kind() == Json::Kind::text && data->text().substr(0, 2) == "0x" ? data : nullptr;
}

}  // namespace

std::string rpc_request(std::string_view method, std::string_view params) {
  JsonWriter json;
  json.open_object();
  json.key("jsonrpc");
  json.text("2.0");
  json.key("id");
  json.integer(1);
  json.key("method");
  json.text(method);
  json.key("params");
  json.raw(params);
  json.close_object();
  return json.take();
}

RpcAnswer parse_rpc_answer(std::string_view text, const std::string& what) {
  const Json json = Json::parse(text, what, std::size_t{1} << 21);
  return in_context(what, [&] {
    RpcAnswer out;
    if (const Json* error = json.find("error")) {
      RpcFailure& failure = out.failure.emplace();
      failure.message = error->member("message", [](const Json& m) { return m.text(); }).substr(0, longest_message);
      if (const Json* data = revert_data(*error)) {
        failure.revert_data = rpc_bytes(*data);
        failure.has_revert_data = true;
      }
      return out;
    }
    out.result = json.at("result");
    return out;
  });
}

Int128 rpc_quantity(const Json& json) {
  constexpr Int128 highest = ~(Int128{1} << 127);
  const std::string_view digits = digits_of(json);
  if (digits.empty() || digits.size() > 64) throw Error(Fault::format, "a quantity has 1 to 64 hexadecimal digits");
  const std::vector<std::uint8_t> bytes =
      parse_hex(digits.size() % 2 ? "0" + std::string(digits) : std::string(digits));
  Int128 out = 0;
  for (const std::uint8_t byte : bytes) {
    if (out > highest >> 8) return highest;
    out = out << 8 | byte;
  }
  return out;
}

std::uint64_t rpc_quantity_u64(const Json& json) {
  const Int128 value = rpc_quantity(json);
  if (value > std::numeric_limits<std::uint64_t>::max())
    throw Error(Fault::range, json.text().substr(0, 70) + " does not fit 64 bits");
  return static_cast<std::uint64_t>(value);
}

std::vector<std::uint8_t> rpc_bytes(const Json& json) { return parse_hex(digits_of(json)); }

std::string rpc_text_params(std::span<const std::string> texts) {
  JsonWriter json;
  json.list(texts, [&](const std::string& text) { json.text(text); });
  return json.take();
}

std::string rpc_call_params(const std::string& from, const std::string& to, std::span<const std::uint8_t> data) {
  JsonWriter json;
  json.open_list();
  json.open_object();
  if (!from.empty()) {
    json.key("from");
    json.text(from);
  }
  if (!to.empty()) {
    json.key("to");
    json.text(to);
  }
  json.key("data");
  json.text("0x" + hex_text(data));
  json.close_object();
  json.text("latest");
  json.close_list();
  return json.take();
}

}  // namespace ezkl
