#pragma once

/// What tests that bound time and memory allow beside a plain build: sanitizers slow code down and hold freed memory back.
namespace ezkl::testing {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool sanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif
#else
constexpr bool sanitized = false;
#endif

/// Bounds are those of a quiet machine; a busy one takes up to twice the processor time.
constexpr double slower = sanitized ? 20 : 2;
constexpr long most_megabytes = sanitized ? 8192 : 1024;

}  // namespace ezkl::testing
