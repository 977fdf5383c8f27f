#pragma once

#include <string>

#include "artifact/rpc_message.hpp"

namespace ezkl {

/// Calls a method of the JSON-RPC interface at an http or https URL. `params` is a list that already is JSON. What the
/// node refuses comes back as the answer's failure.
/// errors: Fault::usage for another kind of URL; Fault::io when there is no node; Fault::format when what answers is
/// none; Fault::unsupported in a build without libcurl. Passwords in the URL do not get into messages.
RpcAnswer rpc(const std::string& url, const std::string& method, const std::string& params);

/// As rpc, for calls that have to succeed. errors: also Fault::io with the node's words.
Json rpc_result(const std::string& url, const std::string& method, const std::string& params);

/// How a URL is named in messages: without user, password, path and query, which may hold keys.
std::string shown_url(const std::string& url);

}  // namespace ezkl
