#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>

namespace ezkl {

/// Gives the content behind a URL to `sink`, piece by piece. file: URLs are read directly; http(s): ones need a build
/// with libcurl. Redirects are followed ten times, to http or https, and from https never to http.
/// errors: Fault::io with the URL; Fault::unsupported without libcurl.
void download(const std::string& url, const std::function<void(std::span<const std::uint8_t>)>& sink);

}  // namespace ezkl
