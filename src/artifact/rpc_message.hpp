#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "artifact/json.hpp"

namespace ezkl {

/// A request of JSON-RPC 2.0. `params` is a list that already is JSON.
std::string rpc_request(std::string_view method, std::string_view params);

/// What a node refused: its words, and the data of a revert where it gave them.
struct RpcFailure {
  std::string message;
  std::vector<std::uint8_t> revert_data;
  bool has_revert_data = false;
};

struct RpcAnswer {
  Json result;
  std::optional<RpcFailure> failure;
};

/// errors: Fault::format naming `what` when the text is no answer of JSON-RPC.
RpcAnswer parse_rpc_answer(std::string_view text, const std::string& what);

/// A "0x..." number. Values above 2^127 - 1 read as that. errors: Fault::format.
Int128 rpc_quantity(const Json& json);
/// errors: Fault::format; Fault::range above 64 bits.
std::uint64_t rpc_quantity_u64(const Json& json);
/// "0x" and two digits a byte. errors: Fault::format.
std::vector<std::uint8_t> rpc_bytes(const Json& json);

/// A list of texts.
std::string rpc_text_params(std::span<const std::string> texts);
/// The parameters of eth_call and eth_estimateGas; `from` and `to` may be empty.
std::string rpc_call_params(const std::string& from, const std::string& to, std::span<const std::uint8_t> data);

}  // namespace ezkl
